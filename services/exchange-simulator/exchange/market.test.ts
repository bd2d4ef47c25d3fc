import { formatAmount, formatPrice, formatRatio, price, quantity, ratio } from '@tradewind/core/money';
import { SeededRandom } from '@tradewind/utils';
import { expect, test } from 'vitest';
import { RebuiltBook } from './books-model.test-support.ts';
import { entry, World } from './exchange.test-support.ts';
import type { AggregateTrade, PublicTrade } from './index.ts';
import { RandomCommands, SEEDS, SMALL_MARKET } from './random-commands.test-support.ts';

const level = (at: string, size: string) => ({ price: price(at), quantity: quantity(size) });

test('trades of one taker at one price make one aggregate, and every aggregate names its trades', () => {
  const world = new World();
  const [maker, taker] = [world.account(), world.account()];
  const told: AggregateTrade[] = [];
  world.exchange.listen({ aggregateTrade: (trade) => told.push(trade) });
  for (const at of ['100', '100', '101']) world.place(maker, { side: 'SELL', price: at, quantity: '1' });
  world.place(taker, { price: '101', quantity: '2.5' });
  world.place(taker, { price: '101', quantity: '0.5' });
  const rows = told.map((one) => [
    one.id,
    formatPrice(one.price),
    formatAmount(one.quantity),
    one.firstTradeId,
    one.lastTradeId,
  ]);
  expect(rows).toEqual([
    [1, '100', '2', 1, 2],
    [2, '101', '0.5', 3, 3],
    [3, '101', '0.5', 4, 4],
  ]);
  expect(world.exchange.aggregateTrades('BTCUSDT').slice()).toEqual(told);
});

test('the average price is weighted by volume over the last minutes, and the last price when nothing traded in them', () => {
  const world = new World();
  const account = world.account();
  expect(world.exchange.averagePrice('BTCUSDT', 5)).toBeUndefined();
  world.tradeAt(account, account, '100', '1');
  world.time.advance(4 * 60_000);
  world.tradeAt(account, account, '110', '3');
  const average = () => formatPrice(world.exchange.averagePrice('BTCUSDT', 5)!.price);
  expect(average()).toBe('107.5');
  world.time.advance(60_000);
  expect(average()).toBe('110');
  world.time.advance(3_600_000);
  expect(average()).toBe('110');
});

test('what is shown from outside is in the book, can be traded with, and is told as changes', () => {
  const world = new World();
  const account = world.account();
  const book = new RebuiltBook();
  const trades: PublicTrade[] = [];
  world.exchange.listen({ bookChange: (change) => book.apply(change), trade: (trade) => trades.push(trade) });
  expect(
    world.exchange.applyDepth('BTCUSDT', [level('99', '2')], [level('101', '2'), level('102', '1')]),
  ).toBe(true);
  const { fills } = world.place(account, { price: '101', quantity: '0.5' });
  expect(fills.map((fill) => [formatPrice(fill.price), formatAmount(fill.quantity)])).toEqual([
    ['101', '0.5'],
  ]);
  world.place(account, { price: '99', quantity: '1' });
  const depth = world.exchange.depth('BTCUSDT', 10);
  const texts = (levels: typeof depth.bids) =>
    levels.map((one) => [formatPrice(one.price), formatAmount(one.quantity)]);
  expect(texts(depth.bids)).toEqual([['99', '3']]);
  expect(texts(depth.asks)).toEqual([
    ['101', '1.5'],
    ['102', '1'],
  ]);
  world.exchange.replaceDepth('BTCUSDT', [level('98', '1')], [level('103', '1')]);
  expect(texts(world.exchange.depth('BTCUSDT', 10).asks)).toEqual([['103', '1']]);
  expect(book.sorted('BUY')).toEqual(
    world.exchange.depth('BTCUSDT', 10).bids.map((one) => [one.price, one.quantity]),
  );
  expect(book.gaps).toBe(0);
  expect(book.lastUpdateId).toBe(world.exchange.lastUpdateId('BTCUSDT'));
  expect(trades).toHaveLength(1);
});

test('a trade of the outside market is told once: what an order here took of it, and the rest', () => {
  const world = new World();
  const account = world.account();
  world.exchange.applyDepth('BTCUSDT', [level('99', '1')], [level('103', '1')]);
  const { order } = world.place(account, { price: '100', quantity: '1' });
  world.exchange.applyTrade('BTCUSDT', price('100'), quantity('3'), 'SELL');
  const rows = world.exchange
    .trades('BTCUSDT')
    .slice()
    .map((one) => [one.id, formatAmount(one.quantity), one.isBuyerMaker]);
  expect(rows).toEqual([
    [1, '1', true],
    [2, '2', true],
  ]);
  expect(world.status(account, order.orderId)).toBe('FILLED');
  expect(formatPrice(world.exchange.lastPrice('BTCUSDT')!)).toBe('100');
});

