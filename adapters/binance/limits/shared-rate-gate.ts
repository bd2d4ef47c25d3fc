import { err, ok, type Result } from '@tradewind/core/result';
import type { Clock, Random, Timer, Timers } from '@tradewind/utils';
import type { RateLimit } from '../model/account.ts';
import { costOf, countFor, Limiter, type LimiterBounds } from './limiter.ts';
import {
  type BanStore,
  type CallCost,
  type HeldBack,
  type LimitKind,
  type LimitReport,
  limitKindOf,
  type Permit,
  type Priority,
  type RateGate,
  type Silence,
} from './limits.ts';

export interface RateGateSettings {
  /** Our own ceilings, beside whatever the venue allows. They do not hold exits back. */
  readonly ceilings: readonly {
    readonly kind: LimitKind;
    readonly intervalMs: number;
    readonly ceiling: number;
  }[];
  /** The part of every limit of the venue that only exits may use, from 0 to 1. */
  readonly reserve: number;
  /** How long a call may wait for room; what would wait longer is refused at once. */
  readonly waitMsMax: number;
  /** How many calls of each priority may wait; what comes when it is full is refused. */
  readonly waitingMax: number;
  /** After a silence callers begin again within this time, not all at one instant. */
  readonly jitterMsMax: number;
}

export const DEFAULT_RATE_GATE_SETTINGS: RateGateSettings = {
  ceilings: [
    { kind: 'weight', intervalMs: 60_000, ceiling: 1200 },
    { kind: 'orders', intervalMs: 1000, ceiling: 10 },
  ],
  reserve: 0.1,
  waitMsMax: 5000,
  waitingMax: 200,
  jitterMsMax: 500,
};

/** Until exchangeInfo is read: the lowest numbers that the venue has had (binance-spot.md section 3.1). */
const LOWEST_LIMITS: readonly { kind: LimitKind; intervalMs: number; limit: number }[] = [
  { kind: 'weight', intervalMs: 60_000, limit: 1200 },
  { kind: 'raw_requests', intervalMs: 300_000, limit: 6100 },
  { kind: 'orders', intervalMs: 10_000, limit: 50 },
  { kind: 'orders', intervalMs: 86_400_000, limit: 160_000 },
  { kind: 'connections', intervalMs: 300_000, limit: 300 },
];

/** What the gate takes from outside. */
export interface RateGateOutside {
  /** The venue's clock: its intervals are calendar intervals of its own time. */
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly timers: Timers;
  readonly random: Random;
  readonly bans: BanStore;
}

interface Waiting {
  readonly cost: CallCost;
  readonly priority: Priority;
  readonly deadlineMs: number;
  readonly answer: (result: Result<Permit, HeldBack>) => void;
}

interface Block {
  readonly limiter: string;
  /** When it may go, as far as is known now. */
  readonly untilMs: number;
  /** What others need to be held back by the same. */
  readonly by: Limiter | Silence;
}

const NEVER = Number.MAX_SAFE_INTEGER;

/** The one gate of an IP and an account (binance-spot.md section 3, faults.md R1-R4, R6). */
export class SharedRateGate implements RateGate {
  private readonly outside: RateGateOutside;
  private readonly settings: RateGateSettings;
  private readonly limiters: Limiter[] = [];
  private readonly waiting: { readonly [P in Priority]: Waiting[] } = { exit: [], normal: [] };
  private readonly silences: { everything?: Silence; orders?: Silence } = {};
  private sent = 0;
  private timer: Timer | undefined;

  constructor(outside: RateGateOutside, settings: RateGateSettings = DEFAULT_RATE_GATE_SETTINGS) {
    this.outside = outside;
    this.settings = settings;
    for (const { kind, intervalMs, limit } of LOWEST_LIMITS) this.limiterOf(kind, intervalMs, { limit });
    for (const { kind, intervalMs, ceiling } of settings.ceilings) {
      const { limit } =
        LOWEST_LIMITS.find((each) => each.kind === kind && each.intervalMs === intervalMs) ?? {};
      this.replaceLimiter(kind, intervalMs, limit === undefined ? { ceiling } : { limit, ceiling });
    }
    const untilMs = outside.bans.load();
    if (untilMs !== undefined) this.silences.everything = { untilMs, scope: 'everything', isBan: true };
  }

