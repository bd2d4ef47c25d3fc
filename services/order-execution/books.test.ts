import { amount, formatAmount, price, quantity } from '@tradewind/core/money';
import { OWNER } from '@tradewind/core/portfolio';
import type { MarketSnapshot } from '@tradewind/proto';
import { afterEach, describe, expect, test } from 'vitest';
import { limit, market } from '../../core/orders/terms.test-support.ts';
import { ExecutionWorld, strategyWith, type WorldOptions } from './world.test-support.ts';

let on: ExecutionWorld;
async function world(options: WorldOptions = {}): Promise<void> {
  on = new ExecutionWorld(options);
  await on.begin();
}
/** 'sub-account asset': what it has free. */
async function held(): Promise<Record<string, string>> {
  const { balances } = await on.ledger.inner.load();
  return Object.fromEntries(
    balances
      .filter(({ account }) => account === 0)
      .map(({ subAccount, asset, amount: free }) => [`${subAccount} ${asset}`, formatAmount(free)]),
  );
}
const transfer = (asset: string, delta: string): void => {
  on.simulator.exchange.transfer(on.ours, asset, amount(asset, delta));
};

describe('the first start', () => {
  test("everything is the owner's, and strategies get their capital out of it", async () => {
    await world();
    expect(await held()).toEqual({
      'owner BNB': '100',
      'owner BTC': '1',
      'owner USDT': '50000',
      'test BTC': '1',
      'test USDT': '50000',
    });
    expect(on.events('balance').map(({ cause }) => cause)).toEqual(['opening', 'allocation']);
  });

  test('more capital than there is gets a refusal with its numbers, and none of it is given', async () => {
    const strategies = new Map([['greedy', strategyWith({ USDT: '100000.5', BTC: '1' })]]);
    await world({ strategies });
    expect(on.events('alert')).toMatchObject([
      { name: 'allocation_refused', fields: { strategy: 'greedy', wanted: '100000.5', available: '100000' } },
    ]);
    expect(await held()).not.toHaveProperty('greedy BTC');
  });

  test('the second start gives nothing again', async () => {
    await world();
    on.crash();
    await on.until('ready');
    expect(on.events('balance')).toHaveLength(2);
  });
});