test('a trade of nothing, or for nothing, is none', () => {
  const world = new World();
  expect(world.exchange.applyTrade('BTCUSDT', price('0'), quantity('1'), 'BUY')).toBe(false);
  expect(world.exchange.applyTrade('BTCUSDT', price('100'), quantity('0'), 'BUY')).toBe(false);
  expect(world.exchange.trades('BTCUSDT').slice()).toEqual([]);
});

test('prices and quantities finer than the symbol are taken from the outside market, and orders keep their places', () => {
  const world = new World([SMALL_MARKET]);
  const account = world.account();
  world.place(account, { price: '20', quantity: '1' });
  expect(world.exchange.applyDepth('BTCUSDT', [level('19.99', '0.12345')], [level('21.001', '1')])).toBe(
    true,
  );
  expect(world.exchange.depth('BTCUSDT', 5).bids).toEqual([level('20', '1'), level('19.99', '0.12345')]);
  const sold = world.place(account, {
    side: 'SELL',
    price: '19.5',
    quantity: '1',
    selfTradePrevention: 'NONE',
  });
  expect(sold.order.status).toBe('FILLED');
});

test('a wipe begins everything anew but accounts and keys', () => {
  const world = new World();
  const account = world.account({ USDT: '1000' });
  world.exchange.addKey({
    apiKey: 'key',
    account,
    kind: 'HMAC',
    secret: 'secret',
    permissions: { read: true, trade: true, withdraw: false },
    allowedAddresses: undefined,
  });
  world.place(account, { price: '10', quantity: '1' });
  world.exchange.transfer(account, 'USDT', quantity('5'));
  let isTold = false;
  world.exchange.listen({ wiped: () => (isTold = true) });
  world.exchange.wipe();
  expect(isTold).toBe(true);
  expect(world.balance(account, 'USDT')).toEqual(['1000', '0']);
  expect(world.exchange.depth('BTCUSDT', 5)).toEqual({ lastUpdateId: 0, bids: [], asks: [] });
  const gone = world.exchange.order(account, { symbol: 'BTCUSDT', orderId: 1 });
  expect(!gone.ok && gone.error.code).toBe(-2013);
  expect(world.exchange.key('key')?.account).toBe(account);
  expect(world.place(account, { price: '10', quantity: '1' }).order.orderId).toBe(1);
});

test('a wipe takes the tax on a symbol back, and nobody is charged it any more', () => {
  const world = new World();
  const [one, other] = [world.account(), world.account()];
  const rates = { maker: ratio('0.01'), taker: ratio('0.01'), buyer: ratio('0'), seller: ratio('0') };
  world.exchange.setTaxCommission('BTCUSDT', rates);
  world.tradeAt(one, other, '100', '1');
  world.exchange.wipe();
  world.tradeAt(one, other, '100', '1');
  expect(world.balance(other, 'BTC')).toEqual(['100001', '0']);
  const shown = world.exchange.commission(other, 'BTCUSDT');
  expect(shown.ok && formatRatio(shown.value.tax.taker)).toBe('0');
});

test('a deposit and a withdrawal are told with their sign, and the position after them', () => {
  const world = new World();
  const account = world.account({ USDT: '10' });
  const told: string[] = [];
  world.exchange.listen({
    balanceUpdate: ({ asset, delta }) => told.push(`${asset} ${formatAmount(delta)}`),
    externalLock: ({ asset, delta }) => told.push(`lock ${asset} ${formatAmount(delta)}`),
  });
  expect(world.exchange.transfer(account, 'USDT', quantity('5')).ok).toBe(true);
  expect(world.exchange.transfer(account, 'USDT', quantity('-12')).ok).toBe(true);
  expect(world.exchange.transfer(account, 'USDT', quantity('-4'))).toMatchObject({ ok: false });
  expect(world.exchange.lockExternally(account, 'USDT', quantity('2')).ok).toBe(true);
  expect(world.exchange.lockExternally(account, 'USDT', quantity('-1')).ok).toBe(true);
  expect(told).toEqual(['USDT 5', 'USDT -12', 'lock USDT 2', 'lock USDT -1']);
  expect(world.takeLines()).toEqual([
    `${account} has USDT 15+0`,
    `${account} has USDT 3+0`,
    `${account} has USDT 1+2`,
    `${account} has USDT 2+1`,
  ]);
});

