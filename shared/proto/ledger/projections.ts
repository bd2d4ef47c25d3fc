import { isZero } from '@tradewind/core/money';
import { isFinal } from '@tradewind/core/orders';
import type { PositionState, Posting } from '@tradewind/core/portfolio';
import type { BreakerStates } from '@tradewind/core/risk';
import type { BreakBody, StrategyBody, ValuationBody } from '../contracts/event.ts';
import type { DailyProfit, LedgerOrder, LedgerState } from '../contracts/ledger.ts';
import {
  addBalance,
  addProfit,
  BOOKED_KEYS_MS,
  type Changes,
  DAY_MS,
  ENDED_ORDERS_MS,
  PROFITS_MS,
} from './changes.ts';

/** Everything that is projected from the journal, in memory. */
export class Projections {
  /** Used up for ever. */
  private readonly clientOrderIds = new Set<string>();
  private readonly orders = new Map<string, KeptOrder>();
  private readonly fills = new Set<string>();
  private readonly balances = new Map<string, Posting>();
  private readonly positions = new Map<string, PositionState>();
  private readonly profits = new Map<string, DailyProfit>();
  private readonly watermarks = new Map<string, number>();
  private readonly keys = new Map<string, number>();
  private readonly breaks = new Map<string, BreakBody>();
  private readonly strategies = new Map<string, StrategyBody>();
  private breakers: BreakerStates | undefined;
  private valuation: (ValuationBody & { readonly atMs: number }) | undefined;

  apply(changes: Changes): void {
    for (const id of changes.clientOrderIds) this.clientOrderIds.add(id);
    for (const { order } of changes.orders)
      this.orders.set(order.intent.clientOrderId, { order, endedAtMs: undefined });
    for (const [id, { record, atMs }] of changes.records) {
      const kept = this.orders.get(id);
      if (kept === undefined) continue;
      this.orders.set(id, {
        order: { ...kept.order, record },
        endedAtMs: isFinal(record.state) ? atMs : undefined,
      });
    }
    for (const { fill, venueOrderId } of changes.fills) this.fills.add(fillKey({ ...fill, venueOrderId }));
    for (const posting of changes.balances.values()) addBalance(this.balances, posting);
    for (const [key, position] of changes.positions) this.positions.set(key, position);
    for (const profit of changes.profits.values()) addProfit(this.profits, profit);
    for (const [symbol, tradeId] of changes.watermarks) {
      this.watermarks.set(symbol, Math.max(tradeId, this.watermarks.get(symbol) ?? tradeId));
    }
    for (const { key, atMs } of changes.keys) this.keys.set(key, atMs);
    for (const [name, each] of changes.breaks) this.breaks.set(name, each);
    for (const [name, strategy] of changes.strategies) this.strategies.set(name, strategy);
    this.breakers = changes.breakers ?? this.breakers;
    this.valuation = changes.valuation ?? this.valuation;
  }

  hasClientOrderId(clientOrderId: string): boolean {
    return this.clientOrderIds.has(clientOrderId);
  }

  hasFill(fill: BookedFillKey): boolean {
    return this.fills.has(fillKey(fill));
  }

  hasKey(key: string): boolean {
    return this.keys.has(key);
  }

  /** How much is claimed for ever. */
  get counts(): { readonly clientOrderIds: number; readonly fills: number; readonly keys: number } {
    return { clientOrderIds: this.clientOrderIds.size, fills: this.fills.size, keys: this.keys.size };
  }

  /** @param last  the last event; what has ended is counted back from its time */
  state(last: { readonly seq: number; readonly atMs: number }): LedgerState {
    return inOrder({
      seq: last.seq,
      balances: [...this.balances.values()].filter(({ amount }) => !isZero(amount)),
      positions: [...this.positions.values()],
      orders: [...this.orders.values()]
        .filter(({ endedAtMs }) => endedAtMs === undefined || endedAtMs >= last.atMs - ENDED_ORDERS_MS)
        .map(({ order }) => order),
      bookedThrough: new Map(this.watermarks),
      breakers: this.breakers,
      valuation: this.valuation,
      profits: [...this.profits.values()].filter(({ dayMs }) => dayMs > last.atMs - PROFITS_MS - DAY_MS),
      breaks: [...this.breaks.values()].filter(({ state }) => state === 'opened'),
      strategies: [...this.strategies.values()],
      bookedKeys: [...this.keys].filter(([, atMs]) => atMs >= last.atMs - BOOKED_KEYS_MS).map(([key]) => key),
    });
  }
}

interface KeptOrder {
  readonly order: LedgerOrder;
  readonly endedAtMs: number | undefined;
}

/** What tells one fill of ours from all others. */
export interface BookedFillKey {
  readonly symbol: string;
  readonly tradeId: number;
  readonly venueOrderId: number;
}
export const fillKey = ({ symbol, tradeId, venueOrderId }: BookedFillKey): string =>
  `${symbol}\n${tradeId}\n${venueOrderId}`;

/** The same lists in the same order, wherever they come from; orders are in that of their intents already. */
export function inOrder(state: LedgerState): LedgerState {
  return {
    ...state,
    balances: state.balances.toSorted(
      by(({ subAccount, asset, account }) => `${subAccount}\n${asset}\n${account}`),
    ),
    positions: state.positions.toSorted(by(({ strategy, symbol }) => `${strategy}\n${symbol}`)),
    bookedThrough: new Map([...state.bookedThrough].sort(by(([symbol]) => symbol))),
    profits: state.profits.toSorted(
      by(
        ({ dayMs, strategy, symbol, quoteAsset }) =>
          `${String(dayMs).padStart(16, '0')}\n${strategy}\n${symbol}\n${quoteAsset}`,
      ),
    ),
    breaks: state.breaks.toSorted(by(({ name }) => name)),
    strategies: state.strategies.toSorted(by(({ strategy }) => strategy)),
    bookedKeys: state.bookedKeys.toSorted(),
  };
}

const by =
  <T>(keyOf: (value: T) => string) =>
  (a: T, b: T): number => {
    const [one, other] = [keyOf(a), keyOf(b)];
    return one < other ? -1 : Number(one > other);
  };
