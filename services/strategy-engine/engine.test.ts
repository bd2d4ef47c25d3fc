import { price, quantity, quoteAmount, ratio } from '@tradewind/core/money';
import type { Context, OrderUpdate } from '@tradewind/core/strategy';
import { describe, expect, test } from 'vitest';
import { barsOf, START_MS, testBars, testInstrument, worldOf } from './engine-world.test-support.ts';
import { probe } from './probe.test-support.ts';

const MINUTE = 60_000;
const one = { type: 'MARKET', quantity: quantity('1') } as const;

/** Bars of 100, 101, ... whose last closed one of `past` ends at START_MS. */
const history = (past: number, more = 20) =>
  testBars(
    'BTCUSDT',
    Array.from({ length: past + more }, (_, i) => `${100 + i} ${100 + i} ${100 + i} ${100 + i}`),
    '1m',
    START_MS - past * MINUTE,
  );

type World = Awaited<ReturnType<typeof worldOf>>;

/** Lets the next bars close, each at its time. */
async function close(world: World, count: number, symbol = 'BTCUSDT'): Promise<void> {
  const bars = barsOf(world.market.histories.get(`${symbol} 1m`)!);
  for (let i = 0; i < count; i += 1) {
    const bar = bars.find(({ closeTimeMs }) => closeTimeMs > world.time.nowMs())!;
    await world.time.advance(bar.closeTimeMs - world.time.nowMs());
    world.market.bar(bar);
    await world.time.advance(0);
  }
}

async function probed(
  create: Parameters<typeof probe>[0],
  more: Parameters<typeof probe>[1] & { readonly past?: number; readonly settings?: object } = {},
) {
  const { past = 5, settings = {}, ...rest } = more;
  const world = await worldOf({
    instances: [{ strategy: 'main', definition: probe(create, rest), settings }],
  });
  world.market.histories.set('BTCUSDT 1m', history(past));
  const engine = await world.start();
  return { ...world, engine };
}

describe('warm-up', () => {
  test('is taken from history, in which nothing can be ordered, and never from bars after now', async () => {
    const seen: string[] = [];
    const heard: string[] = [];
    const world = await probed(
      (context) => ({
        onBar: (bar) => {
          seen.push(`${bar.count} ${bar.close} ${context.isWarm}`);
          context.market().buy(one);
        },
        onOrder: (update) => heard.push(update.kind === 'refused' ? update.reason : update.kind),
      }),
      { warmup: () => 3 },
    );
    expect(seen).toEqual(['1 100 false', '2 101 false', '3 102 true', '4 103 true', '5 104 true']);
    expect(new Set(heard)).toEqual(new Set(['not_warm']));
    expect(world.execution.signals).toEqual([]);
    await close(world, 1);
    expect(seen.at(-1)).toBe('6 105 true');
    expect(world.execution.signals).toHaveLength(1);
    await world.engine.close();
  });

  test('that history does not suffice for goes on with live bars', async () => {
    const world = await probed(() => ({}), { warmup: () => 7 });
    expect((await world.engine.list())[0]).toMatchObject({ state: 'warming' });
    await close(world, 1);
    expect((await world.engine.list())[0]).toMatchObject({ state: 'warming', evaluations: 1 });
    await close(world, 1);
    expect((await world.engine.list())[0]).toMatchObject({ state: 'running' });
    await world.time.advance(1000);
    expect((await world.journal('evaluation')).map(({ isWarm }) => isWarm)).toEqual([false, true]);
    await world.engine.close();
  });

  test('waits for a history that cannot be had, and says so', async () => {
    const world = await worldOf({ instances: [{ strategy: 'main', definition: probe(() => ({})) }] });
    world.market.unavailable = true;
    const engine = await world.start();
    expect((await engine.list())[0]).toMatchObject({
      state: 'warming',
      detail: 'cannot be opened yet: no history of BTCUSDT 1m: not now',
    });
    world.market.unavailable = false;
    world.market.histories.set('BTCUSDT 1m', history(3));
    await world.time.advance(5000);
    expect((await engine.list())[0]).toMatchObject({ state: 'running' });
    await engine.close();
  });
});