test('what a listener orders is told after what it heard', () => {
  const world = new World();
  const [one, two] = [world.account(), world.account()];
  world.takeLines();
  const stop = world.exchange.listen({
    bookChange: () => {
      stop();
      world.place(two, { price: '11', quantity: '1' });
    },
  });
  world.place(one, { price: '10', quantity: '1' });
  expect(world.takeLines()).toEqual([
    `${one}/1 NEW NEW`,
    `${one} has USDT 99999990+10`,
    `${two}/2 NEW NEW`,
    `${two} has USDT 99999989+11`,
  ]);
});

const smaller = (one: bigint, other: bigint): bigint => (one < other ? one : other);

/** The obvious book: every order in one list, the next maker found by looking at all of them. */
class ObviousBook {
  readonly trades: string[] = [];
  private readonly orders: { id: number; isBuy: boolean; price: bigint; open: bigint }[] = [];

  take(
    id: number,
    isBuy: boolean,
    limit: bigint | undefined,
    size: bigint,
    mayRest: boolean,
    isWhole: boolean,
  ): void {
    let open = size;
    const crossing = () =>
      this.orders
        .filter(
          (one) =>
            one.isBuy !== isBuy && (limit === undefined || (isBuy ? one.price <= limit : one.price >= limit)),
        )
        .sort((a, b) => Number(isBuy ? a.price - b.price : b.price - a.price) || a.id - b.id);
    if (isWhole && crossing().reduce((sum, one) => sum + one.open, 0n) < size) return;
    for (let maker = crossing()[0]; maker !== undefined && open > 0n; maker = crossing()[0]) {
      const traded = smaller(open, maker.open);
      this.trades.push(`${id} ${maker.id} ${maker.price} ${traded}`);
      maker.open -= traded;
      open -= traded;
      if (maker.open === 0n) this.orders.splice(this.orders.indexOf(maker), 1);
    }
    if (open > 0n && mayRest) this.orders.push({ id, isBuy, price: limit!, open });
  }

  remove(id: number): void {
    const at = this.orders.findIndex((one) => one.id === id);
    if (at !== -1) this.orders.splice(at, 1);
  }

  reduce(id: number, by: bigint): void {
    this.orders.find((one) => one.id === id)!.open -= by;
  }
}

test('orders trade by price, then by time, as in the obvious book', () => {
  for (const seed of SEEDS) {
    const world = new World([entry('BTCUSDT', { filters: SMALL_MARKET.filters.slice(0, 2) })]);
    const accounts = [world.account(), world.account()];
    const book = new ObviousBook();
    const trades: string[] = [];
    const makers: number[] = [];
    const quantities = new Map<number, bigint>();
    const units = (value: unknown): bigint => value as bigint;
    world.exchange.listen({
      executionReport: ({ executionType, order, fill }) => {
        if (executionType === 'NEW') {
          const isMarket = order.type === 'MARKET';
          quantities.set(order.orderId, units(order.quantity));
          book.take(
            order.orderId,
            order.side === 'BUY',
            isMarket ? undefined : units(order.price),
            units(order.quantity),
            !isMarket && order.timeInForce === 'GTC',
            order.timeInForce === 'FOK',
          );
        }
        if (executionType === 'CANCELED') book.remove(order.orderId);
        if (executionType === 'REPLACED') {
          book.reduce(order.orderId, quantities.get(order.orderId)! - units(order.quantity));
          quantities.set(order.orderId, units(order.quantity));
        }
        if (fill?.isMaker) makers.push(order.orderId);
      },
      trade: (trade) =>
        trades.push(`${trade.takerOrderId} ${makers.at(-1)} ${units(trade.price)} ${units(trade.quantity)}`),
    });
    const commands = new RandomCommands(seed, { accounts, isPlain: true });
    for (let count = 0; count < 300; count++) commands.next()(world.exchange, world.time);
    expect(trades.length).toBeGreaterThan(50);
    expect(trades).toEqual(book.trades);
  }
});

test('the same commands at the same times give the same names and numbers', () => {
  const run = (): unknown => {
    const world = new World([SMALL_MARKET]);
    const accounts = [world.account(), world.account()];
    const commands = new RandomCommands(new SeededRandom(3).nextUint32(), { accounts, hasOperator: true });
    for (let count = 0; count < 200; count++) commands.next()(world.exchange, world.time);
    return world.exchange.save();
  };
  expect(run()).toEqual(run());
});
