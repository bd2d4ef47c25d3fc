import { formatPrice, price, quantity } from '@tradewind/core/money';
import { invariant } from '@tradewind/core/result';
import { builtInExchangeInfo } from '@tradewind/exchange-simulator';
import type { MarketSnapshot } from '@tradewind/proto';
import { describe, expect, test } from 'vitest';
import { MarketWorld, type MarketWorldOptions } from './market-world.test-support.ts';

async function quiet(options: MarketWorldOptions = {}): Promise<MarketWorld> {
  const made = new MarketWorld(options);
  await made.beginQuietly();
  expect(made.states.at(-1)).toBe('live');
  made.updates.length = 0;
  return made;
}

async function snapshotOf(on: MarketWorld, symbol = 'BTCUSDT'): Promise<MarketSnapshot> {
  const snapshot = on.service.snapshot(symbol);
  invariant(snapshot !== undefined, 'the symbol is followed');
  return snapshot;
}
const referenceOf = async (on: MarketWorld): Promise<string | undefined> => {
  const { referencePrice } = await snapshotOf(on);
  return referencePrice === undefined ? undefined : formatPrice(referencePrice);
};

/** Lets the book move every second. */
async function stirFor(on: MarketWorld, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    on.stir();
    await on.time.advance(1000);
  }
}

describe('the state of a feed', () => {
  test('I7: before anything has come there is no price, and the feed is not live', async () => {
    const on = new MarketWorld();
    await on.after(on.service.start());
    expect(await snapshotOf(on)).toMatchObject({
      referencePrice: undefined,
      referencePriceAgeMs: undefined,
      quote: undefined,
      lastTrade: undefined,
    });
    expect((await snapshotOf(on)).feed.state).not.toBe('live');
    expect(on.service.snapshot('ETHUSDT')).toBeUndefined();
  });

  test('M1: after a missing diff the book is no book until it is proven anew', async () => {
    const on = await quiet();
    on.install({ faults: [{ fault: 'drop_message', where: { event: 'depthUpdate' }, when: { nth: 1 } }] });
    await stirFor(on, 5);
    expect(on.states).toEqual(['gap', 'live']);
  });

  test('C5: after a sleep there is no price until something has come, however little the elapsed clock has seen of it', async () => {
    const on = await quiet();
    on.trade('60010', '0.001');
    await on.time.advance(1000);
    expect(await referenceOf(on)).toBeDefined();
    on.updates.length = 0;
    const { nowMs } = on.time;
    on.time.nowMs = () => nowMs.call(on.time) + 20_000;
    await on.time.advance(250);
    expect(on.states).toEqual(['stale']);
    expect(await referenceOf(on)).toBeUndefined();
    on.time.nowMs = nowMs;
    on.trade('60010', '0.001');
    await on.time.advance(1000);
    expect(on.states).toEqual(['stale', 'live']);
    expect(await referenceOf(on)).toBeDefined();
  });

  test('right after a sleep nobody who asks is told a price of before it, and everybody is told that the feed is stale', async () => {
    const on = await quiet();
    on.updates.length = 0;
    on.wallStepMs = 20_000;
    expect(on.service.snapshot('BTCUSDT')).toMatchObject({
      feed: { state: 'stale' },
      referencePrice: undefined,
    });
    expect(on.states).toEqual(['stale']);
  });

  test('M3: a crossed quote is no price and told to nobody; a crossed book is built anew', async () => {
    const on = await quiet();
    on.install({ faults: [{ fault: 'cross_book_message', where: { event: 'bookTicker' } }] });
    on.order('BUY', '59991', '0.2');
    await on.time.advance(50);
    expect(on.updates.map(({ kind }) => kind)).not.toContain('quote');
    // From the diff, which comes 100 ms later: (59991 + 60010) / 2.
    await on.time.advance(1000);
    expect(await referenceOf(on)).toBe('60000.5');
    on.install({
      faults: [{ fault: 'cross_book_message', where: { event: 'depthUpdate' }, when: { nth: 1 } }],
    });
    await stirFor(on, 5);
    expect(on.states).toEqual(['gap', 'live']);
  });

  test('M4: a feed that is silent although its socket is fine is stale, is subscribed anew, and heard again is live', async () => {
    const on = await quiet();
    on.install({ faults: [{ fault: 'drop_message', when: { for_ms: 40_000 } }] });
    await stirFor(on, 16);
    expect(on.feeds).toMatchObject([{ state: 'stale', detail: 'nothing has come for 15000 ms' }]);
    expect((await snapshotOf(on)).referencePriceAgeMs).toBeGreaterThan(15_000);
    await stirFor(on, 60);
    expect(on.states.at(-1)).toBe('live');
  });

  test.each([
    { when: 'behind', add: -30_000, detail: /30\d\d\d ms behind the clock/ },
    { when: 'ahead', add: 30_000, detail: /ms ahead of the clock/ },
  ])('M8: event times 30 s $when make it stale, whatever arrives', async ({ add, detail }) => {
    const on = await quiet();
    const where = { event: ['depthUpdate', 'trade'] };
    on.install({ faults: [{ fault: 'edit_message', add: { E: add }, where, when: { for_ms: 10_000 } }] });
    await stirFor(on, 9);
    expect(on.feeds).toMatchObject([{ state: 'stale', detail: expect.stringMatching(detail) }]);
    const { referencePriceAgeMs } = await snapshotOf(on);
    // The worse of both clocks: old, or out of the future.
    if (add < 0) expect(referencePriceAgeMs).toBeGreaterThan(29_000);
    else expect(referencePriceAgeMs).toBeLessThan(-20_000);
    await stirFor(on, 5);
    expect(on.states).toEqual(['stale', 'live']);
  });

  test('a missed trade is told as a gap, which ends when what follows is whole', async () => {
    const on = await quiet();
    on.trade('60001', '0.1');
    await on.time.advance(100);
    on.install({ faults: [{ fault: 'drop_message', where: { event: 'trade' }, when: { nth: 1 } }] });
    on.trade('60001', '0.1');
    on.trade('60002', '0.1');
    await on.time.advance(1000);
    expect(on.feeds).toMatchObject([
      { state: 'gap', detail: '1 events of trade are missing' },
      { state: 'live' },
    ]);
  });
});

