import type { BreakerScope, RiskDesk } from '@tradewind/core/risk';
import type { CommittedEvent } from '@tradewind/proto';
import type { Telemetry } from '@tradewind/utils';
import type { Accounts } from './accounts.ts';
import type { EventMaker } from './event-maker.ts';
import type { RecentOrders } from './recent-orders.ts';
import type { Reservations } from './reservations.ts';
import { ITSELF, type Stops } from './stops.ts';
import type { Valuations } from './valuations.ts';

export interface FollowingParts {
  readonly telemetry: Telemetry;
  readonly desk: RiskDesk;
  readonly accounts: Accounts;
  readonly reservations: Reservations;
  readonly recent: RecentOrders;
  readonly stops: Stops;
  readonly valuations: Valuations;
  readonly events: EventMaker;
}

/** What is stopped is obeyed, and what has ended holds nothing back: these need no books. */
const NEED_NO_BOOKS: ReadonlySet<CommittedEvent['kind']> = new Set(['control', 'order', 'intent', 'leader']);

/**
 * Takes the journal in. When an event of it could not be taken in, or the ledger has lost what was heard of it, the books here are not
 * those of the ledger, whoever told it: the sender could not mend it. Then this stands still until the next start, and of what follows
 * only that counts which does not need the books.
 */
export class Following {
  /**
   * The last event that has been applied with all before it; the follower is ahead of it by those that came with it and are still to be
   * applied. What is written says by it what it knows, so that it does not move on while this stands still.
   */
  appliedSeq = 0;
  /** Why this stands still, as a sentence, and what to do; undefined while it does not. */
  stillBecause: string | undefined;
  private readonly parts: FollowingParts;
  private leaderEpoch = 0;

  constructor(parts: FollowingParts) {
    this.parts = parts;
  }

  isStandingStill(): boolean {
    return this.stillBecause !== undefined;
  }

  /** @param events  the next ones of the journal */
  hear(events: readonly CommittedEvent[]): void {
    for (const event of events) {
      const isStill = this.isStandingStill();
      if (isStill && !NEED_NO_BOOKS.has(event.kind)) continue;
      const before = this.appliedSeq;
      if (!isStill) this.appliedSeq = event.seq;
      try {
        this.apply(event);
      } catch (error) {
        this.appliedSeq = before;
        this.notTakenIn(event, String(error));
      }
    }
  }

  lostEnd(detail: string): void {
    this.stillBecause ??= `${detail}: stop everything, look at the ledger, and start again`;
    this.parts.telemetry.log.write('error', 'ledger_lost_its_end', { detail });
  }

  private notTakenIn({ seq }: CommittedEvent, detail: string): void {
    const sentence = `event ${seq} of the ledger could not be taken in: ${detail}`;
    this.stillBecause ??= `${sentence}: start again, and report it if it stays`;
    this.parts.telemetry.log.write('error', 'event_not_taken_in', { seq, detail });
  }

  private apply(event: CommittedEvent): void {
    const { accounts, events, recent, reservations, stops } = this.parts;
    switch (event.kind) {
      case 'intent':
        if (!reservations.written(event.wanted)) recent.count(event);
        return;
      case 'order':
        if (event.isOurs) reservations.changed(event.record);
        return;
      case 'fill': {
        // Booked and released in one step: never is it counted twice, nor not at all.
        const yesterday = accounts.takeFill(event);
        reservations.filled(event.fill.clientOrderId, event.fill.quantity, event.quoteAmount);
        this.closed(event, yesterday);
        return;
      }
      case 'balance':
        accounts.takeBalance(event);
        return;
      case 'valuation':
        accounts.takeValuation(event, events.hasMade(event));
        return;
      case 'control':
        // Order execution also writes controls, with what it knows of breakers; only a person's command and another risk manager
        // may stop something here.
        if (event.service === 'cli' && event.action !== 'resume') stops.found(event.breakers);
        if (event.service === 'risk-manager' && !events.hasMade(event)) stops.heard(event);
        return;
      case 'leader':
        if (event.epoch > this.leaderEpoch) reservations.withdrawUnwritten(event.atMs);
        this.leaderEpoch = Math.max(this.leaderEpoch, event.epoch);
        return;
      default:
    }
  }

  private closed(
    event: Extract<CommittedEvent, { kind: 'fill' }>,
    yesterday: ReturnType<Accounts['takeFill']>,
  ): void {
    const { desk, stops, valuations } = this.parts;
    const { strategy, timeMs } = event.fill;
    const { roundTripPnl } = event;
    const scope: BreakerScope = { kind: 'strategy', name: strategy };
    if (roundTripPnl !== undefined) {
      stops.change({ action: 'losses', scope, by: ITSELF, why: event.id }, () =>
        desk.roundTripClosed({ strategy, realizedPnl: roundTripPnl, atMs: timeMs }),
      );
    }
    if (yesterday !== undefined)
      valuations.judge({ equity: yesterday.end, dayStartEquity: yesterday.start, atMs: timeMs });
    valuations.observe();
  }
}
