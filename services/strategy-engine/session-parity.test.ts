import { Interval, openTimeOf } from '@tradewind/core/market';
import { Slippage } from '@tradewind/core/matching/bars';
import { type Price, price, ratio, scalePrice, toFraction } from '@tradewind/core/money';
import type { StrategyDefinition } from '@tradewind/core/strategy';
import type { CommittedEvent, Signal, SubmitResult } from '@tradewind/proto';
import { generateBars } from '@tradewind/research/history';
import { compareSession, describeParity, PARITY_KINDS } from '@tradewind/research/parity';
import { strategies } from '@tradewind/strategies';
import { expect, test } from 'vitest';
import { barsOf, cut, testInstrument, worldOf } from './engine-world.test-support.ts';

const instrument = testInstrument('BTC/USDT', { step: '0.00001' });
const WARM = 40;
const bars = generateBars({
  symbol: 'BTCUSDT',
  interval: Interval.parse('1m')!,
  extent: { bars: 400 },
  seed: 5,
});
const closed = barsOf(bars);
const tenth = toFraction(ratio('0.001'))!;

interface Weather {
  /** What an order trades at, from the open of the next bar. */
  readonly fillPrice?: (open: Price) => Price;
  readonly answer?: (signal: Signal, count: number) => SubmitResult | undefined;
  readonly restartsAt?: number;
  /** From which bar to which no bar comes. */
  readonly lostBars?: readonly [number, number];
  /** What somebody has done to the record. */
  readonly forge?: (events: readonly CommittedEvent[]) => readonly CommittedEvent[];
}

/** A session of one strategy on paper, and what the comparison finds in it. */
async function sessionOf(
  definition: StrategyDefinition,
  parameters: Record<string, string>,
  weather: Weather = {},
) {
  const { fillPrice = (open) => open, answer, restartsAt = -1, lostBars = [-1, -1], forge } = weather;
  const world = await worldOf({
    instruments: [instrument],
    startMs: openTimeOf(bars, WARM),
    instances: [{ strategy: 'main', definition, parameters }],
    capital: '10000',
    engine: { saveEveryMs: 1e12 },
  });
  let count = 0;
  if (answer !== undefined) {
    world.execution.answer = (signal) => {
      count += 1;
      return answer(signal, count);
    };
  }
  world.market.histories.set('BTCUSDT 1m', cut(bars, 400));
  const startedAtMs = world.time.nowMs();
  let engine = await world.start();
  for (const [place, bar] of closed.entries()) {
    if (place < WARM) continue;
    await world.execution.fillAt('BTCUSDT', fillPrice(bar.open));
    if (place === restartsAt) {
      await engine.close();
      engine = await world.start();
    }
    await world.time.advance(bar.closeTimeMs - world.time.nowMs());
    if (place < lostBars[0] || place >= lostBars[1]) world.market.bar(bar);
    await world.time.advance(0);
  }
  await engine.close();
  const events = await world.ledger.read({ afterSeq: 0, limit: 10_000, kinds: PARITY_KINDS });
  return compareSession({
    session: {
      name: 'test',
      startedAtMs,
      endedAtMs: world.time.nowMs(),
      bars: new Map([['BTCUSDT-1m', closed]]),
    },
    events: forge?.(events) ?? events,
    strategies: [{ strategy: 'main', definition, symbols: ['BTCUSDT'], interval: '1m' }],
    instruments: new Map([['BTCUSDT', instrument]]),
    assumptions: {
      fees: { maker: tenth, taker: tenth },
      slippage: new Slippage(0, 1),
      limitFill: 'through',
    },
  });
}

const named = (name: string) => strategies.find((each) => each.name === name)!;
const emaCross = named('ema-cross');
const fast = { fast: '3', slow: '8' };

test('a session whose orders trade at the next open is equal to its backtest, over a restart, too', async () => {
  for (const restartsAt of [-1, 200]) {
    const report = await sessionOf(emaCross, fast, { restartsAt });
    expect(report.runs.map(({ problem }) => problem)).toEqual(restartsAt < 0 ? [''] : ['', '']);
    expect(report.counts.same).toBeGreaterThan(30);
    // The order that is under way when the engine restarts belongs to no run of a backtest.
    expect({ ...report.counts, same: 0 }).toMatchObject({ price: 0, timing: 0, unexplained: 0 });
  }
});

