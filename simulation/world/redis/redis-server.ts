import type { OpenRedis, RedisConnection, RedisListener, RedisPlace } from '@tradewind/redis';
import type { Clock, Random, Timers } from '@tradewind/utils';
import type { Lifeline } from '../lifeline.ts';
import { Link } from '../link.ts';
import type { BusConditions } from '../unreliable-bus.ts';
import { RedisCommands } from './redis-commands.ts';

/** Each way, at least, and by chance up to so much more. */
const LATENCY_MS = 0.2;
const JITTER_MS = 0.4;

/** A Redis of its own that outlives who uses it: slow, away, emptied, and with connections that break, as the world has it. */
export class RedisServer {
  readonly data: RedisCommands;
  private readonly time: Clock & Timers;
  private readonly random: Random;
  private readonly conditions: BusConditions;
  private readonly connections = new Set<Connection>();

  constructor(time: Clock & Timers, random: Random, conditions: BusConditions) {
    this.time = time;
    this.random = random;
    this.conditions = conditions;
    this.data = new RedisCommands(() => time.nowMs());
  }

  /** How one process reaches it. */
  readonly openOf =
    (lifeline: Lifeline): OpenRedis =>
    (place, listener) => {
      const { time, random, conditions, data } = this;
      const connection: Connection = new Connection({
        time,
        random,
        conditions,
        data,
        lifeline,
        place,
        listener,
        changed: () => {
          for (const each of this.connections) each.lookAgain();
        },
        ended: () => this.connections.delete(connection),
      });
      this.connections.add(connection);
      return connection;
    };

  /** FLUSHALL: streams and their groups are gone, and who waits for news of them is told. */
  flush(): void {
    this.data.flush();
    for (const each of this.connections) each.lookAgain();
  }

  cutConnections(): void {
    for (const each of this.connections) each.cut();
  }
}

interface ConnectionParts {
  readonly time: Timers;
  readonly random: Random;
  readonly conditions: BusConditions;
  readonly data: RedisCommands;
  readonly lifeline: Lifeline;
  readonly place: RedisPlace;
  readonly listener: RedisListener;
  /** Something has been written. */
  readonly changed: () => void;
  readonly ended: () => void;
}

interface Command {
  readonly act: () => unknown;
  /** Until when it waits at Redis for an answer that is not null; undefined when it does not. */
  readonly blockMs: number | undefined;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** One connection, made again by itself, as a client of Redis does: commands are carried out one after the other. */
class Connection implements RedisConnection {
  private readonly parts: ConnectionParts;
  /** Of the connection at present; what an earlier one had on its way is not heard. */
  private life = 0;
  private isReady = false;
  private isEnded = false;
  private attempts = 0;
  private up: Link;
  private down: Link;
  private waiting: Command[] = [];
  /** At Redis: what blocks there, and what comes after it. */
  private queue: Command[] = [];
  private isBlocked = false;

  constructor(parts: ConnectionParts) {
    this.parts = parts;
    [this.up, this.down] = this.newLinks();
    this.connect();
  }

  command(name: string, ...parameters: Parameters<RedisConnection['command']>[1][]): Promise<unknown> {
    const block = parameters.indexOf('BLOCK');
    const blockMs = block < 0 ? undefined : Number(parameters[block + 1]);
    const act = (): unknown => {
      const { data, random, conditions } = this.parts;
      // The acknowledgement is lost with its connection: the message comes again.
      if (name === 'XACK' && random.nextFraction() < conditions.redelivery) throw new Cut();
      return data.run(name, parameters);
    };
    return this.send(act, blockMs);
  }

  async commands(all: Parameters<RedisConnection['commands']>[0]): Promise<void> {
    await this.send(() => {
      for (const [name, ...parameters] of all) this.parts.data.run(name, parameters);
      return null;
    });
  }

  async script(...[name, key, ...parameters]: Parameters<RedisConnection['script']>): Promise<string> {
    const { data, random, conditions, changed } = this.parts;
    const answer = await this.send(() => {
      const given = data.script(name, key, parameters);
      if (name === 'tradewindPublish' && random.nextFraction() < conditions.loss) data.forgetLatest(key);
      changed();
      return given;
    });
    return String(answer);
  }

