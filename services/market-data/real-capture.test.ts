import {
  type Call,
  type Caller,
  type Connection,
  type ConnectorListener,
  done,
  nameOf,
  type Outcome,
  type Stream,
} from '@tradewind/binance';
import { readExchangeInfo } from '@tradewind/core/market';
import { formatAmount, formatPrice, price, quantity } from '@tradewind/core/money';
import { invariant } from '@tradewind/core/result';
import { builtInExchangeInfo } from '@tradewind/exchange-simulator';
import type { MarketUpdate } from '@tradewind/proto';
import { SeededRandom, silentTelemetry, VirtualTime } from '@tradewind/utils';
import { expect } from 'vitest';
import { readTestLines } from '../../tools/read-test-bars.ts';
import { testWithSharedData } from '../../tools/shared-data.ts';
import { MarketDataService } from './service.ts';

const FILE = 'ws/BTCUSDT-spot-depth-trade-bookTicker-2024-08-08.txt.gz';
const MINUTE = 60_000;
const CONNECTION: Connection = {
  id: 1,
  isOpen: true,
  send: () => 'sent',
  ready: () => undefined,
  retire: () => undefined,
  abandon: () => undefined,
};
const STREAMS: readonly Stream[] = [
  { kind: 'trade', symbol: 'BTCUSDT' },
  { kind: 'bookTicker', symbol: 'BTCUSDT' },
  { kind: 'depth', symbol: 'BTCUSDT', speed: '100ms' },
];
type Rows = readonly (readonly [string, string])[];

/** A real recording through the whole service. @param clockErrorMs  by how much the venue's clock is known to be ahead of ours */
async function replay(clockErrorMs: number): Promise<{ updates: MarketUpdate[]; messages: string[] }> {
  const lines = readTestLines(FILE).map((line) => {
    const at = line.indexOf(' ');
    return { receivedMs: Number(BigInt(line.slice(0, at)) / 1_000_000n), text: line.slice(at + 1) };
  });
  const isStreamed = (text: string): boolean => text.startsWith('{"stream"');
  const snapshot = JSON.parse(lines.find(({ text }) => text.includes('"lastUpdateId"'))!.text) as {
    lastUpdateId: number;
    bids: Rows;
    asks: Rows;
  };
  const levels = (rows: Rows) => rows.map(([at, size]) => ({ price: price(at), quantity: quantity(size) }));
  const info = builtInExchangeInfo(['BTCUSDT']);
  invariant(info.ok, 'it is built in');
  const time = new VirtualTime(lines[0]!.receivedMs);
  const flat = { open: price('1'), high: price('1'), low: price('1'), close: price('1') };
  const caller: Caller = {
    async perform<T>({ path, parameters }: Call<T>): Promise<Outcome<T>> {
      const openTimeMs = Number(parameters.find(([name]) => name === 'startTime')?.[1] ?? 0);
      const answers: Readonly<Record<string, unknown>> = {
        '/api/v3/exchangeInfo': { ...readExchangeInfo(info.value), serverTimeMs: 0, rateLimits: [] },
        '/api/v3/depth': {
          lastUpdateId: snapshot.lastUpdateId,
          bids: levels(snapshot.bids),
          asks: levels(snapshot.asks),
        },
        '/api/v3/klines': [
          { openTimeMs, ...flat, volume: quantity('1'), quoteVolume: quantity('1'), trades: 1 },
        ],
      };
      return done(answers[path] as T);
    },
  };
  let line: ConnectorListener | undefined;
  const service = new MarketDataService(
    {
      clock: time,
      timers: time,
      random: new SeededRandom(1),
      telemetry: silentTelemetry,
      caller,
      venueNowMs: () => time.nowMs() + clockErrorMs,
      connect: (listener) => {
        line = listener;
        return { state: 'ready', current: undefined, start: () => undefined, stop: () => undefined };
      },
    },
    { symbols: ['BTCUSDT'], intervals: ['1m'] },
  );
  const updates: MarketUpdate[] = [];
  expect((await service.start()).ok).toBe(true);
  service.subscribe({ symbols: ['BTCUSDT'] }, (update) => updates.push(update));
  line!.opened(CONNECTION);
  line!.message(CONNECTION, Buffer.from('{"result":null,"id":1}'));
  line!.message(CONNECTION, Buffer.from(JSON.stringify({ result: STREAMS.map(nameOf), id: 2 })));
  const messages: string[] = [];
  for (const { receivedMs, text } of lines) {
    if (!isStreamed(text)) continue;
    if (receivedMs - time.nowMs() >= 100) await time.advance(receivedMs - time.nowMs());
    messages.push(text);
    line!.message(CONNECTION, Buffer.from(text));
  }
  service.stop();
  return { updates, messages };
}

