import { formatAmount, formatPrice, ratio } from '@tradewind/core/money';
import { expect, test } from 'vitest';
import { entry, text, type Wish, World } from './exchange.test-support.ts';
import golden from './golden-vectors.json' with { type: 'json' };
import type { CommissionRates } from './index.ts';

test.each(golden.trailingStop)('trailing stop $id triggers at the price of the documents', (scenario) => {
  const world = new World();
  const [owner, others] = [world.account(), world.account()];
  world.tradeAt(others, others, String(scenario.lastAtPlacement));
  const { order } = world.place(owner, {
    side: scenario.side as 'BUY' | 'SELL',
    type: scenario.type as 'STOP_LOSS_LIMIT',
    price: String(scenario.limitPrice),
    quantity: '1',
    trailingDelta: scenario.trailingDelta,
    ...(scenario.stopPrice === null ? {} : { stopPrice: String(scenario.stopPrice) }),
  });
  const seen: { price: number; isWorking: boolean; isTrailing: boolean }[] = [];
  for (const price of scenario.path) {
    world.time.advance(1000);
    world.tradeAt(others, others, String(price));
    const now = world.order(owner, order.orderId);
    seen.push({ price, isWorking: now.isWorking, isTrailing: now.trailingTimeMs !== -1 });
  }
  const firstWorking = seen.find(({ isWorking }) => isWorking);
  expect(firstWorking?.price).toBe(scenario.triggersAt);
  const from = scenario.tracksFrom === 'placement' ? scenario.path[0] : scenario.tracksFrom;
  expect(seen.find(({ isTrailing }) => isTrailing)?.price).toBe(from);
});

const bySize = (order: { qty?: number; price?: number; stp?: string }): Wish => ({
  quantity: String(order.qty),
  ...(order.price === undefined ? {} : { price: String(order.price) }),
});

test.each(golden.stp.filter(({ id }) => id !== 'H'))('self-trade prevention $id', (scenario) => {
  const world = new World();
  const owner = world.account();
  const makers = scenario.id === 'C' ? golden.stp[1]!.maker : scenario.maker;
  if (typeof makers === 'string') throw new Error('only C refers to another scenario');
  const makerIds = makers.map(
    (maker) =>
      world.place(owner, {
        ...bySize(maker as { qty: number }),
        side: 'BUY',
        selfTradePrevention: ((maker as { stp?: string }).stp ?? 'NONE') as 'NONE',
      }).order.orderId,
  );
  const { taker } = scenario;
  const placed = world.place(owner, {
    ...bySize(taker),
    side: 'SELL',
    type: taker.type as 'LIMIT',
    selfTradePrevention: taker.stp as 'NONE',
  });
  const expected = scenario.result as {
    maker: string[];
    taker: string;
    makerPrevented?: number[];
    takerPrevented?: number;
  };
  expect(makerIds.map((id) => world.status(owner, id))).toEqual(expected.maker);
  expect(world.status(owner, placed.order.orderId)).toBe(expected.taker);
  const prevented = (id: number): number => Number(text(world.order(owner, id).preventedQuantity));
  if (expected.makerPrevented) expect(makerIds.map(prevented)).toEqual(expected.makerPrevented);
  if (expected.takerPrevented) expect(prevented(placed.order.orderId)).toBe(expected.takerPrevented);
});

test('self-trade prevention H: TRANSFER moves base and notional between two accounts of one group', () => {
  const scenario = golden.stp.find(({ id }) => id === 'H') as {
    balancesBefore: Record<string, { BTC: number[]; USDT: number[] }>;
    result: { balancesAfter: Record<string, { BTC: number[]; USDT: number[] }> };
  };
  const world = new World();
  const start = scenario.balancesBefore.maker!;
  const accounts = ['maker', 'taker'].map(() => {
    const account = world.account({ BTC: String(start.BTC[0]), USDT: String(start.USDT[0]) });
    world.exchange.switchAccount(account, { tradeGroup: 7 });
    return account;
  });
  const [maker, taker] = accounts as [number, number];
  world.place(maker, { price: '0.2', quantity: '0.6', selfTradePrevention: 'TRANSFER' });
  world.place(taker, { side: 'SELL', price: '0.2', quantity: '0.2', selfTradePrevention: 'TRANSFER' });
  for (const [name, account] of [
    ['maker', maker],
    ['taker', taker],
  ] as const) {
    const after = scenario.result.balancesAfter[name]!;
    expect(world.balance(account, 'BTC').map(Number)).toEqual(after.BTC);
    expect(world.balance(account, 'USDT').map(Number)).toEqual(after.USDT);
  }
});