  acquire(cost: CallCost, priority: Priority): Result<Permit, HeldBack> | Promise<Result<Permit, HeldBack>> {
    const nowMs = this.outside.clock.nowMs();
    const behind = this.blockedByWaiting(cost, priority);
    const block = this.blockOf(cost, priority, nowMs);
    if (block === undefined && !behind) return ok(this.grant(cost, nowMs));
    const limiter = block?.limiter ?? 'calls that wait before it';
    const untilMs = block?.untilMs ?? nowMs;
    const queue = this.waiting[priority];
    if (untilMs > nowMs + this.settings.waitMsMax || queue.length >= this.settings.waitingMax) {
      return err(heldBack(limiter, untilMs));
    }
    return new Promise((answer) => {
      queue.push({ cost, priority, deadlineMs: nowMs + this.settings.waitMsMax, answer });
      this.serve();
    });
  }

  observe(report: LimitReport): void {
    const nowMs = this.outside.clock.nowMs();
    for (const { kind, intervalMs, count, limit } of report.counts) {
      const limiter = this.limiterOf(kind, intervalMs, {});
      if (limit !== undefined) limiter.learn(limit);
      limiter.observe(count, this.sent, nowMs);
    }
    this.silence(report.silence);
    this.serve();
  }

  /** Takes over the limits that exchangeInfo states. One of a unit that nobody knows is left out. */
  learn(limits: readonly RateLimit[]): void {
    for (const { type, intervalMs, limit } of limits) {
      const kind = limitKindOf(type);
      if (kind === undefined || intervalMs === undefined) continue;
      this.limiterOf(kind, intervalMs, {}).learn(limit);
    }
    this.serve();
  }

  silentUntilMs(): number | undefined {
    const untilMs = this.silences.everything?.untilMs;
    return untilMs !== undefined && untilMs > this.outside.clock.nowMs() ? untilMs : undefined;
  }

  /** How many calls wait. */
  get waitingCount(): number {
    return this.waiting.exit.length + this.waiting.normal.length;
  }

  private grant(cost: CallCost, nowMs: number): Permit {
    this.sent += 1;
    const sequence = this.sent;
    const all = this.limiters.map((limiter) => ({
      limiter,
      taken: limiter.take(costOf(cost, limiter.kind), nowMs),
    }));
    let isOpen = true;
    const close = (end: () => void): void => {
      if (!isOpen) return;
      isOpen = false;
      end();
      this.serve();
    };
    return {
      settle: (report) =>
        close(() => {
          const now = this.outside.clock.nowMs();
          for (const { limiter, taken } of all) {
            const count = countFor(limiter, report.counts);
            if (count?.limit !== undefined) limiter.learn(count.limit);
            limiter.use(taken, sequence, count?.count, now);
          }
          this.silence(report.silence);
        }),
      abandon: () =>
        close(() => {
          for (const { limiter, taken } of all) limiter.giveBack(taken);
        }),
    };
  }

  private silence(silence: Silence | undefined): void {
    if (silence === undefined) return;
    const jitterMs = this.outside.random.nextFraction() * this.settings.jitterMsMax;
    const untilMs = silence.untilMs + Math.ceil(jitterMs);
    const known = this.silences[silence.scope];
    if (known !== undefined && known.untilMs >= untilMs) return;
    this.silences[silence.scope] = { ...silence, untilMs };
    if (silence.isBan) this.outside.bans.save(untilMs);
  }

  /** Why a call cannot go now; of several reasons the one that lasts longest. */
  private blockOf(cost: CallCost, priority: Priority, nowMs: number): Block | undefined {
    const { everything, orders } = this.silences;
    let longest = blockBy(everything, nowMs);
    if ((cost.orders ?? 0) > 0) longest = longer(longest, blockBy(orders, nowMs));
    for (const limiter of this.limiters) {
      const amount = costOf(cost, limiter.kind);
      if (amount === 0 || limiter.hasRoom(amount, priority, nowMs)) continue;
      const untilMs = amount > limiter.boundFor(priority) ? NEVER : limiter.intervalEndMs(nowMs);
      longest = longer(longest, { limiter: limiter.name, untilMs, by: limiter });
    }
    return longest;
  }

