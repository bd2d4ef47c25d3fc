import { describe, expect, test } from 'vitest';
import { OrderBook, type Quote, type Trade } from '../market/index.ts';
import { price, quantity } from '../money/index.ts';
import { InvariantViolation } from '../result.ts';
import { contextOf, hostOf } from './host.test-support.ts';
import {
  type BarCursor,
  type Context,
  defineStrategy,
  inputsOf,
  type SavedState,
  type StrategyHost,
} from './index.ts';

describe('timers', () => {
  const fired: string[] = [];
  const timed = () => {
    fired.length = 0;
    let context: Context | undefined;
    const { host } = hostOf((given) => {
      context = given;
      return { onTimer: (name) => fired.push(`${name} at ${given.nowMs}`) };
    });
    const advance = (timeMs: number): void => {
      host.advance(timeMs);
      host.fireTimers();
    };
    return { context: context!, advance };
  };

  test('fire once, at their time or at the first instant after it, the earliest first', () => {
    const { context, advance } = timed();
    context.setTimer('late', 250);
    context.setTimer('soon', 100);
    context.setTimer('between', 180);
    advance(99);
    expect(fired).toEqual([]);
    advance(100);
    expect(fired).toEqual(['soon at 100']);
    advance(300);
    advance(400);
    expect(fired).toEqual(['soon at 100', 'between at 300', 'late at 300']);
  });

  test('are moved by their name, and cleared', () => {
    const { context, advance } = timed();
    context.setTimer('moved', 100);
    context.setTimer('moved', 200);
    context.setTimer('gone', 100);
    context.clearTimer('gone');
    context.clearTimer('never set');
    advance(150);
    expect(fired).toEqual([]);
    advance(200);
    expect(fired).toEqual(['moved at 200']);
  });

  test('that fire together can clear and move one another, and set themselves anew', () => {
    const heard: string[] = [];
    const { host } = hostOf((context) => ({
      onStart: () => {
        for (const name of ['first', 'cleared', 'moved']) context.setTimer(name, 100);
      },
      onTimer: (name) => {
        heard.push(`${name} at ${context.nowMs}`);
        if (name !== 'first') return;
        context.clearTimer('cleared');
        context.setTimer('moved', 300);
        context.setTimer('first', 100);
      },
    }));
    host.start(0);
    for (const timeMs of [100, 200]) {
      host.advance(timeMs);
      host.fireTimers();
    }
    expect(heard).toEqual(['first at 100', 'first at 200']);
  });

  test('need a time, and a strategy that does not listen is not disturbed', () => {
    const { context, host } = contextOf();
    expect(() => context.setTimer('x', Number.NaN)).toThrow('timer x: NaN is not a time');
    context.setTimer('x', 5);
    host.advance(5);
    host.fireTimers();
    // It has fired, though nobody listened: one that begins to listen hears no more of it.
    const fired: string[] = [];
    host.strategy.onTimer = (name) => fired.push(name);
    host.advance(6);
    host.fireTimers();
    expect(fired).toEqual([]);
  });
});

describe('the warm-up', () => {
  test('is over with the bar at which every input has brought its part', () => {
    const warm: string[] = [];
    const { host, cursors } = hostOf(
      (context) => ({ onBar: (bar) => warm.push(`${bar.symbol} ${context.isWarm}`) }),
      2,
    );
    const [btc, eth] = cursors as [BarCursor, BarCursor];
    expect(host.isWarm).toBe(false);
    for (const cursor of [btc, btc, btc, eth, eth]) {
      cursor.advance();
      host.bar(cursor.view);
    }
    expect(warm).toEqual([
      'BTCUSDT false',
      'BTCUSDT false',
      'BTCUSDT false',
      'ETHUSDT false',
      'ETHUSDT true',
    ]);
  });

  test('of none is over from the start', () => {
    expect(contextOf().context.isWarm).toBe(true);
    expect(contextOf(1).context.isWarm).toBe(false);
  });
});

test('a strategy can change neither the time nor the warm-up, whatever it writes into its context', () => {
  const { context, host } = contextOf(1);
  host.advance(5);
  for (const name of ['nowMs', 'isWarm']) expect(Reflect.set(context, name, 9)).toBe(false);
  expect([context.nowMs, context.isWarm, host.nowMs, host.isWarm]).toEqual([5, false, 5, false]);
});

test('every event reaches the callback that is for it, and none is needed', () => {
  const heard: unknown[] = [];
  const hear = (what: string) => (event?: unknown) => heard.push([what, event]);
  const names = ['onStart', 'onTrade', 'onQuote', 'onBook', 'onOrder', 'onStop'] as const;
  const trade: Trade = {
    symbol: 'BTCUSDT',
    id: 1,
    price: price('1'),
    quantity: quantity('1'),
    timeMs: 1,
    buyerIsMaker: true,
  };
  const quote: Quote = { symbol: 'BTCUSDT', bid: undefined, ask: undefined, updateId: 1, timeMs: 1 };
  const book = new OrderBook();
  const update = {
    kind: 'canceled',
    clientOrderId: 'a',
    symbol: 'BTCUSDT',
    side: 'BUY',
    tag: '',
    timeMs: 1,
  } as const;
  const tellAll = (host: StrategyHost): void => {
    host.start(7);
    host.trade(trade);
    host.quote(quote);
    host.book(book);
    host.order(update);
    host.stop(8);
  };
  const { host } = hostOf(() => Object.fromEntries(names.map((name) => [name, hear(name)])));
  tellAll(host);
  expect(heard).toEqual([
    ['onStart', undefined],
    ['onTrade', trade],
    ['onQuote', quote],
    ['onBook', book],
    ['onOrder', update],
    ['onStop', undefined],
  ]);
  expect(host.nowMs).toBe(8);
  const { host: silent } = hostOf(() => ({}));
  tellAll(silent);
  expect(silent.nowMs).toBe(8);
});

