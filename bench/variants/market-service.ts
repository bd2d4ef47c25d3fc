import {
  type Call,
  type Caller,
  type Connection,
  type ConnectorListener,
  done,
  MessageScanner,
  nameOf,
  type Outcome,
  type Stream,
} from '@tradewind/binance';
import { Grid, readExchangeInfo } from '@tradewind/core/market';
import { price, quantity } from '@tradewind/core/money';
import { builtInExchangeInfo } from '@tradewind/exchange-simulator';
import { MarketDataService } from '@tradewind/market-data';
import type { MarketUpdate } from '@tradewind/proto';
import { SeededRandom, silentTelemetry, systemClock, VirtualTime } from '@tradewind/utils';
import { measure } from '../harness/measure.ts';
import { summarize } from '../harness/summary.ts';
import {
  loadMessages,
  type MarketMessages,
  PRICE_DECIMALS,
  QUANTITY_DECIMALS,
  SYMBOL,
} from './market-messages.ts';

export interface ThroughputLine {
  readonly source: string;
  readonly messages: number;
  readonly nanosecondsPerMessage: number;
  /** What the subscribers were told in one pass; equal in all runs of a variant. */
  readonly outcome: string;
}
export interface AgeLine {
  readonly updates: number;
  /** From the moment at which a message was due to the moment at which the subscriber had it, ms. */
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
}

const RUNS = 7;
const WARM_UP_RUNS = 3;
const PACED_PER_SECOND = 20_000;
const PACED_MS = 5_000;

const CONNECTION: Connection = {
  id: 1,
  isOpen: true,
  send: () => 'sent',
  ready: () => undefined,
  retire: () => undefined,
  abandon: () => undefined,
};
const STREAMS: readonly Stream[] = [
  { kind: 'trade', symbol: SYMBOL },
  { kind: 'bookTicker', symbol: SYMBOL },
  { kind: 'depth', symbol: SYMBOL, speed: '100ms' },
];

/** The first event time in the messages; the venue's clock stands there, and what comes after is not yet too old. */
function beginOf({ all }: MarketMessages): number {
  for (const bytes of all) {
    const [, time] = /"E":(\d+)/.exec(Buffer.from(bytes).toString()) ?? [];
    if (time !== undefined) return Number(time);
  }
  throw new Error('the messages have no times');
}

/** The service with a line that messages are put on. */
async function started(messages: MarketMessages): Promise<{
  readonly service: MarketDataService;
  readonly put: (bytes: Uint8Array) => void;
}> {
  const time = new VirtualTime(0);
  const info = builtInExchangeInfo([SYMBOL]);
  if (!info.ok) throw new Error(`${info.error} is not built in`);
  const rules = { ...readExchangeInfo(info.value), serverTimeMs: 0, rateLimits: [] };
  const exact = (rows: MarketMessages['snapshot']['bids']) =>
    rows.map(([at, size]) => ({ price: price(at), quantity: quantity(size) }));
  const { lastUpdateId, bids, asks } = messages.snapshot;
  const answers: Readonly<Record<string, unknown>> = {
    '/api/v3/exchangeInfo': rules,
    '/api/v3/depth': { lastUpdateId, bids: exact(bids), asks: exact(asks) },
    '/api/v3/klines': [],
  };
  const caller: Caller = {
    perform: <T>({ path }: Call<T>): Promise<Outcome<T>> => Promise.resolve(done(answers[path] as T)),
  };
  const beginMs = beginOf(messages);
  let line: ConnectorListener | undefined;
  const service = new MarketDataService(
    {
      clock: systemClock,
      timers: time,
      random: new SeededRandom(1),
      telemetry: silentTelemetry,
      caller,
      connect: (listener) => {
        line = listener;
        return { state: 'ready', current: undefined, start: () => undefined, stop: () => undefined };
      },
      venueNowMs: () => beginMs,
    },
    { symbols: [SYMBOL], intervals: ['1m', '5m', '1h'], lateAfterMs: 1e9, aheadAfterMs: 1e9 },
  );
  const start = await service.start();
  if (!start.ok) throw new Error(start.error.reason);
  line!.opened(CONNECTION);
  line!.message(CONNECTION, Buffer.from('{"result":null,"id":1}'));
  line!.message(CONNECTION, Buffer.from(JSON.stringify({ result: STREAMS.map(nameOf), id: 2 })));
  await time.advance(0);
  await time.advance(0);
  return { service, put: (bytes) => line!.message(CONNECTION, bytes) };
}

/** A subscriber that looks at what it is told. */
class Looker {
  private readonly seen: Record<string, number> = {};

  take(update: MarketUpdate): void {
    this.seen[update.kind] = (this.seen[update.kind] ?? 0) + 1;
  }

