import { formatAmount, price, quantity } from '@tradewind/core/money';
import { describe, expect, test } from 'vitest';
import { entry, type Wish, World } from './exchange.test-support.ts';

describe('what an order locks', () => {
  test('a limit to buy locks its price, and what it did not need comes back with the fill', () => {
    const world = new World();
    const [owner, other] = [world.account({ USDT: '1000' }), world.account()];
    world.place(owner, { price: '100', quantity: '2' });
    expect(world.balance(owner, 'USDT')).toEqual(['800', '200']);
    world.place(other, { side: 'SELL', price: '90', quantity: '0.5' });
    expect(world.balance(owner, 'USDT')).toEqual(['800', '150']);
    const cheap = world.place(other, { side: 'SELL', price: '99', quantity: '1.5' });
    expect(cheap.order.status).toBe('FILLED');
    expect(world.balance(owner, 'USDT')).toEqual(['800', '0']);
    world.place(other, { side: 'SELL', price: '50', quantity: '1' });
    world.place(owner, { price: '60', quantity: '1' });
    expect(world.balance(owner, 'USDT')).toEqual(['750', '0']);
  });

  test('a market order to buy is refused whole when its cost is not free', () => {
    const world = new World();
    const [owner, other] = [world.account({ USDT: '150' }), world.account()];
    world.place(other, { side: 'SELL', price: '100', quantity: '1' });
    world.place(other, { side: 'SELL', price: '101', quantity: '1' });
    expect(world.refusal(owner, { type: 'MARKET', quantity: '2' })).toEqual({
      code: -2010,
      msg: 'Account has insufficient balance for requested action.',
      rejectReason: 'INSUFFICIENT_BALANCES',
    });
    expect(world.balance(owner, 'USDT')).toEqual(['150', '0']);
    expect(world.place(owner, { type: 'MARKET', quantity: '1' }).order.status).toBe('FILLED');
  });

  test('a fired stop that cannot be paid for any more expires as REJECTED', () => {
    const world = new World();
    const [owner, other] = [world.account({ USDT: '110' }), world.account()];
    world.tradeAt(other, other, '100');
    const stop = world.place(owner, { type: 'STOP_LOSS', quantity: '1', stopPrice: '105' });
    expect(world.balance(owner, 'USDT')).toEqual(['5', '105']);
    world.place(other, { side: 'SELL', price: '150', quantity: '2' });
    world.tradeAt(other, other, '106');
    const after = world.order(owner, stop.order.orderId);
    expect([after.status, after.expiryReason]).toEqual(['EXPIRED', 'REJECTED']);
    expect(world.balance(owner, 'USDT')).toEqual(['110', '0']);
  });

  test('two alternatives lock once, the larger need', () => {
    const world = new World();
    const [owner, other] = [world.account({ USDT: '1000', BTC: '1' }), world.account()];
    world.tradeAt(other, other, '100');
    const placed = world.exchange.placeList(owner, {
      symbol: 'BTCUSDT',
      kind: 'OCO',
      above: {
        side: 'BUY',
        type: 'STOP_LOSS_LIMIT',
        timeInForce: 'GTC',
        quantity: quantity('2'),
        price: price('111'),
        stopPrice: price('110'),
      },
      below: { side: 'BUY', type: 'LIMIT_MAKER', quantity: quantity('2'), price: price('90') },
    });
    expect(placed.ok).toBe(true);
    expect(world.balance(owner, 'USDT')).toEqual(['778', '222']);
    world.place(other, { side: 'SELL', price: '90', quantity: '0.5' });
    // 0.5 is bought at 90, and of the other 1.5 only the limit at 90 is left.
    expect(world.balance(owner, 'USDT')).toEqual(['820', '135']);
  });

  test('OPO: what the working order buys is locked until the pending order sells it, in whole steps', () => {
    const rates = [
      { filterType: 'PRICE_FILTER', minPrice: '0.01', maxPrice: '1000000', tickSize: '0.01' },
      { filterType: 'LOT_SIZE', minQty: '0.1', maxQty: '9000', stepSize: '0.1' },
    ];
    const world = new World([entry('BTCUSDT', { filters: rates })], {
      standardCommission: undefined as never,
    });
    const [owner, other] = [world.account({ USDT: '1000' }), world.account()];
    world.takeLines();
    const placed = world.exchange.placeList(owner, {
      symbol: 'BTCUSDT',
      kind: 'OPO',
      working: { side: 'BUY', type: 'LIMIT', price: price('100'), quantity: quantity('2') },
      pending: { side: 'SELL', type: 'LIMIT_MAKER', price: price('120') },
    });
    if (!placed.ok) throw new Error(placed.error.msg);
    const [working, pending] = placed.value.orders;
    expect([working!.status, pending!.status, pending!.quantity]).toEqual(['NEW', 'PENDING_NEW', undefined]);
    world.place(other, { side: 'SELL', price: '100', quantity: '1' });
    // 0.1 % of 1 BTC cannot come out of an empty free balance.
    expect(world.balance(owner, 'BTC')).toEqual(['0', '0.999']);
    world.place(other, { side: 'SELL', price: '100', quantity: '1' });
    expect(world.balance(owner, 'BTC')).toEqual(['0.098', '1.9']);
    expect(formatAmount(world.order(owner, pending!.orderId).quantity!)).toBe('1.9');
    expect(world.status(owner, pending!.orderId)).toBe('NEW');
  });

  test('what is locked from outside cannot be traded, and comes back only when it is unlocked', () => {
    const world = new World();
    const owner = world.account({ USDT: '100' });
    const [lock] = [world.exchange.lockExternally(owner, 'USDT', quantity('60'))];
    expect(lock.ok).toBe(true);
    expect(world.balance(owner, 'USDT')).toEqual(['40', '60']);
    expect(world.refusal(owner, { price: '10', quantity: '5' }).code).toBe(-2010);
    expect(world.exchange.lockExternally(owner, 'USDT', quantity('50')).ok).toBe(false);
    expect(world.exchange.transfer(owner, 'USDT', quantity('25')).ok).toBe(true);
    expect(world.balance(owner, 'USDT')).toEqual(['65', '60']);
  });
});

