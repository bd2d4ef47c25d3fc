import { type Amount, amount, formatAmount, price, quantity, quoteAmount } from '@tradewind/core/money';
import type { OrderIntent, OrderTerms, Side } from '@tradewind/core/orders';
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
  account.lockFor(orders.open, () => price('100'));
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
  const { locked, account } = accountWith((orders) => orders.submitted(intentOf(side, terms)));
  expect([locked('USDT'), locked('BTC')]).toEqual([usdt, btc]);
  account.lockFor([], () => undefined);
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