test('state goes out and comes back; a strategy without state has none to give, and none to take', () => {
  const restored: SavedState[] = [];
  const { host } = hostOf(() => ({ save: () => ({ level: 7 }), restore: (state) => restored.push(state) }));
  host.restore(host.save());
  expect(restored).toEqual([{ level: 7 }]);
  const { host: stateless } = hostOf(() => ({}));
  expect(stateless.save()).toBeNull();
  expect(() => stateless.restore(null)).toThrow(InvariantViolation);
});

test('a snapshot takes timers, warm-up and the counting of orders along, as JSON', () => {
  const probe = () => {
    const fired: string[] = [];
    let level = 0;
    let context: Context | undefined;
    const made = hostOf((given) => {
      context = given;
      return {
        onBar: () => {
          level += 1;
        },
        onTimer: (name) => fired.push(name),
        save: () => level,
        restore: (state) => {
          level = state as number;
        },
      };
    }, 2);
    return { ...made, context: context!, fired, level: () => level };
  };
  const before = probe();
  const [btc, eth] = before.cursors as [BarCursor, BarCursor];
  before.host.start(0);
  before.host.advance(60_000);
  for (const cursor of [btc, btc, eth]) {
    cursor.advance();
    before.host.bar(cursor.view);
  }
  before.context.setTimer('later', 90_000);
  const idsOf = ({ context, desk }: ReturnType<typeof probe>): string => {
    context.market().buy({ type: 'MARKET', quantity: quantity('1') });
    return desk.orders.at(-1)!.clientOrderId;
  };
  const first = idsOf(before);
  const after = probe();
  after.host.resume(JSON.parse(JSON.stringify(before.host.snapshot())));
  expect([after.level(), after.host.nowMs, after.host.isWarm, after.host.nextTimerMs]).toEqual([
    3,
    60_000,
    false,
    90_000,
  ]);
  // The next decision of the same instant, with the next number.
  expect(idsOf(after)).toBe(idsOf(before));
  expect(idsOf(after)).not.toBe(first);
  after.cursors[1]!.advance();
  after.host.bar(after.cursors[1]!.view);
  expect(after.host.isWarm).toBe(true);
  after.host.advance(90_000);
  after.host.fireTimers();
  expect(after.fired).toEqual(['later']);
  expect([after.host.canResume, contextOf().host.canResume]).toEqual([true, false]);
  // A host that has seen nothing yet has no times to take along.
  const fresh = probe();
  fresh.host.resume(JSON.parse(JSON.stringify(probe().host.snapshot())));
  expect([fresh.host.nowMs, fresh.host.nextTimerMs]).toEqual([Number.NaN, Number.POSITIVE_INFINITY]);
});

test('decisions of an instant to which time has come back have names of their own', () => {
  const { context, host, desk } = contextOf();
  for (const timeMs of [1000, 2000, 1000, 1000, 2000, 3000, 1000]) {
    host.advance(timeMs);
    context.market().buy({ type: 'MARKET', quantity: quantity('1') });
  }
  expect(new Set(desk.orders.map(({ clientOrderId }) => clientOrderId)).size).toBe(7);
  expect(desk.orders.map(({ decidedAtMs }) => decidedAtMs)).toEqual([
    1000, 2000, 1000, 1000, 2000, 3000, 1000,
  ]);
});

test('chart lines have one object a name, and a hole until a value is set', () => {
  const { context, host } = contextOf();
  const line = context.line('upper');
  expect([line.name, host.lines.get('upper')?.value]).toEqual(['upper', Number.NaN]);
  context.line('upper').set(5);
  expect(host.lines.get('upper')?.value).toBe(5);
  expect([...host.lines.keys()]).toEqual(['upper']);
});

test('a definition sees the bars of every symbol of the setup unless it names its inputs', () => {
  const definition = defineStrategy({
    name: 'x',
    summary: '',
    parameters: {},
    warmup: () => 0,
    create: () => ({}),
  });
  const setup = { symbols: ['A', 'B'], interval: '5m' } as const;
  expect(inputsOf(definition, setup, {})).toEqual([
    { kind: 'bars', symbol: 'A', interval: '5m' },
    { kind: 'bars', symbol: 'B', interval: '5m' },
  ]);
  const inputs = [{ kind: 'trades', symbol: 'A' }] as const;
  expect(inputsOf({ ...definition, inputs: () => inputs }, setup, {})).toBe(inputs);
});
