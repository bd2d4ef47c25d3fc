import { type Amount, amount, formatAmount, price, quantity, quoteAmount } from '@tradewind/core/money';
import {
  newOrderRecord,
  type OrderIntent,
  type OrderRecord,
  type OrderTerms,
  type Side,
} from '@tradewind/core/orders';
import type { CommittedEvent, LedgerOrder } from '@tradewind/proto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { testInstrument } from '../../../core/market/market.test-support.ts';
import { SubAccount } from './sub-account.ts';
import { TrackedOrders } from './tracked-orders.ts';

const instruments = new Map([['BTCUSDT', testInstrument('BTC/USDT')]]);
const two = quantity('2');

function accountWith(place: (orders: TrackedOrders) => void) {
  const account = new SubAccount('main', instruments);
  const given = (asset: string, size: string, subAccount = 'main') =>
    ({ subAccount, account: 0, asset, amount: amount(asset, size) as Amount }) as const;
  account.restore([given('USDT', '1000'), given('BTC', '5'), given('USDT', '77', 'other')], []);
  const orders = new TrackedOrders();
  place(orders);
  account.lockFor(orders, () => price('100'));
  const locked = (asset: string): string =>
    formatAmount(account.portfolio.asset(asset).balance(1).toAmount());
  return { account, orders, locked };
}

const intentOf = (side: Side, terms: OrderTerms, clientOrderId = 'a'): OrderIntent => ({
  ...{ clientOrderId, strategy: 'main', symbol: 'BTCUSDT', side, terms, tag: '', decidedAtMs: 0 },
});

interface Lock {
  readonly what: string;
  readonly side: Side;
  readonly terms: OrderTerms;
  readonly usdt: string;
  readonly btc: string;
}

// What the exchange locks (binance-spot.md): a sell its quantity; a buy its cost at the limit, at the stop, at the last price.
test.each([
  { what: 'a sell', side: 'SELL', terms: { type: 'MARKET', quantity: two }, usdt: '0', btc: '2' },
  { what: 'a buy at market', side: 'BUY', terms: { type: 'MARKET', quantity: two }, usdt: '200', btc: '0' },
  {
    ...{ what: 'a buy for an amount', side: 'BUY', usdt: '300', btc: '0' },
    terms: { type: 'MARKET', quoteAmount: quoteAmount('300') },
  },
  {
    ...{ what: 'a sell for an amount', side: 'SELL', usdt: '0', btc: '3' },
    terms: { type: 'MARKET', quoteAmount: quoteAmount('300') },
  },
  {
    ...{ what: 'a limited buy', side: 'BUY', usdt: '180', btc: '0' },
    terms: { type: 'LIMIT', quantity: two, price: price('90'), timeInForce: 'GTC' },
  },
  {
    ...{ what: 'a stop that buys', side: 'BUY', usdt: '220', btc: '0' },
    terms: { type: 'STOP_LOSS', quantity: two, trigger: { stopPrice: price('110') } },
  },
  {
    ...{ what: 'more than there is', side: 'BUY', usdt: '1000', btc: '0' },
    terms: { type: 'MARKET', quantity: quantity('20') },
  },
] satisfies readonly Lock[])('$what locks $usdt USDT and $btc BTC', ({ side, terms, usdt, btc }) => {
  const { locked, account, orders } = accountWith((orders) => orders.submitted(intentOf(side, terms)));
  expect([locked('USDT'), locked('BTC')]).toEqual([usdt, btc]);
  orders.refused('a', 'test', 'test', 0);
  account.lockFor(orders, () => undefined);
  expect([locked('USDT'), locked('BTC')]).toEqual(['0', '0']);
});

test('of orders that stand for one another only the dearest is locked, and a leg that waits locks nothing', () => {
  const limit = (at: string): OrderTerms => ({
    ...{ type: 'LIMIT', quantity: two, price: price(at), timeInForce: 'GTC' },
  });
  const { locked } = accountWith((orders) => {
    orders.submittedList({
      kind: 'OCO',
      listClientOrderId: 'l',
      above: intentOf('BUY', limit('120'), 'above'),
      below: intentOf('BUY', limit('90'), 'below'),
    });
    orders.submittedList({
      kind: 'OTO',
      listClientOrderId: 'm',
      working: intentOf('BUY', limit('50'), 'working'),
      pending: intentOf('SELL', limit('200'), 'pending'),
    });
  });
  // 2 x 120, and 2 x 50.
  expect([locked('USDT'), locked('BTC')]).toEqual(['340', '0']);
});

