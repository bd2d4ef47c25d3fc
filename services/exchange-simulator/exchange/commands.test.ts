import { formatAmount, price, quantity } from '@tradewind/core/money';
import { describe, expect, test } from 'vitest';
import { entry, orderOf, type Wish, World } from './exchange.test-support.ts';
import type { CancelReplaceRequest, NewOrderList, OrderList, PlacedList } from './index.ts';

function started(symbol = entry('BTCUSDT')): { world: World; owner: number; other: number } {
  const world = new World([symbol]);
  const [owner, other] = [world.account(), world.account()];
  world.tradeAt(other, other, '100');
  world.takeLines();
  return { world, owner, other };
}

function placeList(world: World, account: number, list: NewOrderList): PlacedList {
  const placed = world.exchange.placeList(account, list);
  if (!placed.ok) throw new Error(`${placed.error.code} ${placed.error.msg}`);
  return placed.value;
}

const oco = (given: Partial<{ above: Wish; below: Wish }> = {}): NewOrderList => ({
  symbol: 'BTCUSDT',
  kind: 'OCO',
  above: orderOf({ side: 'SELL', type: 'LIMIT_MAKER', price: '110', quantity: '1', ...given.above }),
  below: orderOf({
    side: 'SELL',
    type: 'STOP_LOSS_LIMIT',
    stopPrice: '90',
    price: '89',
    quantity: '1',
    ...given.below,
  }),
});

