import { type Bars, openTimeOf, priceOfTicks } from '@tradewind/core/market';
import { formatAmount, formatPrice, price, quantity, quoteAmount } from '@tradewind/core/money';
import type { OrderTerms } from '@tradewind/core/orders';
import type { Market } from '@tradewind/core/strategy';
import type { BacktestOutcome } from './index.ts';
import type { Row, ScriptedOrder, ScriptResult } from './reference/reference-backtest.ts';
import { atBars, scripted } from './test-market.test-support.ts';

/** Bars as the slow backtester takes them. */
export function rowsOf(bars: Bars): Row[] {
  const textOf = (ticks: number): string => formatPrice(priceOfTicks(ticks, bars.priceDecimals));
  return Array.from({ length: bars.length }, (_, i) => ({
    timeMs: openTimeOf(bars, i),
    open: textOf(bars.open[i]!),
    high: textOf(bars.high[i]!),
    low: textOf(bars.low[i]!),
    close: textOf(bars.close[i]!),
    volume: '1',
  }));
}

/** The engine's fills as the slow backtester tells its own, without the number of the order. */
export function fillsLikeReference({ desk, markets }: BacktestOutcome) {
  const { exchange, instrument } = markets[0]!;
  return Array.from(desk.fills, ({ timeMs, side, lots, price, fee, feeAsset }) => ({
    timeMs,
    side,
    quantity: formatAmount(exchange.grid.quantityOf(lots)),
    price: formatPrice(exchange.grid.priceOf(price)),
    fee: formatAmount(fee),
    feeAsset: feeAsset === instrument.baseAsset ? 'base' : 'quote',
  }));
}

/** A strategy that places the orders of a script; each order's tag is its place in it. */
export function strategyOf(script: readonly ScriptedOrder[]) {
  return scripted((context) => {
    const market = context.market();
    const steps: Record<number, () => void> = {};
    for (const { atBar } of script) steps[atBar] = () => placeAll(market, script, atBar);
    return atBars(steps)();
  });
}

function placeAll(market: Market, script: readonly ScriptedOrder[], bar: number): void {
  const placed = new Set<string>();
  for (const [number, order] of script.entries()) {
    if (order.atBar !== bar) continue;
    const { ocoGroup, side } = order;
    if (ocoGroup === undefined) {
      if (side === 'BUY') market.buy(termsOf(order), String(number));
      else market.sell(termsOf(order), String(number));
    } else if (!placed.has(ocoGroup)) {
      placed.add(ocoGroup);
      // The two orders of a pair stand in the script one after the other, the one above the market first.
      market.oco(side, termsOf(order), termsOf(script[number + 1]!), `${number}`);
    }
  }
}

function termsOf(order: ScriptedOrder): OrderTerms {
  const { type } = order;
  if (type === 'MARKET') {
    return order.quantity === undefined
      ? { type, quoteAmount: quoteAmount(order.quoteAmount!) }
      : { type, quantity: quantity(order.quantity) };
  }
  const size = quantity(order.quantity!);
  const trigger = () => ({ stopPrice: price(order.stopPrice!) });
  switch (type) {
    case 'LIMIT':
      return { type, quantity: size, price: price(order.price!), timeInForce: 'GTC' };
    case 'LIMIT_MAKER':
      return { type, quantity: size, price: price(order.price!) };
    case 'STOP_LOSS':
    case 'TAKE_PROFIT':
      return { type, quantity: size, trigger: trigger() };
    default:
      return { type, quantity: size, price: price(order.price!), timeInForce: 'GTC', trigger: trigger() };
  }
}

/** How many orders ended in which way. A pair's orders have one tag, so they are counted and not named. */
export function endsOf({ orders }: BacktestOutcome) {
  const ends = { fills: 0, refused: 0, canceled: 0, expired: 0 };
  for (const { outcome, reason } of orders!) {
    if (outcome === 'filled') ends.fills += 1;
    else if (outcome === 'refused') ends.refused += 1;
    else if (reason === 'oco_trigger') ends.canceled += 1;
    else ends.expired += 1;
  }
  return ends;
}

export const endsOfReference = ({ fills, refused, canceled, expired }: ScriptResult) => ({
  fills: fills.length,
  refused: refused.length,
  canceled: canceled.length,
  expired: expired.length,
});
