import {
  type Amount,
  add,
  averagePrice,
  formatAmount,
  formatPrice,
  isZero,
  notional,
  type Price,
  type Quantity,
  type QuoteAmount,
  settle,
  subtract,
  zero,
} from '@tradewind/core/money';
import { Account, type PositionState } from '@tradewind/core/portfolio';
import type { LedgerOrder, LedgerState } from '@tradewind/proto';
import { utcText } from '@tradewind/utils';
import { describeIntent } from './describe-order.ts';

/** What is shown of the books. Amounts and prices are decimal texts; what is not known is null. */
export interface PositionView {
  readonly strategy: string;
  readonly symbol: string;
  readonly quantity: string;
  readonly average_entry_price: string | null;
  readonly mark: string | null;
  readonly cost: string;
  readonly unrealized_pnl: string | null;
  readonly realized_pnl: string;
}
export interface BalanceView {
  readonly sub_account: string;
  readonly asset: string;
  readonly amount: string;
}
export interface OrderView {
  readonly client_order_id: string;
  readonly venue_order_id: number | null;
  readonly strategy: string;
  readonly symbol: string;
  readonly order: string;
  readonly state: string;
  readonly executed_quantity: string;
  readonly created_at: string;
  readonly correlation_id: string;
}
export interface PnlView {
  readonly day: string;
  readonly strategy: string;
  readonly symbol: string;
  readonly quote_asset: string;
  readonly realized_pnl: string;
  readonly fills: number;
  readonly round_trips: number;
  readonly won_round_trips: number;
}

/** @param markOf  what the symbol is worth now; undefined where nobody knows */
export const positionViews = (
  { positions }: Pick<LedgerState, 'positions'>,
  markOf: (symbol: string) => Price | undefined,
): readonly PositionView[] =>
  positions
    .filter(({ quantity }) => !isZero(quantity))
    .map((position) => positionView(position, markOf(position.symbol)));

function positionView(position: PositionState, mark: Price | undefined): PositionView {
  const { strategy, symbol, quantity, cost, realizedPnl } = position;
  return {
    strategy,
    symbol,
    quantity: formatAmount(quantity),
    average_entry_price: formatPrice(averagePrice(cost, quantity, 'ceiling')),
    mark: mark === undefined ? null : formatPrice(mark),
    cost: formatAmount(cost),
    unrealized_pnl: mark === undefined ? null : formatAmount(unrealizedOf(position, mark)),
    realized_pnl: formatAmount(realizedPnl),
  };
}

/** At the mark, rounded down. */
const unrealizedOf = ({ quantity, cost }: PositionState, mark: Price): QuoteAmount =>
  subtract(settle(notional(mark, quantity), 'receive'), cost);

/** What each sub-account owns. */
export function balanceViews({ balances }: Pick<LedgerState, 'balances'>): readonly BalanceView[] {
  const owned = new Map<string, BalanceView & { readonly sum: Amount }>();
  for (const { subAccount, account, asset, amount } of balances) {
    if (account !== Account.free && account !== Account.locked) continue;
    const key = `${subAccount} ${asset}`;
    const sum: Amount = add(owned.get(key)?.sum ?? zero<Amount>(), amount);
    owned.set(key, { sub_account: subAccount, asset, amount: formatAmount(sum), sum });
  }
  return [...owned.values()].filter(({ sum }) => !isZero(sum)).map(({ sum: _, ...view }) => view);
}

/** What a strategy has and has made, now, in one asset; undefined where something it holds has no price in that asset. */
export interface StrategyMoney {
  readonly equity: Amount | undefined;
  readonly realizedToday: Amount;
  readonly unrealized: Amount | undefined;
}

/** @param asset  in which it is valued: what is held in coins is worth its mark in that asset, rounded down */
export function strategyMoney(
  { balances, positions, profits }: Pick<LedgerState, 'balances' | 'positions' | 'profits'>,
  { strategy, asset, nowMs }: { readonly strategy: string; readonly asset: string; readonly nowMs: number },
  markOf: (symbol: string) => Price | undefined,
): StrategyMoney {
  const worth = balances
    .filter(
      ({ subAccount, account }) =>
        subAccount === strategy && (account === Account.free || account === Account.locked),
    )
    .map(({ asset: held, amount }) => {
      if (held === asset || isZero(amount)) return amount;
      const mark = markOf(`${held}${asset}`);
      return mark && (settle(notional(mark, amount as Quantity), 'receive') as Amount);
    });
  const open = positions
    .filter((position) => position.strategy === strategy && !isZero(position.quantity))
    .map((position) => {
      const mark = markOf(position.symbol);
      return mark && (unrealizedOf(position, mark) as Amount);
    });
  const realized = profits
    .filter((day) => day.strategy === strategy && day.quoteAsset === asset && nowMs - day.dayMs < 86_400_000)
    .map(({ realizedPnl }) => realizedPnl as Amount);
  return { equity: sumOf(worth), realizedToday: sumOf(realized) ?? zero<Amount>(), unrealized: sumOf(open) };
}

function sumOf(amounts: readonly (Amount | undefined)[]): Amount | undefined {
  let sum = zero<Amount>();
  for (const each of amounts) {
    if (each === undefined) return undefined;
    sum = add(sum, each);
  }
  return sum;
}

export const orderView = ({ intent, record, createdAtMs, correlationId }: LedgerOrder): OrderView => ({
  client_order_id: record.clientOrderId,
  venue_order_id: record.venueOrderId ?? null,
  strategy: intent.strategy,
  symbol: intent.symbol,
  order: describeIntent(intent),
  state: record.state,
  executed_quantity: formatAmount(record.executedQuantity),
  created_at: utcText(createdAtMs),
  correlation_id: correlationId,
});

export const pnlViews = ({ profits }: Pick<LedgerState, 'profits'>): readonly PnlView[] =>
  profits.map((day) => ({
    day: utcText(day.dayMs).slice(0, 10),
    strategy: day.strategy,
    symbol: day.symbol,
    quote_asset: day.quoteAsset,
    realized_pnl: formatAmount(day.realizedPnl),
    fills: day.fills,
    round_trips: day.roundTrips,
    won_round_trips: day.wonRoundTrips,
  }));
