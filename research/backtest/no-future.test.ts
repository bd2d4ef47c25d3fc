import { price, quantity } from '@tradewind/core/money';
import type { Bar, Context } from '@tradewind/core/strategy';
import { expect, test } from 'vitest';
import { play, scripted, testMarket } from './test-market.test-support.ts';

// A strategy that looks behind every door. Every price of these bars occurs once, so that one that is found is known.
const BARS = 12;
const pricesOf = (place: number): number[] =>
  [0, 1, 2, 3].map((n) => Math.round((50_000 + place * 137.31 + n * 11.17) * 100) / 100);
const texts = Array.from({ length: BARS }, (_, place) => {
  const [low, open, close, high] = pricesOf(place);
  return `${open} ${high} ${low} ${close}`;
});
/** A price as it could lie about: a number, a count of ticks, a count of 10^-8, a text. */
const formsOf = (value: number): unknown[] => [
  value,
  Math.round(value * 100),
  BigInt(Math.round(value * 100)) * 10n ** 6n,
  String(value),
];
const FORMS = Array.from({ length: BARS }, (_, place) => pricesOf(place).flatMap(formsOf));

/** Everything that can be reached from a value: own and inherited properties, symbols, getters, entries, prototypes, functions. */
function reach(roots: readonly unknown[]): Set<unknown> {
  const seen = new Set<unknown>();
  const waiting: unknown[] = [...roots];
  while (waiting.length > 0) {
    if (seen.size > 100_000) throw new Error('there is no end to what can be reached');
    const value = waiting.pop();
    if (seen.has(value)) continue;
    seen.add(value);
    if (value === null || (typeof value !== 'object' && typeof value !== 'function')) continue;
    for (let holder: object | null = value; holder !== null; holder = Object.getPrototypeOf(holder)) {
      waiting.push(holder);
      for (const key of Reflect.ownKeys(holder)) {
        const { get, set } = Reflect.getOwnPropertyDescriptor(holder, key) ?? {};
        waiting.push(get, set);
        try {
          waiting.push(Reflect.get(holder, key, value));
        } catch {
          // A getter that refuses has nothing to tell.
        }
      }
    }
    if (value instanceof Map) for (const entry of value) waiting.push(...entry);
    if (value instanceof Set || ArrayBuffer.isView(value))
      waiting.push(...(value as Iterable<unknown> & object));
  }
  return seen;
}

/** The places of the bars of which some price is among the values. */
const placesIn = (values: ReadonlySet<unknown>): number[] =>
  FORMS.flatMap((forms, place) => (forms.some((form) => values.has(form)) ? [place] : []));

test('by no property, prototype, getter or kept view can a strategy reach a price that is later than now', () => {
  const market = testMarket('BTC/USDT', texts, { step: '0.00001' });
  // The search finds what there is to be found.
  expect(placesIn(reach([market.bars]))).toEqual([...Array(BARS).keys()]);

  const latest: string[] = [];
  const kept: unknown[] = [];
  const look = (context: Context, when: string, closed: number, ...more: unknown[]): void => {
    const own = context.market();
    kept.push(
      ...more,
      context,
      own,
      own.position,
      own.openOrders,
      own.lastPrice,
      context.equity(),
      context.line('x'),
    );
    latest.push(
      `${when}: ${placesIn(reach(kept))
        .filter((place) => place >= closed)
        .join()}`,
    );
  };
  play(
    scripted((context) => {
      let closed = 0;
      return {
        onStart: () => {
          look(context, 'start', closed);
          context.setTimer('tick', 3 * 60_000);
        },
        onBar: (bar) => {
          closed += 1;
          look(context, 'bar', closed, bar, bar.interval);
          if (closed === 2) context.market().buy({ type: 'MARKET', quantity: quantity('0.01') });
          if (closed === 5) {
            context.market().sell({
              type: 'LIMIT',
              quantity: quantity('0.009'),
              price: price('99999'),
              timeInForce: 'GTC',
            });
          }
        },
        // Updates and timers of an instant come before its bar, which has closed by then.
        onOrder: (update) => look(context, 'order', closed + 1, update),
        onTimer: () => look(context, 'timer', closed + 1),
        onStop: () => look(context, 'stop', closed),
      };
    }),
    { markets: [market] },
  );
  expect(new Set(latest.map((line) => line.split(':')[0]))).toEqual(
    new Set(['start', 'bar', 'order', 'timer', 'stop']),
  );
  expect(latest.filter((line) => !line.endsWith(': '))).toEqual([]);
});

test('by no argument does a view look ahead', () => {
  const hostile: unknown[] = [
    -1,
    -0.5,
    0.5,
    1e-9,
    -1e-9,
    2 ** 31,
    2 ** 32,
    2 ** 53,
    -(2 ** 53),
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ];
  hostile.push('0', '-1', '', null, undefined, true, [0], [-1], { valueOf: () => -1 }, -1n, Symbol.iterator);
  let tried = 0;
  play(
    scripted(() => ({
      onBar: (bar) => {
        for (const look of ['openAgo', 'highAgo', 'lowAgo', 'closeAgo', 'volumeAgo'] as const) {
          for (const ago of hostile) {
            expect(() => (bar[look] as (ago: unknown) => number)(ago)).toThrow(
              // A symbol cannot even be put into the sentence of the RangeError.
              typeof ago === 'symbol' ? TypeError : RangeError,
            );
            tried += 1;
          }
        }
      },
    })),
    { markets: [testMarket('BTC/USDT', texts)] },
  );
  expect(tried).toBe(BARS * 5 * hostile.length);
});

test('a view cannot be made to read another place, nor be taken apart', () => {
  let kept: Bar | undefined;
  const closes: number[] = [];
  play(
    scripted(() => ({
      onBar: (bar) => {
        if (kept === undefined) {
          kept = bar;
          const writable = bar as unknown as Record<string, unknown>;
          for (const name of ['index', 'count', 'cursor', 'close', 'openTimeMs'])
            Reflect.set(writable, name, 9);
          const prototype = Object.getPrototypeOf(bar);
          const fake = Object.create(prototype) as Bar;
          expect(() => fake.close).toThrow(TypeError);
          expect(() => new Proxy(bar, {}).close).toThrow(TypeError);
        }
        closes.push(kept.closeAgo(0));
      },
    })),
    { markets: [testMarket('BTC/USDT', texts)] },
  );
  expect(closes).toEqual(Array.from({ length: BARS }, (_, place) => pricesOf(place)[2]));
});
