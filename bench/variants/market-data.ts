import {
  BookKeeper,
  type Connection,
  type ConnectorListener,
  type DepthSnapshot,
  done,
  MarketStreams,
  MessageScanner,
  nameOf,
  SnapshotQueue,
  type Stream,
  type StreamMarket,
} from '@tradewind/binance';
import { Grid } from '@tradewind/core/market';
import { price, quantity } from '@tradewind/core/money';
import { SeededRandom, systemClock, VirtualTime } from '@tradewind/utils';
import { measure } from '../harness/measure.ts';
import { summarize } from '../harness/summary.ts';
import {
  type DepthBody,
  type HotKind,
  loadMessages,
  type MarketMessages,
  messagesOf,
  PRICE_DECIMALS,
  QUANTITY_DECIMALS,
  SYMBOL,
} from './market-messages.ts';

/** One way through all messages. `outcome` must be equal in all ways that do the same. */
export interface MarketDataLine {
  readonly source: string;
  readonly messages: number;
  readonly bytes: number;
  /** The middle of the warm runs. */
  readonly nanosecondsPerMessage: number;
  /** Level updates in the messages; zero where nobody counts them. */
  readonly levels: number;
  readonly outcome: string;
}

const RUNS = 7;
const WARM_UP_RUNS = 3;
/** A run takes the messages so often that it lasts for tens of milliseconds. */
const BYTES_IN_A_RUN = 24_000_000;

const market: StreamMarket = { symbol: SYMBOL, grid: new Grid(PRICE_DECIMALS, QUANTITY_DECIMALS) };

interface Pass {
  /** Goes once through the messages, the first being 0. */
  readonly through: (messages: readonly Uint8Array[]) => void;
  readonly levels?: () => number;
  readonly outcome: () => string;
}

async function run(
  select: (all: MarketMessages) => readonly Uint8Array[],
  prepare: (all: MarketMessages) => Promise<Pass> | Pass,
): Promise<MarketDataLine> {
  const all = loadMessages();
  const messages = select(all);
  const bytes = messages.reduce((sum, message) => sum + message.length, 0);
  const passes = Math.max(1, Math.round(BYTES_IN_A_RUN / bytes));
  const warm: number[] = [];
  let last: Pass | undefined;
  for (let turn = 0; turn < WARM_UP_RUNS + RUNS; turn += 1) {
    let nanoseconds = 0;
    for (let i = 0; i < passes; i += 1) {
      // What a pass needs, a book for example, is made before the watch starts.
      const pass = await prepare(all);
      nanoseconds += measure(() => pass.through(messages)).duration.cpuNanoseconds;
      last = pass;
    }
    if (turn >= WARM_UP_RUNS) warm.push(nanoseconds);
  }
  return {
    source: all.source,
    messages: messages.length,
    bytes,
    nanosecondsPerMessage: summarize(warm).median / (messages.length * passes),
    levels: last!.levels?.() ?? 0,
    outcome: last!.outcome(),
  };
}

const variant = (
  select: (all: MarketMessages) => readonly Uint8Array[],
  prepare: (all: MarketMessages) => Promise<Pass> | Pass,
): { run: () => Promise<MarketDataLine> } => ({ run: () => run(select, prepare) });

/** The floor: every byte looked at once. */
function traversal(): Pass {
  let sum = 0;
  return {
    through: (messages) => {
      let local = 0;
      for (const bytes of messages) for (let i = 0; i < bytes.length; i += 1) local = (local + bytes[i]!) | 0;
      sum += local;
    },
    outcome: () => `sum ${sum}`,
  };
}

/** The floor below it: every message copied to one place. */
function copying(): Pass {
  const place = new Uint8Array(1_000_000);
  return {
    through: (messages) => {
      for (const bytes of messages) place.set(bytes);
    },
    outcome: () => `last byte ${place[0]}`,
  };
}

function scanning(): Pass {
  const scanner = new MessageScanner([market]);
  let sum = 0;
  return {
    through: (messages) => {
      for (const bytes of messages) {
        const kind = scanner.scan(bytes);
        if (kind === 'depth') {
          const { bids, asks, lastUpdateId } = scanner.depth;
          sum += lastUpdateId;
          for (let i = 0; i < bids.length; i += 1) sum += bids.prices[i]! + bids.quantities[i]!;
          for (let i = 0; i < asks.length; i += 1) sum += asks.prices[i]! + asks.quantities[i]!;
        } else if (kind === 'quote') {
          const { bidPrice, bidQuantity, askPrice, askQuantity } = scanner.quote;
          sum += bidPrice + bidQuantity + askPrice + askQuantity;
        } else {
          sum += scanner.trade.price + scanner.trade.quantity;
        }
      }
    },
    outcome: () => `sum ${sum}`,
  };
}

interface Event {
  readonly e?: string;
  readonly E: number;
  readonly s: string;
  readonly U: number;
  readonly u: number;
  readonly t: number;
  readonly f: number;
  readonly l: number;
  readonly T: number;
  readonly m: boolean;
  readonly p: string;
  readonly q: string;
  readonly b: string & readonly (readonly [string, string])[];
  readonly B: string;
  /** A price in a quote, levels in a diff; an id in an aggregate. */
  readonly a: string & readonly (readonly [string, string])[];
  readonly A: string;
}

/**
 * The peer: the text through JSON.parse, then what the scanner does with it too: the symbol found, ids and times checked,
 * decimals made the same whole numbers, exactly and without an object.
 */