function countsOf(world: World, account: number): number {
  return world.exchange.orderCounts(account)[0]!.count;
}

test('the unfilled-order count of the taker example', () => {
  const world = new World();
  const [owner, other] = [world.account(), world.account()];
  const counts: number[] = [];
  const note = (): void => void counts.push(countsOf(world, owner));
  world.place(owner, { price: '1', quantity: '6' });
  note();
  world.place(other, { side: 'SELL', price: '100', quantity: '1' });
  const before = countsOf(world, owner) + 1;
  world.place(owner, { price: '100', quantity: '2' });
  counts.push(before);
  note();
  world.place(owner, { price: '1', quantity: '6' });
  note();
  world.place(other, { side: 'SELL', price: '100', quantity: '0.5' });
  note();
  world.place(other, { side: 'SELL', price: '100', quantity: '0.5' });
  note();
  world.place(other, { side: 'SELL', price: '100', quantity: '1' });
  counts.push(countsOf(world, owner) + 1);
  world.place(owner, { type: 'MARKET', quantity: '1' });
  note();
  expect(counts).toEqual(golden.unfilledOrderCount.takerExample.map(([, count]) => count));
});

test('the unfilled-order count of the maker example', () => {
  const world = new World();
  const [owner, other] = [world.account(), world.account()];
  const counts: number[] = [];
  const note = (): void => void counts.push(countsOf(world, owner));
  for (const price of ['10', '9', '8', '7', '6']) world.place(owner, { price, quantity: '2' });
  note();
  world.place(other, { side: 'SELL', price: '10', quantity: '1' });
  note();
  world.place(owner, { price: '5', quantity: '2' });
  note();
  world.place(owner, { price: '5', quantity: '2' });
  note();
  world.place(other, { side: 'SELL', price: '10', quantity: '1' });
  note();
  world.place(other, { side: 'SELL', price: '9', quantity: '1' });
  note();
  world.place(owner, { price: '5', quantity: '2' });
  note();
  expect(counts).toEqual(golden.unfilledOrderCount.makerExample.map(([, count]) => count));
});

test('the unfilled-order count of the cancel example', () => {
  const world = new World();
  const [owner, other] = [world.account(), world.account()];
  const counts: number[] = [];
  const note = (): void => void counts.push(countsOf(world, owner));
  const { order } = world.place(owner, { price: '1', quantity: '6' });
  note();
  world.exchange.cancelOrder(owner, { symbol: 'BTCUSDT', orderId: order.orderId });
  note();
  world.place(owner, { price: '1', quantity: '6' });
  note();
  world.place(other, { side: 'SELL', price: '100', quantity: '1' });
  counts.push(countsOf(world, owner) + 1);
  world.place(owner, { price: '100', quantity: '1', timeInForce: 'FOK' });
  note();
  const resting = world.place(owner, { price: '1', quantity: '6' });
  note();
  world.place(owner, { price: '100', quantity: '1', timeInForce: 'FOK' });
  // An order that expires gives nothing back, so its placement and its end show the same count.
  note();
  note();
  world.exchange.cancelOrder(owner, { symbol: 'BTCUSDT', orderId: resting.order.orderId });
  note();
  world.place(owner, { price: '1', quantity: '6' });
  note();
  expect(counts).toEqual(golden.unfilledOrderCount.cancelExample.map(([, count]) => count));
});

const { input, expected } = golden.commission;
const ratesOf = (rates: Readonly<Record<keyof CommissionRates, number>>): CommissionRates => ({
  maker: ratio(rates.maker.toFixed(18)),
  taker: ratio(rates.taker.toFixed(18)),
  buyer: ratio(rates.buyer.toFixed(18)),
  seller: ratio(rates.seller.toFixed(18)),
});

