import { type Amount, isNegative, share, subtract } from '../money/index.ts';
import type { EquityAmount, RiskLimits } from './limits.ts';

/** active: everything that passes the checks. reducing: only what reduces a position. halted: nothing. Cancels always pass. */
export type TradingState = 'active' | 'reducing' | 'halted';

export type BreakerScope =
  | { readonly kind: 'system' }
  | { readonly kind: 'account' }
  | { readonly kind: 'strategy' | 'symbol'; readonly name: string };

/** Why trading stopped. `by` names the person. */
export type BreakerCause =
  | { readonly kind: 'person'; readonly by: string; readonly why: string }
  | { readonly kind: 'consecutive_losses'; readonly maximum: number; readonly was: number }
  | { readonly kind: 'daily_loss' | 'drawdown'; readonly maximum: EquityAmount; readonly was: EquityAmount }
  /** What the system itself watches over. */
  | {
      readonly kind: 'guard';
      readonly guard: 'runaway' | 'dead_man' | 'unreadable_store';
      readonly detail: string;
    };

export interface Trip {
  readonly scope: BreakerScope;
  readonly state: 'reducing' | 'halted';
  readonly cause: BreakerCause;
  readonly atMs: number;
}

/**
 * All that must survive a restart for trading to stay stopped and losses to stay counted: plain data, to be saved on every
 * change and given back at start. A trip is taken off by `rearm` alone: not by time, profit or a new day.
 */
export interface BreakerStates {
  readonly trips: readonly Trip[];
  /** Round trips lost in a row, by strategy. */
  readonly losses: ReadonlyMap<string, number>;
}

export const NOTHING_TRIPPED: BreakerStates = { trips: [], losses: new Map() };

/** Stops a scope by hand: the emergency stop is `{ kind: 'system' }` halted. A trip of the same scope and state stays as it was. */
export function halt(
  states: BreakerStates,
  order: {
    readonly scope: BreakerScope;
    readonly state: 'reducing' | 'halted';
    readonly by: string;
    readonly why: string;
    readonly atMs: number;
  },
): BreakerStates {
  const { scope, state, by, why, atMs } = order;
  return trip(states, { scope, state, cause: { kind: 'person', by, why }, atMs });
}

/** All that either of two stores has kept: what one of them has lost stays stopped. Of losses in a row the longer row counts. */
export function unionOf(one: BreakerStates, other: BreakerStates): BreakerStates {
  const losses = new Map(one.losses);
  for (const [strategy, count] of other.losses) {
    losses.set(strategy, Math.max(count, losses.get(strategy) ?? 0));
  }
  return other.trips.reduce(trip, { trips: one.trips, losses });
}

/** Takes every trip off one scope and forgets a strategy's losses. For a person to call, never for a program. */
export function rearm(states: BreakerStates, scope: BreakerScope): BreakerStates {
  const losses = new Map(states.losses);
  if (scope.kind === 'strategy') losses.delete(scope.name);
  return { trips: states.trips.filter((each) => !isSameScope(each.scope, scope)), losses };
}

/**
 * Counts a closed round trip. A loss too many in a row lets the strategy only reduce from then on.
 * @param realizedPnl  after fees; below zero is a loss, zero ends a row of losses like a gain
 */
export function recordRoundTrip(
  states: BreakerStates,
  trade: { readonly strategy: string; readonly realizedPnl: Amount; readonly atMs: number },
  limits: RiskLimits,
): BreakerStates {
  const { strategy, realizedPnl, atMs } = trade;
  const was = isNegative(realizedPnl) ? (states.losses.get(strategy) ?? 0) + 1 : 0;
  const counted = { trips: states.trips, losses: new Map(states.losses).set(strategy, was) };
  const maximum = limits.strategies.get(strategy)?.consecutiveLossesMaximum ?? 'none';
  if (maximum === 'none' || was <= maximum) return counted;
  const cause = { kind: 'consecutive_losses', maximum, was } as const;
  return trip(counted, { scope: { kind: 'strategy', name: strategy }, state: 'reducing', cause, atMs });
}

/** Judges the day's loss whenever equity changes. A loss over the limit lets the account only reduce from then on. */
export function recordEquity(
  states: BreakerStates,
  day: { readonly equity: EquityAmount; readonly dayStartEquity: EquityAmount; readonly atMs: number },
  limits: RiskLimits,
): BreakerStates {
  const maximum = limits.account.dailyLossMaximum;
  if (maximum === 'none') return states;
  const was = subtract(day.dayStartEquity, day.equity);
  if (was <= maximum) return states;
  const cause = { kind: 'daily_loss', maximum, was } as const;
  return trip(states, { scope: { kind: 'account' }, state: 'reducing', cause, atMs: day.atMs });
}

/** Judges how far equity lies below its peak. A drawdown over the limit lets the account only reduce from then on. */
export function recordDrawdown(
  states: BreakerStates,
  at: { readonly equity: EquityAmount; readonly peakEquity: EquityAmount; readonly atMs: number },
  limits: RiskLimits,
): BreakerStates {
  const largest = limits.account.drawdownMaximum;
  if (largest === 'none') return states;
  const maximum = share(at.peakEquity, largest, 'receive');
  const was = subtract(at.peakEquity, at.equity);
  if (was <= maximum) return states;
  const cause = { kind: 'drawdown', maximum, was } as const;
  return trip(states, { scope: { kind: 'account' }, state: 'reducing', cause, atMs: at.atMs });
}

type Tripped = Pick<BreakerStates, 'trips'>;

/** The trip that binds this strategy on this symbol the most, or undefined when trading is active there. */
export function tripFor(states: Tripped, strategy: string, symbol: string): Trip | undefined {
  let found: Trip | undefined;
  for (const each of states.trips) {
    if (!binds(each.scope, strategy, symbol)) continue;
    if (each.state === 'halted') return each;
    found ??= each;
  }
  return found;
}

export function tradingStateOf(states: Tripped, strategy: string, symbol: string): TradingState {
  return tripFor(states, strategy, symbol)?.state ?? 'active';
}

function binds(scope: BreakerScope, strategy: string, symbol: string): boolean {
  if (scope.kind === 'strategy') return scope.name === strategy;
  if (scope.kind === 'symbol') return scope.name === symbol;
  return true;
}

/** One trip a scope and state, the first one kept: its cause is what a person wants to read. */
function trip(states: BreakerStates, added: Trip): BreakerStates {
  const isKnown = states.trips.some(
    (each) => each.state === added.state && isSameScope(each.scope, added.scope),
  );
  return isKnown ? states : { trips: [...states.trips, added], losses: states.losses };
}

/** Whether two names mean the same part of the account. */
export function isSameScope(a: BreakerScope, b: BreakerScope): boolean {
  if (a.kind === 'system' || a.kind === 'account') return a.kind === b.kind;
  return a.kind === b.kind && a.name === b.name;
}