describe('a signal', () => {
  test('carries the close of its bar as its time, an expiry, and the bar as what it goes back to', async () => {
    const world = await probed((context) => ({ onBar: () => void context.market().buy(one, 'why') }), {
      settings: { signalLifeMs: 7000 },
    });
    await close(world, 1);
    const decidedAtMs = START_MS + MINUTE;
    expect(world.execution.signals).toMatchObject([
      {
        ...{ strategy: 'main', symbol: 'BTCUSDT', decidedAtMs, expiresAtMs: decidedAtMs + 7000 },
        ...{ action: 'order', intent: { tag: 'why', decidedAtMs } },
      },
    ]);
    expect(world.execution.correlationIds).toEqual([`BTCUSDT-b1m-${START_MS}`]);
    await world.time.advance(1000);
    expect(await world.journal('evaluation')).toMatchObject([
      {
        strategy: 'main',
        closeTimeMs: decidedAtMs,
        isWarm: true,
        signals: 1,
        correlationId: `BTCUSDT-b1m-${START_MS}`,
      },
    ]);
    await world.engine.close();
  });

  test('M9, I7: without good prices takes on no risk, with the refusal recorded; selling and canceling stay possible', async () => {
    const heard: string[] = [];
    let act = (_context: Context): void => undefined;
    const world = await probed((context) => ({
      onBar: () => act(context),
      onOrder: (update) => {
        if (update.kind === 'refused') heard.push(update.explanation);
      },
    }));
    act = (context) =>
      void context.market().buy({ ...one, type: 'LIMIT', price: price('1'), timeInForce: 'GTC' });
    await close(world, 1);
    expect(world.execution.signals).toHaveLength(1);
    act = (context) => {
      context.market().cancelAll();
      context.market().sell(one);
      context.market().buy(one);
    };
    for (const state of ['stale', 'gap', 'down'] as const) {
      world.market.feed('BTCUSDT', state);
      await close(world, 1);
      expect(heard).toEqual([`not_ready: state feed_${state}, detail BTCUSDT: it is ${state}`]);
      heard.length = 0;
    }
    world.market.feed('BTCUSDT', 'paused');
    await close(world, 1);
    expect(heard).toHaveLength(2);
    world.market.feed('BTCUSDT', 'live');
    act = () => undefined;
    await close(world, 1);
    const sent = world.execution.signals.map((signal) =>
      signal.action === 'order' ? signal.intent.side : signal.action,
    );
    // Nothing of the pause is sent late.
    expect(sent).toEqual(['BUY', 'cancel', 'SELL', 'cancel', 'SELL', 'cancel', 'SELL', 'cancel']);
    await world.time.advance(1000);
    const verdicts = await world.journal('verdict');
    expect(verdicts.map(({ isApproved, refusal }) => [isApproved, refusal?.reason])).toEqual(
      Array(5).fill([false, 'not_ready']),
    );
    expect(await world.journal('evaluation')).toHaveLength(6);
    await world.engine.close();
  });

  test('X3: of a bar that comes too late is refused as expired', async () => {
    const heard: string[] = [];
    const world = await probed((context) => ({
      onBar: () => void context.market().buy(one),
      onOrder: (update) => heard.push(update.kind === 'refused' ? update.reason : update.kind),
    }));
    heard.length = 0;
    const late = barsOf(world.market.histories.get('BTCUSDT 1m')!)[5]!;
    await world.time.advance(MINUTE + 10_000);
    world.market.bar(late);
    await world.time.advance(0);
    expect([heard, world.execution.signals]).toEqual([['signal_expired'], []]);
    await world.engine.close();
  });

  test('M6: a bar that comes twice is judged once', async () => {
    const world = await probed((context) => ({ onBar: () => void context.market().buy(one) }));
    await close(world, 1);
    world.market.bar(barsOf(world.market.histories.get('BTCUSDT 1m')!)[5]!);
    await world.time.advance(1000);
    expect(world.execution.signals).toHaveLength(1);
    expect(await world.journal('evaluation')).toHaveLength(1);
    await world.engine.close();
  });

  test('that is refused is told to the strategy, with its numbers', async () => {
    const heard: OrderUpdate[] = [];
    const world = await probed((context) => ({
      onBar: (bar) => {
        if (bar.count === 6) context.market().buyShare(ratio('0.5'), 'in');
      },
      onOrder: (update) => heard.push(update),
    }));
    world.execution.answer = () => ({
      kind: 'refused',
      refusal: { reason: 'queue_full', maximum: 3 },
    });
    await close(world, 1);
    expect(heard).toMatchObject([
      { kind: 'refused', tag: 'in', reason: 'queue_full', explanation: 'queue_full: maximum 3' },
    ]);
    await world.engine.close();
  });

  test('I4: whose answer is lost stays open until order execution is proven to know nothing of it', async () => {
    const heard: string[] = [];
    let context: Context | undefined;
    const world = await probed((given) => {
      context = given;
      return {
        onBar: (bar) => {
          if (bar.count === 6) given.market().buy(one);
        },
        onOrder: (update) => heard.push(update.kind),
      };
    });
    world.execution.answer = () => new Error('the connection was lost');
    await close(world, 1);
    await world.time.advance(11_000);
    expect([context!.market().openOrders.length, heard]).toEqual([1, []]);
    await world.time.advance(2000);
    expect([context!.market().openOrders.length, heard]).toEqual([0, ['refused']]);
    await world.engine.close();
  });
});

