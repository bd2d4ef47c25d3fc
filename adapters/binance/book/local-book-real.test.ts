import { Grid } from '@tradewind/core/market';
import { price, quantity } from '@tradewind/core/money';
import { SeededRandom, VirtualTime } from '@tradewind/utils';
import { expect } from 'vitest';
import { readTestLines } from '../../../tools/read-test-bars.ts';
import { testWithSharedData } from '../../../tools/shared-data.ts';
import { MessageScanner } from '../market-streams/index.ts';
import type { DepthSnapshot } from '../model/market.ts';
import { done } from '../outcome.ts';
import { LocalBook } from './local-book.ts';
import { SnapshotQueue } from './snapshot-queue.ts';

interface Body {
  readonly lastUpdateId: number;
  readonly bids: readonly (readonly [string, string])[];
  readonly asks: readonly (readonly [string, string])[];
}
const exact = (rows: Body['bids']) => rows.map(([p, q]) => ({ price: price(p), quantity: quantity(q) }));
const snapshotOf = (body: Body): DepthSnapshot => ({
  lastUpdateId: body.lastUpdateId,
  bids: exact(body.bids),
  asks: exact(body.asks),
});

/** Replays a recording through scanners and books, each snapshot being there when the recording says, and compares. */
async function replay(
  lines: readonly string[],
  grids: Readonly<Record<string, Grid>>,
  snapshots: readonly (readonly [number, string, DepthSnapshot])[],
) {
  const time = new VirtualTime(0);
  const markets = Object.entries(grids).map(([symbol, grid]) => ({ symbol, grid }));
  const scanner = new MessageScanner(markets);
  const waiting = new Map<string, (snapshot: DepthSnapshot) => void>();
  const source = {
    depth: (symbol: string) =>
      new Promise<ReturnType<typeof done<DepthSnapshot>>>((resolve) =>
        waiting.set(symbol, (snapshot) => resolve(done(snapshot))),
      ),
  };
  const counts = { applied: 0, invalid: 0, compared: 0, equal: 0 };
  const quotes = new Map<string, string>();
  const books = new Map(
    markets.map((market) => {
      const book = new LocalBook({
        market,
        snapshots: new SnapshotQueue({ source, clock: time, timers: time }),
        clock: time,
        timers: time,
        random: new SeededRandom(1),
        listener: {
          valid: (self) => compare(self),
          changed: (self) => {
            counts.applied += 1;
            compare(self);
          },
          invalid: () => (counts.invalid += 1),
        },
      });
      return [market.symbol, book] as const;
    }),
  );
  function compare({ market, levels }: LocalBook): void {
    const quote = quotes.get(`${market.symbol} ${levels!.lastUpdateId}`);
    if (quote === undefined) return;
    counts.compared += 1;
    const { bids, asks } = levels!;
    const ours = [bids.bestPrice, bids.bestQuantity, asks.bestPrice, asks.bestQuantity];
    if (ours.join() === quote) counts.equal += 1;
  }
  for (const book of books.values()) book.begin();
  await time.advance(0);
  const due = [...snapshots];
  for (const line of lines) {
    const atNs = Number(line.slice(0, line.indexOf(' ')));
    while (due[0] !== undefined && due[0][0] <= atNs) {
      const [, symbol, snapshot] = due.shift()!;
      waiting.get(symbol)!(snapshot);
      await time.advance(0);
    }
    const text = line.slice(line.indexOf(' ') + 1);
    const kind = scanner.scan(new TextEncoder().encode(text));
    if (kind === 'depth') books.get(scanner.depth.market.symbol)!.take(scanner.depth);
    if (kind === 'quote') {
      const { market, updateId, bidPrice, bidQuantity, askPrice, askQuantity } = scanner.quote;
      quotes.set(`${market.symbol} ${updateId}`, [bidPrice, bidQuantity, askPrice, askQuantity].join());
    }
  }
  return { ...counts, valid: [...books.values()].filter(({ levels }) => levels !== undefined).length };
}

testWithSharedData(
  'the book of a real capture agrees with its bookTicker at every moment that can be compared',
  async () => {
    const lines = readTestLines('ws/BTCUSDT-spot-depth-trade-bookTicker-2024-08-08.txt.gz');
    const line = lines.find((one) => one.includes(' {"lastUpdateId"'))!;
    const at = line.indexOf(' ');
    const snapshot = snapshotOf(JSON.parse(line.slice(at + 1)) as Body);
    const counts = await replay(lines, { BTCUSDT: new Grid(2, 8) }, [
      [Number(line.slice(0, at)), 'BTCUSDT', snapshot],
    ]);
    // The counts stand in the description of the recording: 3449 diffs after the snapshot, of which the first makes the book valid.
    expect(counts).toEqual({ applied: 3448, invalid: 0, compared: 564, equal: 564, valid: 1 });
  },
);

testWithSharedData('the books of four quiet symbols are bridged by their real snapshots', async () => {
  const name = 'ws/binance-4-symbols-depth-aggTrade-kline-bookTicker-2021-10-12';
  const bodies = readTestLines(`${name}-rest-depth.jsonl.gz`).map(
    (line) => JSON.parse(line) as { recv_ns: string; path: string; body: Body },
  );
  const snapshots = bodies.map(({ recv_ns, path, body }) => {
    const symbol = new URLSearchParams(path.slice(path.indexOf('?'))).get('symbol')!;
    return [Number(recv_ns), symbol, snapshotOf(body)] as const;
  });
  const grids = Object.fromEntries(snapshots.map(([, symbol]) => [symbol, new Grid(8, 8)]));
  const counts = await replay(readTestLines(`${name}.txt.gz`), grids, snapshots);
  expect(counts).toMatchObject({ invalid: 0, valid: 4 });
  expect(counts.compared).toBeGreaterThan(0);
  expect(counts.equal).toBe(counts.compared);
});