describe('rules', () => {
  test.each(['HALT', 'BREAK', 'END_OF_DAY', 'CANCEL_ONLY', 'FROZEN_FOR_TEA'])(
    'M9, M10: a symbol in status %s is paused until it trades again',
    async (status) => {
      const on = await quiet({ refreshRulesEveryMs: 15_000 });
      on.simulator.exchange.setSymbolStatus('BTCUSDT', status);
      await on.time.advance(16_000);
      expect(on.states).toEqual(['paused']);
      expect(on.feeds[0]!.detail).toContain(status);
      on.simulator.exchange.setSymbolStatus('BTCUSDT', 'TRADING');
      await stirFor(on, 16);
      expect(on.states).toEqual(['paused', 'live']);
    },
  );

  test('M11: a symbol that is not listed any more is paused with its last good price; the others go on', async () => {
    const on = await quiet({ symbols: ['BTCUSDT', 'ETHUSDT'], refreshRulesEveryMs: 15_000 });
    const info = builtInExchangeInfo(['ETHUSDT']);
    invariant(info.ok, 'it is built in');
    const { symbols } = info.value as { symbols: unknown };
    on.install({
      faults: [{ fault: 'edit_answer', set: { symbols }, where: { endpoint: 'GET /api/v3/exchangeInfo' } }],
    });
    await on.time.advance(16_000);
    expect(on.feeds.filter(({ symbol }) => symbol === 'BTCUSDT')).toMatchObject([
      { state: 'paused', detail: 'the exchange does not list it any more' },
    ]);
    expect(await snapshotOf(on)).toMatchObject({
      status: { unknown: 'not listed' },
      referencePrice: price('60000'),
    });
    expect((await snapshotOf(on, 'ETHUSDT')).status).toBe('TRADING');
  });

  test('M12: a coarser lot is told; a finer tick is followed on a finer grid, at once when its first price comes', async () => {
    const on = await quiet({ refreshRulesEveryMs: 3_600_000 });
    const lot = { filterType: 'LOT_SIZE', minQty: '0.001', maxQty: '9000', stepSize: '0.001' };
    on.install({ faults: [{ fault: 'set_filter', symbol: 'BTCUSDT', filter: lot }] });
    await on.time.advance(11_000);
    await on.after(on.service.refreshRules());
    expect(on.updates.filter(({ kind }) => kind === 'instrument')).toMatchObject([
      { instrument: { filters: { lot: { step: quantity('0.001') } } } },
    ]);
    await on.time.advance(11_000);
    const tick = { filterType: 'PRICE_FILTER', minPrice: '0.0001', maxPrice: '1000000', tickSize: '0.0001' };
    on.simulator.exchange.setFilter('BTCUSDT', tick);
    on.trade('60000.0625', '0.1');
    await stirFor(on, 10);
    expect(on.states.at(-1)).toBe('live');
    on.trade('60000.1875', '0.1');
    await on.time.advance(50);
    expect((await snapshotOf(on)).lastTrade).toMatchObject({ price: price('60000.1875') });
    expect((await snapshotOf(on)).instrument.filters.price.tick).toEqual(price('0.0001'));
  });

  test('M13: a symbol without a mandatory filter is told with what blocks it', async () => {
    const on = await quiet({ refreshRulesEveryMs: 15_000 });
    on.simulator.exchange.removeFilter('BTCUSDT', 'LOT_SIZE');
    await on.time.advance(16_000);
    expect((await snapshotOf(on)).instrument.blockers).toEqual(['LOT_SIZE is missing']);
  });

  test('G1: symbols that the venue does not have are named, and nothing is begun', async () => {
    const on = new MarketWorld();
    on.install({
      faults: [
        { fault: 'edit_answer', set: { symbols: [] }, where: { endpoint: 'GET /api/v3/exchangeInfo' } },
      ],
    });
    expect(await on.after(on.service.start())).toEqual({
      ok: false,
      error: { reason: 'unknown_symbols', symbols: ['BTCUSDT'] },
    });
  });
});