describe('fills from every source', () => {
  afterEach(async () => {
    const { venue, ledger } = await on.balances();
    expect(ledger).toEqual(venue);
  });

  test('U1, U7: a fill of which no event came is booked within a sweep of 30 s, once', async () => {
    await world();
    await on.perform(on.submit('BUY', limit('0.1', '60000')));
    on.install({ faults: [{ fault: 'drop_event' }] });
    on.houseOrder('SELL', '60000', '0.1');
    await on.time.advance(31_000);
    expect(on.events('fill')).toHaveLength(1);
    on.install({ faults: [] });
    await on.time.advance(60_000);
    expect(on.events('fill')).toHaveLength(1);
  });

  test('U2: fills inside a cut are booked after it, and no new risk is taken meanwhile', async () => {
    await world();
    await on.perform(on.submit('BUY', limit('0.1', '60000')));
    on.wire.cutSockets();
    await on.time.advance(1);
    on.houseOrder('SELL', '60000', '0.1');
    expect(await on.perform(on.submit('BUY', limit('0.1', '50000')))).toMatchObject({
      refusal: { reason: 'not_ready', state: 'degraded' },
    });
    await on.until('ready');
    await on.time.advance(1_000);
    expect(on.events('fill')).toHaveLength(1);
  });

  test("U10, B5: orders and fills of others are the owner's, and are neither canceled nor profit", async () => {
    await world();
    on.houseOrder('SELL', '60000', '0.5');
    on.simulator.exchange.placeByHand(on.ours, 'BTCUSDT', {
      side: 'BUY',
      type: 'LIMIT',
      timeInForce: 'GTC',
      price: price('60000'),
      quantity: quantity('0.7'),
    });
    await on.time.advance(1_000);
    expect(on.events('order')).toMatchObject([{ strategy: OWNER, isOurs: false }, { isOurs: false }]);
    expect(on.events('balance').at(-1)).toMatchObject({ cause: 'external_fill' });
    expect(on.events('fill')).toEqual([]);
    expect(await on.perform(on.service.flatten({ by: 'test', why: 'test', correlationId: 'c' }))).toEqual({
      canceled: [],
      unproven: [],
      orders: [],
      kept: [],
    });
    expect(on.trueOrders()).toMatchObject([{ status: 'PARTIALLY_FILLED' }]);
    expect(await held()).toMatchObject({ 'owner BTC': '1.4995', 'test BTC': '1' });
    // Who starts anew reads the same trade again.
    on.crash();
    expect((await on.until('ready')).breaks).toEqual([]);
    expect(await on.perform(on.service.reconcile())).toMatchObject({ kind: 'agreed' });
  });

  test('U7, X1: a trade that lies further back than a start looks is not taken for a new one', async () => {
    await world({ symbols: ['BTCUSDT', 'BNBUSDT'] });
    for (const [account, side] of [
      [on.house, 'SELL'],
      [on.ours, 'BUY'],
    ] as const)
      on.simulator.exchange.placeByHand(account, 'BNBUSDT', {
        side,
        type: 'LIMIT',
        timeInForce: 'GTC',
        price: price('600'),
        quantity: quantity('1'),
      });
    await on.time.advance(1_000);
    expect(on.events('balance').at(-1)).toMatchObject({ cause: 'external_fill' });
    await on.ledger.inner.commit(
      Array.from({ length: 2_000 }, (_, i) => ({
        kind: 'balance',
        cause: 'correction',
        postings: [],
        detail: 'nothing',
        id: `later ${i}`,
        correlationId: 'later',
        atMs: on.time.nowMs(),
        service: 'order-execution',
      })),
    );
    on.crash();
    expect((await on.until('ready')).breaks).toEqual([]);
    expect(await on.perform(on.service.reconcile())).toMatchObject({ kind: 'agreed' });
  });

  test('B2: a fee in a third asset is paid by the owner, whom the strategy pays its value', async () => {
    await world({ symbols: ['BTCUSDT', 'BNBUSDT'] });
    on.snapshots.set('BNBUSDT', { referencePrice: price('600') } as MarketSnapshot);
    on.install({
      faults: [
        { fault: 'switch_account', account: 1, uses_discount: true },
        { fault: 'print_trade', symbol: 'BNBUSDT', price: '600', quantity: '1', side: 'BUY' },
      ],
    });
    await on.time.advance(100);
    on.houseOrder('BUY', '60000', '0.5');
    await on.perform(on.submit('SELL', market('0.1')));
    await on.time.advance(1_000);
    // 0.1 % of 6000 USDT, less a quarter, are 4.5 USDT or 0.0075 BNB.
    expect(on.events('fill')[0]?.fill.fee).toEqual({ asset: 'BNB', amount: amount('BNB', '0.0075') });
    expect(await held()).toMatchObject({
      'owner BNB': '99.9925',
      'owner USDT': '50004.5',
      'test USDT': '55995.5',
    });
  });

  describe('a fee in a third asset that market data does not follow', () => {
    /** Sells 0.1 BTC at 60 000 with the fee in BNB, which costs 600 at the exchange. */
    async function sellWithDiscount(): Promise<void> {
      on.install({
        faults: [
          ...on.simulator.faults.installed.faults,
          { fault: 'switch_account', account: 1, uses_discount: true },
          { fault: 'print_trade', symbol: 'BNBUSDT', price: '600', quantity: '1', side: 'BUY' },
        ],
      });
      await on.time.advance(100);
      on.houseOrder('BUY', '60000', '0.1');
      await on.perform(on.submit('SELL', market('0.1')));
      await on.time.advance(3_000);
    }
    const refusesPrices = {
      fault: 'fail_request',
      error: 'service_unavailable',
      where: { endpoint: 'GET /api/v3/avgPrice' },
    } as const;

    test("B2: is worth what the exchange's average price says", async () => {
      await world({ symbols: ['BTCUSDT', 'BNBUSDT'] });
      await sellWithDiscount();
      expect(await held()).toMatchObject({ 'owner USDT': '50004.5', 'test USDT': '55995.5' });
    });

    test('B2: is counted as the largest fee that can be while nobody has ever known a price, and never as nothing', async () => {
      await world({ symbols: ['BTCUSDT', 'BNBUSDT'] });
      on.install({ faults: [refusesPrices] });
      await sellWithDiscount();
      // 1 % of 6000 USDT.
      expect(await held()).toMatchObject({ 'owner USDT': '50060', 'test USDT': '55940' });
      expect(on.events('alert')).toMatchObject([
        { name: 'fee_without_price', fields: { paid: '0.0075', asset: 'BNB', counted: '60' } },
      ]);
    });

    test('B2: is worth the last price that was known when there is none now', async () => {
      await world({ symbols: ['BTCUSDT', 'BNBUSDT'] });
      await sellWithDiscount();
      on.install({ faults: [refusesPrices] });
      await on.time.advance(61_000);
      await sellWithDiscount();
      expect(await held()).toMatchObject({ 'owner USDT': '50009', 'test USDT': '61991' });
      expect(on.events('alert')).toEqual([]);
    });
  });

  test('P5: fills while the ledger is down are booked when it is back', async () => {
    await world();
    await on.perform(on.submit('BUY', limit('0.3', '60000')));
    on.ledger.mood = 'fails';
    for (let i = 0; i < 3; i += 1) {
      on.houseOrder('SELL', '60000', '0.1');
      await on.time.advance(20_000);
    }
    expect((await on.service.state()).state).toBe('degraded');
    on.ledger.mood = 'works';
    await on.until('ready');
    expect(on.events('fill')).toHaveLength(3);
  });

  test('P5: more than the buffer holds is dropped, and read from the exchange again', async () => {
    await world({ settings: { bookingMax: 3 } });
    await on.perform(on.submit('BUY', limit('0.5', '60000')));
    await on.time.advance(100);
    on.ledger.mood = 'fails';
    for (let i = 0; i < 8; i += 1) {
      on.houseOrder('SELL', '60000', '0.01');
      await on.time.advance(1_000);
    }
    on.ledger.mood = 'works';
    await on.until('ready');
    const trades = (await on.ledger.inner.read({ afterSeq: 0, limit: 1000, kinds: ['fill'] })).length;
    expect(trades).toBe(8);
  });

  test('P5: while booking falls behind, new risk is refused with the bound, and the session goes on', async () => {
    await world({ settings: { bookingMax: 8 } });
    await on.perform(on.submit('BUY', limit('0.5', '60000')));
    const slow = Promise.withResolvers<void>();
    on.ledger.slowness = slow.promise;
    for (let i = 0; i < 6; i += 1) {
      on.houseOrder('SELL', '60000', '0.01');
      await on.time.advance(100);
    }
    const refused = await on.perform(on.submit('BUY', limit('0.1', '50000')));
    expect(refused).toEqual({ kind: 'refused', refusal: { reason: 'queue_full', maximum: 4 } });
    on.ledger.slowness = undefined;
    slow.resolve();
    await on.time.advance(100);
    const taken = await on.perform(on.submit('BUY', limit('0.1', '50000')));
    // At once: a session that begins anew would be seconds from ready.
    expect(taken).toMatchObject({ kind: 'submitted', state: 'working' });
    expect(on.events('fill')).toHaveLength(6);
  });

  test('P6: a commit of which nobody knows is tried again with the same events, and books once', async () => {
    await world();
    await on.perform(on.submit('BUY', limit('0.1', '60000')));
    on.ledger.mood = 'unknown_written';
    on.houseOrder('SELL', '60000', '0.1');
    await on.time.advance(1_000);
    on.ledger.mood = 'works';
    await on.until('ready');
    expect(await on.ledger.inner.read({ afterSeq: 0, limit: 1000, kinds: ['fill'] })).toHaveLength(1);
    expect(on.events('fill')).toHaveLength(1);
  });

  test('P2, X1: a fill while the process was dead is booked by the next one, with its fee', async () => {
    await world();
    await on.perform(on.submit('BUY', limit('0.2', '60000')));
    on.houseOrder('SELL', '60000', '0.1');
    await on.time.advance(100);
    on.crash();
    on.houseOrder('SELL', '60000', '0.1');
    await on.until('ready');
    await on.time.advance(100);
    expect((await on.ledger.inner.read({ afterSeq: 0, limit: 1000, kinds: ['fill'] })).length).toBe(2);
    expect((await on.ledgerOrder('order-1'))?.record.state).toBe('filled');
  });

  test('P1: an intent that was never sent is proven absent after a restart, and not executed', async () => {
    await world();
    on.wire.holdsRequests = true;
    void on.submit('BUY', limit('0.1', '60000'));
    await on.time.advance(1_000);
    on.crash();
    await on.until('ready');
    expect((await on.service.state()).inDoubt).toBe(1);
    await on.time.advance(40_000);
    expect((await on.ledgerOrder('order-1'))?.record.state).toBe('absent');
    expect(on.trueOrders()).toEqual([]);
  });
});

