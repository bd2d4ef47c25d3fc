import { priceToNumber } from '@tradewind/core/money';
import { HistoryPath } from '../path/history-path.ts';
import { PointsPath } from '../path/points-path.ts';
import type { PricePath } from '../path/price-path.ts';
import type { ReplayEvent } from './event.ts';
import type { Recording } from './recording.ts';

/** One price a second is enough to follow: a month is 42 MB then. */
const SPACING_MS = 1000;

interface Points {
  readonly times: number[];
  readonly prices: number[];
}

/**
 * What traders of a made-up market can follow: for each symbol the recorded bars, or else the prices of its trades, or where a
 * capture has none of these its quotes.
 * @param speed  1 is as it happened
 */
export async function pricePathsOf(recording: Recording, speed: number): Promise<Map<string, PricePath>> {
  const paths = new Map<string, PricePath>();
  for (const { bars } of recording.bars) paths.set(bars.symbol, new HistoryPath(bars, speed));
  const trades = new Map<string, Points>();
  const quotes = new Map<string, Points>();
  for await (const event of recording.events()) {
    if (paths.has(event.symbol)) continue;
    if (event.kind === 'trade') note(trades, event, priceToNumber(event.price));
    else if (event.kind === 'quote')
      note(quotes, event, (priceToNumber(event.bid.price) + priceToNumber(event.ask.price)) / 2);
  }
  for (const [symbol, { times, prices }] of [...trades, ...quotes])
    if (!paths.has(symbol)) paths.set(symbol, new PointsPath(times, prices, speed));
  return paths;
}

function note(points: Map<string, Points>, { symbol, atMs }: ReplayEvent, price: number): void {
  let of = points.get(symbol);
  if (of === undefined) {
    of = { times: [], prices: [] };
    points.set(symbol, of);
  }
  if (atMs - (of.times.at(-1) ?? Number.NEGATIVE_INFINITY) < SPACING_MS) return;
  of.times.push(atMs);
  of.prices.push(price);
}
