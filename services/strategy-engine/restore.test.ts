import { Interval, openTimeOf } from '@tradewind/core/market';
import type { Strategy, StrategyDefinition } from '@tradewind/core/strategy';
import { generateBars } from '@tradewind/research/history';
import { strategies } from '@tradewind/strategies';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { barsOf, cut, testInstrument, worldOf } from './engine-world.test-support.ts';
import { probe } from './probe.test-support.ts';

const PARAMETERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'ema-cross': { fast: '3', slow: '8' },
  'rsi-mean-reversion': { period: '4', stop: '2' },
  'donchian-breakout': { channel: '8', exit: '5', atr: '4' },
};
const BARS = 160;
const WARM = 30;
const instrument = testInstrument('BTC/USDT', { step: '0.00001' });
const bars = generateBars({
  symbol: 'BTCUSDT',
  interval: Interval.parse('1m')!,
  extent: { bars: BARS },
  seed: 11,
});
const closed = barsOf(bars);

/** From which bar to which the engine is away, or, where it stays, its market is paused. */
type Absence = readonly [from: number, to: number];

/** Plays all bars; `isStopped` says whether absences are restarts or pauses. @returns the signals, and the state at the end */
async function play(definition: StrategyDefinition, absences: readonly Absence[], isStopped: boolean) {
  const world = await worldOf({
    instruments: [instrument],
    startMs: openTimeOf(bars, WARM),
    instances: [{ strategy: 'main', definition, parameters: PARAMETERS[definition.name] ?? {} }],
    capital: '10000',
    engine: { saveEveryMs: 1e12 },
  });
  world.market.histories.set('BTCUSDT 1m', cut(bars, BARS));
  let engine = await world.start();
  for (const [place, bar] of closed.entries()) {
    if (place < WARM) continue;
    const isAway = absences.some(([from, to]) => place >= from && place < to);
    const leaves = absences.some(([from]) => from === place);
    const comesBack = absences.some(([, to]) => to === place);
    if (leaves && isStopped) await engine.close();
    // Whether it is there or not, the exchange goes on.
    await world.execution.fillAt('BTCUSDT', bar.open);
    if (comesBack && isStopped) engine = await world.start();
    if (!isStopped && (leaves || comesBack)) world.market.feed('BTCUSDT', isAway ? 'paused' : 'live');
    await world.time.advance(bar.closeTimeMs - world.time.nowMs());
    world.market.bar(bar);
    await world.time.advance(0);
  }
  await engine.close();
  const [last] = (await world.ledger.load()).strategies;
  const state = last!.state as { readonly snapshot: { readonly host: { readonly strategy: unknown } } };
  return { signals: world.execution.signals, strategy: state.snapshot.host.strategy };
}

const absencesOf = (length: fc.Arbitrary<number>): fc.Arbitrary<readonly Absence[]> =>
  fc
    .uniqueArray(fc.integer({ min: WARM + 1, max: BARS - 8 }), { minLength: 1, maxLength: 5 })
    .chain((starts) =>
      fc.tuple(
        ...starts.sort((a, b) => a - b).map((from) => length.map((bars): Absence => [from, from + bars])),
      ),
    )
    .filter((all) => all.every(([, to], place) => to < (all[place + 1]?.[0] ?? BARS)));

describe.each(strategies)('$name', (definition) => {
  test('that is stopped and started between bars is equal to one that never stopped', async () => {
    const through = await play(definition, [], false);
    expect(through.signals.length).toBeGreaterThan(5);
    await fc.assert(
      fc.asyncProperty(absencesOf(fc.constant(0)), async (absences) => {
        expect(await play(definition, absences, true)).toEqual(through);
      }),
      { numRuns: 6 },
    );
  });
});

test('one that misses bars makes up for them: as if it had been there and could not trade', async () => {
  const definition = strategies.find(({ name }) => name === 'ema-cross')!;
  await fc.assert(
    fc.asyncProperty(absencesOf(fc.integer({ min: 1, max: 7 })), async (absences) => {
      expect(await play(definition, absences, true)).toEqual(await play(definition, absences, false));
    }),
    { numRuns: 8 },
  );
});

describe('a strategy', () => {
  const MINUTE = 60_000;
  async function counted(more: Pick<Strategy, 'save' | 'restore'>) {
    const seen: number[] = [];
    const definition = probe(() => ({ onBar: (bar) => seen.push(bar.closeTimeMs / MINUTE), ...more }));
    const world = await worldOf({
      instruments: [instrument],
      startMs: openTimeOf(bars, 10),
      instances: [{ strategy: 'main', definition }],
    });
    world.market.histories.set('BTCUSDT 1m', cut(bars, BARS));
    return { world, seen, from: openTimeOf(bars, 0) / MINUTE };
  }

  test('that keeps no state is warmed anew after a restart', async () => {
    const { world, seen, from } = await counted({});
    const engine = await world.start();
    await engine.close();
    expect(seen).toHaveLength(10);
    await world.time.advance(3 * MINUTE);
    const next = await world.start();
    expect(seen.slice(10)).toEqual(Array.from({ length: 13 }, (_, i) => from + i + 1));
    await next.close();
  });

  test('whose state does not fit any more is warmed anew', async () => {
    const { world, seen } = await counted({
      save: () => null,
      restore: () => {
        throw new RangeError('another period');
      },
    });
    const engine = await world.start();
    await engine.close();
    const next = await world.start();
    expect(seen).toHaveLength(20);
    expect((await next.list())[0]).toMatchObject({ state: 'running' });
    await next.close();
  });

  test('that was away for longer than the history reaches back is warmed anew', async () => {
    const { world, seen } = await counted({ save: () => null, restore: () => undefined });
    const engine = await world.start();
    await engine.close();
    const history = world.market.history.bind(world.market);
    // A market that gives the last five bars and says that it has more.
    world.market.history = async (symbol, interval, count) => {
      const all = await history(symbol, interval, count);
      const five = await history(symbol, interval, 5);
      return all.ok && five.ok ? { ok: true, value: { ...five.value, length: 5 } } : all;
    };
    await world.time.advance(20 * MINUTE);
    const next = await world.start({
      instances: [{ ...world.instances[0]!, settings: { historyBars: 5, barsKept: 1 } }],
    });
    // Twenty are missing and five are there: it begins with these.
    expect(seen.slice(10)).toHaveLength(5);
    await next.close();
  });

  test('hears after a restart what became of its orders while it was away, and can act on it at once', async () => {
    const definition = strategies.find(({ name }) => name === 'donchian-breakout')!;
    const world = await worldOf({
      instruments: [instrument],
      startMs: openTimeOf(bars, WARM),
      instances: [{ strategy: 'main', definition, parameters: PARAMETERS[definition.name]! }],
      capital: '10000',
    });
    world.market.histories.set('BTCUSDT 1m', cut(bars, BARS));
    let engine = await world.start();
    let place = WARM;
    for (; world.execution.waiting.length === 0; place += 1) {
      await world.time.advance(closed[place]!.closeTimeMs - world.time.nowMs());
      world.market.bar(closed[place]!);
      await world.time.advance(0);
    }
    await engine.close();
    await world.execution.fillAt('BTCUSDT', closed[place]!.open);
    await world.time.advance(2.5 * MINUTE);
    engine = await world.start();
    // The entry was filled: its stop is wanted now, not at the time of the fill and not at the next bar.
    expect(world.execution.signals.at(-1)).toMatchObject({
      decidedAtMs: world.time.nowMs(),
      action: 'order',
      intent: { side: 'SELL', tag: 'atr-stop' },
    });
    await engine.close();
  });
});
