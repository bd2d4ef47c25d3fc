import { expect, test } from 'vitest';
import { amount, ratio } from '../money/index.ts';
import {
  type BreakerScope,
  type BreakerStates,
  halt,
  NOTHING_TRIPPED,
  rearm,
  recordDrawdown,
  recordEquity,
  recordRoundTrip,
  tradingStateOf,
  tripFor,
  unionOf,
} from './breakers.ts';
import { equityAmount, limitsWith } from './world.test-support.ts';

const alpha: BreakerScope = { kind: 'strategy', name: 'alpha' };
const stopped = (
  scope: BreakerScope,
  state: 'reducing' | 'halted',
  states = NOTHING_TRIPPED,
): BreakerStates => halt(states, { scope, state, by: 'ann', why: 'drill', atMs: 5 });

test.each<[BreakerScope, string[]]>([
  [{ kind: 'system' }, ['alpha/BTCUSDT', 'alpha/ETHBTC', 'beta/BTCUSDT', 'beta/ETHBTC']],
  [{ kind: 'account' }, ['alpha/BTCUSDT', 'alpha/ETHBTC', 'beta/BTCUSDT', 'beta/ETHBTC']],
  [alpha, ['alpha/BTCUSDT', 'alpha/ETHBTC']],
  [{ kind: 'symbol', name: 'BTCUSDT' }, ['alpha/BTCUSDT', 'beta/BTCUSDT']],
])('a stop of %o binds where it should and nowhere else', (scope, bound) => {
  for (const state of ['reducing', 'halted'] as const) {
    const states = stopped(scope, state);
    for (const strategy of ['alpha', 'beta']) {
      for (const symbol of ['BTCUSDT', 'ETHBTC']) {
        const expected = bound.includes(`${strategy}/${symbol}`) ? state : 'active';
        expect(tradingStateOf(states, strategy, symbol)).toBe(expected);
      }
    }
    expect(tradingStateOf(rearm(states, scope), 'alpha', 'BTCUSDT')).toBe('active');
  }
});

test('a strategy and a symbol of one name are two scopes', () => {
  const states = stopped({ kind: 'strategy', name: 'X' }, 'halted');
  expect(tradingStateOf(states, 'alpha', 'X')).toBe('active');
  expect(rearm(states, { kind: 'symbol', name: 'X' }).trips).toEqual(states.trips);
  expect(tradingStateOf(stopped({ kind: 'symbol', name: 'X' }, 'halted'), 'X', 'BTCUSDT')).toBe('active');
});

test('the stricter of two stops counts, whichever came first', () => {
  const one = stopped({ kind: 'account' }, 'halted', stopped({ kind: 'system' }, 'reducing'));
  const other = stopped({ kind: 'system' }, 'reducing', stopped({ kind: 'account' }, 'halted'));
  for (const states of [one, other]) {
    expect(tripFor(states, 'alpha', 'BTCUSDT')).toMatchObject({
      scope: { kind: 'account' },
      state: 'halted',
    });
  }
  const two = stopped(alpha, 'reducing', stopped({ kind: 'system' }, 'reducing'));
  expect(tripFor(two, 'alpha', 'BTCUSDT')).toMatchObject({ scope: { kind: 'system' } });
});

test('a stop by a person is kept with name, reason and time, and the first one stays', () => {
  const first = stopped({ kind: 'system' }, 'halted');
  expect(first.trips).toEqual([
    {
      scope: { kind: 'system' },
      state: 'halted',
      cause: { kind: 'person', by: 'ann', why: 'drill' },
      atMs: 5,
    },
  ]);
  const again = halt(first, { scope: { kind: 'system' }, state: 'halted', by: 'bob', why: 'again', atMs: 9 });
  expect(again.trips).toEqual(first.trips);
  expect(stopped({ kind: 'system' }, 'reducing', first).trips).toHaveLength(2);
  expect(stopped({ kind: 'account' }, 'halted', first).trips).toHaveLength(2);
  expect(stopped(alpha, 'halted', stopped({ kind: 'strategy', name: 'beta' }, 'halted')).trips).toHaveLength(
    2,
  );
});

test('I8: re-arming takes the trips off its own scope and no other', () => {
  const states = stopped(
    alpha,
    'halted',
    stopped({ kind: 'system' }, 'reducing', stopped(alpha, 'reducing')),
  );
  expect(rearm(states, alpha).trips.map((trip) => trip.scope)).toEqual([{ kind: 'system' }]);
  expect(rearm(states, { kind: 'system' }).trips.map((trip) => trip.scope)).toEqual([alpha, alpha]);
  expect(rearm(states, { kind: 'account' }).trips).toEqual(states.trips);
});

const limits = limitsWith({
  strategy: { consecutiveLossesMaximum: 2 },
  account: { dailyLossMaximum: equityAmount('50') },
});
const closed = (states: BreakerStates, pnl: string, strategy = 'alpha', by = limits): BreakerStates =>
  recordRoundTrip(states, { strategy, realizedPnl: amount('USDT', pnl), atMs: 7 }, by);

test('one loss more than allowed in a row lets the strategy only reduce', () => {
  let states = closed(closed(NOTHING_TRIPPED, '-1'), '-0.00000001');
  expect(states.losses.get('alpha')).toBe(2);
  expect(tradingStateOf(states, 'alpha', 'BTCUSDT')).toBe('active');
  states = closed(states, '-1');
  expect(states.trips).toEqual([
    { scope: alpha, state: 'reducing', cause: { kind: 'consecutive_losses', maximum: 2, was: 3 }, atMs: 7 },
  ]);
  expect(tradingStateOf(states, 'beta', 'BTCUSDT')).toBe('active');
});

