import { BarsBuilder, Interval, type Trade } from '@tradewind/core/market';
import { fromUnits, type Price, price, quantity, quoteAmount } from '@tradewind/core/money';
import { Portfolio } from '@tradewind/core/portfolio';
import {
  type BarFigures,
  defineStrategy,
  LiveBars,
  type OrderDesk,
  readParameters,
  type StrategyDefinition,
  StrategyHost,
} from '@tradewind/core/strategy';
import type { ClosedBar, Ledger, LedgerState, MarketSnapshot, MarketUpdate } from '@tradewind/proto';
import { StrategyEngineService } from '@tradewind/strategy-engine';
import { SeededRandom, silentTelemetry } from '@tradewind/utils';
import emaCross from '../../strategies/ema-cross.ts';
import { summarize } from '../harness/summary.ts';
import { instrument } from './market.ts';

/** One way of evaluating a strategy. `signals` must be equal for a way and its floor. */
export interface StrategyEngineLine {
  /** Processor time of all threads. The middle of the warm runs. */
  readonly nanosecondsPerUpdate: number;
  readonly signals: number;
}

const UPDATES = 50_000;
const RUNS = 5;
const WARM_UP_RUNS = 2;
/** After so many updates the record is written, as a timer would have it written. */
const WRITE_EVERY = 2000;
const START_MS = 1_767_600_000_000;
const { symbol } = instrument;

/** Wants an order at every trade: the dearest that a tick can be. */
const everyTick = defineStrategy({
  name: 'every-tick',
  summary: 'Wants to buy at every trade.',
  parameters: {},
  inputs: () => [{ kind: 'trades', symbol }],
  warmup: () => 0,
  create: (context) => {
    const market = context.market();
    const terms = {
      type: 'LIMIT',
      quantity: quantity('0.01'),
      price: price('1'),
      timeInForce: 'GTC',
    } as const;
    return { onTrade: () => void market.buy(terms) };
  },
});

interface Update {
  readonly atMs: number;
  readonly bar: ClosedBar;
  readonly figures: BarFigures;
  readonly trade: Trade;
}
const updates: readonly Update[] = Array.from({ length: UPDATES }, (_, i) => {
  const at: Price = fromUnits(BigInt(Math.round(67_000e2 + 300e2 * Math.sin(i / 40))) * 1_000_000n);
  const openTimeMs = START_MS + i * 60_000;
  const closeTimeMs = openTimeMs + 60_000;
  const times = { openTimeMs, closeTimeMs };
  const volume = quantity('1.5');
  return {
    atMs: closeTimeMs,
    bar: {
      ...{ symbol, interval: '1m', ...times, open: at, high: at, low: at, close: at },
      ...{ volume, quoteVolume: quoteAmount('0'), trades: 1, source: 'trades' },
    },
    figures: { ...times, openPrice: at, highPrice: at, lowPrice: at, closePrice: at, volume: 1.5 },
    trade: { symbol, id: i, price: at, quantity: volume, timeMs: closeTimeMs, buyerIsMaker: false },
  };
});

/** One strategy with something around it: takes updates, counts the signals that come out. */
interface Way {
  readonly signals: () => number;
  take(update: Update): void;
  /** Lets what is under way come to its end. */
  rest(): Promise<void>;
}

/** The host alone, with a desk that only counts. */
function bareHost<D extends StrategyDefinition>(definition: D, isTold: 'bars' | 'trades'): Way {
  const values = readParameters(definition.parameters, new Map());
  if (!values.ok) throw new Error('a strategy of the benchmark has defaults');
  const bars = new LiveBars(symbol, Interval.parse('1m')!, 1000);
  let signals = 0;
  const count = (): void => {
    signals += 1;
  };
  const desk: OrderDesk = { submit: count, submitList: count, cancel: count, openOrders: () => [] };
  const portfolio = new Portfolio();
  portfolio.deposit('USDT', quoteAmount('1000000'));
  const host = new StrategyHost(
    {
      definition,
      values: values.value,
      setup: { symbols: [symbol], interval: '1m' },
      instruments: new Map([[symbol, instrument]]),
      portfolio,
      priceOf: () => ({ lastPrice: price('1') }),
      desk,
    },
    [bars.view],
  );
  host.start(START_MS);
  return {
    signals: () => signals,
    take: ({ atMs, figures, trade }) => {
      host.advance(atMs);
      if (isTold === 'trades') {
        host.trade(trade);
        return;
      }
      bars.append(figures);
      host.bar(bars.view);
    },
    rest: async () => undefined,
  };
}