describe('client order ids', () => {
  test('are unique among open orders only, and an order is found under its last id', () => {
    const world = new World();
    const [owner, other] = [world.account(), world.account()];
    const first = world.place(owner, { price: '10', quantity: '1', clientOrderId: 'mine' });
    expect(world.refusal(owner, { price: '10', quantity: '1', clientOrderId: 'mine' })).toMatchObject({
      code: -2010,
      msg: 'Duplicate order sent.',
    });
    world.place(other, { price: '10', quantity: '1', clientOrderId: 'mine' });
    world.exchange.cancelOrder(owner, {
      symbol: 'BTCUSDT',
      origClientOrderId: 'mine',
      clientOrderId: 'stop',
    });
    const canceled = world.order(owner, first.order.orderId);
    expect([canceled.status, canceled.clientOrderId]).toEqual(['CANCELED', 'stop']);
    const byOld = world.exchange.order(owner, { symbol: 'BTCUSDT', origClientOrderId: 'mine' });
    expect(byOld.ok && byOld.value.orderId).toBe(first.order.orderId);
    const again = world.place(owner, { price: '10', quantity: '1', clientOrderId: 'mine' });
    expect(again.order.orderId).toBeGreaterThan(first.order.orderId);
    const byNew = world.exchange.order(owner, { symbol: 'BTCUSDT', origClientOrderId: 'mine' });
    expect(byNew.ok && byNew.value.orderId).toBe(again.order.orderId);
  });

  test('a cancel says the id before in C and its own in c', () => {
    const world = new World();
    const owner = world.account();
    world.place(owner, { price: '10', quantity: '1', clientOrderId: 'mine' });
    world.takeReports();
    world.exchange.cancelOrder(owner, {
      symbol: 'BTCUSDT',
      origClientOrderId: 'mine',
      clientOrderId: 'stop',
    });
    const [report] = world.takeReports();
    expect([report!.executionType, report!.order.clientOrderId, report!.originalClientOrderId]).toEqual([
      'CANCELED',
      'stop',
      'mine',
    ]);
  });

  test('two ids of different orders are -2039, none is -1102, and orders of others are unknown', () => {
    const world = new World();
    const [owner, other] = [world.account(), world.account()];
    const { order } = world.place(owner, { price: '10', quantity: '1', clientOrderId: 'one' });
    world.place(owner, { price: '10', quantity: '1', clientOrderId: 'two' });
    const ask = (account: number, reference: object) => {
      const found = world.exchange.order(account, { symbol: 'BTCUSDT', ...reference });
      return found.ok ? found.value.orderId : found.error.code;
    };
    expect(ask(owner, { orderId: order.orderId, origClientOrderId: 'two' })).toBe(-2039);
    expect(ask(owner, {})).toBe(-1102);
    expect(ask(owner, { orderId: 99 })).toBe(-2013);
    expect(ask(other, { orderId: order.orderId })).toBe(-2013);
    expect(ask(owner, { orderId: order.orderId, origClientOrderId: 'one' })).toBe(order.orderId);
  });
});

