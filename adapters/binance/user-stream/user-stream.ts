import { backoffMs, type Clock, pause, type Random, type Timer, type Timers } from '@tradewind/utils';
import { describeReadingFailure } from '../model/failure.ts';
import type { PlacedOrder, VenueOrder } from '../model/order.ts';
import { readUserEvent } from '../model/read-user-event.ts';
import type { UserEvent } from '../model/user-event.ts';
import type { Closure, OpenGap, Retry } from '../sockets/index.ts';
import type { ApiLink, ApiListener, ApiTrouble } from '../websocket-api/index.ts';
import { AccountProjection, type ProjectionLimits } from './account-projection.ts';
import type { CatchUp } from './catch-up.ts';
import type { Doubt } from './doubts.ts';
import { type Finding, findingOfOrder, findingOfPlacement } from './finding.ts';
import { subscribe } from './subscription.ts';
import { Sweep } from './sweep.ts';
import type { StopReason, StreamStatus, UserStreamListener } from './user-stream-listener.ts';

export interface UserStreamOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  /** The venue's time, epoch ms. */
  readonly serverClock: Pick<Clock, 'nowMs'>;
  readonly catchUp: CatchUp;
  /** Symbols whose trades are asked for even when no order of theirs is known. */
  readonly symbols?: readonly string[];
  /** The last trade of each symbol up to which the ledger has all. */
  readonly bookedThrough?: ReadonlyMap<string, number>;
  /** From when on trades count where `bookedThrough` says nothing, epoch ms. Default: a minute before now. */
  readonly sinceMs?: number;
  readonly limits?: Partial<UserStreamLimits>;
}

export interface UserStreamLimits extends ProjectionLimits {
  /** Events kept back while catching up. When one more comes all are dropped, and the catch-up begins anew. */
  readonly bufferMax: number;
  /** How often everything is asked for though nothing seems to be missing (faults.md U1). */
  readonly sweepEveryMs: number;
  /** How soon when something does. */
  readonly sweepSoonMs: number;
  /** Between two attempts to catch up; doubles. */
  readonly firstRetryMs: number;
  readonly longestRetryMs: number;
}

const LIMITS: UserStreamLimits = {
  bufferMax: 10_000,
  doubtsMax: 1000,
  fillsMax: 100_000,
  throwsMax: 3,
  throwsWithinMs: 60_000,
  sweepEveryMs: 300_000,
  sweepSoonMs: 2_000,
  firstRetryMs: 1_000,
  longestRetryMs: 30_000,
};

/**
 * The account's events over the WebSocket API. It is the listener of a `WebSocketApi`, which gives it links: it subscribes each,
 * keeps events back while it asks the venue for what it has missed, and is live only after that (faults.md U2, U3).
 */
export class UserStream implements ApiListener {
  readonly account: AccountProjection;
  private readonly options: UserStreamOptions;
  private readonly limits: UserStreamLimits;
  private readonly listener: UserStreamListener;
  private readonly sweep: Sweep;
  private current: StreamStatus = { state: 'idle' };
  /** The links that are subscribed. During a planned replacement there are two, and both tell. */
  private readonly subscribed = new Set<ApiLink>();
  private buffer: { readonly event: UserEvent; readonly text: string }[] = [];
  private hasOverflowed = false;
  /** What was missed since when, until it has been caught up with. */
  private gap: OpenGap | undefined;
  /** Fills that a sweep found and the stream should have told. */
  private lostFills = 0;
  /** The orders that were in doubt when the sweep began. */
  private doubted: readonly Doubt[] = [];
  /** Which catch-up or sweep counts; a newer one makes an older one give up. */
  private run = 0;
  private isSweeping = false;
  private isUrgent = false;
  private nextSweep: Timer | undefined;

  constructor(options: UserStreamOptions, listener: UserStreamListener) {
    this.options = options;
    this.limits = { ...LIMITS, ...options.limits };
    this.listener = listener;
    const { catchUp, clock, serverClock } = options;
    const beganMs = clock.elapsedMs();
    this.account = new AccountProjection(clock, this.limits, listener, {
      askSoon: () => this.askSoon(),
      end: (reason) => this.end(reason),
    });
    this.sweep = new Sweep({
      catchUp,
      orders: this.account.orders,
      doubts: this.account.doubts,
      take: (finding) => this.takeAnswer(finding),
      takeAccount: (account) => this.account.takeAccount(account),
      symbols: options.symbols ?? [],
      bookedThrough: options.bookedThrough ?? new Map(),
      // Not what the venue's clock shows now: nobody may have measured it yet, and ours may be wrong by any amount.
      sinceMs: () =>
        options.sinceMs ?? Math.floor(serverClock.nowMs() - (clock.elapsedMs() - beganMs) - 60_000),
      venueNowMs: () => serverClock.nowMs(),
    });
  }

