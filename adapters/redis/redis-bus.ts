import {
  type Bus,
  type BusMessages,
  type BusSettings,
  DEFAULT_BUS_SETTINGS,
  type DeadLetter,
  Deliverer,
  mayLoseOldest,
  NotPublished,
  type Subscription,
  TOPICS,
  type Topic,
} from '@tradewind/proto';
import { busMessageText, decodeBusMessage, encodeBusMessage } from '@tradewind/proto/codec';
import type { BackoffTimes, Clock, Random, Telemetry, Timers } from '@tradewind/utils';
import { GroupReader } from './group-reader.ts';
import type { OpenRedis } from './redis-connection.ts';
import { type LinkOptions, type RedisHealth, RedisLink } from './redis-link.ts';
import { entriesOf, type StreamEntry, textField } from './stream-entries.ts';

export interface RedisBusOptions {
  /** redis://[:password@]host:port[/database], or rediss:// for TLS. Never logged. */
  readonly url: string;
  /** Names this process among the members of its groups; the same one after a restart takes up what it had not acknowledged. */
  readonly consumer: string;
  /** What every key begins with; left out: 'tradewind'. */
  readonly prefix?: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly telemetry: Telemetry;
  readonly settings?: Partial<RedisBusSettings>;
  /** Left out: over the network. */
  readonly openRedis?: OpenRedis;
}

export interface RedisBusSettings extends BusSettings {
  /** How long a message waits for Redis before it counts as not kept, ms. */
  readonly publishMs: number;
  /** How many messages may wait for Redis at the same time. */
  readonly publishesMaximum: number;
  readonly blockMs: number;
  readonly claimAfterMs: number;
  /** A group of which no member has been seen for so long holds up nobody. */
  readonly goneAfterMs: number;
  readonly reconnect: BackoffTimes;
}

const DEFAULT_REDIS_BUS_SETTINGS: RedisBusSettings = {
  ...DEFAULT_BUS_SETTINGS,
  publishMs: 2_000,
  publishesMaximum: 10_000,
  blockMs: 1_000,
  claimAfterMs: 30_000,
  goneAfterMs: 60_000,
  reconnect: { firstDelayMs: 50, longestDelayMs: 2_000 },
};

/**
 * The bus over Redis Streams, a group of the bus being a consumer group. Redis is no store of record (faults.md P9): after it was
 * restarted, flushed or has evicted a stream, groups are made anew, and who follows events finds the hole by `seq` and reads the ledger.
 * With one member a group hears in order; several share a topic and may overtake one another.
 */
export class RedisBus implements Bus {
  private readonly options: RedisBusOptions;
  private readonly settings: RedisBusSettings;
  private readonly linkOptions: LinkOptions;
  private readonly link: RedisLink;
  private readonly deliverer: Deliverer;
  private readonly readers = new Map<string, { end(): void; ended(longestMs: number): Promise<void> }>();
  private readonly making = new Set<Promise<void>>();
  private underway = 0;
  private isClosed = false;
  private readonly published;
  private readonly refused;

  constructor(options: RedisBusOptions) {
    this.options = options;
    this.settings = { ...DEFAULT_REDIS_BUS_SETTINGS, ...options.settings };
    const { telemetry } = options;
    this.linkOptions = { ...options, reconnect: this.settings.reconnect };
    this.link = new RedisLink(this.linkOptions, 'publisher');
    this.deliverer = new Deliverer(options, this.settings);
    this.published = telemetry.metrics.counter('bus_published_total', 'Messages that the bus has kept', [
      'topic',
    ]);
    this.refused = telemetry.metrics.counter('bus_refused_total', 'Messages that the bus has not kept', [
      'topic',
    ]);
  }

  get health(): RedisHealth {
    return this.link.health;
  }

  async publish<T extends Topic>(topic: T, message: BusMessages[T], correlationId: string): Promise<void> {
    await this.put(topic, Buffer.from(encodeBusMessage(topic, message, correlationId)), '');
  }

  subscribe<T extends Topic>(
    topic: T,
    group: string,
    handler: (message: BusMessages[T], correlationId: string) => void | Promise<void>,
  ): Subscription {
    const consumer = this.freeConsumer(topic, group);
    const name = readerName(topic, group, consumer);
    const { blockMs, claimAfterMs, publishMs, deadLettersMaximum, attemptsMaximum } = this.settings;
    const reader = new GroupReader<T>({
      link: this.linkOptions,
      topic,
      group,
      consumer,
      key: this.keyOf(topic),
      deadKey: this.deadKeyOf(topic),
      deadLettersMaximum,
      attemptsMaximum,
      times: { blockMs, claimAfterMs, commandMs: publishMs },
      deliverer: this.deliverer,
      handler,
      takeOff: (...member) => this.takeOff(...member),
    });
    this.readers.set(name, reader);
    this.making.add(reader.ready);
    void reader.ready.then(() => this.making.delete(reader.ready));
    return {
      end: () => {
        if (this.readers.get(name) === reader) this.readers.delete(name);
        reader.end();
      },
    };
  }