describe('the reference price', () => {
  test('is the middle of the best prices, with its age', async () => {
    const on = await quiet();
    expect(await referenceOf(on)).toBe('60000');
    const { referencePriceAgeMs: before } = await snapshotOf(on);
    await on.time.advance(2000);
    expect((await snapshotOf(on)).referencePriceAgeMs).toBe(before! + 2000);
  });

  test('M15: one print ten times away is told, and is no price', async () => {
    const on = await quiet();
    on.install({ faults: [{ fault: 'edit_message', set: { p: '600000.00' }, where: { event: 'trade' } }] });
    on.trade('60001', '0.1');
    await on.time.advance(200);
    expect(on.updates.filter(({ kind }) => kind === 'trade')).toMatchObject([
      { trade: { price: price('600000') } },
    ]);
    expect(await referenceOf(on)).toBe('60000');
  });

  test('M11, M15: without a good quote it is the last trade near the one before, and a new level once three say so', async () => {
    const on = await quiet();
    // Only bids are left, and then nothing but prints.
    on.order('BUY', '60010', '0.3', 'BTCUSDT', 0);
    await on.time.advance(200);
    expect(await referenceOf(on)).toBe('60010');
    const print = async (at: string): Promise<string | undefined> => {
      on.install({
        faults: [{ fault: 'print_trade', symbol: 'BTCUSDT', price: at, quantity: '0.1', side: 'BUY' }],
      });
      await on.time.advance(50);
      return referenceOf(on);
    };
    expect(await print('6000')).toBe('60010');
    expect(await print('61000')).toBe('61000');
    expect(await print('70000')).toBe('61000');
    expect(await print('70100')).toBe('61000');
    expect(await print('70050')).toBe('70050');
  });
});

describe('subscribers', () => {
  test('hear first how good their feeds are, then only the kinds that they asked for, until they end', async () => {
    const on = await quiet();
    const heard: string[] = [];
    const subscription = on.service.subscribe(
      { symbols: ['BTCUSDT', 'XRPUSDT'], kinds: ['trade'] },
      (update) =>
        heard.push(update.kind === 'feed' ? `${update.feed.symbol} ${update.feed.state}` : update.kind),
    );
    expect(heard).toEqual(['BTCUSDT live', 'XRPUSDT down']);
    on.trade('60001', '0.1');
    await on.time.advance(1000);
    expect(heard.slice(2)).toEqual(['trade']);
    subscription.end();
    on.trade('60001', '0.1');
    await on.time.advance(1000);
    expect(heard.length).toBe(3);
  });

  test('a stopped service tells that everything is down, and leaves nothing waiting', async () => {
    const on = await quiet();
    on.service.stop();
    await on.time.advance(60_000);
    expect(on.states).toEqual(['down']);
  });
});
