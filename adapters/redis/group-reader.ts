import type { BusMessages, Deliverer, Topic } from '@tradewind/proto';
import { decodeBusMessage } from '@tradewind/proto/codec';
import { doneWithin } from '@tradewind/utils';
import { type LinkOptions, RedisLink } from './redis-link.ts';
import { entriesOf, entriesRead, type StreamEntry, textField } from './stream-entries.ts';

export interface ReaderTimes {
  /** How long one question for news may wait at Redis. */
  readonly blockMs: number;
  /** After so long without an acknowledgement a message is taken over from the member that has it. */
  readonly claimAfterMs: number;
  /** How long any other command may take. */
  readonly commandMs: number;
}

export interface ReaderParts<T extends Topic> {
  readonly link: LinkOptions;
  readonly topic: T;
  readonly group: string;
  /** Of this member; the same one after a restart goes on with what it had not acknowledged. */
  readonly consumer: string;
  readonly key: string;
  readonly deadKey: string;
  readonly deadLettersMaximum: number;
  readonly attemptsMaximum: number;
  readonly times: ReaderTimes;
  readonly deliverer: Deliverer;
  readonly handler: (message: BusMessages[T], correlationId: string) => void | Promise<void>;
  /** Takes a member that has nothing left off the list of its group, over a connection of its own. */
  readonly takeOff: (key: string, group: string, consumer: string) => Promise<void>;
}

const BATCH = 64;

/**
 * One member of a group that reads one topic: first what it had read before and not acknowledged, then what members that are gone have
 * left, then news, one message at a time. Its group is made anew when Redis has lost it.
 */
export class GroupReader<T extends Topic> {
  private readonly parts: ReaderParts<T>;
  private readonly link: RedisLink;
  private readonly running: Promise<void>;
  private leaving: Promise<void> = Promise.resolve();
  private isHandling = false;
  private readonly acknowledgements: Promise<unknown>[] = [];
  private isEnded = false;
  private failures = 0;
  private claimedAtMs: number;
  /** Where a group begins that Redis does not have: at news the first time, later with all that there is. */
  private beginsAt: '$' | '0' = '$';
  private groupMade: () => void = () => undefined;
  /** Settles when the group is there; what is published after that is heard. */
  readonly ready: Promise<void>;

  constructor(parts: ReaderParts<T>) {
    this.parts = parts;
    this.link = new RedisLink(parts.link, `${parts.group}-${parts.topic}`);
    this.claimedAtMs = parts.link.clock.elapsedMs();
    this.ready = new Promise((resolve) => {
      this.groupMade = resolve;
    });
    this.running = this.run();
  }

  /** Nothing more is told; what has been read and not handled stays with the group. */
  end(): void {
    if (this.isEnded) return;
    this.isEnded = true;
    this.groupMade();
    this.leaving = this.leave();
  }

  /** Resolves when a handler that was at work has ended and its message is acknowledged, or when the time is over. */
  async ended(longestMs: number): Promise<void> {
    await doneWithin(this.parts.link.timers, longestMs, this.leaving);
    this.link.close();
  }

  private async leave(): Promise<void> {
    const { key, group, consumer, takeOff } = this.parts;
    // A question that waits at Redis must not be answered to nobody.
    if (!this.isHandling) this.link.close();
    await this.running;
    this.link.close();
    await takeOff(key, group, consumer);
  }

  private async run(): Promise<void> {
    let isFresh = true;
    while (!this.isEnded) {
      try {
        if (!(await this.link.ready(this.parts.times.blockMs))) continue;
        if (isFresh) await this.begin();
        isFresh = false;
        await this.claim();
        if (!this.isEnded) await this.readNews();
        this.failures = 0;
      } catch (error) {
        if (this.isEnded) return;
        isFresh = true;
        this.say('bus_read_failed', error);
        await this.parts.deliverer.waits.backOff(this.parts.link.reconnect, this.failures);
        this.failures += 1;
      }
    }
  }

  /** Makes sure of the group, then goes on with what this member has not acknowledged. */
  private async begin(): Promise<void> {
    const { key, group, consumer } = this.parts;
    try {
      await this.command('XGROUP', 'CREATE', key, group, this.beginsAt, 'MKSTREAM');
      if (this.beginsAt === '0') this.say('bus_group_made_anew', new Error('Redis had lost the group'));
    } catch (error) {
      if (!isError(error, 'BUSYGROUP')) throw error;
    }
    this.beginsAt = '0';
    this.groupMade();
    while (!this.isEnded) {
      const own = entriesRead(
        await this.command('XREADGROUP', 'GROUP', group, consumer, 'COUNT', BATCH, 'STREAMS', key, '0'),
      );
      if (own.length === 0) return;
      await this.handleAll(own, true);
    }
  }

