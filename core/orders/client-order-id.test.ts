import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  CLIENT_ORDER_ID,
  ClientOrderIds,
  fnv1a64,
  type IntentName,
  type OrderLeg,
} from './client-order-id.ts';

const intent: IntentName = {
  strategy: 'ema-cross',
  symbol: 'BTCUSDT',
  decidedAtMs: 1_760_000_000_000,
  sequence: 0,
};
const LEGS: readonly (OrderLeg | undefined)[] = [
  undefined,
  'list',
  'above',
  'below',
  'working',
  'pending',
  'pending_above',
  'pending_below',
];

test('the hash gives the published values of FNV-1a with 64 bits', () => {
  expect(fnv1a64('')).toBe(0xcbf29ce484222325n);
  expect(fnv1a64('a')).toBe(0xaf63dc4c8601ec8cn);
  expect(fnv1a64('foobar')).toBe(0x85944171f73967e8n);
});

test('the same intent has the same id in another process, a different one has another', () => {
  const id = new ClientOrderIds().idOf(intent);
  expect(new ClientOrderIds().idOf({ ...intent })).toBe(id);
  // 1 760 000 000 000 in base 36, by an independent conversion (Python's divmod).
  expect(id).toMatch(/^[0-9a-z]{13}-mgj6k3cw-0$/);
  const others: IntentName[] = [
    { ...intent, strategy: 'ema-cross-2' },
    { ...intent, symbol: 'ETHUSDT' },
    { ...intent, decidedAtMs: 1_760_000_000_001 },
    { ...intent, sequence: 1 },
    { ...intent, leg: 'list' },
  ];
  for (const other of others) expect(new ClientOrderIds().idOf(other)).not.toBe(id);
});

test('strategy and symbol cannot run into one another', () => {
  const ids = new ClientOrderIds();
  const first = ids.idOf({ ...intent, strategy: 'gridB', symbol: 'TCUSDT' });
  expect(ids.idOf({ ...intent, strategy: 'grid', symbol: 'BTCUSDT' })).not.toBe(first);
});

const names: fc.Arbitrary<IntentName> = fc
  .record({
    strategy: fc.string({ unit: 'grapheme', maxLength: 60 }),
    symbol: fc.constantFrom('BTCUSDT', '1000SATSUSDT', '币安人生USDT', ''),
    decidedAtMs: fc.maxSafeNat(),
    sequence: fc.nat({ max: 36 ** 5 }),
    leg: fc.constantFrom(...LEGS),
  })
  .map(({ leg, ...name }) => (leg === undefined ? name : { ...name, leg }));

test('every id matches the pattern of the venue', () => {
  const ids = new ClientOrderIds();
  fc.assert(fc.property(names, (name) => CLIENT_ORDER_ID.test(ids.idOf(name))));
  const longest = ids.idOf({
    ...intent,
    decidedAtMs: Number.MAX_SAFE_INTEGER,
    sequence: 36 ** 9 - 1,
    leg: 'pending_below',
  });
  expect(longest).toMatch(CLIENT_ORDER_ID);
  expect(longest).toHaveLength(36);
});

test('different intents have different ids', () => {
  const ids = new ClientOrderIds();
  fc.assert(
    fc.property(names, names, (a, b) => {
      const isSame = (['strategy', 'symbol', 'decidedAtMs', 'sequence', 'leg'] as const).every(
        (key) => a[key] === b[key],
      );
      expect(ids.idOf(a) === ids.idOf(b)).toBe(isSame);
    }),
  );
});

test('time, sequence and leg are all told apart for one strategy and symbol', () => {
  const ids = new ClientOrderIds();
  const seen = new Set<string>();
  for (const decidedAtMs of [0, 1, 35, 36, 1295, 1296]) {
    for (const sequence of [0, 1, 9, 10, 35, 36]) {
      for (const leg of LEGS) {
        seen.add(
          ids.idOf(
            leg === undefined
              ? { ...intent, decidedAtMs, sequence }
              : { ...intent, decidedAtMs, sequence, leg },
          ),
        );
      }
    }
  }
  expect(seen.size).toBe(6 * 6 * LEGS.length);
});

test('two pairs of strategy and symbol with one hash stop the process instead of sharing ids', () => {
  const ids = new ClientOrderIds(() => 42n);
  expect(ids.idOf(intent)).toBe('0000000000016-mgj6k3cw-0');
  expect(ids.idOf(intent)).toBe('0000000000016-mgj6k3cw-0');
  expect(() => ids.idOf({ ...intent, symbol: 'ETHUSDT' })).toThrow(
    'no two pairs of strategy and symbol share',
  );
});

test.each([Number.NaN, -1, 1.5, 2 ** 53])('a decision time of %d is a broken assumption', (decidedAtMs) => {
  expect(() => new ClientOrderIds().idOf({ ...intent, decidedAtMs })).toThrow(
    'a decision time is a whole number',
  );
});
test.each([Number.NaN, -1, 1.5, 36 ** 9])('a sequence of %d is a broken assumption', (sequence) => {
  expect(() => new ClientOrderIds().idOf({ ...intent, sequence })).toThrow('a sequence is whole and fits');
});
