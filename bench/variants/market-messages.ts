import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { SeededRandom } from '@tradewind/utils';
import { SHARED_DATA_FOLDER, sharedData } from '../../tools/shared-data-folder.ts';

/** Messages of one symbol as they come from the wire, each in bytes of its own, with the snapshot that its diffs go on from. */
export interface MarketMessages {
  /** A text that names where they come from. */
  readonly source: string;
  /** In the order in which they came. */
  readonly all: readonly Uint8Array[];
  readonly snapshot: DepthBody;
}

/** The body of GET depth. */
export interface DepthBody {
  readonly lastUpdateId: number;
  readonly bids: readonly (readonly [string, string])[];
  readonly asks: readonly (readonly [string, string])[];
}

export const SYMBOL = 'BTCUSDT';
export const PRICE_DECIMALS = 2;
export const QUANTITY_DECIMALS = 8;

export type HotKind = 'depth' | 'trade' | 'aggTrade' | 'bookTicker';

/** Two recordings that are one: ten minutes of diff depth, trades and quotes, and the snapshot in the first. */
const RECORDINGS = ['2024-08-08', '2024-08-09'].map(
  (day) => `ws/BTCUSDT-spot-depth-trade-bookTicker-${day}.txt.gz`,
);

/** The real recording where the data folder is, and messages from a seed where it is not. */
export const loadMessages = (): MarketMessages =>
  existsSync(SHARED_DATA_FOLDER) ? recorded() : makeMessages(5, 100_000);

/**
 * Those of one kind, one after the other in memory: just off the socket a message is where the one before was, and not in a place that
 * has to be fetched first. Aggregates are made from the trades, one from each.
 */
export function messagesOf({ all }: MarketMessages, kind: HotKind): Uint8Array[] {
  const event = kind === 'aggTrade' ? 'trade' : kind;
  const messages = all.filter((bytes) => Buffer.from(bytes).includes(`@${event}`));
  return messages.map(kind === 'aggTrade' ? aggregateOf : (bytes) => Buffer.from(bytes));
}

function aggregateOf(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes).toString();
  const aggregate = text
    .replace('@trade"', '@aggTrade"')
    .replace('"e":"trade"', '"e":"aggTrade"')
    .replace(/"t":(\d+)/, '"a":$1')
    .replace('"T":', '"f":3735683259,"l":3735683262,"T":');
  return Buffer.from(aggregate);
}

function recorded(): MarketMessages {
  const all: Uint8Array[] = [];
  let snapshot: DepthBody | undefined;
  for (const file of RECORDINGS) {
    const text = gunzipSync(readFileSync(sharedData(file))).toString('utf8');
    for (const line of text.trimEnd().split('\n')) {
      const message = line.slice(line.indexOf(' ') + 1);
      if (message.startsWith('{"stream"')) all.push(Buffer.from(message));
      else snapshot = JSON.parse(message) as DepthBody;
    }
  }
  if (snapshot === undefined) throw new Error('the recordings have no snapshot');
  return { source: 'a recording of ten minutes of BTCUSDT', all, snapshot };
}

/** Of every ten messages one is a diff of some 20 levels, two are trades and seven quotes. */
function makeMessages(seed: number, count: number): MarketMessages {
  const random = new SeededRandom(seed);
  const below = (limit: number): number => random.nextUint32() % limit;
  const price = (ticks: number): string => `${(ticks / 100).toFixed(2)}000000`;
  const quantity = (lots: number): string => (lots / 1e5).toFixed(8);
  const bids = new Map<number, number>();
  const asks = new Map<number, number>();
  let middle = 6_000_000;
  for (let i = 1; i <= 1000; i += 1) {
    bids.set(middle - i, 1 + below(100_000));
    asks.set(middle + i, 1 + below(100_000));
  }
  const rows = (levels: Map<number, number>): [string, string][] =>
    [...levels].map(([ticks, lots]) => [price(ticks), quantity(lots)]);
  const snapshot = { lastUpdateId: 1, bids: rows(bids), asks: rows(asks) };
  let updateId = 1;
  let tradeId = 0;

  const depth = (): object => {
    const changed = { bids: new Map<number, number>(), asks: new Map<number, number>() };
    const moved = below(5) - 2;
    for (let ticks = middle - 2; ticks <= middle + 2; ticks += 1) {
      if (ticks >= middle + moved && bids.delete(ticks)) changed.bids.set(ticks, 0);
      if (ticks <= middle + moved && asks.delete(ticks)) changed.asks.set(ticks, 0);
    }
    middle += moved;
    for (let i = 10 + below(20); i > 0; i -= 1) {
      // Most changes are near the best prices.
      const distance = 1 + Math.floor(1000 * random.nextFraction() ** 3);
      const lots = below(3) === 0 ? 0 : 1 + below(100_000);
      const isBid = below(2) === 0;
      const ticks = isBid ? middle - distance : middle + distance;
      if (lots === 0) (isBid ? bids : asks).delete(ticks);
      else (isBid ? bids : asks).set(ticks, lots);
      (isBid ? changed.bids : changed.asks).set(ticks, lots);
    }
    const first = updateId + 1;
    updateId += 1 + below(20);
    const ids = { e: 'depthUpdate', E: 1_723_161_255_208, s: SYMBOL, U: first, u: updateId };
    return { ...ids, b: rows(changed.bids), a: rows(changed.asks) };
  };
  const trade = (id: number): object => ({
    e: 'trade',
    E: 1_723_161_255_208,
    s: SYMBOL,
    t: id,
    p: price(middle),
    q: quantity(1 + below(100_000)),
    T: 1_723_161_255_207,
    m: below(2) === 0,
    M: true,
  });
  const quote = (id: number): object => ({
    u: id,
    s: SYMBOL,
    b: price(middle - 1),
    B: quantity(1 + below(100_000)),
    a: price(middle + 1),
    A: quantity(1 + below(100_000)),
  });
  const all = Array.from({ length: count }, (_, i) => {
    if (i % 10 === 0) return Buffer.from(JSON.stringify({ stream: 'btcusdt@depth@100ms', data: depth() }));
    if (i % 10 > 2) return Buffer.from(JSON.stringify({ stream: 'btcusdt@bookTicker', data: quote(i) }));
    tradeId += 1;
    return Buffer.from(JSON.stringify({ stream: 'btcusdt@trade', data: trade(tradeId) }));
  });
  return { source: `${count} messages made from seed ${seed}`, all, snapshot };
}