  get outcome(): string {
    return Object.entries(this.seen)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([kind, count]) => `${kind} ${count}`)
      .join(' ');
  }
}

type Kinds = readonly MarketUpdate['kind'][] | undefined;

/** All messages through the service, heard by as many as there are kinds in the list. */
async function throughput(subscribers: readonly Kinds[]): Promise<ThroughputLine> {
  const messages = loadMessages();
  const warm: number[] = [];
  let outcome = '';
  for (let turn = 0; turn < WARM_UP_RUNS + RUNS; turn += 1) {
    const { service, put } = await started(messages);
    const lookers = subscribers.map((kinds) => {
      const looker = new Looker();
      service.subscribe(
        kinds === undefined ? { symbols: [SYMBOL] } : { symbols: [SYMBOL], kinds },
        (update) => looker.take(update),
      );
      return looker;
    });
    const { duration } = measure(() => {
      for (const bytes of messages.all) put(bytes);
    });
    if (turn >= WARM_UP_RUNS) warm.push(duration.cpuNanoseconds / messages.all.length);
    outcome = lookers.map((looker) => looker.outcome).join(' | ');
    service.stop();
  }
  return lineOf(messages, warm, outcome);
}

/** The floor: the scanner alone. */
function scanned(): ThroughputLine {
  const messages = loadMessages();
  const market = { symbol: SYMBOL, grid: new Grid(PRICE_DECIMALS, QUANTITY_DECIMALS) };
  const warm: number[] = [];
  let known = 0;
  for (let turn = 0; turn < WARM_UP_RUNS + RUNS; turn += 1) {
    const scanner = new MessageScanner([market]);
    known = 0;
    const { duration } = measure(() => {
      for (const bytes of messages.all) if (scanner.scan(bytes) !== 'refused') known += 1;
    });
    if (turn >= WARM_UP_RUNS) warm.push(duration.cpuNanoseconds / messages.all.length);
  }
  return lineOf(messages, warm, `messages ${known}`);
}

const lineOf = (
  { source, all }: MarketMessages,
  warm: readonly number[],
  outcome: string,
): ThroughputLine => ({
  source,
  messages: all.length,
  nanosecondsPerMessage: summarize(warm).median,
  outcome,
});

/**
 * Messages come when they are due, whether those before are done or not.
 * @param take  does something with a message, and calls back with each thing that somebody was told
 */
async function paced(
  all: readonly Uint8Array[],
  take: (bytes: Uint8Array) => void,
  listen: (told: () => void) => void,
): Promise<AgeLine> {
  const ages = new Float64Array((PACED_PER_SECOND * PACED_MS) / 1000);
  let count = 0;
  let dueMs = performance.now();
  listen(() => {
    if (count < ages.length) ages[count] = performance.now() - dueMs;
    count += 1;
  });
  count = 0;
  const total = Math.min(all.length, ages.length);
  const beginMs = performance.now();
  for (let sent = 0; sent < total; ) {
    dueMs = beginMs + (sent * 1000) / PACED_PER_SECOND;
    if (performance.now() < dueMs) {
      await new Promise((resolve) => setImmediate(resolve));
      continue;
    }
    take(all[sent]!);
    sent += 1;
  }
  const sorted = ages.subarray(0, Math.min(count, ages.length)).sort();
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
  return { updates: sorted.length, p50: at(0.5), p99: at(0.99), most: at(1) };
}

/** Two subscribers hear everything; the second one looks at the watch. */
async function pacedService(): Promise<AgeLine> {
  const messages = loadMessages();
  const { service, put } = await started(messages);
  const looker = new Looker();
  const line = await paced(messages.all, put, (told) => {
    service.subscribe({ symbols: [SYMBOL] }, (update) => looker.take(update));
    service.subscribe({ symbols: [SYMBOL] }, told);
  });
  service.stop();
  return line;
}

/** The floor: what the machine makes of the pace when the scanner alone is at work. */
async function pacedScanner(): Promise<AgeLine> {
  const { all } = loadMessages();
  const scanner = new MessageScanner([{ symbol: SYMBOL, grid: new Grid(PRICE_DECIMALS, QUANTITY_DECIMALS) }]);
  let told = (): void => undefined;
  return paced(
    all,
    (bytes) => {
      scanner.scan(bytes);
      told();
    },
    (listener) => {
      told = listener;
    },
  );
}

export const runs = {
  scan: { run: scanned },
  alone: { run: () => throughput([]) },
  quotes: {
    run: () =>
      throughput([
        ['trade', 'quote', 'bar'],
        ['trade', 'quote', 'bar'],
      ]),
  },
  everything: { run: () => throughput([undefined, undefined]) },
  paced: { run: pacedService },
  'paced-floor': { run: pacedScanner },
};