describe('records', () => {
  test('an order that ended without a trade is archived after 90 days, one with a trade is not', () => {
    const world = new World();
    const [owner, other] = [world.account(), world.account()];
    const canceled = world.place(owner, { price: '10', quantity: '1' }).order.orderId;
    world.exchange.cancelOrder(owner, { symbol: 'BTCUSDT', orderId: canceled });
    const traded = world.place(owner, { price: '10', quantity: '1' }).order.orderId;
    world.place(other, { side: 'SELL', price: '10', quantity: '1' });
    world.time.advance(90 * 86_400_000);
    expect(world.status(owner, canceled)).toBe('CANCELED');
    world.time.advance(1);
    const archived = world.exchange.order(owner, { symbol: 'BTCUSDT', orderId: canceled });
    expect(!archived.ok && archived.error.code).toBe(-2026);
    const all = world.exchange.allOrders(owner, 'BTCUSDT', { limit: 500 });
    expect(all.ok && all.value.map(({ orderId }) => orderId)).toEqual([traded]);
  });

  test.each([
    { when: 'nothing is said: the newest', range: { limit: 2 }, ids: [4, 5] },
    { when: 'a start: the oldest from it on', range: { limit: 2, startTimeMs: 1 }, ids: [2, 3] },
    { when: 'an end: the newest up to it', range: { limit: 2, endTimeMs: 2 }, ids: [2, 3] },
    { when: 'an end within a millisecond: not beyond it', range: { limit: 2, endTimeMs: 2.5 }, ids: [2, 3] },
    { when: 'a start within a millisecond: after it', range: { limit: 2, startTimeMs: 0.5 }, ids: [2, 3] },
    {
      when: 'both: as with a start, not beyond the end',
      range: { limit: 5, startTimeMs: 1, endTimeMs: 2 },
      ids: [2, 3],
    },
    { when: 'an id: from it on', range: { limit: 2, orderId: 3 }, ids: [3, 4] },
  ])('allOrders when $when', ({ range, ids }) => {
    const world = new World();
    const owner = world.account();
    const start = world.time.nowMs();
    for (let count = 0; count < 5; count++) {
      world.place(owner, { price: '10', quantity: '1' });
      world.time.advance(1);
    }
    const { startTimeMs, endTimeMs, ...rest } = range as {
      startTimeMs?: number;
      endTimeMs?: number;
      limit: number;
    };
    const found = world.exchange.allOrders(owner, 'BTCUSDT', {
      ...rest,
      ...(startTimeMs === undefined ? {} : { startTimeMs: start + startTimeMs }),
      ...(endTimeMs === undefined ? {} : { endTimeMs: start + endTimeMs }),
    });
    expect(found.ok && found.value.map(({ orderId }) => orderId)).toEqual(ids);
  });

  test('closed orders are kept up to the bound and open ones always', () => {
    const world = new World(undefined, { recordsKept: 4 });
    const owner = world.account();
    const open = world.place(owner, { price: '10', quantity: '1', clientOrderId: 'open' }).order.orderId;
    for (let count = 0; count < 30; count++) {
      const { order } = world.place(owner, { price: '10', quantity: '1', clientOrderId: `n${count}` });
      world.exchange.cancelOrder(owner, { symbol: 'BTCUSDT', orderId: order.orderId });
    }
    const all = world.exchange.allOrders(owner, 'BTCUSDT', { limit: 1000 });
    const ids = all.ok ? all.value.map(({ orderId }) => orderId) : [];
    expect(ids[0]).toBe(open);
    expect(ids.length).toBeLessThanOrEqual(6);
    expect(ids.at(-1)).toBe(31);
    expect(world.exchange.order(owner, { symbol: 'BTCUSDT', origClientOrderId: 'n0' }).ok).toBe(false);
  });

  test('a forgotten order is found under none of its names, and a name that another order has now stays', () => {
    const world = new World(undefined, { recordsKept: 4 });
    const owner = world.account();
    const symbol = 'BTCUSDT';
    const { orderId } = world.place(owner, { price: '10', quantity: '5', clientOrderId: 'first' }).order;
    for (const [name, size] of [
      ['second', '4'],
      ['third', '3'],
    ] as const) {
      const request = { symbol, orderId, clientOrderId: name, quantity: quantity(size) };
      expect(world.exchange.amend(owner, request).ok).toBe(true);
    }
    world.exchange.cancelOrder(owner, { symbol, orderId, clientOrderId: 'cancel' });
    const names = ['first', 'second', 'third', 'cancel'];
    const found = () =>
      names.map((origClientOrderId) => {
        const order = world.exchange.order(owner, { symbol, origClientOrderId });
        return order.ok ? order.value.orderId : undefined;
      });
    expect(found()).toEqual([orderId, orderId, orderId, orderId]);
    const again = world.place(owner, { price: '10', quantity: '1', clientOrderId: 'second' }).order;
    for (let count = 0; count < 10; count++) {
      const { order } = world.place(owner, { price: '10', quantity: '1' });
      world.exchange.cancelOrder(owner, { symbol, orderId: order.orderId });
    }
    expect(found()).toEqual([undefined, again.orderId, undefined, undefined]);
  });
});

const stop: Wish = { side: 'SELL', type: 'STOP_LOSS_LIMIT', price: '89', stopPrice: '90', quantity: '1' };

test('a stop reports NEW off the book when placed and NEW on the book when it fires, after the trade that fired it', () => {
  const world = new World();
  const [owner, other] = [world.account(), world.account()];
  world.tradeAt(other, other, '100');
  world.takeReports();
  const { order } = world.place(owner, stop);
  expect(order.workingTimeMs).toBe(-1);
  expect(world.takeReports().map(({ isOnBook }) => isOnBook)).toEqual([false]);
  world.takeLines();
  world.time.advance(5);
  world.tradeAt(other, other, '90');
  const fired = world.order(owner, order.orderId);
  expect(fired.workingTimeMs).toBe(world.time.nowMs());
  const lines = world.takeLines();
  const at = lines.indexOf(`${owner}/${order.orderId} NEW NEW`);
  expect(lines[at - 1]).toMatch(new RegExp(`^${other} has `));
});