  async deadLetters(limit: number): Promise<readonly DeadLetter[]> {
    const letters: DeadLetter[] = [];
    for (const topic of TOPICS) {
      const reply = await this.command('XRANGE', this.deadKeyOf(topic), '-', '+', 'COUNT', limit);
      for (const entry of entriesOf(reply)) letters.push(letterOf(topic, entry));
    }
    return letters.sort((one, other) => one.atMs - other.atMs).slice(0, limit);
  }

  async replayDeadLetters(ids: readonly string[]): Promise<number> {
    let count = 0;
    for (const id of new Set(ids)) {
      const topic = TOPICS.find((each) => id.startsWith(`${each}/`));
      const entryId = id.slice((topic?.length ?? 0) + 1);
      if (topic === undefined || !/^\d+(-\d+)?$/.test(entryId)) continue;
      const deadKey = this.deadKeyOf(topic);
      const [entry] = entriesOf(await this.command('XRANGE', deadKey, entryId, entryId));
      const message = entry?.fields?.get('m');
      if (entry === undefined || message === undefined) continue;
      // In this order: a replay that is cut off is done twice, not lost.
      await this.put(topic, message, textField(entry, 'g'));
      await this.command('XDEL', deadKey, entry.id);
      count += 1;
    }
    return count;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.deliverer.stop();
    const readers = [...this.readers.values()];
    this.readers.clear();
    for (const reader of readers) reader.end();
    await Promise.all(readers.map((reader) => reader.ended(this.settings.closeMs)));
    this.link.close();
  }

  private async put(topic: Topic, message: Buffer, onlyFor: string): Promise<void> {
    if (this.isClosed) throw new NotPublished(topic, 'closed', 'no more messages are taken');
    const { capacity, publishMs, publishesMaximum, goneAfterMs } = this.settings;
    if (this.underway >= publishesMaximum) {
      this.refused.add({ topic });
      throw new NotPublished(topic, 'unavailable', `${publishesMaximum} messages wait for Redis`);
    }
    this.underway += 1;
    try {
      if (!(await this.link.ready(publishMs))) throw new Error(this.link.health.detail);
      // Groups that were named before hear this message, too.
      if (this.making.size > 0) await this.link.within(publishMs, Promise.all(this.making));
      const answer = await this.link.within(
        publishMs,
        this.link.redis.script(
          'tradewindPublish',
          this.keyOf(topic),
          message,
          capacity,
          mayLoseOldest(topic) ? 1 : 0,
          goneAfterMs,
          onlyFor,
        ),
      );
      if (answer.startsWith('!')) {
        throw new NotPublished(
          topic,
          'full',
          `group '${answer.slice(1)}' has ${capacity} messages before it`,
        );
      }
      this.published.add({ topic });
    } catch (error) {
      this.refused.add({ topic });
      if (error instanceof NotPublished) throw error;
      // biome-ignore lint/style/useErrorCause: the cause is the last argument of this error.
      throw new NotPublished(topic, 'unavailable', error instanceof Error ? error.message : String(error), {
        cause: error,
      });
    } finally {
      this.underway -= 1;
    }
  }

  private async command(name: string, ...parameters: (string | number)[]): Promise<unknown> {
    const { publishMs } = this.settings;
    if (!(await this.link.ready(publishMs)))
      throw new Error(`Redis cannot be reached: ${this.link.health.detail}`);
    return this.link.within(publishMs, this.link.redis.command(name, ...parameters));
  }

  private async takeOff(key: string, group: string, consumer: string): Promise<void> {
    if (this.link.health.state !== 'up') return;
    const { publishMs } = this.settings;
    // When it fails, the member counts as gone after a while.
    await this.link
      .within(publishMs, this.link.redis.script('tradewindTakeOff', key, group, consumer))
      .catch(() => undefined);
  }

  /** The first that no other member of this process has, so that the next one takes up what it had read. */
  private freeConsumer(topic: Topic, group: string): string {
    for (let number = 0; ; number += 1) {
      const consumer = `${this.options.consumer}-${number}`;
      if (!this.readers.has(readerName(topic, group, consumer))) return consumer;
    }
  }

  private keyOf(topic: Topic): string {
    return `${this.options.prefix ?? 'tradewind'}:bus:${topic}`;
  }

  private deadKeyOf(topic: Topic): string {
    return `${this.options.prefix ?? 'tradewind'}:dead:${topic}`;
  }
}

const readerName = (topic: Topic, group: string, consumer: string): string => `${topic} ${group} ${consumer}`;

function letterOf(topic: Topic, entry: StreamEntry): DeadLetter {
  const bytes = entry.fields?.get('m') ?? Buffer.alloc(0);
  const decoded = decodeBusMessage(topic, bytes);
  return {
    id: `${topic}/${entry.id}`,
    topic,
    group: textField(entry, 'g'),
    attempts: Number(textField(entry, 'a')),
    error: textField(entry, 'e'),
    atMs: Number(textField(entry, 't')),
    correlationId: decoded.ok ? decoded.value.correlationId : '',
    // What no program can read is shown as it is.
    text: decoded.ok
      ? busMessageText(topic, decoded.value.message)
      : JSON.stringify(bytes.toString('base64')),
  };
}