describe('order lists', () => {
  test('an OCO stands stop first, and a fill of one leg expires the other as OCO_TRIGGER', () => {
    const { world, owner, other } = started();
    const { list, orders } = placeList(world, owner, oco());
    expect(orders.map(({ type, status }) => [type, status])).toEqual([
      ['STOP_LOSS_LIMIT', 'NEW'],
      ['LIMIT_MAKER', 'NEW'],
    ]);
    expect([list.contingencyType, list.listStatusType, list.listOrderStatus]).toEqual([
      'OCO',
      'EXEC_STARTED',
      'EXECUTING',
    ]);
    const [stop, limit] = orders.map(({ orderId }) => orderId) as [number, number];
    world.place(other, { price: '110', quantity: '0.4' });
    expect(world.order(owner, stop)).toMatchObject({ status: 'EXPIRED', expiryReason: 'OCO_TRIGGER' });
    expect(world.status(owner, limit)).toBe('PARTIALLY_FILLED');
    world.place(other, { price: '110', quantity: '0.6' });
    const ended = world.exchange.orderList(owner, { orderListId: list.orderListId });
    expect(ended.ok && ended.value.listStatusType).toBe('ALL_DONE');
    expect(world.takeLines().filter((line) => line.startsWith('list'))).toEqual([
      `list ${list.orderListId} EXEC_STARTED EXECUTING`,
      `list ${list.orderListId} ALL_DONE ALL_DONE`,
    ]);
  });

  test('a pending order that the exchange takes away takes its list with it, and what that had bought is free', () => {
    const { world, owner, other } = started();
    const { list, orders } = placeList(world, owner, {
      symbol: 'BTCUSDT',
      kind: 'OPO',
      working: orderOf({ price: '95', quantity: '1', timeInForce: 'GTC' }),
      pending: orderOf({ side: 'SELL', price: '120', timeInForce: 'GTC' }),
    });
    const [working, pending] = orders.map(({ orderId }) => orderId) as [number, number];
    world.place(other, { side: 'SELL', price: '95', quantity: '0.4' });
    expect(world.balance(owner, 'BTC')).toEqual(['100000', '0.4']);
    expect(world.exchange.expireOrder('BTCUSDT', pending).ok).toBe(true);
    for (const orderId of [working, pending])
      expect(world.order(owner, orderId)).toMatchObject({
        status: 'EXPIRED',
        expiryReason: 'EXCHANGE_CANCELED',
      });
    const ended = world.exchange.orderList(owner, { orderListId: list.orderListId });
    expect(ended.ok && ended.value.listOrderStatus).toBe('ALL_DONE');
    expect(world.balance(owner, 'BTC')).toEqual(['100000.4', '0']);
    expect(world.balance(owner, 'USDT')).toEqual(['99999962', '0']);
  });

  test('canceling one leg cancels the list, and both legs take the id of the cancel', () => {
    const { world, owner } = started();
    const { orders } = placeList(world, owner, oco());
    const canceled = world.exchange.cancelOrder(owner, {
      symbol: 'BTCUSDT',
      orderId: orders[1]!.orderId,
      clientOrderId: 'enough',
    });
    if (!canceled.ok || canceled.value.kind !== 'list') throw new Error('the list is canceled');
    expect(canceled.value.list.listOrderStatus).toBe('ALL_DONE');
    expect(canceled.value.orders.map(({ order }) => [order.clientOrderId, order.status])).toEqual([
      ['enough', 'CANCELED'],
      ['enough', 'CANCELED'],
    ]);
    expect(world.balance(owner, 'BTC')).toEqual(['100000', '0']);
  });

  test('a pending order waits for the whole working order, then locks and works', () => {
    const { world, owner, other } = started();
    const { list, orders } = placeList(world, owner, {
      symbol: 'BTCUSDT',
      kind: 'OTO',
      working: orderOf({ price: '99', quantity: '2' }),
      pending: orderOf({ side: 'SELL', price: '120', quantity: '2' }),
    });
    expect(list.contingencyType).toBe('OTO');
    const [working, pending] = orders as [(typeof orders)[0], (typeof orders)[0]];
    expect([pending.status, pending.workingTimeMs]).toEqual(['PENDING_NEW', -1]);
    world.place(other, { side: 'SELL', price: '99', quantity: '1' });
    expect(world.status(owner, pending.orderId)).toBe('PENDING_NEW');
    expect(world.balance(owner, 'BTC')[1]).toBe('0');
    world.place(other, { side: 'SELL', price: '99', quantity: '1' });
    expect(world.status(owner, working.orderId)).toBe('FILLED');
    expect(world.status(owner, pending.orderId)).toBe('NEW');
    expect(world.balance(owner, 'BTC')[1]).toBe('2');
  });

  test('an order that fills at once still shows its pending order as PENDING_NEW', () => {
    const { world, owner, other } = started();
    world.place(other, { side: 'SELL', price: '99', quantity: '1' });
    const { orders } = placeList(world, owner, {
      symbol: 'BTCUSDT',
      kind: 'OTO',
      working: orderOf({ price: '99', quantity: '1' }),
      pending: orderOf({ side: 'SELL', price: '120', quantity: '1' }),
    });
    expect(orders.map(({ status }) => status)).toEqual(['FILLED', 'PENDING_NEW']);
    expect(world.status(owner, orders[1]!.orderId)).toBe('NEW');
  });

  test('a pending order without funds expires as REJECTED', () => {
    const world = new World();
    const [owner, other] = [world.account({ USDT: '100' }), world.account()];
    const { orders } = placeList(world, owner, {
      symbol: 'BTCUSDT',
      kind: 'OTO',
      working: orderOf({ price: '100', quantity: '1' }),
      pending: orderOf({ price: '50', quantity: '1' }),
    });
    world.place(other, { side: 'SELL', price: '100', quantity: '1' });
    expect(world.order(owner, orders[1]!.orderId)).toMatchObject({
      status: 'EXPIRED',
      expiryReason: 'REJECTED',
    });
    expect(world.exchange.openOrderLists(owner)).toEqual([]);
  });

  test('a working order that ends unfilled expires what waits for it', () => {
    const { world, owner } = started();
    const { orders } = placeList(world, owner, {
      symbol: 'BTCUSDT',
      kind: 'OTOCO',
      working: orderOf({ price: '99', quantity: '1', timeInForce: 'IOC' }),
      pendingAbove: orderOf({ side: 'SELL', type: 'LIMIT_MAKER', price: '120', quantity: '1' }),
      pendingBelow: orderOf({ side: 'SELL', type: 'STOP_LOSS', stopPrice: '80', quantity: '1' }),
    });
    expect(orders.map(({ orderId }) => world.order(owner, orderId).expiryReason)).toEqual([
      'UNFILLED_IOC_QUANTITY_EXPIRED',
      'OTO_PHASE_ONE_EXPIRED',
      'OTO_PHASE_ONE_EXPIRED',
    ]);
  });

  test.each<{ when: string; code: number; list: NewOrderList }>([
    {
      when: 'a stop loss to sell above',
      code: -1197,
      list: oco({ above: { type: 'STOP_LOSS', stopPrice: '110', price: undefined as never } }),
    },
    {
      when: 'a take profit to sell below',
      code: -1199,
      list: oco({ below: { type: 'TAKE_PROFIT_LIMIT' }, above: { type: 'LIMIT_MAKER' } }),
    },
    {
      when: 'two limits',
      code: -1168,
      list: oco({ below: { type: 'LIMIT_MAKER', stopPrice: undefined as never } }),
    },
    { when: 'a plain limit as a leg', code: -1158, list: oco({ above: { type: 'LIMIT' } }) },
    {
      when: 'an iceberg leg that does not stay',
      code: -1160,
      list: oco({ below: { icebergQuantity: '0.5', timeInForce: 'IOC' } }),
    },
    { when: 'prices on the wrong side of the market', code: -2010, list: oco({ above: { price: '95' } }) },
    {
      when: 'an OPO that sells first',
      code: -1222,
      list: {
        symbol: 'BTCUSDT',
        kind: 'OPO',
        working: orderOf({ side: 'SELL', price: '120', quantity: '1' }),
        pending: orderOf({ side: 'SELL', price: '130' }),
      },
    },
    {
      when: 'an OPO that buys twice',
      code: -1223,
      list: {
        symbol: 'BTCUSDT',
        kind: 'OPO',
        working: orderOf({ price: '90', quantity: '1' }),
        pending: orderOf({ price: '80' }),
      },
    },
  ])('$when is $code, and nothing of it is left', ({ code, list }) => {
    const { world, owner } = started();
    const placed = world.exchange.placeList(owner, list);
    expect(!placed.ok && placed.error.code).toBe(code);
    const open = world.exchange.openOrders(owner);
    expect(open.ok && open.value).toEqual([]);
    expect(world.balance(owner, 'BTC')[1]).toBe('0');
    expect(world.exchange.orderCounts(owner)[0]!.count).toBe(0);
  });

  test('lists count their orders, and a list id is unique among open lists', () => {
    const { world, owner } = started();
    const list = { ...oco(), listClientOrderId: 'pair' };
    placeList(world, owner, list);
    expect(world.exchange.orderCounts(owner)[0]!.count).toBe(2);
    const again = world.exchange.placeList(owner, list);
    expect(!again.ok && again.error.msg).toBe('Duplicate order sent.');
    const canceled = world.exchange.cancelList(owner, { symbol: 'BTCUSDT', listClientOrderId: 'pair' });
    expect(canceled.ok && canceled.value.orders).toHaveLength(2);
    placeList(world, owner, list);
    const all = world.exchange.allOrderLists(owner, { limit: 500 });
    expect(all.map((one: OrderList) => one.listOrderStatus)).toEqual(['ALL_DONE', 'EXECUTING']);
  });
});

