import { Interval } from '@tradewind/core/market';
import { SeededRandom, VirtualTime } from '@tradewind/utils';
import Big from 'big.js';
import { MarketData } from './market-data.ts';
import { RecordedExchange } from './recorded-exchange.test-support.ts';
import type { KlineRow } from './shapes.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const START = Date.UTC(2026, 0, 30, 22, 59, 58, 400);
export const SYMBOL = 'BTCUSDT';

/** A trade in words. */
export interface Told {
  readonly time: number;
  readonly price: string;
  readonly quantity: string;
  readonly buyerIsMaker: boolean;
}

/** Bursts, quiet minutes and quiet days. */
export function chanceTrades(seed: number, count: number): Told[] {
  const random = new SeededRandom(seed);
  let time = START;
  let cents = 5_000_000;
  return Array.from({ length: count }, () => {
    const pause = random.nextFraction();
    if (pause > 0.995) time += Math.floor(random.nextFraction() * 3 * DAY);
    else if (pause > 0.9) time += Math.floor(random.nextFraction() * HOUR);
    else if (pause > 0.5) time += Math.floor(random.nextFraction() * 5000);
    cents += Math.floor(random.nextNormal() * 500);
    return {
      time,
      price: (cents / 100).toFixed(2),
      quantity: (1 + Math.floor(random.nextFraction() * 200_000))
        .toString()
        .padStart(6, '0')
        .replace(/(.{5})$/, '.$1'),
      buyerIsMaker: random.nextFraction() < 0.5,
    };
  });
}

/** The start of the bar that holds an instant, by the calendar of the language. */
export function startOf(name: string, time: number, zoneMinutes: number): number {
  const zone = zoneMinutes * MINUTE;
  const local = new Date(time + zone);
  if (name === '1M') return Date.UTC(local.getUTCFullYear(), local.getUTCMonth(), 1) - zone;
  if (name === '1w') {
    const sinceMonday = (local.getUTCDay() + 6) % 7;
    return Date.UTC(local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate() - sinceMonday) - zone;
  }
  if (name === '3d') {
    const epochDay = Math.floor((time + zone) / DAY);
    return (epochDay - ((epochDay + 2) % 3)) * DAY - zone;
  }
  const length = Number(name.slice(0, -1)) * { s: 1000, m: MINUTE, h: HOUR, d: DAY }[name.at(-1) as 's']!;
  return Math.floor((time + zone) / length) * length - zone;
}

/** All bars from the first trade to the last, by looking at all trades for each. */
export function slowKlines(
  trades: readonly Told[],
  name: string,
  zoneMinutes: number,
  now: number,
): KlineRow[] {
  const groups = new Map<number, Told[]>();
  for (const trade of trades) {
    const start = startOf(name, trade.time, zoneMinutes);
    const inside = groups.get(start);
    if (inside === undefined) groups.set(start, [trade]);
    else inside.push(trade);
  }
  const rows: KlineRow[] = [];
  let close = '';
  let open = startOf(name, trades[0]!.time, zoneMinutes);
  while (open <= now) {
    let end = open + 1000;
    // Every bar begins at a multiple of a second, and the next one is the first instant that is in another bar.
    if (name === '1M') {
      const local = new Date(open + zoneMinutes * MINUTE);
      end = Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + 1, 1) - zoneMinutes * MINUTE;
    } else if (name !== '1s') end = open + Interval.parse(name)!.lengthMs!;
    const inside = groups.get(open) ?? [];
    close = inside.at(-1)?.price ?? close;
    rows.push(slowRow(open, end, inside, close));
    open = end;
  }
  return rows;
}

const sum = (values: readonly Big[]): string => values.reduce((a, b) => a.plus(b), new Big(0)).toFixed(8);
export const quoteOf = (trade: Told): Big => new Big(trade.price).times(trade.quantity);

export function slowRow(open: number, end: number, inside: readonly Told[], close: string): KlineRow {
  const prices = inside.length === 0 ? [new Big(close)] : inside.map((trade) => new Big(trade.price));
  const bought = inside.filter((trade) => !trade.buyerIsMaker);
  const high = prices.reduce((a, b) => (a.gt(b) ? a : b));
  const low = prices.reduce((a, b) => (a.lt(b) ? a : b));
  return [
    open,
    prices[0]!.toFixed(8),
    high.toFixed(8),
    low.toFixed(8),
    prices.at(-1)!.toFixed(8),
    sum(inside.map((trade) => new Big(trade.quantity))),
    end - 1,
    sum(inside.map(quoteOf)),
    inside.length,
    sum(bought.map((trade) => new Big(trade.quantity))),
    sum(bought.map(quoteOf)),
    '0',
  ];
}

export async function played(trades: readonly Told[]) {
  const time = new VirtualTime(trades[0]!.time);
  const exchange = new RecordedExchange([SYMBOL]);
  const data = new MarketData(exchange, time);
  for (const trade of trades)
    exchange.trade(SYMBOL, trade.time, trade.price, trade.quantity, trade.buyerIsMaker);
  await time.advance(trades.at(-1)!.time - trades[0]!.time + 1500);
  return { time, exchange, data, symbol: data.symbol(SYMBOL)! };
}