  /** Whether somebody of the same or higher priority waits for something that this call takes too. */
  private blockedByWaiting(cost: CallCost, priority: Priority): boolean {
    const { exit, normal } = this.waiting;
    const isBehind = (waiting: Waiting): boolean => sharesKind(waiting.cost, cost);
    return exit.some(isBehind) || (priority !== 'exit' && normal.some(isBehind));
  }

  /** Lets go what can go, exits first and each priority in its order, refuses what has waited too long, and sets the alarm. */
  private serve(): void {
    const nowMs = this.outside.clock.nowMs();
    const blocking = new Set<Limiter | Silence>();
    let wakeMs = NEVER;
    for (const priority of ['exit', 'normal'] as const) {
      const queue = this.waiting[priority];
      const still: Waiting[] = [];
      for (const waiting of queue) {
        const block = this.blockOf(waiting.cost, priority, nowMs);
        const isBehind = [...blocking].some((by) => concerns(by, waiting.cost));
        if (block === undefined && !isBehind) {
          waiting.answer(ok(this.grant(waiting.cost, nowMs)));
        } else if (waiting.deadlineMs <= nowMs) {
          waiting.answer(
            err(heldBack(block?.limiter ?? 'calls that wait before it', block?.untilMs ?? nowMs)),
          );
        } else {
          if (block !== undefined) blocking.add(block.by);
          wakeMs = Math.min(wakeMs, waiting.deadlineMs, block?.untilMs ?? NEVER);
          still.push(waiting);
        }
      }
      queue.splice(0, queue.length, ...still);
    }
    this.timer?.cancel();
    this.timer =
      wakeMs === NEVER
        ? undefined
        : this.outside.timers.after(Math.max(0, wakeMs - nowMs), () => this.serve());
  }

  private limiterOf(kind: LimitKind, intervalMs: number, bounds: Omit<LimiterBounds, 'reserve'>): Limiter {
    const known = this.limiters.find((each) => each.kind === kind && each.intervalMs === intervalMs);
    if (known !== undefined) return known;
    const limiter = new Limiter(kind, intervalMs, { ...bounds, reserve: this.settings.reserve });
    this.limiters.push(limiter);
    return limiter;
  }

  private replaceLimiter(kind: LimitKind, intervalMs: number, bounds: Omit<LimiterBounds, 'reserve'>): void {
    const index = this.limiters.findIndex((each) => each.kind === kind && each.intervalMs === intervalMs);
    if (index >= 0) this.limiters.splice(index, 1);
    this.limiterOf(kind, intervalMs, bounds);
  }
}

const blockBy = (silence: Silence | undefined, nowMs: number): Block | undefined =>
  silence === undefined || silence.untilMs <= nowMs
    ? undefined
    : { limiter: nameOf(silence), untilMs: silence.untilMs, by: silence };

const longer = (one: Block | undefined, other: Block | undefined): Block | undefined =>
  one === undefined || (other !== undefined && other.untilMs > one.untilMs) ? other : one;

const KINDS: readonly LimitKind[] = ['weight', 'raw_requests', 'orders', 'connections'];

const sharesKind = (a: CallCost, b: CallCost): boolean =>
  KINDS.some((kind) => costOf(a, kind) > 0 && costOf(b, kind) > 0);

function concerns(by: Limiter | Silence, cost: CallCost): boolean {
  if (by instanceof Limiter) return costOf(cost, by.kind) > 0;
  return by.scope === 'everything' || (cost.orders ?? 0) > 0;
}

const heldBack = (limiter: string, retryAtMs: number): HeldBack => ({
  reason: 'held_back',
  limiter,
  retryAtMs,
});

function nameOf({ scope, isBan }: Silence): string {
  if (isBan) return 'a ban';
  return scope === 'orders' ? 'the order count of the venue' : 'the silence after 429';
}
