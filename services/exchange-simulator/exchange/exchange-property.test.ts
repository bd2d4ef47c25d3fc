import { formatAmount, ratio, unitsOf } from '@tradewind/core/money';
import { expect, test } from 'vitest';
import { ExpectedTotals, lockedByOrders, RebuiltBook } from './books-model.test-support.ts';
import { toPlain } from './exact-json.ts';
import { entry, HandClock, NO_COMMISSION, orderOf, World } from './exchange.test-support.ts';
import golden from './golden-vectors.json' with { type: 'json' };
import { Exchange, type ExecutionReport, type NewOrderList, type PublicTrade } from './index.ts';
import { RandomCommands, SMALL_MARKET } from './random-commands.test-support.ts';

const SEQUENCES = Number(process.env.EXCHANGE_SEQUENCES ?? 8);
const LENGTH = 100;
const BALANCES = { BTC: '60', USDT: '1500' };

const RATES = {
  maker: ratio('0.0007'),
  taker: ratio('0.001'),
  buyer: ratio('0.0001'),
  seller: ratio('0'),
};

/** What may follow what, from the documents; an order that is first told of may have any of the first statuses. */
const NEXT: Readonly<Record<string, readonly string[]>> = {
  ...(golden.orderStatusTransitions as unknown as Record<string, readonly string[]>),
  FILLED: [],
  CANCELED: [],
  EXPIRED: [],
  EXPIRED_IN_MATCH: [],
};

function watch(world: World, accounts: readonly number[]) {
  const totals = new ExpectedTotals();
  const book = new RebuiltBook();
  const statuses = new Map<number, string>();
  const breaches: string[] = [];
  const start = { BTC: 6_000_000_000n, USDT: 150_000_000_000n };
  for (const account of accounts)
    for (const [asset, units] of Object.entries(start)) totals.add(account, asset, units);
  world.exchange.listen({
    executionReport: (report) => {
      if (report.fill !== undefined) totals.fill(report.fill);
      totals.prevention(report);
      noteStatus(statuses, report, breaches);
    },
    balanceUpdate: ({ account, asset, delta }) => totals.add(account, asset, unitsOf(delta)),
    bookChange: (change) => book.apply(change),
  });
  return { totals, book, breaches };
}

function noteStatus(statuses: Map<number, string>, report: ExecutionReport, breaches: string[]): void {
  const { orderId, status } = report.order;
  if (orderId === -1) return;
  const before = statuses.get(orderId);
  const isSame = before === status && (NEXT[status] ?? []).length > 0;
  if (before !== undefined && !isSame && !NEXT[before]!.includes(status))
    breaches.push(`${before} -> ${status}`);
  statuses.set(orderId, status);
}

test.each([
  { rates: NO_COMMISSION, what: 'locks and conservation without commissions, with everything' },
  { rates: RATES, what: 'conservation with commissions' },
])(`after every command of a random sequence: $what`, ({ rates }) => {
  for (let seed = 1; seed <= SEQUENCES; seed++) {
    const world = new World([SMALL_MARKET], { standardCommission: rates });
    const accounts = [1, 2, 3].map(() => world.account(BALANCES));
    for (const account of accounts.slice(1)) world.exchange.switchAccount(account, { tradeGroup: 1 });
    const watched = watch(world, accounts);
    const commands = new RandomCommands(seed, { accounts, hasOperator: rates === RATES });
    for (let count = 0; count < LENGTH; count++) {
      commands.next()(world.exchange, world.time);
      const where = `seed ${seed}, command ${count}`;
      expect(watched.breaches, where).toEqual([]);
      for (const account of accounts) {
        for (const asset of ['BTC', 'USDT'] as const) {
          const balance = world.exchange.balances(account).find((one) => one.asset === asset)!;
          const total = unitsOf(balance.free) + unitsOf(balance.locked);
          expect(total, `${where}: ${account} ${asset}`).toBe(watched.totals.of(account, asset));
          expect(unitsOf(balance.free) >= 0n && unitsOf(balance.locked) >= 0n, where).toBe(true);
          if (rates === NO_COMMISSION && !hidesItsLock(world, account))
            expect(unitsOf(balance.locked), `${where}: ${account} locks ${asset}`).toBe(
              lockedByOrders(world.exchange, account, asset),
            );
        }
      }
      const depth = world.exchange.depth('BTCUSDT', 1000);
      expect(depth.lastUpdateId, where).toBe(watched.book.lastUpdateId);
      expect(
        depth.bids.map((level) => [level.price, level.quantity]),
        where,
      ).toEqual(watched.book.sorted('BUY'));
      expect(
        depth.asks.map((level) => [level.price, level.quantity]),
        where,
      ).toEqual(watched.book.sorted('SELL'));
      // With an outside market the book may be crossed where it shows again what had been traded with (`Feed`).
      if (rates === NO_COMMISSION && depth.bids[0] && depth.asks[0])
        expect(unitsOf(depth.bids[0].price) < unitsOf(depth.asks[0].price), where).toBe(true);
    }
    expect(watched.book.gaps).toBe(0);
    expectRecordsToAddUp(world.exchange, accounts);
  }
});

/** A stop that only trails has no price of its own, and a stop to buy at the market is locked for at its stop price or at what it costs. */
function hidesItsLock(world: World, account: number): boolean {
  const open = world.exchange.openOrders(account, 'BTCUSDT');
  return (
    open.ok &&
    open.value.some(
      ({ side, stopPrice, price, trailingDelta, peggedPrice }) =>
        side === 'BUY' &&
        peggedPrice === undefined &&
        unitsOf(price) === 0n &&
        unitsOf(stopPrice) === 0n &&
        trailingDelta !== 0,
    )
  );
}

