import type { MainClient } from 'binance';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { restClient } from './binance-client.test-support.ts';
import { startVenue, type Venue } from './venue.test-support.ts';

/*
 * Order lists through the client named `binance`. Alice begins with 2 BTC and 100 000 USDT and pays 0.1 %; the last price is 60000,
 * the best bid 59990, the best ask 60010.
 */

let venue: Venue;
let client: MainClient;
beforeEach(async () => {
  venue = await startVenue();
  client = restClient(venue, venue.house.alice);
});
afterEach(() => venue.stop());

const symbol = 'BTCUSDT';
const balanceOf = async (asset: string) =>
  (await client.getAccountInformation()).balances.find((balance) => balance.asset === asset);
/** Type and status of all orders, oldest first. */
const orders = async () =>
  (await client.getAllOrders({ symbol })).map(({ type, side, status, origQty }) => [
    type,
    side,
    status,
    origQty,
  ]);

const pair = {
  symbol,
  side: 'SELL',
  quantity: 0.5,
  aboveType: 'LIMIT_MAKER',
  abovePrice: 60_500,
  belowType: 'STOP_LOSS_LIMIT',
  belowStopPrice: 59_990,
  belowPrice: 59_980,
  belowTimeInForce: 'GTC',
} as const;

test('OCO: both legs share one lock, and the one that trades ends the other', async () => {
  const placed = await client.submitNewOrderList(pair);
  expect(placed).toMatchObject({
    contingencyType: 'OCO',
    listStatusType: 'EXEC_STARTED',
    listOrderStatus: 'EXECUTING',
    symbol,
  });
  expect(placed.orders).toHaveLength(2);
  expect(placed.orderReports).toMatchObject([{ type: 'STOP_LOSS_LIMIT' }, { type: 'LIMIT_MAKER' }]);
  expect(await balanceOf('BTC')).toMatchObject({ free: '1.50000000', locked: '0.50000000' });

  venue.house.buy('BTCUSDT', '60500.00', '3.1');
  // 3 come from bob's asks, 0.1 from alice's limit: it has traded in part, and the stop is gone.
  expect(await orders()).toEqual([
    ['STOP_LOSS_LIMIT', 'SELL', 'EXPIRED', '0.50000000'],
    ['LIMIT_MAKER', 'SELL', 'PARTIALLY_FILLED', '0.50000000'],
  ]);
  venue.house.buy('BTCUSDT', '60500.00', '0.4');
  expect(await client.getOCO({ orderListId: placed.orderListId })).toMatchObject({
    listStatusType: 'ALL_DONE',
    listOrderStatus: 'ALL_DONE',
  });
  // 0.5 x 60500 less 0.1 %.
  expect(await balanceOf('USDT')).toMatchObject({ free: '130219.75000000' });
});

test('OCO: canceling one leg cancels both, and a list can be canceled by name', async () => {
  const first = await client.submitNewOrderList(pair);
  await client.cancelOrder({ symbol, orderId: first.orders[0]!.orderId });
  expect(await orders()).toMatchObject([
    ['STOP_LOSS_LIMIT', 'SELL', 'CANCELED', '0.50000000'],
    ['LIMIT_MAKER', 'SELL', 'CANCELED', '0.50000000'],
  ]);
  const second = await client.submitNewOrderList(pair);
  expect(await client.getAllOpenOCO()).toMatchObject([{ orderListId: second.orderListId }]);
  const canceled = await client.cancelOCO({ symbol, listClientOrderId: second.listClientOrderId } as never);
  expect(canceled).toMatchObject({ listOrderStatus: 'ALL_DONE', orderListId: second.orderListId });
  expect(await client.getAllOpenOCO()).toEqual([]);
  expect((await client.getAllOCO()).map(({ orderListId }) => orderListId)).toEqual([
    first.orderListId,
    second.orderListId,
  ]);
  expect(await balanceOf('BTC')).toMatchObject({ free: '2.00000000', locked: '0.00000000' });
});

test('OCO: the old way of asking for one still works', async () => {
  const placed = await client.submitNewOCO({
    symbol,
    side: 'SELL',
    quantity: 0.5,
    price: 60_500,
    stopPrice: 59_000,
    stopLimitPrice: 58_900,
    stopLimitTimeInForce: 'GTC',
  });
  expect(placed).toMatchObject({ contingencyType: 'OCO', listOrderStatus: 'EXECUTING' });
});

test('OCO: legs on the wrong side of the market are refused', async () => {
  await expect(client.submitNewOrderList({ ...pair, abovePrice: 59_000 })).rejects.toMatchObject({
    code: -2010,
    message: 'The relationship of the prices for the orders is not correct.',
  });
  expect(await orders()).toEqual([]);
});

test('OTO: the pending order comes to life when the working one is filled completely', async () => {
  const placed = await client.submitNewOrderListOTO({
    symbol,
    workingType: 'LIMIT',
    workingSide: 'BUY',
    workingPrice: '60000',
    workingQuantity: '0.5',
    workingTimeInForce: 'GTC',
    pendingType: 'LIMIT',
    pendingSide: 'SELL',
    pendingPrice: '61000',
    pendingQuantity: '0.4',
    pendingTimeInForce: 'GTC',
  });
  expect(placed).toMatchObject({ contingencyType: 'OTO', listOrderStatus: 'EXECUTING' });
  expect(placed.orderReports).toMatchObject([
    { side: 'BUY', status: 'NEW' },
    { side: 'SELL', status: 'PENDING_NEW', workingTime: -1 },
  ]);
  venue.house.sell('BTCUSDT', '60000.00', '0.3');
  expect((await orders()).map(([, , status]) => status)).toEqual(['PARTIALLY_FILLED', 'PENDING_NEW']);
  expect(await balanceOf('BTC')).toMatchObject({ free: '2.29970000', locked: '0.00000000' });
  venue.house.sell('BTCUSDT', '60000.00', '0.2');
  expect((await orders()).map(([, , status]) => status)).toEqual(['FILLED', 'NEW']);
  // 2 and 0.5 less 0.1 % are 2.4995, of which 0.4 are for sale.
  expect(await balanceOf('BTC')).toMatchObject({ free: '2.09950000', locked: '0.40000000' });
});

