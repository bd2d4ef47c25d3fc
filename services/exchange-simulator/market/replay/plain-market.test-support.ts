import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Instrument, readInstrument } from '@tradewind/core/market';
import { unitsOf } from '@tradewind/core/money';
import type { Side } from '@tradewind/core/orders';
import { VirtualTime } from '@tradewind/utils';
import type { BookLevel, Feed } from '../../exchange/index.ts';
import type { ReplayEvent } from './event.ts';
import { Player, type ReplayCounts } from './player.ts';

/** An outside market kept as plainly as can be: what the exchange would be told. */
export class PlainMarket implements Feed {
  readonly bids = new Map<bigint, bigint>();
  readonly asks = new Map<bigint, bigint>();
  readonly trades: [number, Side][] = [];
  readonly told: string[] = [];

  applyQuote(symbol: string, bid: BookLevel, ask: BookLevel): boolean {
    return this.replaceDepth(symbol, [bid], [ask]);
  }

  applyDepth(_symbol: string, bids: readonly BookLevel[], asks: readonly BookLevel[]): boolean {
    set(this.bids, bids);
    set(this.asks, asks);
    this.told.push('depth');
    return true;
  }

  replaceDepth(symbol: string, bids: readonly BookLevel[], asks: readonly BookLevel[]): boolean {
    this.bids.clear();
    this.asks.clear();
    this.applyDepth(symbol, bids, asks);
    return true;
  }

  applyTrade(_symbol: string, at: BookLevel['price'], _quantity: BookLevel['quantity'], side: Side): boolean {
    this.trades.push([Number(unitsOf(at)) / 1e8, side]);
    this.told.push('trade');
    return true;
  }

  /** Price and quantity of the best bid and the best ask. */
  get best(): readonly [bigint, bigint, bigint, bigint] {
    const bid = extreme(this.bids.keys(), (a, b) => a > b);
    const ask = extreme(this.asks.keys(), (a, b) => a < b);
    return [bid, this.bids.get(bid)!, ask, this.asks.get(ask)!];
  }
}

function extreme(values: Iterable<bigint>, isBetter: (a: bigint, b: bigint) => boolean): bigint {
  let best: bigint | undefined;
  for (const value of values) if (best === undefined || isBetter(value, best)) best = value;
  return best!;
}

function set(side: Map<bigint, bigint>, levels: readonly BookLevel[]): void {
  for (const level of levels)
    if (unitsOf(level.quantity) === 0n) side.delete(unitsOf(level.price));
    else side.set(unitsOf(level.price), unitsOf(level.quantity));
}

export async function* listed(events: readonly ReplayEvent[]): AsyncGenerator<ReplayEvent> {
  yield* events;
}

/** As fast as possible, while the time that files take passes. */
export async function playAll(
  feed: Feed,
  symbol: string,
  events: AsyncIterable<ReplayEvent>,
): Promise<ReplayCounts> {
  const time = new VirtualTime(0);
  const speed = Number.POSITIVE_INFINITY;
  const played = new Player({ feed, symbols: [symbol], clock: time, timers: time, speed }).play(events);
  let counts: ReplayCounts | undefined;
  const ended = played.then((result) => {
    counts = result;
  });
  while (counts === undefined) await Promise.race([ended, time.advance(1)]);
  return counts;
}

/** A new folder with these files; the caller removes it. */
export function folderWith(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-replay-'));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

const instrument = readInstrument({
  symbol: 'BTCUSDT',
  status: 'TRADING',
  baseAsset: 'BTC',
  quoteAsset: 'USDT',
  orderTypes: ['LIMIT'],
  filters: [
    { filterType: 'PRICE_FILTER', minPrice: '0.01', maxPrice: '1000000', tickSize: '0.01' },
    { filterType: 'LOT_SIZE', minQty: '0.00001', maxQty: '9000', stepSize: '0.00001' },
  ],
}).instrument!;
export const instrumentOf = (symbol: string): Instrument | undefined =>
  symbol === 'BTCUSDT' ? instrument : undefined;