/** The whole service, with a ledger and a bus that only take, and an execution that refuses, so that nothing piles up. */
async function wholeEngine(definition: StrategyDefinition, isTold: 'bars' | 'trades'): Promise<Way> {
  let nowMs = START_MS;
  let signals = 0;
  let hear: (update: MarketUpdate) => void = () => undefined;
  const due = new Set<() => void>();
  const engine = new StrategyEngineService({
    clock: { nowMs: () => nowMs, elapsedMs: () => nowMs },
    timers: {
      after: (_, callback) => {
        due.add(callback);
        return { cancel: () => void due.delete(callback) };
      },
    },
    random: new SeededRandom(1),
    telemetry: silentTelemetry,
    ledger: takingLedger(),
    bus: {
      publish: async () => undefined,
      subscribe: () => ({ end: () => undefined }),
    },
    marketData: {
      snapshot: async () => SNAPSHOT,
      subscribe: (_, listener) => {
        hear = listener;
        listener({ kind: 'feed', feed: SNAPSHOT.feed });
        return { end: () => undefined };
      },
      history: async () => ({ ok: true, value: new BarsBuilder(symbol, Interval.parse('1m')!).build() }),
    },
    execution: {
      submit: async () => {
        signals += 1;
        return { kind: 'refused', refusal: { reason: 'queue_full', maximum: 0 } };
      },
      order: async () => undefined,
    },
    instances: [
      {
        ...{ strategy: definition.name, definition, symbols: [symbol], interval: '1m' },
        ...{ parameters: {}, startsByItself: true },
        settings: { signalsPerBarMaximum: 1e9, signalsPerSecondMaximum: 1e6, signalLifeMs: 1e9 },
      },
    ],
    saveEveryMs: 1e12,
  });
  await engine.open();
  await settled();
  return {
    signals: () => signals,
    take: ({ atMs, bar, trade }) => {
      nowMs = atMs;
      if (isTold === 'trades') hear({ kind: 'trade', trade, receivedAtMs: atMs });
      else hear({ kind: 'bar', bar, receivedAtMs: atMs });
    },
    rest: async () => {
      const callbacks = [...due];
      due.clear();
      for (const callback of callbacks) callback();
      await settled();
    },
  };
}

/** Runs all updates again and again, each way anew. */
async function measured(make: () => Way | Promise<Way>, answers: number): Promise<StrategyEngineLine> {
  const times: number[] = [];
  let signals = 0;
  for (let run = 0; run < RUNS; run += 1) {
    const way = await make();
    const before = process.cpuUsage();
    for (const [place, update] of updates.entries()) {
      way.take(update);
      // An answer of order execution comes with a later turn of the promises, before the next tick.
      for (let turn = 0; turn < answers; turn += 1) await NOTHING;
      if (place % WRITE_EVERY === WRITE_EVERY - 1) await way.rest();
    }
    const { user, system } = process.cpuUsage(before);
    times.push((1000 * (user + system)) / UPDATES);
    signals = way.signals();
  }
  return { nanosecondsPerUpdate: summarize(times.slice(WARM_UP_RUNS)).median, signals };
}

const TURNS = 6;
export const runs = {
  'evaluate-floor': { run: () => measured(() => bareHost(emaCross, 'bars'), 0) },
  evaluate: { run: () => measured(() => wholeEngine(emaCross, 'bars'), 0) },
  'signal-floor': { run: () => measured(() => bareHost(everyTick, 'trades'), TURNS) },
  signal: { run: () => measured(() => wholeEngine(everyTick, 'trades'), TURNS) },
} as const;

const SNAPSHOT: MarketSnapshot = {
  instrument,
  status: 'TRADING',
  feed: { symbol, state: 'live', sinceMs: 0, detail: '' },
  referencePrice: undefined,
  referencePriceAgeMs: undefined,
  lastTrade: undefined,
  quote: undefined,
};

function takingLedger(): Ledger {
  let seq = 0;
  const state: LedgerState = {
    seq: 0,
    balances: [
      { subAccount: emaCross.name, account: 0, asset: 'USDT', amount: quoteAmount('1000000') },
      { subAccount: everyTick.name, account: 0, asset: 'USDT', amount: quoteAmount('1000000') },
    ],
    ...{ positions: [], profits: [], orders: [], breaks: [], strategies: [], bookedKeys: [] },
    ...{ bookedThrough: new Map(), breakers: undefined, valuation: undefined },
  };
  return {
    commit: async (events) => {
      const committed = events.map((event, place) => ({ ...event, seq: seq + place + 1 }));
      seq += events.length;
      return { kind: 'committed', events: committed };
    },
    load: async () => state,
    read: async () => [],
    lastSeq: async () => seq,
    acquireLease: async () => ({ kind: 'failed', detail: 'the benchmark has none' }),
    releaseLease: async () => undefined,
  };
}

const NOTHING = Promise.resolve();
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