describe('what a strategy sees', () => {
  test('are its books as committed events tell them, with what its orders need locked', async () => {
    let context: Context | undefined;
    const heard: string[] = [];
    let act = (_context: Context): void => undefined;
    const world = await probed((given) => {
      context = given;
      return {
        onBar: () => act(given),
        onOrder: (update) => {
          heard.push(`${update.kind} ${given.market().freeQuote} ${given.market().freeBase}`);
        },
      };
    });
    const own = context!.market();
    expect([own.freeQuote, own.lockedQuote]).toEqual([quoteAmount('1000'), quoteAmount('0')]);
    act = () =>
      void own.buy({ type: 'LIMIT', quantity: quantity('2'), price: price('90'), timeInForce: 'GTC' });
    await close(world, 1);
    expect([own.freeQuote, own.lockedQuote]).toEqual([quoteAmount('820'), quoteAmount('180')]);
    expect(own.openOrders).toHaveLength(1);
    act = () => undefined;
    await world.execution.fill(world.execution.waiting[0]!, price('90'));
    // 2 bought for 180, a fee of 0.002.
    expect([own.freeQuote, own.lockedQuote, own.freeBase]).toEqual([
      quoteAmount('820'),
      quoteAmount('0'),
      quantity('1.998'),
    ]);
    expect(own.position).toMatchObject({ quantity: quantity('1.998'), realizedPnl: quoteAmount('0') });
    expect(own.openOrders).toEqual([]);
    expect(heard).toEqual(['accepted 82000000000 0', 'filled 82000000000 199800000']);
    await world.engine.close();
  });

  test('of another strategy is nothing', async () => {
    const contexts: Context[] = [];
    const definition = probe((context) => {
      contexts.push(context);
      return {};
    });
    const world = await worldOf({
      instances: [
        { strategy: 'one', definition },
        { strategy: 'two', definition },
      ],
    });
    world.market.histories.set('BTCUSDT 1m', history(3));
    const engine = await world.start();
    contexts[0]!.market().buy({ type: 'MARKET', quoteAmount: quoteAmount('400') });
    expect(contexts.map((context) => context.market().freeQuote)).toEqual([
      quoteAmount('600'),
      quoteAmount('1000'),
    ]);
    await engine.close();
  });

  test('P9: an event that the bus has lost is read from the ledger', async () => {
    const heard: string[] = [];
    const world = await probed((context) => ({
      onBar: (bar) => {
        if (bar.count === 6) context.market().buy(one);
      },
      onOrder: (update) => heard.push(update.kind),
    }));
    await close(world, 1);
    world.bus.isLosing = true;
    await world.execution.fillAt('BTCUSDT', price('100'));
    expect(heard).toEqual(['accepted']);
    await world.time.advance(6000);
    expect(heard).toEqual(['accepted', 'filled']);
    await world.engine.close();
  });

  test('at one instant is what a backtest shows: all inputs, in their order, however they come in', async () => {
    const seen: string[] = [];
    const definition = probe((context) => ({
      onBar: (bar) => seen.push(`${bar.symbol} ${bar.close} ${context.equity() !== undefined}`),
    }));
    const world = await worldOf({
      instruments: [testInstrument('BTC/USDT'), testInstrument('ETH/USDT')],
      instances: [{ strategy: 'main', definition, symbols: ['BTCUSDT', 'ETHUSDT'] }],
    });
    world.market.histories.set('BTCUSDT 1m', history(2));
    world.market.histories.set('ETHUSDT 1m', { ...history(2), symbol: 'ETHUSDT' });
    const engine = await world.start();
    seen.length = 0;
    const [btc, eth] = ['BTCUSDT', 'ETHUSDT'].map((symbol) =>
      barsOf(world.market.histories.get(`${symbol} 1m`)!),
    );
    await world.time.advance(MINUTE);
    world.market.bar(eth![2]!);
    expect(seen).toEqual([]);
    world.market.bar(btc![2]!);
    expect(seen).toEqual(['BTCUSDT 102 true', 'ETHUSDT 102 true']);
    // One that does not come is waited for a second.
    await world.time.advance(MINUTE);
    world.market.bar(eth![3]!);
    await world.time.advance(999);
    expect(seen).toHaveLength(2);
    await world.time.advance(1);
    expect(seen.slice(2)).toEqual(['ETHUSDT 103 true']);
    await engine.close();
  });

  test('are trades, quotes and books where it asks for them, and timers at their time', async () => {
    const seen: string[] = [];
    const definition = probe(
      (context) => ({
        onStart: () => context.setTimer('tick', START_MS + 1500),
        onTrade: (trade) =>
          seen.push(`trade ${trade.id} ${context.market().lastPrice} at ${context.nowMs - START_MS}`),
        onQuote: (quote) => seen.push(`quote ${quote.updateId}`),
        onBook: (book) => seen.push(`book ${book.bids.bestPrice} ${book.asks.bestPrice}`),
        onTimer: (name) => seen.push(`${name} at ${context.nowMs - START_MS}`),
      }),
      {
        inputs: () => (['trades', 'quotes', 'book'] as const).map((kind) => ({ kind, symbol: 'BTCUSDT' })),
      },
    );
    const world = await worldOf({ instances: [{ strategy: 'main', definition }] });
    const engine = await world.start();
    await world.time.advance(1000);
    const receivedAtMs = world.time.nowMs();
    const timeMs = receivedAtMs - 5;
    const symbol = 'BTCUSDT';
    const level = (at: string) => ({ price: price(at), quantity: quantity('1') });
    world.market.tell({
      kind: 'trade',
      receivedAtMs,
      trade: { symbol, id: 5, price: price('99'), quantity: quantity('1'), timeMs, buyerIsMaker: true },
    });
    world.market.tell({
      kind: 'quote',
      receivedAtMs,
      quote: { symbol, bid: level('98'), ask: level('99'), updateId: 8, timeMs },
    });
    const book = { symbol, updateId: 9, timeMs, bids: [level('98')], asks: [level('99.01')] };
    world.market.tell({ kind: 'book', receivedAtMs, book });
    world.market.tell({ kind: 'book', receivedAtMs, book: { ...book, asks: [level('99.001')] } });
    await world.time.advance(1000);
    expect(seen).toEqual(['trade 5 9900000000 at 1000', 'quote 8', 'book 9800 9901', 'tick at 1500']);
    await engine.close();
  });
});