describe('balances', () => {
  test("B4: a deposit is the owner's, and no profit", async () => {
    await world();
    transfer('USDT', '500');
    await on.time.advance(1_000);
    expect(on.events('balance').at(-1)).toMatchObject({ cause: 'deposit' });
    expect(await held()).toMatchObject({ 'owner USDT': '50500', 'test USDT': '50000' });
    expect(await on.perform(on.service.reconcile())).toMatchObject({ kind: 'agreed' });
  });

  test('B5: coins that are gone of which strategies hold some are a break, until a person says whose they were', async () => {
    await world();
    transfer('BTC', '-1.25');
    await on.time.advance(1_000);
    expect(await on.perform(on.service.reconcile())).toMatchObject({
      kind: 'breaks',
      breaks: [{ name: 'short BTC' }],
    });
    expect(await on.perform(on.submit('SELL', limit('0.1', '61000')))).toMatchObject({
      refusal: { reason: 'asset_has_break', asset: 'BTC' },
    });
    const command = { name: 'short BTC', by: 'alice', why: 'I sold it', correlationId: 'c' };
    expect(await on.perform(on.service.resolveBreak(command))).toEqual({ kind: 'done' });
    expect(await held()).toMatchObject({ 'test BTC': '0.75' });
    expect(await on.perform(on.service.reconcile())).toMatchObject({ kind: 'agreed' });
    expect(await on.perform(on.submit('SELL', limit('0.1', '61000')))).toMatchObject({ kind: 'submitted' });
  });

  test('I5: what moved while nobody listened is a named break that survives a restart and blocks its asset alone', async () => {
    await world();
    on.tellsNoHistory();
    on.crash();
    transfer('BTC', '0.5');
    const state = await on.until('ready');
    expect(state.breaks).toMatchObject([
      { name: 'asset BTC', ledger: amount('BTC', '2'), venue: amount('BTC', '2.5') },
    ]);
    on.crash();
    expect((await on.until('ready')).breaks).toHaveLength(1);
    transfer('BTC', '-0.5');
    await on.time.advance(60_000);
    // The withdrawal was told and booked: the difference stays, only the sides have moved.
    const [known] = (await on.service.state()).breaks;
    expect(known).toMatchObject({ ledger: amount('BTC', '1.5'), venue: amount('BTC', '2') });
    const command = { name: 'asset BTC', by: 'alice', why: 'a deposit', correlationId: 'c' };
    expect(await on.perform(on.service.resolveBreak(command))).toEqual({ kind: 'done' });
    expect(await on.perform(on.service.reconcile())).toMatchObject({ kind: 'agreed', breaks: [] });
  });

  test('I5: a break that is explained twice while the ledger is slow is booked once', async () => {
    await world();
    on.tellsNoHistory();
    on.crash();
    transfer('BTC', '0.5');
    await on.until('ready');
    on.ledger.mood = 'fails';
    transfer('USDT', '1');
    await on.time.advance(500);
    const command = { name: 'asset BTC', by: 'alice', why: 'a deposit', correlationId: 'c' };
    const answers = Promise.all([on.service.resolveBreak(command), on.service.resolveBreak(command)]);
    await on.time.advance(500);
    on.ledger.mood = 'works';
    expect(await on.perform(answers)).toMatchObject([{ kind: 'done' }, { reason: 'break_unknown' }]);
    expect(await held()).toMatchObject({ 'owner BTC': '1.5', 'test BTC': '1' });
  });

  test('B7: a balance that was read too early is no break', async () => {
    await world();
    on.houseOrder('SELL', '60000', '0.5');
    on.install({ faults: [{ fault: 'lag_queries', ms: 1_500, where: { endpoint: 'GET /api/v3/account' } }] });
    await on.perform(on.submit('BUY', market('0.1')));
    const result = await on.perform(on.service.reconcile());
    expect(result.breaks).toEqual([]);
    await on.time.advance(60_000);
    expect((await on.service.state()).breaks).toEqual([]);
  });
});