test('other prices are price differences, of the fills and of what is decided after them', async () => {
  const report = await sessionOf(emaCross, fast, {
    fillPrice: (open) => scalePrice(open, ratio('1.0001'), 'ceiling'),
  });
  expect(report.counts).toMatchObject({ timing: 0, missing_in_live: 0, unexplained: 0 });
  expect(report.counts.price).toBeGreaterThan(30);
  // The first order was decided before anything had traded.
  expect(report.compared[0]).toMatchObject({ what: 'signal', class: 'same' });
  expect(report.compared[1]).toMatchObject({ what: 'order', class: 'same' });
  expect(report.compared[2]).toMatchObject({ what: 'fill', class: 'price' });
});

test('what reacts to a fill does so at another instant than in a backtest, and later differences follow from it', async () => {
  const report = await sessionOf(named('donchian-breakout'), { channel: '8', exit: '5', atr: '4' });
  expect(report.counts.timing).toBeGreaterThan(0);
  for (const { detail } of report.compared.filter((each) => each.class === 'timing'))
    expect(detail).toMatch(/: \d+ ms (later|earlier)$/);
  expect(report.counts.unexplained).toBe(0);
});

test('an order that was refused is missing in live, with the reason; its signal is the same', async () => {
  const report = await sessionOf(emaCross, fast, {
    answer: (_, count) =>
      count === 3 ? { kind: 'refused', refusal: { reason: 'queue_full', maximum: 9 } } : undefined,
  });
  const place = report.compared.findIndex((each) => each.class !== 'same');
  expect(report.compared[place]).toMatchObject({
    what: 'order',
    class: 'missing_in_live',
    live: 'refused',
    backtest: 'accepted',
    detail: 'refused because queue_full: maximum 9',
  });
  const { clientOrderId } = report.compared[place]!;
  expect(report.compared[place - 1]).toMatchObject({ what: 'signal', class: 'same', clientOrderId });
  // What is decided with the money that was not spent follows from it.
  expect(report.counts.unexplained).toBe(0);
});

test('bars that did not come explain what was not decided on them', async () => {
  const report = await sessionOf(emaCross, fast, { lostBars: [100, 200] });
  expect(report.compared.find((each) => each.class !== 'same')).toMatchObject({
    class: 'missing_in_live',
    detail: expect.stringContaining('that bar was not judged'),
  });
  expect(report.counts.unexplained).toBe(0);
});

test('a decision that nothing explains is unexplained: another size, another side, one that was never made', async () => {
  const forged = (change: (signal: Extract<Signal, { action: 'order' }>) => Signal): Weather => ({
    forge: (events) => {
      let isDone = false;
      return events.map((event) => {
        if (isDone || event.kind !== 'signal' || event.signal.action !== 'order') return event;
        isDone = true;
        return { ...event, signal: change(event.signal) };
      });
    },
  });
  const size = await sessionOf(
    emaCross,
    fast,
    forged((signal) => ({
      ...signal,
      intent: { ...signal.intent, terms: { type: 'LIMIT_MAKER', quantity: 5n as never, price: price('1') } },
    })),
  );
  expect(size.compared[0]).toMatchObject({ class: 'unexplained', detail: 'one id, two decisions' });
  const other = await sessionOf(
    emaCross,
    fast,
    forged((signal) => ({
      ...signal,
      intent: { ...signal.intent, clientOrderId: 'x', decidedAtMs: signal.decidedAtMs - 6e5 },
    })),
  );
  expect(other.counts.unexplained).toBeGreaterThan(0);
});

test('the report says in words what differs, and what could not be replayed', async () => {
  const report = await sessionOf(emaCross, fast, { fillPrice: () => price('90000') });
  const text = describeParity(report);
  expect(text).toMatch(/^parity of session test\n {2}main, 21600 s: replayed\nprice/);
  expect(text).toMatch(/signals, orders and fills: \d+ same, \d+ price, 0 timing, 0 missing in live/);
  const trades: StrategyDefinition = { ...emaCross, inputs: () => [{ kind: 'trades', symbol: 'BTCUSDT' }] };
  expect((await sessionOf(trades, fast)).runs[0]!.problem).toBe(
    'it needs trades of BTCUSDT, and a backtest on bars has none',
  );
});