describe('a strategy', () => {
  /** Two strategies on one market, of which the first does what it is told and the second counts its bars. */
  async function pair(act: (context: Context) => void, settings: object = {}) {
    let bars = 0;
    const world = await worldOf({
      instances: [
        { strategy: 'bad', definition: probe((context) => ({ onBar: () => act(context) })), settings },
        {
          strategy: 'good',
          definition: probe(() => ({
            onBar: () => {
              bars += 1;
            },
          })),
        },
      ],
    });
    world.market.histories.set('BTCUSDT 1m', history(0));
    const engine = await world.start();
    return { ...world, engine, bars: () => bars };
  }
  const stateOf = async ({ engine }: Awaited<ReturnType<typeof pair>>) =>
    (await engine.list()).map(({ state }) => state);

  test('that throws is disabled alone, with an alert, and after a restart until a person starts it', async () => {
    let isBroken = true;
    const world = await pair(() => {
      if (isBroken) throw new Error('cannot divide');
    });
    await close(world, 2);
    expect(await stateOf(world)).toEqual(['disabled', 'running']);
    expect(world.bars()).toBe(2);
    isBroken = false;
    await world.time.advance(1000);
    expect(await world.journal('alert')).toMatchObject([
      { severity: 'critical', name: 'strategy_disabled', fields: { strategy: 'bad', cause: 'threw' } },
    ]);
    expect(await world.engine.generateSignal('bad')).toMatchObject({
      ok: false,
      error: { reason: 'disabled' },
    });
    await world.engine.close();
    const engine = await world.start();
    expect((await engine.list())[0]).toMatchObject({ state: 'disabled', detail: 'threw: cannot divide' });
    await engine.start({ strategy: 'bad', by: 'a person', why: 'mended' });
    await world.time.advance(0);
    expect((await engine.list())[0]).toMatchObject({ state: 'running' });
    await engine.close();
  });

  test.each([
    { when: 'more than it may at a bar', settings: { signalsPerBarMaximum: 3 } },
    { when: 'more than it may in a second', settings: { signalsPerSecondMaximum: 3 } },
  ])('K10: that wants $when is disabled, and nothing of it is sent', async ({ settings }) => {
    const world = await pair((context) => {
      for (let i = 0; i < 4; i += 1) {
        try {
          context.market().buy(one);
        } catch {
          // One that does not want to hear of it.
        }
      }
    }, settings);
    await close(world, 2);
    expect(await stateOf(world)).toEqual(['disabled', 'running']);
    expect(world.execution.signals).toEqual([]);
    await world.engine.close();
  });

  test('O6: that answers every refusal with a new order is disabled', async () => {
    const world = await worldOf({
      instances: [
        {
          strategy: 'main',
          definition: probe((context) => ({
            onBar: () => void context.market().buy(one),
            onOrder: () => void context.market().buy(one),
          })),
        },
      ],
    });
    world.market.histories.set('BTCUSDT 1m', history(0));
    world.market.feeds.set('BTCUSDT', { symbol: 'BTCUSDT', state: 'stale', sinceMs: 0, detail: '' });
    const engine = await world.start();
    await close(world, 1);
    expect((await engine.list())[0]).toMatchObject({ state: 'disabled' });
    await engine.close();
  });

  test('is stopped and started by a person, and stays stopped over a restart', async () => {
    const world = await pair(() => undefined);
    const command = { strategy: 'bad', by: 'a person', why: 'lunch' };
    expect(await world.engine.stop(command)).toMatchObject({ ok: true, value: { state: 'stopped' } });
    await close(world, 1);
    await world.engine.close();
    const engine = await world.start();
    expect(await engine.list()).toMatchObject([
      { state: 'stopped', detail: 'stopped by a person: lunch' },
      { state: 'running' },
    ]);
    await engine.start(command);
    await world.time.advance(0);
    expect((await engine.list())[0]).toMatchObject({ state: 'running' });
    expect(await engine.stop({ ...command, strategy: 'nobody' })).toMatchObject({
      ok: false,
      error: { reason: 'unknown_strategy' },
    });
    await engine.close();
  });

  test('takes new parameters that are valid, made anew with them; they outlive a restart, not a new configuration', async () => {
    const levels: number[] = [];
    const definition = probe((_, level) => {
      levels.push(level);
      return {};
    });
    const world = await worldOf({ instances: [{ strategy: 'main', definition }] });
    world.market.histories.set('BTCUSDT 1m', history(2));
    const engine = await world.start();
    const update = (parameters: Record<string, string>) =>
      engine.updateParameters({ strategy: 'main', by: 'me', why: 'trial', parameters });
    expect(await update({ level: '12' })).toMatchObject({
      ok: false,
      error: { reason: 'bad_parameters', detail: 'level=12: must be a whole number from 1 to 9' },
    });
    expect(await update({ level: '7' })).toMatchObject({
      ok: false,
      error: { detail: 'level must not be 7' },
    });
    expect(await update({ level: '3' })).toMatchObject({ ok: true, value: { parameters: { level: '3' } } });
    await world.time.advance(0);
    expect(levels).toEqual([1, 3]);
    await engine.close();
    const next = await world.start();
    expect(levels).toEqual([1, 3, 3]);
    await next.close();
    const last = await world.start({ instances: [{ ...world.instances[0]!, parameters: { level: '5' } }] });
    expect(levels).toEqual([1, 3, 3, 5]);
    await last.close();
  });

  test('M12: whose symbol gets another step is made anew with it, where it stands', async () => {
    const steps: string[] = [];
    let bars = 0;
    const world = await probed((context) => {
      steps.push(context.market().floorToStep(quantity('1.23456')).toString());
      return {
        onBar: () => {
          bars += 1;
        },
        save: () => null,
        restore: () => undefined,
      };
    });
    const tell = (step: string) => {
      const instrument = testInstrument('BTC/USDT', { step });
      world.market.instruments.set('BTCUSDT', instrument);
      world.market.tell({ kind: 'instrument', instrument });
    };
    tell('0.001');
    await world.time.advance(0);
    expect(steps).toHaveLength(1);
    tell('0.1');
    await world.time.advance(0);
    expect([steps, bars]).toEqual([['123400000', '120000000'], 5]);
    await close(world, 1);
    expect(bars).toBe(6);
    await world.engine.close();
  });

  test('is asked what it would want now without anything being sent', async () => {
    const world = await probed((context) => ({
      onBar: (bar) => {
        if (bar.close >= 104) context.market().buy(one, `at ${bar.close}`);
      },
    }));
    expect(await world.engine.generateSignal('main')).toMatchObject({
      ok: true,
      value: [{ action: 'order', intent: { tag: 'at 104' } }],
    });
    expect(world.execution.signals).toEqual([]);
    world.market.unavailable = true;
    expect(await world.engine.generateSignal('main')).toMatchObject({
      ok: false,
      error: { reason: 'unavailable' },
    });
    expect(await world.engine.generateSignal('other')).toMatchObject({
      ok: false,
      error: { reason: 'unknown_strategy' },
    });
    await world.engine.close();
  });
});