  disconnect(isMadeAgain: boolean): void {
    if (this.isEnded) return;
    if (!isMadeAgain) {
      this.isEnded = true;
      this.parts.ended();
    }
    this.lost();
  }

  /** From the other side. */
  cut(): void {
    const { life } = this;
    this.down.after(1, () => this.parts.lifeline.deliver(() => life === this.life && this.lost()));
  }

  /** Something has changed that what blocks may wait for. */
  lookAgain(): void {
    if (this.isBlocked) this.serve();
  }

  private connect(): void {
    if (this.isEnded || !this.parts.lifeline.isAlive) return;
    const { conditions, lifeline, listener } = this.parts;
    this.life += 1;
    const { life } = this;
    [this.up, this.down] = this.newLinks();
    this.up.after(1, () => {
      const isTaken = !conditions.isDown;
      this.down.after(1, () =>
        lifeline.deliver(() => {
          if (life !== this.life || this.isEnded) return;
          if (!isTaken) {
            listener.failed('connect ECONNREFUSED');
            this.lost();
            return;
          }
          this.isReady = true;
          this.attempts = 0;
          listener.ready();
        }),
      );
    });
  }

  private lost(): void {
    const { listener, lifeline, place } = this.parts;
    this.life += 1;
    this.isReady = false;
    this.isBlocked = false;
    this.queue = [];
    for (const { reject } of this.waiting.splice(0)) reject(new Error('Connection is closed.'));
    listener.closed();
    if (this.isEnded) return;
    this.attempts += 1;
    lifeline.after(place.reconnectAfterMs(this.attempts), () => this.connect());
  }

  private send(act: () => unknown, blockMs?: number): Promise<unknown> {
    if (!this.isReady || !this.parts.lifeline.isAlive)
      return Promise.reject(new Error("Stream isn't writeable and enableOfflineQueue options is false"));
    return new Promise((resolve, reject) => {
      const command: Command = { act, blockMs, resolve, reject };
      this.waiting.push(command);
      const { life } = this;
      this.up.after(1, () => {
        if (life !== this.life) return;
        this.queue.push(command);
        if (!this.isBlocked) this.serve();
      });
    });
  }

  /** At Redis. */
  private serve(): void {
    const { conditions, time } = this.parts;
    for (let next = this.queue[0]; next !== undefined; next = this.queue[0]) {
      if (conditions.isDown || !this.parts.lifeline.isAlive) return this.cut();
      let answered: { readonly answer?: unknown; readonly error?: Error };
      try {
        const answer = next.act();
        if (answer === null && next.blockMs !== undefined) {
          if (this.isBlocked) return;
          const { life } = this;
          const blocked = next;
          this.isBlocked = true;
          time.after(next.blockMs, () => {
            if (life !== this.life || this.queue[0] !== blocked) return;
            this.finish(blocked, { answer: null });
            this.serve();
          });
          return;
        }
        answered = { answer };
      } catch (error) {
        if (error instanceof Cut) return this.cut();
        answered = { error: error as Error };
      }
      this.finish(next, answered);
    }
  }

  private finish(
    command: Command,
    { answer, error }: { readonly answer?: unknown; readonly error?: Error },
  ): void {
    this.queue.shift();
    this.isBlocked = false;
    const { life } = this;
    this.down.after(1, () =>
      this.parts.lifeline.deliver(() => {
        if (life !== this.life) return;
        this.waiting = this.waiting.filter((each) => each !== command);
        if (error === undefined) command.resolve(answer);
        else command.reject(error);
      }),
    );
  }

  private newLinks(): [Link, Link] {
    const { time, random, conditions } = this.parts;
    const drawLatencyMs = (): number =>
      LATENCY_MS + conditions.latencyMs + random.nextFraction() * (JITTER_MS + conditions.jitterMs);
    return [new Link(time, drawLatencyMs), new Link(time, drawLatencyMs)];
  }
}

/** Of a command with which its connection breaks. */
class Cut extends Error {}