/** A SELL by market of the documents' example; what it was charged. */
function chargeOfExample(bnb: string): { amount: string; asset: string } {
  const world = new World([entry('BTCUSDT'), entry('BNBUSDT')], { discount: String(input.discount) });
  const others = world.account({ BTC: '10', USDT: '1000000', BNB: '10' });
  const seller = world.account({ BTC: '10', USDT: '0', BNB: bnb });
  world.exchange.switchAccount(seller, {
    isDiscountEnabled: true,
    standardCommission: ratesOf(input.standard),
  });
  world.exchange.setSpecialCommission(seller, 'BTCUSDT', ratesOf(input.special));
  world.exchange.setTaxCommission('BTCUSDT', ratesOf(input.tax));
  world.tradeAt(others, others, String(input.bnbUsdt), '1', 'BNBUSDT');
  world.place(others, { price: String(input.price), quantity: String(input.qty) });
  const { fills } = world.place(seller, { side: 'SELL', type: 'MARKET', quantity: String(input.qty) });
  expect(fills).toHaveLength(1);
  return { amount: formatAmount(fills[0]!.commission), asset: fills[0]!.commissionAsset };
}

test('commission: with enough BNB the discounted sum is charged in BNB at its last price', () => {
  expect(chargeOfExample('10')).toEqual({ amount: expected.totalBNB.toFixed(8), asset: 'BNB' });
});

test('commission: without enough BNB the whole is taken of what was received', () => {
  // 0.01049475 + 0.040229875 + 1049.475, rounded at 8 decimals as the documents round the tax.
  expect(chargeOfExample('4.03')).toEqual({ amount: '1049.52572463', asset: 'USDT' });
});

test('the events of a market order on a thin book come as in the documents', () => {
  const world = new World([entry('LTCBNB')], { discount: '1' });
  const maker = world.account({ LTC: '100', BNB: '1000' });
  const taker = world.account({ LTC: '100', BNB: '1000' });
  world.exchange.switchAccount(taker, {
    isDiscountEnabled: true,
    standardCommission: {
      maker: ratio('0'),
      taker: ratio('0.0005'),
      buyer: ratio('0'),
      seller: ratio('0'),
    },
  });
  world.tradeAt(maker, maker, '1');
  world.place(maker, { side: 'SELL', price: '1', quantity: '2' });
  world.place(maker, { side: 'SELL', price: '1', quantity: '2' });
  world.takeReports();
  world.takeLines();
  world.place(taker, { type: 'MARKET', quantity: '6' });
  const told = world.takeReports();
  const mine = told.filter(({ order }) => order.account === taker);
  const documented = golden.userDataMarketOrderLowLiquiditySequence.filter(
    ({ e }) => e === 'executionReport',
  ) as {
    x: string;
    X: string;
    w: boolean;
    m: boolean;
    l: string;
    z: string;
    L: string;
    Z: string;
    I: number;
  }[];
  const view = mine.map(({ executionType, order, isOnBook, fill }) => ({
    x: executionType,
    X: order.status,
    w: isOnBook,
    m: fill?.isMaker ?? false,
    l: Number(text(fill?.quantity)),
    z: Number(text(order.executedQuantity)),
    L: fill === undefined ? 0 : Number(formatPrice(fill.price)),
    Z: Number(text(order.executedQuote)),
  }));
  expect(view).toEqual(
    documented.map(({ x, X, w, m, l, z, L, Z }) => ({
      x,
      X,
      w,
      m,
      l: Number(l),
      z: Number(z),
      L: Number(L),
      Z: Number(Z),
    })),
  );
  // 62, 63, 65, 67: the execution ids between are the makers'.
  const first = documented[0]!.I;
  const from = mine[0]!.executionId;
  expect(mine.map(({ executionId }) => executionId - from)).toEqual(documented.map(({ I }) => I - first));
  expect(mine.at(-1)!.order.expiryReason).toBe('INSUFFICIENT_LIQUIDITY');
  const charges = mine.flatMap(({ fill }) =>
    fill === undefined ? [] : [`${formatAmount(fill.commission)} ${fill.commissionAsset}`],
  );
  expect(charges).toEqual(['0.001 BNB', '0.001 BNB']);
  // One position per account, the taker's first, the base before the quote.
  expect(world.takeLines().slice(-2)).toEqual([
    `${taker} has LTC 104+0, BNB 995.998+0`,
    `${maker} has LTC 96+0, BNB 1004+0`,
  ]);
});