function parsing(): Pass {
  const symbols = new Map([[SYMBOL, market]]);
  let sum = 0;
  const ids = (...values: readonly number[]): void => {
    for (const value of values)
      if (!Number.isSafeInteger(value) || value < 0) throw new Error(`no id: ${value}`);
  };
  return {
    through: (messages) => {
      for (const bytes of messages) {
        const { data } = JSON.parse((bytes as Buffer).toString()) as { data: Event };
        if (symbols.get(data.s) === undefined) throw new Error(`no market: ${data.s}`);
        if (data.e === 'depthUpdate') {
          ids(data.E, data.U, data.u);
          sum += data.u;
          for (const [p, q] of data.b) sum += ticks(p) + lots(q);
          for (const [p, q] of data.a) sum += ticks(p) + lots(q);
        } else if (data.e === undefined) {
          ids(data.u);
          sum += ticks(data.b) + lots(data.B) + ticks(data.a) + lots(data.A);
        } else {
          if (data.e === 'trade') ids(data.E, data.t, data.T);
          else ids(data.E, data.a as unknown as number, data.f, data.l, data.T);
          if (typeof data.m !== 'boolean') throw new Error(`no flag: ${data.m}`);
          sum += ticks(data.p) + lots(data.q);
        }
      }
    },
    outcome: () => `sum ${sum}`,
  };
}

const ticks = (text: string): number => counted(text, PRICE_DECIMALS);
const lots = (text: string): number => counted(text, QUANTITY_DECIMALS);

/** A plain decimal as a whole number of 10^-decimals: digit by digit, which is several times faster than by way of bigint. */
function counted(text: string, decimals: number): number {
  let value = 0;
  let places = -1;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === 46 && places === -1) places = 0;
    else if (code < 48 || code > 57) throw new Error(`no decimal: ${text}`);
    else if (places < decimals) {
      value = value * 10 + (code - 48);
      if (places >= 0) places += 1;
    } else if (code !== 48) throw new Error(`too fine: ${text}`);
  }
  for (places = Math.max(places, 0); places < decimals; places += 1) value *= 10;
  if (value > Number.MAX_SAFE_INTEGER) throw new Error(`too large: ${text}`);
  return value;
}

const STREAMS: readonly Stream[] = [
  { kind: 'depth', symbol: SYMBOL, speed: '100ms' },
  { kind: 'trade', symbol: SYMBOL },
  { kind: 'bookTicker', symbol: SYMBOL },
];

/** The client as it is used: scanned, put into order, kept in a book, and every event listened to. */
async function client({ snapshot }: MarketMessages): Promise<Pass> {
  const time = new VirtualTime(0);
  const seen = { trades: 0, quotes: 0, changes: 0, levels: 0, best: 0, troubles: 0 };
  const keeper = new BookKeeper({
    markets: [market],
    snapshots: new SnapshotQueue({
      source: { depth: () => Promise.resolve(done(snapshotOf(snapshot))) },
      clock: systemClock,
      timers: time,
    }),
    clock: systemClock,
    timers: time,
    random: new SeededRandom(1),
    listener: {
      valid: () => {},
      changed: ({ levels }) => {
        seen.changes += 1;
        seen.best += levels!.bids.bestPrice! + levels!.asks.bestPrice!;
      },
      invalid: () => (seen.troubles += 1),
    },
  });
  let line: ConnectorListener | undefined;
  const streams = new MarketStreams({
    markets: [market],
    connect: (listener) => {
      line = listener;
      return { state: 'ready', current: undefined, start: () => {}, stop: () => {} };
    },
    clock: systemClock,
    timers: time,
    listener: {
      trade: () => (seen.trades += 1),
      quote: () => (seen.quotes += 1),
      depth: (depth) => {
        seen.levels += depth.bids.length + depth.asks.length;
        keeper.depth(depth);
      },
      up: (stream) => keeper.up(stream),
      down: (stream) => keeper.down(stream),
      gap: () => (seen.troubles += 1),
      messageRefused: () => (seen.troubles += 1),
    },
  });
  streams.subscribe(STREAMS);
  line!.opened(CONNECTION);
  line!.message(CONNECTION, Buffer.from('{"result":null,"id":1}'));
  line!.message(CONNECTION, Buffer.from(JSON.stringify({ result: STREAMS.map(nameOf), id: 2 })));
  await time.advance(0);
  await time.advance(0);
  return {
    through: (messages) => {
      for (const bytes of messages) line!.message(CONNECTION, bytes);
    },
    levels: () => seen.levels,
    outcome: () => Object.entries(seen).join(' '),
  };
}

const CONNECTION: Connection = {
  id: 1,
  isOpen: true,
  send: () => 'sent',
  ready: () => {},
  retire: () => {},
  abandon: () => {},
};

function snapshotOf({ lastUpdateId, bids, asks }: DepthBody): DepthSnapshot {
  const exact = (rows: DepthBody['bids']) =>
    rows.map(([p, q]) => ({ price: price(p), quantity: quantity(q) }));
  return { lastUpdateId, bids: exact(bids), asks: exact(asks) };
}

const everything = ({ all }: MarketMessages): readonly Uint8Array[] => all;
const only =
  (kind: HotKind) =>
  (all: MarketMessages): readonly Uint8Array[] =>
    messagesOf(all, kind);

export const floors = {
  copy: variant(everything, copying),
  traverse: variant(everything, traversal),
  'traverse-depth': variant(only('depth'), traversal),
};
export const clients = { all: variant(everything, client), depth: variant(only('depth'), client) };
export const scanners = {
  depth: variant(only('depth'), scanning),
  trade: variant(only('trade'), scanning),
  aggTrade: variant(only('aggTrade'), scanning),
  bookTicker: variant(only('bookTicker'), scanning),
};
export const parsers = {
  depth: variant(only('depth'), parsing),
  trade: variant(only('trade'), parsing),
  aggTrade: variant(only('aggTrade'), parsing),
  bookTicker: variant(only('bookTicker'), parsing),
};