describe('cancel all', () => {
  test('tells every order once, and a list where its first order stood', () => {
    const { world, owner } = started();
    world.place(owner, { price: '50', quantity: '1' });
    placeList(world, owner, oco());
    world.place(owner, { price: '51', quantity: '1' });
    const canceled = world.exchange.cancelAll(owner, 'BTCUSDT');
    expect(canceled.ok && canceled.value.map(({ kind }) => kind)).toEqual(['order', 'list', 'order']);
    expect(world.exchange.cancelAll(owner, 'BTCUSDT')).toEqual({
      ok: false,
      error: { code: -2011, msg: 'Unknown order sent.' },
    });
  });
});

describe('cancel-replace', () => {
  const replaced = (
    world: World,
    account: number,
    request: Partial<CancelReplaceRequest> & { order: never },
  ) => world.exchange.cancelReplace(account, { symbol: 'BTCUSDT', mode: 'STOP_ON_FAILURE', ...request });
  const wish = (given: Wish) => orderOf(given) as never;

  test('both halves done', () => {
    const { world, owner } = started();
    const { order } = world.place(owner, { price: '90', quantity: '1' });
    const outcome = replaced(world, owner, {
      cancelOrderId: order.orderId,
      order: wish({ price: '91', quantity: '1' }),
    });
    expect(outcome.kind).toBe('done');
    expect(world.status(owner, order.orderId)).toBe('CANCELED');
  });

  test('the money of the canceled order pays for the new one', () => {
    const world = new World();
    const owner = world.account({ USDT: '100' });
    const { order } = world.place(owner, { price: '100', quantity: '1' });
    const outcome = replaced(world, owner, {
      cancelOrderId: order.orderId,
      order: wish({ price: '50', quantity: '2' }),
    });
    expect(outcome.kind).toBe('done');
  });

  test('a failed cancel stops it, and still costs one unfilled order', () => {
    const { world, owner } = started();
    const outcome = replaced(world, owner, {
      cancelOrderId: 99,
      order: wish({ price: '91', quantity: '1' }),
    });
    expect(outcome).toEqual({
      kind: 'failed',
      refusal: { code: -2022, msg: 'Order cancel-replace failed.' },
      canceled: { code: -2011, msg: 'Unknown order sent.' },
      placed: undefined,
    });
    expect(world.exchange.orderCounts(owner)[0]!.count).toBe(1);
  });

  test('with ALLOW_FAILURE the new order is placed all the same', () => {
    const { world, owner } = started();
    const outcome = replaced(world, owner, {
      mode: 'ALLOW_FAILURE',
      cancelOrderId: 99,
      order: wish({ price: '91', quantity: '1' }),
    });
    expect(outcome).toMatchObject({
      kind: 'partly_failed',
      refusal: { code: -2021 },
      canceled: { code: -2011 },
    });
  });

  test('a new order that the engine refuses leaves the cancel done, and is reported as REJECTED', () => {
    const { world, owner, other } = started();
    world.place(other, { side: 'SELL', price: '101', quantity: '1' });
    const { order } = world.place(owner, { price: '90', quantity: '1' });
    world.takeReports();
    const outcome = replaced(world, owner, {
      cancelOrderId: order.orderId,
      order: wish({ type: 'LIMIT_MAKER', price: '101', quantity: '1' }),
    });
    expect(outcome).toMatchObject({
      kind: 'partly_failed',
      refusal: { code: -2021 },
      placed: { code: -2010, msg: 'Order would immediately match and take.' },
    });
    const reports = world.takeReports();
    expect(reports.map(({ executionType, rejectReason }) => [executionType, rejectReason])).toEqual([
      ['CANCELED', 'NONE'],
      ['REJECTED', 'WOULD_MATCH_IMMEDIATELY'],
    ]);
  });

  test('filters are looked at before the cancel: at the limit of open orders nothing happens', () => {
    const { world, owner } = started();
    world.exchange.setFilter('BTCUSDT', { filterType: 'MAX_NUM_ORDERS', maxNumOrders: 1 });
    const { order } = world.place(owner, { price: '90', quantity: '1' });
    const outcome = replaced(world, owner, {
      cancelOrderId: order.orderId,
      order: wish({ price: '91', quantity: '1' }),
    });
    expect(outcome).toEqual({
      kind: 'refused',
      refusal: { code: -1013, msg: 'Filter failure: MAX_NUM_ORDERS' },
    });
    expect(world.status(owner, order.orderId)).toBe('NEW');
  });

  test.each([
    { mode: 'DO_NOTHING', kind: 'refused', status: 'NEW' },
    { mode: 'CANCEL_ONLY', kind: 'partly_failed', status: 'CANCELED' },
  ] as const)('over the order limit, $mode', ({ mode, kind, status }) => {
    const world = new World(
      undefined,
      {},
      {
        rateLimits: [{ rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: 1 }],
      },
    );
    const owner = world.account();
    const { order } = world.place(owner, { price: '90', quantity: '1' });
    const outcome = replaced(world, owner, {
      cancelOrderId: order.orderId,
      orderRateLimitExceededMode: mode,
      order: wish({ price: '91', quantity: '1' }),
    });
    expect(outcome.kind).toBe(kind);
    const limit = outcome.kind === 'partly_failed' ? outcome.placed : 'refusal' in outcome && outcome.refusal;
    expect(limit).toMatchObject({ code: -1015 });
    expect(world.status(owner, order.orderId)).toBe(status);
  });
});