  get status(): StreamStatus {
    return this.current;
  }

  /** Whether everything that the venue has told is known here; if not, no new risk may be taken. */
  get isLive(): boolean {
    return this.current.state === 'live';
  }

  /** The answer to a placement: goes the way of the events, so that what both carry is booked once (faults.md U7). */
  takePlacement(placed: PlacedOrder): boolean {
    return this.take(findingOfPlacement(placed), 'the answer to a placement');
  }

  /** @param isQueried  the answer to a question asked after any doubt about the order arose; else to a cancel or an amendment */
  takeOrder(order: VenueOrder, isQueried: boolean): boolean {
    return this.take(findingOfOrder(order, isQueried), 'the answer about an order');
  }

  /** For good. */
  stop(): void {
    this.end('asked_to');
  }

  async prepare(link: ApiLink): Promise<boolean> {
    if (this.current.state === 'stopped') return true;
    const outcome = await subscribe(link);
    if (outcome.kind !== 'done') return false;
    this.nowSubscribed(link);
    return true;
  }

  event(link: ApiLink, event: unknown, text: string): void {
    if (this.current.state === 'stopped') return;
    const reading = readUserEvent(event);
    if (!reading.ok) return this.account.unreadable(event, text, describeReadingFailure(reading.error));
    if (reading.value.kind === 'server_shutdown') return link.retire('serverShutdown');
    if (reading.value.kind === 'stream_terminated') return this.terminated(link);
    if (this.current.state === 'live') return this.account.apply(reading.value, text);
    this.keep(reading.value, text);
  }

  closed(link: ApiLink, { reason }: Closure): void {
    this.unsubscribed(link, reason);
  }

  gapBegan({ fromMs, reason }: OpenGap): void {
    if (this.gap === undefined || this.current.state !== 'down') return;
    // The socket knows better than we when the venue was last heard.
    this.gap = { fromMs: Math.min(fromMs, this.gap.fromMs), reason };
    this.become({ state: 'down', ...this.gap });
  }

  trouble(trouble: ApiTrouble): void {
    this.listener.trouble?.(trouble);
    // It may have been an event, of any order.
    if (trouble.kind === 'unreadable_frame') this.askSoon();
  }

  retrying(attempt: Retry): void {
    this.listener.retrying?.(attempt);
    if (this.current.state === 'idle' && this.nextSweep === undefined) this.sweepLater();
  }

  private nowSubscribed(link: ApiLink): void {
    if (!link.isOpen || this.current.state === 'stopped') return;
    this.subscribed.add(link);
    // A new link beside a live one should have lost nothing; that is checked, not believed (faults.md U8).
    if (this.current.state === 'live') this.askSoon();
    else if (this.current.state !== 'catching_up') void this.catchUp();
  }

  /** The socket may be healthy and the subscription gone (faults.md U3). */
  private terminated(link: ApiLink): void {
    this.unsubscribed(link, 'eventStreamTerminated');
    void this.resubscribe(link);
  }

  private async resubscribe(link: ApiLink): Promise<void> {
    const outcome = await subscribe(link);
    if (outcome.kind === 'done') this.nowSubscribed(link);
    else link.abandon('could not subscribe again');
  }

  private unsubscribed(link: ApiLink, reason: string): void {
    const wasLast = this.subscribed.delete(link) && this.subscribed.size === 0;
    if (!wasLast || this.current.state === 'stopped') return;
    this.run += 1;
    this.gap ??= { fromMs: this.options.clock.nowMs(), reason };
    this.become({ state: 'down', ...this.gap });
    this.sweepLater();
  }

  private keep(event: UserEvent, text: string): void {
    if (this.buffer.length < this.limits.bufferMax) {
      this.buffer.push({ event, text });
      return;
    }
    // What is dropped happened before the next question, whose answer will tell of it (faults.md P5).
    this.buffer = [];
    this.hasOverflowed = true;
  }

