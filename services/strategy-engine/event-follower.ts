import {
  type Bus,
  type CommittedEvent,
  EVENT_TOPICS,
  type Ledger,
  type Subscription,
} from '@tradewind/proto';
import type { Telemetry, Timer, Timers } from '@tradewind/utils';

export interface FollowerOptions {
  readonly ledger: Pick<Ledger, 'read' | 'lastSeq'>;
  readonly bus: Pick<Bus, 'subscribe'>;
  readonly timers: Timers;
  readonly telemetry: Telemetry;
}

/**
 * Hears of everything that is committed, in its order and without holes, whatever order the topics of the bus bring it in. What the
 * bus does not bring soon is read from the ledger (faults.md P9).
 */
export class EventFollower {
  /** The last event that was handed on. */
  seq = 0;
  private readonly options: FollowerOptions;
  private readonly hear: (events: readonly CommittedEvent[]) => void;
  private readonly ahead = new Map<number, CommittedEvent>();
  private subscriptions: readonly Subscription[] = [];
  private holeTimer: Timer | undefined;
  private checkTimer: Timer | undefined;
  private isReading = false;
  private isFollowing = false;

  constructor(options: FollowerOptions, hear: (events: readonly CommittedEvent[]) => void) {
    this.options = options;
    this.hear = hear;
  }

  /** @param seq  the last event that is known already */
  begin(seq: number): void {
    this.seq = seq;
    this.isFollowing = true;
    this.subscriptions = EVENT_TOPICS.map((topic) =>
      this.options.bus.subscribe(topic, 'strategy-engine', (event) => this.take([event])),
    );
    this.checkLater();
  }

  end(): void {
    this.isFollowing = false;
    for (const subscription of this.subscriptions) subscription.end();
    this.holeTimer?.cancel();
    this.checkTimer?.cancel();
  }

  /** Takes events from wherever they come, from `begin` on; twice is the same as once. */
  take(events: readonly CommittedEvent[]): void {
    if (!this.isFollowing) return;
    if (this.ahead.size === 0 && isRunAfter(this.seq, events)) {
      this.seq += events.length;
      if (events.length > 0) this.hear(events);
      return;
    }
    for (const event of events) if (event.seq > this.seq) this.ahead.set(event.seq, event);
    this.handOn();
    if (this.ahead.size === 0) return;
    if (this.ahead.size > AHEAD_MAXIMUM) {
      // The ledger has them all; only the way over it is slower.
      this.ahead.clear();
      this.fill();
    } else {
      this.holeTimer ??= this.options.timers.after(HOLE_WAIT_MS, () => {
        this.holeTimer = undefined;
        this.fill();
      });
    }
  }

  private handOn(): void {
    const next: CommittedEvent[] = [];
    for (
      let event = this.ahead.get(this.seq + 1);
      event !== undefined;
      event = this.ahead.get(this.seq + 1)
    ) {
      this.ahead.delete(event.seq);
      this.seq = event.seq;
      next.push(event);
    }
    if (this.ahead.size === 0) {
      this.holeTimer?.cancel();
      this.holeTimer = undefined;
    }
    if (next.length > 0) this.hear(next);
  }

  /** Reads what is missing; tries again later when the ledger cannot be read. */
  private fill(): void {
    if (this.isReading || !this.isFollowing) return;
    this.isReading = true;
    this.read()
      .catch((error: unknown) => {
        this.options.telemetry.log.write('warn', 'ledger_unreadable', { error: String(error) });
      })
      .finally(() => {
        this.isReading = false;
        if (this.ahead.size > 0) this.take([]);
      });
  }

  private async read(): Promise<void> {
    const { ledger, telemetry } = this.options;
    for (;;) {
      const events = await ledger.read({ afterSeq: this.seq, limit: PAGE });
      telemetry.log.write('info', 'events_read_from_ledger', { after_seq: this.seq, count: events.length });
      for (const event of events) if (event.seq > this.seq) this.ahead.set(event.seq, event);
      this.handOn();
      if (events.length < PAGE || !this.isFollowing) return;
    }
  }

  /** When the last message is lost, no later one shows the hole. */
  private checkLater(): void {
    this.checkTimer = this.options.timers.after(CHECK_MS, () => {
      this.options.ledger
        .lastSeq()
        .then((seq) => {
          if (seq > this.seq && this.holeTimer === undefined) this.fill();
        })
        .catch(() => undefined)
        .finally(() => {
          if (this.isFollowing) this.checkLater();
        });
    });
  }
}

/** Whether they are the very next ones: told by one commit after the other, they need no sorting. */
const isRunAfter = (seq: number, events: readonly CommittedEvent[]): boolean =>
  events.every((event, place) => event.seq === seq + 1 + place);

/** Topics arrive apart by this much as a rule at most. */
const HOLE_WAIT_MS = 250;
const CHECK_MS = 5000;
const PAGE = 1000;
const AHEAD_MAXIMUM = 10_000;
