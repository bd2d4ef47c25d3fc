import { formatAmount, ratio } from '@tradewind/core/money';
import { expect, test } from 'vitest';
import { toPlain } from './exact-json.ts';
import { entry, HandClock, NO_COMMISSION, orderOf, World } from './exchange.test-support.ts';
import { Exchange, type NewOrderList } from './index.ts';
import { RandomCommands, SEEDS, SMALL_MARKET } from './random-commands.test-support.ts';
import { SequenceWatch } from './sequence-watch.test-support.ts';

const LENGTH = 100;
const BALANCES = { BTC: '60', USDT: '1500' };
const UNITS = { BTC: 6_000_000_000n, USDT: 150_000_000_000n };

const RATES = {
  maker: ratio('0.0007'),
  taker: ratio('0.001'),
  buyer: ratio('0.0001'),
  seller: ratio('0'),
};

test.each([
  { rates: NO_COMMISSION, what: 'locks and conservation without commissions, with everything' },
  { rates: RATES, what: 'conservation with commissions' },
])(`after every command of a random sequence: $what`, ({ rates }) => {
  for (const seed of SEEDS) {
    const world = new World([SMALL_MARKET], { standardCommission: rates });
    const accounts = [1, 2, 3].map(() => world.account(BALANCES));
    for (const account of accounts.slice(1)) world.exchange.switchAccount(account, { tradeGroup: 1 });
    const isAlone = rates === NO_COMMISSION;
    const watch = new SequenceWatch(world.exchange, accounts, UNITS, isAlone);
    const commands = new RandomCommands(seed, { accounts, hasOperator: !isAlone });
    for (let count = 0; count < LENGTH; count++) {
      commands.next()(world.exchange, world.time);
      const disagreement = watch.disagreement();
      if (disagreement !== undefined) expect.fail(`seed ${seed}, command ${count}: ${disagreement}`);
    }
    expect(watch.disagreementOfRecords(), `seed ${seed}`).toBeUndefined();
  }
});

test('an exchange that was saved and loaded in the middle goes on as if it had not been', () => {
  for (const seed of SEEDS) {
    const world = new World([SMALL_MARKET], { standardCommission: RATES, recordsKept: 40 });
    const accounts = [1, 2, 3].map(() => world.account(BALANCES));
    for (const account of accounts.slice(1)) world.exchange.switchAccount(account, { tradeGroup: 1 });
    const commands = new RandomCommands(seed * 7919, { accounts, hasOperator: true });
    for (let count = 0; count < LENGTH; count++) commands.next()(world.exchange, world.time);
    const clock = new HandClock();
    clock.advance(world.time.elapsedMs());
    const saved = JSON.stringify(world.exchange.save());
    const loaded = Exchange.load({ ...world.options, clock }, JSON.parse(saved));
    expect(JSON.stringify(loaded.save()), `seed ${seed}`).toBe(saved);
    const [told, toldAgain] = [world.exchange, loaded].map(everything);
    for (let count = 0; count < LENGTH; count++) {
      const command = commands.next();
      const outcome = textOf(command(world.exchange, world.time));
      const again = textOf(command(loaded, clock));
      if (again !== outcome) expect.fail(`seed ${seed}, command ${count}: ${again} is not ${outcome}`);
    }
    expect(toldAgain!.join('\n'), `seed ${seed}`).toBe(told!.join('\n'));
    expect(textOf(loaded.save()), `seed ${seed}`).toBe(textOf(world.exchange.save()));
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

test('what is saved can be loaded whole, also when closed lists are remembered longer than their orders', () => {
  const world = new World([entry('BTCUSDT')], { recordsKept: 4 });
  const owner = world.account();
  world.tradeAt(owner, owner, '100', '1');
  const above = orderOf({ side: 'SELL', type: 'LIMIT_MAKER', price: '120', quantity: '1' });
  const below = orderOf({ side: 'SELL', type: 'STOP_LOSS', stopPrice: '80', quantity: '1' });
  for (const listClientOrderId of ['a', 'b', 'c', 'd']) {
    const symbol = 'BTCUSDT';
    const placed = world.exchange.placeList(owner, { kind: 'OCO', symbol, listClientOrderId, above, below });
    expect(placed.ok).toBe(true);
    const request = { symbol, listClientOrderId, orderListId: undefined };
    expect(world.exchange.cancelList(owner, request).ok).toBe(true);
  }
  const saved = JSON.stringify(world.exchange.save());
  const loaded = Exchange.load(world.options, JSON.parse(saved));
  expect(JSON.stringify(loaded.save())).toBe(saved);
});

/** Texts are compared, because the test runner takes longer to compare trees than the exchange to make them. */
const textOf = (value: unknown): string => JSON.stringify(toPlain(value)) ?? '';

/** Every event of an exchange from now on, as JSON. */
function everything(exchange: Exchange): string[] {
  const told: string[] = [];
  const note =
    (kind: string) =>
    (event: unknown): void =>
      void told.push(`${kind} ${textOf(event)}`);
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
