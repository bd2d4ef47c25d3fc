import { type Bars, openTimeOf, priceOfTicks } from '@tradewind/core/market';
import {
  AMOUNT_SCALE,
  add,
  fromUnits,
  isPositive,
  maximum,
  type Price,
  parsePrice,
  parseQuantity,
  type Quantity,
  subtract,
  toMultiple,
} from '@tradewind/core/money';
import type { Side } from '@tradewind/core/orders';
import { pointsOfBar } from '../bar-points.ts';
import type { ReplayEvent } from './event.ts';

/** The increments of the symbol that is replayed: a history may have been recorded on a finer grid. */
export interface Increments {
  readonly tick: Price;
  readonly step: Quantity;
}

/**
 * A trade and the quotes that it says there are: what was taken is the best of its side with as much again behind it, and the other
 * side is a tick away. Where only trades are recorded nobody knows more.
 */
function eventsOfTrade(
  atMs: number,
  symbol: string,
  tradedAt: Price,
  traded: Quantity,
  takerSide: Side,
  { tick, step }: Increments,
): ReplayEvent[] {
  const price = maximum(toMultiple(tradedAt, tick, 'floor'), add(tick, tick));
  const quantity = maximum(toMultiple(traded, step, 'floor'), step);
  const quotes = eventOfQuotes(atMs, symbol, price, quantity, takerSide, tick);
  return [{ kind: 'trade', atMs, symbol, price, quantity, takerSide, isAggregate: false }, quotes];
}

function eventOfQuotes(
  atMs: number,
  symbol: string,
  price: Price,
  quantity: Quantity,
  takerSide: Side,
  tick: Price,
): ReplayEvent {
  const isBuy = takerSide === 'BUY';
  const bid = { price: isBuy ? subtract(price, tick) : price, quantity };
  const ask = { price: isBuy ? price : add(price, tick), quantity };
  return { kind: 'quote', atMs, symbol, bid, ask };
}

/**
 * A row of an archive of trades or aggregate trades (binance-spot.md section 12): id, price, quantity, then quote quantity or
 * first and last id, time and whether the buyer was the maker. Times of 16 digits are microseconds.
 * @returns undefined for what is no such row
 */
export function eventsOfTradeRow(
  line: string,
  symbol: string,
  isAggregate: boolean,
  increments: Increments,
): ReplayEvent[] | undefined {
  const cells = line.trim().split(',');
  const price = parsePrice(cells[1] ?? '');
  const quantity = parseQuantity(cells[2] ?? '');
  const time = cells[isAggregate ? 5 : 4] ?? '';
  const isBuyerMaker = /^true$/i.test(cells[isAggregate ? 6 : 5] ?? '');
  if (!price.ok || !quantity.ok || !/^\d{13}(\d{3})?$/.test(time)) return undefined;
  const atMs = time.length === 16 ? Number(time) / 1000 : Number(time);
  // Invalidated old records have price and quantity 0 (binance-spot.md section 4.2).
  if (!isPositive(price.value) || !isPositive(quantity.value)) return [];
  return eventsOfTrade(atMs, symbol, price.value, quantity.value, isBuyerMaker ? 'SELL' : 'BUY', increments);
}

/**
 * The events that bars stand for: a quarter of the volume each at the open, the nearer extreme, the farther one and the close. A bar
 * without volume only has quotes.
 */
export function* eventsOfBars(bars: Bars, increments: Increments): Generator<ReplayEvent[]> {
  let last = 0;
  for (let index = 0; index < bars.length; index += 1) {
    const openTime = openTimeOf(bars, index);
    const lengthMs = bars.interval.endOf(openTime) - openTime;
    const points = pointsOfBar(bars, index);
    const quarter = quarterOf(bars.volume[index]!, bars.volumeDecimals);
    const events: ReplayEvent[] = [];
    points.forEach((ticks, at) => {
      const atMs = openTime + Math.min(lengthMs - 1, (at * lengthMs) / (points.length - 1));
      const side: Side = ticks >= last ? 'BUY' : 'SELL';
      last = ticks;
      const price = priceOfTicks(ticks, bars.priceDecimals);
      const [trade, quote] = eventsOfTrade(atMs, bars.symbol, price, quarter, side, increments);
      if (isPositive(quarter)) events.push(trade!);
      events.push(quote!);
    });
    yield events;
  }
}

function quarterOf(volume: number, decimals: number): Quantity {
  return fromUnits<Quantity>((BigInt(volume) * 10n ** BigInt(AMOUNT_SCALE - decimals)) / 4n);
}