  private async claim(): Promise<void> {
    const { key, group, consumer, times, link } = this.parts;
    if (link.clock.elapsedMs() - this.claimedAtMs < times.claimAfterMs / 2) return;
    let cursor = '0-0';
    do {
      const [next, entries] = (await this.command(
        'XAUTOCLAIM',
        key,
        group,
        consumer,
        times.claimAfterMs,
        cursor,
        'COUNT',
        BATCH,
      )) as [Buffer, unknown];
      await this.handleAll(entriesOf(entries), true);
      cursor = next.toString();
    } while (cursor !== '0-0' && !this.isEnded);
    this.claimedAtMs = link.clock.elapsedMs();
  }

  private async readNews(): Promise<void> {
    const { key, group, consumer, times } = this.parts;
    const reply = await this.link.within(
      times.blockMs + times.commandMs,
      this.link.redis.command(
        'XREADGROUP',
        'GROUP',
        group,
        consumer,
        'COUNT',
        BATCH,
        'BLOCK',
        times.blockMs,
        'STREAMS',
        key,
        '>',
      ),
    );
    await this.handleAll(entriesRead(reply), false);
  }

  private async handleAll(entries: readonly StreamEntry[], isAgain: boolean): Promise<void> {
    for (const entry of entries) {
      if (this.isEnded) break;
      this.isHandling = true;
      await this.handle(entry, isAgain).finally(() => {
        this.isHandling = this.acknowledgements.length > 0;
      });
    }
    // One after the other they would cost a round trip each; one that is lost brings its message again.
    await Promise.all(this.acknowledgements.splice(0)).finally(() => {
      this.isHandling = false;
    });
  }

  private async handle(entry: StreamEntry, isAgain: boolean): Promise<void> {
    const { topic, group, deliverer, handler, attemptsMaximum, key, consumer } = this.parts;
    const onlyFor = textField(entry, 'g');
    // Trimmed away since it was read, or replayed for another group.
    if (entry.fields === undefined || (onlyFor !== '' && onlyFor !== group))
      return this.acknowledge(entry.id);
    const decoded = decodeBusMessage(topic, entry.fields.get('m') ?? new Uint8Array());
    if (!decoded.ok)
      return this.bury(entry, 1, `cannot be read: ${decoded.error.path} ${decoded.error.problem}`);
    const { message, correlationId } = decoded.value;
    const attemptsBefore = isAgain ? (await this.deliveriesOf(entry.id)) - 1 : 0;
    if (attemptsBefore >= attemptsMaximum) {
      return this.bury(entry, attemptsBefore, 'was read again and again and never handled');
    }
    const delivered = await deliverer.deliver({
      topic,
      group,
      correlationId,
      attemptsBefore,
      isRead: () => !this.isEnded,
      call: () => handler(message, correlationId),
      beforeRetry: async () => {
        await this.command('XCLAIM', key, group, consumer, 0, entry.id, 'JUSTID').catch(() => undefined);
      },
    });
    if (delivered.kind === 'handled') this.acknowledge(entry.id);
    if (delivered.kind === 'spent') await this.bury(entry, delivered.attempts, delivered.error);
  }

  private acknowledge(id: string): void {
    const acknowledgement = this.command('XACK', this.parts.key, this.parts.group, id);
    // It is looked at when all that were read with it have been handled.
    acknowledgement.catch(() => undefined);
    this.acknowledgements.push(acknowledgement);
  }

  private async bury(entry: StreamEntry, attempts: number, error: string): Promise<void> {
    this.say('bus_message_buried', error);
    const { deadKey, deadLettersMaximum, group, key, link, times } = this.parts;
    await this.link.within(
      times.commandMs,
      this.link.redis.commands([
        [
          'XADD',
          deadKey,
          'MAXLEN',
          deadLettersMaximum,
          '*',
          'm',
          entry.fields?.get('m') ?? '',
          'g',
          group,
          'a',
          attempts,
          'e',
          error,
          't',
          link.clock.nowMs(),
        ],
        ['XACK', key, group, entry.id],
      ]),
    );
  }

  /** How often Redis has given a message to a member, this time included. */
  private async deliveriesOf(id: string): Promise<number> {
    const { key, group } = this.parts;
    const reply = (await this.command('XPENDING', key, group, id, id, 1)) as readonly (readonly unknown[])[];
    return Number(reply[0]?.[3] ?? 1);
  }

  private command(name: string, ...parameters: (string | number)[]): Promise<unknown> {
    return this.link.within(this.parts.times.commandMs, this.link.redis.command(name, ...parameters));
  }

  private say(event: string, error: unknown): void {
    const { topic, group, link } = this.parts;
    const detail = error instanceof Error ? error.message : String(error);
    link.telemetry.log.write('warn', event, { topic, group, detail });
  }
}

const isError = (error: unknown, code: string): boolean =>
  error instanceof Error && error.message.startsWith(code);