test('a gain or a draw ends the row, losses of another strategy do not count', () => {
  for (const end of ['0', '1']) {
    const states = closed(closed(closed(closed(NOTHING_TRIPPED, '-1'), '-1'), end), '-1');
    expect(states.losses.get('alpha')).toBe(1);
    expect(states.trips).toEqual([]);
  }
  const mixed = closed(closed(closed(NOTHING_TRIPPED, '-1'), '-1', 'beta'), '-1');
  expect([mixed.losses.get('alpha'), mixed.losses.get('beta')]).toEqual([2, 1]);
  expect(mixed.trips).toEqual([]);
});

test('a tripped strategy stays tripped after a gain, and re-arming starts its count anew', () => {
  const tripped = closed(closed(closed(NOTHING_TRIPPED, '-1'), '-1'), '-1');
  const later = closed(tripped, '100');
  expect(tradingStateOf(later, 'alpha', 'BTCUSDT')).toBe('reducing');
  const armed = rearm(tripped, alpha);
  expect(armed.trips).toEqual([]);
  expect(armed.losses.has('alpha')).toBe(false);
  expect(rearm(tripped, { kind: 'system' }).losses.get('alpha')).toBe(3);
  expect(rearm(tripped, { kind: 'symbol', name: 'alpha' }).losses.get('alpha')).toBe(3);
});

test('without a limit, or for a strategy without limits, losses are counted and nothing trips', () => {
  let states: BreakerStates = NOTHING_TRIPPED;
  for (let i = 0; i < 9; i++) states = closed(closed(states, '-1', 'alpha', limitsWith()), '-1', 'unknown');
  expect([states.losses.get('alpha'), states.losses.get('unknown')]).toEqual([9, 9]);
  expect(states.trips).toEqual([]);
});

test('a day that lost more than the limit lets the account only reduce, and a recovery does not clear it', () => {
  const at = (states: BreakerStates, equity: string) =>
    recordEquity(
      states,
      { equity: equityAmount(equity), dayStartEquity: equityAmount('1000'), atMs: 8 },
      limits,
    );
  expect(at(NOTHING_TRIPPED, '950')).toBe(NOTHING_TRIPPED);
  const tripped = at(NOTHING_TRIPPED, '949.99999999');
  expect(tripped.trips).toEqual([
    {
      scope: { kind: 'account' },
      state: 'reducing',
      cause: { kind: 'daily_loss', maximum: equityAmount('50'), was: equityAmount('50.00000001') },
      atMs: 8,
    },
  ]);
  expect(at(tripped, '2000')).toBe(tripped);
  expect(at(tripped, '1')).toBe(tripped);
  const day = { equity: equityAmount('1'), dayStartEquity: equityAmount('1000'), atMs: 8 };
  expect(recordEquity(NOTHING_TRIPPED, day, limitsWith())).toBe(NOTHING_TRIPPED);
});

test('recording changes nothing that was saved before', () => {
  const before = closed(NOTHING_TRIPPED, '-1');
  closed(before, '-1');
  rearm(before, alpha);
  expect(before.losses.get('alpha')).toBe(1);
  expect(NOTHING_TRIPPED.losses.size).toBe(0);
});

test('a drawdown over its share of the peak lets the account only reduce, at the share exactly it does not', () => {
  const limits = limitsWith({ account: { drawdownMaximum: ratio('0.1') } });
  const at = (equity: string) => ({
    equity: equityAmount(equity),
    peakEquity: equityAmount('1000'),
    atMs: 3,
  });
  expect(recordDrawdown(NOTHING_TRIPPED, at('900'), limits)).toBe(NOTHING_TRIPPED);
  expect(recordDrawdown(NOTHING_TRIPPED, at('899.99999999'), limits).trips).toEqual([
    {
      scope: { kind: 'account' },
      state: 'reducing',
      cause: { kind: 'drawdown', maximum: equityAmount('100'), was: equityAmount('100.00000001') },
      atMs: 3,
    },
  ]);
  expect(recordDrawdown(NOTHING_TRIPPED, at('0'), limitsWith())).toBe(NOTHING_TRIPPED);
});

test('I8: of two stores all that either has kept is stopped, and the longer row of losses counts', () => {
  const one: BreakerStates = {
    trips: stopped(alpha, 'halted').trips,
    losses: new Map([
      ['alpha', 3],
      ['beta', 1],
    ]),
  };
  const other: BreakerStates = {
    trips: stopped({ kind: 'system' }, 'reducing', stopped(alpha, 'halted')).trips,
    losses: new Map([
      ['alpha', 2],
      ['beta', 4],
      ['gamma', 1],
    ]),
  };
  for (const both of [unionOf(one, other), unionOf(other, one)]) {
    expect(both.trips).toHaveLength(2);
    expect(tripFor(both, 'alpha', 'X')?.state).toBe('halted');
    expect(tripFor(both, 'beta', 'X')).toMatchObject({ scope: { kind: 'system' }, state: 'reducing' });
    expect([...both.losses].sort()).toEqual([
      ['alpha', 3],
      ['beta', 4],
      ['gamma', 1],
    ]);
  }
  expect(unionOf(one, NOTHING_TRIPPED)).toEqual(one);
});