interface RawTrade {
  readonly t: number;
  readonly p: string;
  readonly q: string;
  readonly T: number;
}

testWithSharedData(
  'M3, M5: of a real recording every trade is told, the book’s best equals every quote of its update id, and bars are those of its trades',
  async () => {
    const { updates, messages } = await replay(1270);
    const raw = messages.map((text) => JSON.parse(text) as { stream: string; data: Record<string, unknown> });
    const trades = raw.flatMap(({ stream, data }) =>
      stream.endsWith('@trade') ? [data as unknown as RawTrade] : [],
    );
    expect(updates.flatMap((update) => (update.kind === 'trade' ? [update.trade.id] : []))).toEqual(
      trades.map(({ t }) => t),
    );

    const quotes = new Map(
      updates.flatMap((update) => (update.kind === 'quote' ? [[update.quote.updateId, update.quote]] : [])),
    );
    let compared = 0;
    for (const update of updates) {
      const quote = update.kind === 'book' ? quotes.get(update.book.updateId) : undefined;
      if (update.kind !== 'book' || quote === undefined) continue;
      expect([update.book.bids[0], update.book.asks[0]]).toEqual([quote.bid, quote.ask]);
      compared += 1;
    }
    expect(compared).toBeGreaterThan(100);

    const bars = updates.flatMap((update) => (update.kind === 'bar' ? [update.bar] : []));
    const made = bars.filter(({ source }) => source === 'trades');
    expect(made.length).toBe(bars.length - 1);
    expect(made.length).toBeGreaterThan(1);
    for (const bar of made) {
      const inside = trades.filter(({ T }) => T >= bar.openTimeMs && T < bar.openTimeMs + MINUTE);
      // BTCUSDT is traded in hundredths and hundred-thousandths: seven decimals of quote, exactly.
      const units = (text: string, decimals: number): bigint =>
        BigInt(Math.round(Number(text) * 10 ** decimals));
      const prices = inside.map(({ p }) => units(p, 2)).sort((one, other) => Number(one - other));
      const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n);
      expect([bar.open, bar.close, bar.high, bar.low].map((value) => units(formatPrice(value), 2))).toEqual([
        units(inside[0]!.p, 2),
        units(inside.at(-1)!.p, 2),
        prices.at(-1),
        prices[0],
      ]);
      expect(units(formatAmount(bar.volume), 5)).toBe(sum(inside.map(({ q }) => units(q, 5))));
      expect(units(formatAmount(bar.quoteVolume), 7)).toBe(
        sum(inside.map(({ p, q }) => units(p, 2) * units(q, 5))),
      );
      expect(bar.trades).toBe(inside.length);
    }
    expect(updates.flatMap((update) => (update.kind === 'feed' ? [update.feed.state] : []))).toEqual([
      'down',
      'gap',
      'live',
      'down',
    ]);
  },
);

testWithSharedData(
  'M8: the same recording by the clock of its recorder, which was 1.27 s behind, is never live',
  async () => {
    const { updates } = await replay(0);
    const feeds = updates.flatMap((update) => (update.kind === 'feed' ? [update.feed] : []));
    expect(feeds.map(({ state }) => state)).not.toContain('live');
    expect(feeds.find(({ state }) => state === 'stale')?.detail).toMatch(/1[23]\d\d ms ahead of the clock/);
  },
);