describe('amend keeping priority', () => {
  test('makes an order smaller in its place, renames it, and gives back what is not needed', () => {
    const { world, owner, other } = started();
    const { order } = world.place(owner, { price: '90', quantity: '5', clientOrderId: 'before' });
    world.place(other, { price: '90', quantity: '5' });
    world.takeReports();
    const amended = world.exchange.amend(owner, {
      symbol: 'BTCUSDT',
      orderId: order.orderId,
      quantity: quantity('2'),
      clientOrderId: 'after',
    });
    if (!amended.ok) throw new Error(amended.error.msg);
    const { amendment } = amended.value;
    const [report] = world.takeReports();
    expect([report!.executionType, report!.order.status, report!.executionId]).toEqual([
      'REPLACED',
      'NEW',
      amendment.executionId,
    ]);
    expect([amendment.clientOrderIdBefore, amendment.clientOrderIdAfter]).toEqual(['before', 'after']);
    expect([amendment.quantityBefore, amendment.quantityAfter].map(formatAmount)).toEqual(['5', '2']);
    expect(world.balance(owner, 'USDT')[1]).toBe('180');
    world.place(other, { side: 'SELL', price: '90', quantity: '2', selfTradePrevention: 'NONE' });
    expect(world.status(owner, order.orderId)).toBe('FILLED');
    const kept = world.exchange.amendments(owner, 'BTCUSDT', { orderId: order.orderId, limit: 500 });
    expect(kept.ok && kept.value).toEqual([amendment]);
    expect(world.exchange.orderCounts(owner)[0]!.count).toBe(0);
  });

  test.each([
    ['6', -2038, 'Order amend (quantity increase) is not supported.'],
    ['5', -2038, 'The requested action would change no state; rejecting'],
    ['0.000001', -1013, 'Filter failure: LOT_SIZE'],
  ])('to %s is %i and leaves the order as it was', (to, code, msg) => {
    const { world, owner } = started();
    const { order } = world.place(owner, { price: '90', quantity: '5' });
    const request = { symbol: 'BTCUSDT', orderId: order.orderId, quantity: quantity(to) };
    expect(world.exchange.amend(owner, request)).toEqual({ ok: false, error: { code, msg } });
    expect(world.order(owner, order.orderId)).toEqual(order);
  });

  test('frees the id that the order had before', () => {
    const { world, owner } = started();
    const { orderId } = world.place(owner, { price: '90', quantity: '5', clientOrderId: 'before' }).order;
    const request = { symbol: 'BTCUSDT', orderId, quantity: quantity('4'), clientOrderId: 'after' };
    expect(world.exchange.amend(owner, request).ok).toBe(true);
    expect(world.refusal(owner, { price: '90', quantity: '5', clientOrderId: 'after' }).code).toBe(-2010);
    const again = world.place(owner, { price: '90', quantity: '5', clientOrderId: 'before' });
    const found = world.exchange.order(owner, { symbol: 'BTCUSDT', origClientOrderId: 'before' });
    expect(found.ok && found.value.orderId).toBe(again.order.orderId);
  });

  test('more often than the filter allows is -2038', () => {
    const { world, owner } = started();
    world.exchange.setFilter('BTCUSDT', { filterType: 'MAX_NUM_ORDER_AMENDS', maxNumOrderAmends: 2 });
    const { orderId } = world.place(owner, { price: '90', quantity: '5' }).order;
    const amend = (to: string) =>
      world.exchange.amend(owner, { symbol: 'BTCUSDT', orderId, quantity: quantity(to) });
    expect([amend('4').ok, amend('3').ok]).toEqual([true, true]);
    expect(amend('2')).toEqual({
      ok: false,
      error: { code: -2038, msg: 'Filter failure: MAX_NUM_ORDER_AMENDS' },
    });
  });

  test('of one alternative takes the other with it, and tells the list that an id has changed', () => {
    const { world, owner } = started();
    const { list, orders } = placeList(world, owner, oco());
    const [stop, limit] = orders.map(({ orderId }) => orderId) as [number, number];
    const amended = world.exchange.amend(owner, {
      symbol: 'BTCUSDT',
      orderId: limit,
      quantity: quantity('0.5'),
      clientOrderId: 'half',
    });
    expect(amended.ok && amended.value.list!.orders[1]!.clientOrderId).toBe('half');
    expect([stop, limit].map((id) => formatAmount(world.order(owner, id).quantity!))).toEqual(['0.5', '0.5']);
    expect(world.balance(owner, 'BTC')[1]).toBe('0.5');
    expect(world.takeLines().slice(-4)).toEqual([
      `${owner}/${limit} REPLACED NEW`,
      `list ${list.orderListId} UPDATED EXECUTING`,
      `${owner}/${stop} REPLACED NEW`,
      `${owner} has BTC 99999.5+0.5`,
    ]);
  });
});

