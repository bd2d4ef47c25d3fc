import { price, quantity } from '@tradewind/core/money';
import type { Approved, OrderIntent, OrderListIntent } from '@tradewind/core/orders';
import { expect, test } from 'vitest';
import type { Call, Caller } from './calls/call.ts';
import { type OrderEntry, orderEntryOver } from './order-entry.ts';
import { type Outcome, unknown } from './outcome.ts';

/** Notes the calls it is asked to make, and never knows how they ended. */
class NotingCaller implements Caller {
  readonly calls: Call<unknown>[] = [];

  perform<T>(call: Call<T>): Promise<Outcome<T>> {
    this.calls.push(call as Call<unknown>);
    return Promise.resolve(unknown({ reason: 'timed_out' }));
  }
}

const order = (clientOrderId: string, side: 'BUY' | 'SELL', at: string): OrderIntent => ({
  clientOrderId,
  strategy: 'test',
  symbol: 'BTCUSDT',
  side,
  terms: { type: 'LIMIT_MAKER', quantity: quantity('0.5'), price: price(at) },
  tag: '',
  decidedAtMs: 1,
});
// What core/risk alone may say; here the mark is only a type.
const approved = <T>(value: T): Approved<T> => value as Approved<T>;

const REFERENCE = { symbol: 'BTCUSDT', clientOrderId: 'mine' };
const LIST: OrderListIntent = {
  kind: 'OTO',
  listClientOrderId: 'list',
  working: order('working', 'BUY', '10'),
  pending: order('pending', 'SELL', '12'),
};

const OPERATIONS: readonly [
  path: string,
  socketMethod: string,
  run: (entry: OrderEntry) => Promise<Outcome<unknown>>,
][] = [
  [
    'POST /api/v3/order',
    'order.place',
    (entry) => entry.prepare(approved(order('mine', 'BUY', '10'))).place(),
  ],
  ['POST /api/v3/order/test', 'order.test', (entry) => entry.test(order('mine', 'BUY', '10'))],
  ['GET /api/v3/order', 'order.status', (entry) => entry.query(REFERENCE)],
  ['DELETE /api/v3/order', 'order.cancel', (entry) => entry.cancel(REFERENCE, 'cancel')],
  ['DELETE /api/v3/openOrders', 'openOrders.cancelAll', (entry) => entry.cancelAll('BTCUSDT')],
  [
    'POST /api/v3/order/cancelReplace',
    'order.cancelReplace',
    (entry) =>
      entry.cancelReplace(REFERENCE, 'cancel', approved(order('next', 'BUY', '11')), {
        mode: 'STOP_ON_FAILURE',
      }),
  ],
  [
    'PUT /api/v3/order/amend/keepPriority',
    'order.amend.keepPriority',
    (entry) => entry.amend(REFERENCE, quantity('0.25'), 'mine'),
  ],
  ['POST /api/v3/orderList/oto', 'orderList.place.oto', (entry) => entry.placeList(approved(LIST))],
  [
    'GET /api/v3/orderList',
    'orderList.status',
    (entry) => entry.queryList({ symbol: 'BTCUSDT', listClientOrderId: 'list' }),
  ],
  [
    'DELETE /api/v3/orderList',
    'orderList.cancel',
    (entry) => entry.cancelList({ symbol: 'BTCUSDT', listClientOrderId: 'list' }, 'cancel'),
  ],
  ['GET /api/v3/openOrders', 'openOrders.status', (entry) => entry.openOrders('BTCUSDT')],
];

test.each(OPERATIONS)(
  '%s and %s are one call, which the setting sends over one way only',
  async (path, socketMethod, run) => {
    const callers = { rest: new NotingCaller(), websocket: new NotingCaller() };
    await run(orderEntryOver('rest', callers));
    expect(callers.websocket.calls).toEqual([]);
    await run(orderEntryOver('websocket', callers));
    const [overRest, ...others] = callers.rest.calls;
    const [overSocket] = callers.websocket.calls;
    expect(others).toEqual([]);
    expect(`${overRest?.method} ${overRest?.path}`).toBe(path);
    expect(overSocket?.socketMethod).toBe(socketMethod);
    expect(overSocket?.parameters).toEqual(overRest?.parameters);
  },
);

test.each(OPERATIONS)('O1: %s ends as its caller says, and is made once', async (_path, _method, run) => {
  const callers = { rest: new NotingCaller(), websocket: new NotingCaller() };
  expect(await run(orderEntryOver('rest', callers))).toEqual({
    kind: 'unknown',
    cause: { reason: 'timed_out' },
  });
  expect(callers.rest.calls).toHaveLength(1);
});