/** What a slow reader would lock: one order after the other, the oldest first, out of whole units. */
function lockedByHand(wanted: readonly Wanted[], has: { USDT: number; BTC: number }, lastPrice: number) {
  const locked = { USDT: 0, BTC: 0 };
  for (const { side, left, limit } of wanted) {
    const asset = side === 'BUY' ? 'USDT' : 'BTC';
    const need = side === 'BUY' ? left * (limit ?? lastPrice) : left;
    locked[asset] += Math.min(need, Math.max(0, has[asset] - locked[asset]));
  }
  return locked;
}

test('O1: of a list in doubt after a restart the order that it begins with is locked, and nothing in the asset of the leg that waits for it', () => {
  const limit = { type: 'LIMIT', quantity: two, price: price('90'), timeInForce: 'GTC' } as const;
  const inDoubt = (side: Side, clientOrderId: string): LedgerOrder => ({
    intent: intentOf(side, limit, clientOrderId),
    listClientOrderId: 'l',
    record: newOrderRecord({ clientOrderId, symbol: 'BTCUSDT', quantity: two }),
    ...{ expiresAtMs: 0, createdAtMs: 0, correlationId: 'c' },
  });
  const { locked } = accountWith((orders) =>
    orders.restore([inDoubt('BUY', 'working'), inDoubt('SELL', 'pending')], []),
  );
  expect([locked('USDT'), locked('BTC')]).toEqual(['180', '0']);
});

interface Wanted {
  readonly id: string;
  readonly side: Side;
  left: number;
  readonly limit: number | undefined;
}

const step = fc.oneof(
  fc.record({
    do: fc.constant('order' as const),
    side: fc.constantFrom<Side>('BUY', 'SELL'),
    size: fc.integer({ min: 1, max: 4 }),
    limit: fc.option(fc.integer({ min: 50, max: 150 }), { nil: undefined }),
  }),
  fc.record({ do: fc.constantFrom('end' as const, 'lessen' as const), which: fc.nat(20) }),
  fc.record({ do: fc.constant('price' as const), at: fc.integer({ min: 50, max: 150 }) }),
  fc.record({
    do: fc.constant('move' as const),
    asset: fc.constantFrom('USDT' as const, 'BTC' as const),
    by: fc.integer({ min: -400, max: 400 }),
  }),
);

test('whatever order changes, comes, ends or is amended, and whatever is paid in or out, locked is what a slow reader would lock', () =>
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const { account, orders, locked } = accountWith(() => undefined);
      const has = { USDT: 1000, BTC: 5 };
      let wanted: Wanted[] = [];
      let at = 100;
      for (const [number, each] of steps.entries()) {
        switch (each.do) {
          case 'order': {
            const { side, size, limit } = each;
            const wish: Wanted = { id: `o${number}`, side, left: size, limit };
            const own = { quantity: quantity(String(size)) };
            const terms: OrderTerms =
              limit === undefined
                ? { type: 'MARKET', ...own }
                : { type: 'LIMIT', timeInForce: 'GTC', price: price(String(limit)), ...own };
            orders.submitted(intentOf(side, terms, wish.id));
            wanted.push(wish);
            break;
          }
          case 'end':
          case 'lessen': {
            const wish = wanted[each.which % Math.max(1, wanted.length)];
            if (wish === undefined) break;
            const isOver = each.do === 'end' || wish.left === 1;
            wish.left -= 1;
            orders.apply(changeOf(wish, isOver ? 'canceled' : 'working'));
            if (isOver) wanted = wanted.filter((other) => other !== wish);
            break;
          }
          case 'price':
            at = each.at;
            break;
          case 'move':
            has[each.asset] += each.by;
            account.restore(
              [
                {
                  subAccount: 'main',
                  account: 0,
                  asset: each.asset,
                  amount: amount(each.asset, String(each.by)),
                },
              ],
              [],
            );
            break;
        }
        account.lockFor(orders, () => price(String(at)));
        const byHand = lockedByHand(wanted, has, at);
        expect([locked('USDT'), locked('BTC')]).toEqual([String(byHand.USDT), String(byHand.BTC)]);
      }
    }),
  ));

/** The venue says that so much of an order is left. */
function changeOf({ id, left }: Wanted, state: 'working' | 'canceled'): CommittedEvent {
  const record = {
    ...{ clientOrderId: id, symbol: 'BTCUSDT', state, quantity: quantity(String(left)) },
    ...{ executedQuantity: quantity('0'), executedQuoteAmount: quoteAmount('0') },
    preventedQuantity: quantity('0'),
  } as OrderRecord;
  const head = { seq: 1, id: 'x', correlationId: 'c', atMs: 0, service: 'order-execution' } as const;
  const event = state === 'canceled' ? 'canceled' : 'amended';
  return { ...head, kind: 'order', strategy: 'main', event, record, isOurs: true } as CommittedEvent;
}