/** Every order has traded what its fills say, and both sides of every public trade are fills. */
function expectRecordsToAddUp(exchange: Exchange, accounts: readonly number[]): void {
  const { oracle } = exchange;
  const traded = new Map<number, bigint>();
  for (const fill of oracle.fills('BTCUSDT'))
    traded.set(fill.orderId, (traded.get(fill.orderId) ?? 0n) + unitsOf(fill.quantity));
  for (const order of oracle.orders('BTCUSDT'))
    expect(unitsOf(order.executedQuantity)).toBe(traded.get(order.orderId) ?? 0n);
  const perTrade = new Map<number, number>();
  for (const { tradeId } of oracle.fills('BTCUSDT')) perTrade.set(tradeId, (perTrade.get(tradeId) ?? 0) + 1);
  const trades: readonly PublicTrade[] = oracle.trades('BTCUSDT');
  expect(trades.map(({ id }) => id)).toEqual(trades.map((_, at) => at + 1));
  for (const [tradeId, count] of perTrade) {
    expect(count).toBeLessThanOrEqual(2);
    expect(trades[tradeId - 1]!.id).toBe(tradeId);
  }
  const open = accounts.flatMap((account) => {
    const orders = exchange.openOrders(account);
    return orders.ok ? orders.value : [];
  });
  for (const { status } of open) expect(['NEW', 'PARTIALLY_FILLED', 'PENDING_NEW']).toContain(status);
}

test('an exchange that was saved and loaded in the middle goes on as if it had not been', () => {
  for (let seed = 1; seed <= SEQUENCES; seed++) {
    const world = new World([SMALL_MARKET], { standardCommission: RATES, recordsKept: 40 });
    const accounts = [1, 2, 3].map(() => world.account(BALANCES));
    for (const account of accounts.slice(1)) world.exchange.switchAccount(account, { tradeGroup: 1 });
    const commands = new RandomCommands(seed * 7919, { accounts, hasOperator: true });
    for (let count = 0; count < LENGTH; count++) commands.next()(world.exchange, world.time);
    const clock = new HandClock();
    clock.advance(world.time.elapsedMs());
    const saved = JSON.parse(JSON.stringify(world.exchange.save()));
    const loaded = Exchange.load({ ...world.options, clock }, saved);
    expect(loaded.save(), `seed ${seed}`).toEqual(saved);
    const [told, toldAgain] = [world.exchange, loaded].map(everything);
    for (let count = 0; count < LENGTH; count++) {
      const command = commands.next();
      const outcome = command(world.exchange, world.time);
      const again = command(loaded, clock);
      expect(toPlain(again), `seed ${seed}, command ${count}`).toEqual(toPlain(outcome));
    }
    expect(toldAgain, `seed ${seed}`).toEqual(told);
    expect(loaded.save()).toEqual(world.exchange.save());
  }
});

test('an open list goes on in a loaded exchange after more orders and lists than are kept came after it', () => {
  const world = new World([entry('BTCUSDT')], { recordsKept: 2 });
  const [owner, other] = [world.account(), world.account()];
  world.tradeAt(other, other, '100', '1');
  const pair = (listClientOrderId: string): NewOrderList => ({
    kind: 'OTOCO',
    symbol: 'BTCUSDT',
    listClientOrderId,
    working: orderOf({ price: '101', quantity: '1', timeInForce: 'GTC' }),
    pendingAbove: orderOf({ side: 'SELL', type: 'LIMIT_MAKER', price: '120', quantity: '1' }),
    pendingBelow: orderOf({ side: 'SELL', type: 'STOP_LOSS', stopPrice: '80', quantity: '1' }),
  });
  world.place(other, { side: 'SELL', price: '101', quantity: '1' });
  expect(world.exchange.placeList(owner, pair('long')).ok).toBe(true);
  for (const name of ['a', 'b', 'c', 'd', 'e']) {
    expect(world.exchange.placeList(owner, pair(name)).ok).toBe(true);
    const request = { symbol: 'BTCUSDT', listClientOrderId: name, orderListId: undefined };
    expect(world.exchange.cancelList(owner, request).ok).toBe(true);
  }
  const loaded = Exchange.load(world.options, JSON.parse(JSON.stringify(world.exchange.save())));
  for (const exchange of [world.exchange, loaded]) {
    expect(exchange.openOrderLists(owner).map((list) => list.listClientOrderId)).toEqual(['long']);
    const taken = exchange.placeOrder(other, 'BTCUSDT', orderOf({ price: '120', quantity: '1' }));
    expect(taken.ok && taken.value.order.status).toBe('FILLED');
    expect(exchange.openOrderLists(owner)).toEqual([]);
    const usdt = exchange.balances(owner).find(({ asset }) => asset === 'USDT')!;
    expect([formatAmount(usdt.free), formatAmount(usdt.locked)]).toEqual(['100000019', '0']);
  }
});

/** Every event of an exchange from now on, as JSON. */
function everything(exchange: Exchange): string[] {
  const told: string[] = [];
  const note =
    (kind: string) =>
    (event: unknown): void =>
      void told.push(`${kind} ${JSON.stringify(toPlain(event))}`);
  exchange.listen({
    executionReport: note('report'),
    listStatus: note('list'),
    accountPosition: note('position'),
    balanceUpdate: note('balance'),
    externalLock: note('lock'),
    trade: note('trade'),
    aggregateTrade: note('aggregate'),
    bookChange: note('book'),
  });
  return told;
}