test('OTO: without its working order the pending one ends', async () => {
  const placed = await client.submitNewOrderListOTO({
    symbol,
    workingType: 'LIMIT_MAKER',
    workingSide: 'BUY',
    workingPrice: '59000',
    workingQuantity: '0.5',
    pendingType: 'STOP_LOSS',
    pendingSide: 'SELL',
    pendingStopPrice: '58000',
    pendingQuantity: '0.5',
  });
  await client.cancelOrder({ symbol, orderId: placed.orders[0]!.orderId });
  expect((await orders()).map(([type]) => type)).toEqual(['LIMIT_MAKER', 'STOP_LOSS']);
  expect(await client.getOpenOrders({ symbol })).toEqual([]);
  expect(await balanceOf('USDT')).toMatchObject({ free: '100000.00000000', locked: '0.00000000' });
});

test('OTOCO: a filled entry is followed by its stop and its target', async () => {
  const placed = await client.submitNewOrderListOTOCO({
    symbol,
    workingType: 'LIMIT',
    workingSide: 'BUY',
    workingPrice: '60000',
    workingQuantity: '0.5',
    workingTimeInForce: 'GTC',
    pendingSide: 'SELL',
    pendingQuantity: '0.4',
    pendingAboveType: 'LIMIT_MAKER',
    pendingAbovePrice: '61000',
    pendingBelowType: 'STOP_LOSS',
    pendingBelowStopPrice: '59990',
  });
  expect(placed).toMatchObject({ contingencyType: 'OTO' });
  expect(placed.orderReports.map(({ status }) => status)).toEqual(['NEW', 'PENDING_NEW', 'PENDING_NEW']);
  venue.house.sell('BTCUSDT', '60000.00', '0.5');
  expect(await balanceOf('BTC')).toMatchObject({ free: '2.09950000', locked: '0.40000000' });
  venue.house.sell('BTCUSDT', '59990.00', '0.1');
  expect(await orders()).toEqual([
    ['LIMIT', 'BUY', 'FILLED', '0.50000000'],
    ['STOP_LOSS', 'SELL', 'FILLED', '0.40000000'],
    ['LIMIT_MAKER', 'SELL', 'EXPIRED', '0.40000000'],
  ]);
});

test('OPO: what was bought, less its fee, is sold again', async () => {
  const placed = await client.submitNewOrderListOPO({
    symbol,
    workingType: 'LIMIT',
    workingSide: 'BUY',
    workingPrice: '60000',
    workingQuantity: '0.50001',
    workingTimeInForce: 'GTC',
    pendingType: 'LIMIT',
    pendingSide: 'SELL',
    pendingPrice: '61000',
    pendingTimeInForce: 'GTC',
  });
  expect(placed).toMatchObject({ contingencyType: 'OTO' });
  expect(placed.orderReports[1]).toMatchObject({ status: 'PENDING_NEW' });
  expect(placed.orderReports[1]).not.toHaveProperty('origQty');
  venue.house.sell('BTCUSDT', '60000.00', '0.50001');
  const [, pending] = await client.getAllOrders({ symbol });
  expect(pending).toMatchObject({ status: 'NEW', side: 'SELL' });
  // The fee of 0.00050001 is taken from the free balance, which suffices (binance-spot.md section 4.3), so all of it is for sale.
  expect(pending!.origQty).toBe('0.50001000');
});

test('OPOCO: a stop and a target sell what was bought', async () => {
  const placed = await client.submitNewOrderListOPOCO({
    symbol,
    workingType: 'LIMIT',
    workingSide: 'BUY',
    workingPrice: '60000',
    workingQuantity: '0.5',
    workingTimeInForce: 'GTC',
    pendingSide: 'SELL',
    pendingAboveType: 'LIMIT_MAKER',
    pendingAbovePrice: '61000',
    pendingBelowType: 'STOP_LOSS',
    pendingBelowStopPrice: '59000',
  });
  expect(placed.orderReports).toHaveLength(3);
  venue.house.sell('BTCUSDT', '60000.00', '0.5');
  expect((await orders()).map(([type, , status]) => [type, status])).toEqual([
    ['LIMIT', 'FILLED'],
    ['STOP_LOSS', 'NEW'],
    ['LIMIT_MAKER', 'NEW'],
  ]);
});

test('OPO: a working order that sells is refused', async () => {
  await expect(
    client.submitNewOrderListOPO({
      symbol,
      workingType: 'LIMIT',
      workingSide: 'SELL',
      workingPrice: '61000',
      workingQuantity: '0.5',
      workingTimeInForce: 'GTC',
      pendingType: 'LIMIT',
      pendingSide: 'SELL',
      pendingPrice: '62000',
      pendingTimeInForce: 'GTC',
    }),
  ).rejects.toMatchObject({ code: -1222 });
});