describe('icebergs and pegs', () => {
  test('an iceberg shows one slice, and the next one stands at the back', () => {
    const { world, owner, other } = started();
    const { order } = world.place(owner, { price: '90', quantity: '3', icebergQuantity: '1' });
    const behind = world.place(other, { price: '90', quantity: '1' }).order.orderId;
    expect(world.exchange.depth('BTCUSDT', 5).bids.map(({ quantity: size }) => formatAmount(size))).toEqual([
      '2',
    ]);
    world.place(other, { side: 'SELL', price: '90', quantity: '2', selfTradePrevention: 'NONE' });
    expect(formatAmount(world.order(owner, order.orderId).executedQuantity)).toBe('1');
    expect(world.status(other, behind)).toBe('FILLED');
    expect(world.exchange.depth('BTCUSDT', 5).bids.map(({ quantity: size }) => formatAmount(size))).toEqual([
      '1',
    ]);
  });

  test('a primary peg takes the best price of its own side, locks for it, and stays there', () => {
    const { world, owner, other } = started();
    world.place(other, { price: '95', quantity: '1' });
    world.place(other, { price: '94', quantity: '1' });
    const { order } = world.place(owner, { pegPriceType: 'PRIMARY_PEG', pegOffsetLevels: 1, quantity: '2' });
    expect([order.peggedPrice, order.price]).toEqual([price('94'), price('0')]);
    expect(world.balance(owner, 'USDT')[1]).toBe('188');
    world.place(other, { price: '96', quantity: '1' });
    expect(world.order(owner, order.orderId).peggedPrice).toEqual(price('94'));
  });
});