  private async catchUp(): Promise<void> {
    this.run += 1;
    const { run } = this;
    this.nextSweep?.cancel();
    this.become({ state: 'catching_up' });
    const times = { firstDelayMs: this.limits.firstRetryMs, longestDelayMs: this.limits.longestRetryMs };
    for (let failures = 0; !(await this.hasCaughtUp(run)); failures += 1) {
      if (run !== this.run) return;
      await pause(this.options.timers, backoffMs(times, failures, this.options.random));
      if (run !== this.run) return;
    }
    this.drain();
    if (run !== this.run) return;
    const { gap } = this;
    this.gap = undefined;
    this.become({ state: 'live' });
    if (gap !== undefined) this.listener.caughtUp?.({ ...gap, toMs: this.options.clock.nowMs() });
    this.sweepLater();
  }

  private async hasCaughtUp(run: number): Promise<boolean> {
    this.hasOverflowed = false;
    this.isUrgent = false;
    const result = await this.sweep.run(() => run !== this.run || this.hasOverflowed);
    if (result.kind === 'failed' && run === this.run) this.listener.sweepFailed?.(result);
    return result.kind === 'done' && run === this.run;
  }

  private drain(): void {
    const kept = this.buffer;
    this.buffer = [];
    for (const { event, text } of kept) {
      if (this.current.state === 'stopped') return;
      this.account.apply(event, text);
    }
  }

  private take(finding: Finding, text: string): boolean {
    return this.current.state !== 'stopped' && this.account.take(finding, text);
  }

  private takeAnswer(finding: Finding): boolean {
    const { account, options, current } = this;
    const overdueMs = options.serverClock.nowMs() - OVERDUE_AFTER_MS;
    // Of an order in doubt the stream may have told, in vain.
    const isExpected = this.doubted.some(
      ({ symbol, orderId }) => symbol === finding.symbol && orderId === finding.orderId,
    );
    const lost = finding.fills.filter((fill) => fill.timeMs <= overdueMs && !account.orders.isBooked(fill));
    if (current.state === 'live' && !isExpected) this.lostFills += lost.length;
    return this.take(finding, 'an answer of the venue');
  }

  /** Also without a stream: who is refused one for a minute hears of fills all the same. To catch up is a sweep itself. */
  private get maySweep(): boolean {
    return SWEEPS.has(this.current.state);
  }

  private askSoon(): void {
    // What is urgent already is not put off by more of it.
    if (this.isUrgent) return;
    this.isUrgent = true;
    if (this.maySweep && !this.isSweeping) this.sweepLater();
  }

  private sweepLater(delayMs = this.isUrgent ? this.limits.sweepSoonMs : this.limits.sweepEveryMs): void {
    this.nextSweep?.cancel();
    this.nextSweep = this.options.timers.after(delayMs, () => void this.sweepNow());
  }

  /** Asks for everything, whether events go on or not: what the stream has lost without a sign is found here (faults.md U1). */
  private async sweepNow(): Promise<void> {
    if (!this.maySweep) return;
    // One that was given up still waits for its answer.
    if (this.isSweeping) return this.sweepLater(this.limits.sweepSoonMs);
    const { run } = this;
    this.isSweeping = true;
    this.isUrgent = false;
    this.lostFills = 0;
    this.doubted = this.account.doubts.all;
    const result = await this.sweep.run(() => run !== this.run);
    this.isSweeping = false;
    if (run !== this.run) return;
    if (this.lostFills > 0) this.replaceLossyLinks();
    if (result.kind === 'failed') {
      this.listener.sweepFailed?.(result);
      this.sweepLater(this.limits.longestRetryMs);
    } else this.sweepLater();
  }

  /** A stream that has lost fills without a sign is believed no longer: a new link takes over, and both tell until then. */
  private replaceLossyLinks(): void {
    this.listener.fillsLost?.(this.lostFills);
    for (const link of this.subscribed) link.retire('fills were lost');
  }

  private end(reason: StopReason): void {
    if (this.current.state === 'stopped') return;
    this.run += 1;
    this.nextSweep?.cancel();
    this.buffer = [];
    this.become({ state: 'stopped', reason });
  }

  private become(status: StreamStatus): void {
    this.current = status;
    this.listener.statusChanged?.(status);
  }
}

const SWEEPS: ReadonlySet<StreamStatus['state']> = new Set(['idle', 'down', 'live']);

/** An event that is later than this is taken for lost. */
const OVERDUE_AFTER_MS = 10_000;
