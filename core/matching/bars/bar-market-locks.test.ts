import { describe, expect, test } from 'vitest';
import { amount, price, quantity, quoteAmount } from '../../money/index.ts';
import type { OrderTerms } from '../../orders/index.ts';
import {
  BarVenue,
  limit,
  maker,
  market,
  spend,
  stop,
  stopLimit,
  trades,
  trailing,
} from './bar-venue.test-support.ts';

// Every venue has seen one bar at 100. Every expected number was worked out by hand from docs/fills.md.

const SELLER = { cash: '0', coins: '10' };

describe('at placement', () => {
  test.each([
    { side: 'SELL', terms: stop('STOP_LOSS', '1', '100'), refusal: 'would_trigger_immediately' },
    { side: 'SELL', terms: stop('STOP_LOSS', '1', '99.99'), refusal: undefined },
    { side: 'BUY', terms: stop('STOP_LOSS', '1', '100'), refusal: 'would_trigger_immediately' },
    { side: 'BUY', terms: stop('STOP_LOSS', '1', '100.01'), refusal: undefined },
    { side: 'SELL', terms: stopLimit('TAKE_PROFIT', '1', '100', '90'), refusal: 'would_trigger_immediately' },
    { side: 'BUY', terms: stop('TAKE_PROFIT', '1', '100'), refusal: 'would_trigger_immediately' },
    { side: 'BUY', terms: trailing('STOP_LOSS', '1', 100, '90'), refusal: undefined },
    { side: 'BUY', terms: trailing('STOP_LOSS', '1', 100), refusal: undefined },
    { side: 'BUY', terms: maker('1', '100'), refusal: 'would_match_immediately' },
    { side: 'BUY', terms: maker('1', '99.99'), refusal: undefined },
    { side: 'SELL', terms: maker('1', '100'), refusal: 'would_match_immediately' },
    { side: 'SELL', terms: maker('1', '100.01'), refusal: undefined },
    { side: 'BUY', terms: limit('1', '120'), refusal: undefined },
  ] as const)('$side $terms.type is judged by the last price: $refusal', ({ side, terms, refusal }) => {
    const venue = new BarVenue({ coins: '1' });
    expect(venue.refusalOf(side, terms)?.reason).toBe(refusal);
  });

  test('what cannot be counted or kept is refused with its size, not taken and forgotten', () => {
    const venue = new BarVenue({ tick: '0.01' });
    const refusalOf = (terms: OrderTerms) => venue.refusalOf('BUY', terms);
    const huge = '1000000000000000';
    expect(refusalOf(limit('1', huge))).toEqual({ reason: 'price_too_large', was: price(huge) });
    expect(refusalOf(stop('STOP_LOSS', '1', huge))).toEqual({ reason: 'price_too_large', was: price(huge) });
    expect(refusalOf(market(huge))).toEqual({ reason: 'quantity_too_large', was: quantity(huge) });
    // 10^12 x 50000 is more than any balance can hold.
    const million = '1000000000000';
    expect(refusalOf(limit(million, '50000'))).toEqual({
      reason: 'quantity_too_large',
      was: quantity(million),
    });
    expect(refusalOf(spend('10000000000000000'))).toEqual({
      reason: 'quantity_too_large',
      was: quoteAmount('10000000000000000'),
    });
  });

  test('the numbers of a refusal say why', () => {
    const venue = new BarVenue();
    expect(venue.refusalOf('SELL', stop('STOP_LOSS', '1', '101'))).toEqual({
      reason: 'would_trigger_immediately',
      stopPrice: price('101'),
      last: price('100'),
    });
    expect(venue.refusalOf('BUY', maker('1', '100'))).toEqual({
      reason: 'would_match_immediately',
      price: price('100'),
      last: price('100'),
    });
    expect(venue.refusalOf('BUY', limit('20', '100'))).toEqual({
      reason: 'insufficient_balance',
      asset: 'USDT',
      needed: amount('USDT', '2000'),
      available: amount('USDT', '1000'),
    });
  });

  test('nothing is taken before the first price', () => {
    const venue = new BarVenue();
    venue.market.observe(0);
    expect(venue.refusalOf('BUY', market('1'))).toEqual({ reason: 'no_price_yet' });
  });
});

describe('locks', () => {
  test('hold what each order needs, rounded up, and cancels give it back', () => {
    const venue = new BarVenue({ coins: '5' });
    venue
      .buy('a', limit('0.333', '33.33'))
      .buy('b', market('2'))
      .buy('c', stop('STOP_LOSS', '1', '110'))
      .buy('d', trailing('STOP_LOSS', '1', 100));
    // 0.333 x 33.33 + 2 x 100 + 110 + 100
    expect(venue.balances).toBe('578.90111+421.09889 5+0');
    venue.sell('e', limit('1.5', '120'));
    expect(venue.balances).toBe('578.90111+421.09889 3.5+1.5');
    expect(venue.market.openOrders.map(({ intent }) => intent.clientOrderId)).toEqual([
      'a',
      'b',
      'c',
      'd',
      'e',
    ]);
    expect(venue.market.cancel('c')).toBe(true);
    expect(venue.market.cancel('c')).toBe(false);
    expect(venue.market.cancel('nobody')).toBe(false);
    expect(venue.balances).toBe('688.90111+311.09889 3.5+1.5');
    expect(venue.told()).toEqual(['c canceled']);
    venue.market.expireAll('END_OF_DATA');
    expect(venue.told()).toEqual(['a END_OF_DATA', 'b END_OF_DATA', 'd END_OF_DATA', 'e END_OF_DATA']);
    expect(venue.balances).toBe('1000+0 5+0');
    expect(venue.market.hasOrders).toBe(false);
  });

  test('dust is what lies below one step', () => {
    const venue = new BarVenue({ coins: '0.5', step: '0.5' });
    expect(venue.market.isDust(venue.accounts.base.balance(0))).toBe(false);
    expect(
      new BarVenue({ coins: '0.49999999', step: '0.5' }).market.isDust(venue.accounts.base.balance(1)),
    ).toBe(true);
    const other = new BarVenue({ coins: '0.49999999', step: '0.5' });
    expect(other.market.isDust(other.accounts.base.balance(0))).toBe(true);
  });
});

describe('fees in BNB', () => {
  test('cost a quarter less, leave what was bought whole, and fall back when BNB runs out', () => {
    const venue = new BarVenue({ bnb: '0.003', bnbPrice: () => 30 });
    venue.buy('a', market('1')).buy('b', market('1'));
    // 100 x 0.001 x 0.75 = 0.075 USDT = 0.0025 BNB; the second finds only 0.0005
    expect(venue.bar('100 100 100 100')).toEqual([
      'a BUY 1 @ 100 = 100 TAKER fee 0.0025 BNB',
      'b BUY 1 @ 100 = 100 TAKER fee 0.001 BTC',
    ]);
    expect([venue.balances, venue.bnb]).toEqual(['800+0 1.999+0', '0.0005+0']);
    const { position } = venue.accounts;
    // 100 + 0.075 + 100
    expect([position.quantity.toNumber(), position.cost.toNumber()]).toEqual([1.999, 200.075]);
  });

  test('of a SELL leave the proceeds whole', () => {
    const venue = new BarVenue({ ...SELLER, bnb: '1', bnbPrice: () => 30 }).sell('s', limit('2', '105'));
    // 210 x 0.0005 x 0.75 = 0.07875 USDT = 0.002625 BNB
    expect(venue.bar('100 106 100 100')).toEqual(['s SELL 2 @ 105 = 210 MAKER fee 0.002625 BNB']);
    expect(venue.balances).toBe('210+0 8+0');
  });

  test('are not charged while BNB has no price', () => {
    const venue = new BarVenue({ bnb: '1', bnbPrice: () => undefined }).buy('a', market('1'));
    expect(venue.bar('100 100 100 100')).toEqual(['a BUY 1 @ 100 = 100 TAKER fee 0.001 BTC']);
  });

  test('come out of BNB itself where BNB is what is traded, as long as some of it is free', () => {
    const venue = new BarVenue({ base: 'BNB', coins: '1', bnbPrice: () => 100 }).buy('b', market('2'));
    // 200 x 0.001 x 0.75 / 100
    expect(venue.bar('100 100 100 100')).toEqual(['b BUY 2 @ 100 = 200 TAKER fee 0.0015 BNB']);
    expect(venue.balances).toBe('800+0 2.9985+0');
    venue.sell('all', market('2.998'));
    // 299.8 x 0.00075 / 100 = 0.0022485, more than the 0.0005 that is free
    expect(venue.bar('100 100 100 100')).toEqual(['all SELL 2.998 @ 100 = 299.8 TAKER fee 0.2998 USDT']);
    expect(venue.balances).toBe('1099.5002+0 0.0005+0');
  });
});

describe('at the largest numbers', () => {
  // One order may be worth 9 x 10^14, and 2^53 - 1 = 9007199254740991 lots of 0.001 can be counted.
  const rich = (cash = '9007199254740991', coins = '0') => new BarVenue({ cash, coins });

  test('an order worth the maximum trades, to the last digit of its fee', () => {
    const venue = rich('900000000000000').buy('b', limit('9000000000000', '100'));
    expect(venue.balances).toBe('0+900000000000000 0+0');
    // The fee is 0.0005 of 9 x 10^12 coins.
    expect(venue.bar('100 100 99 100')).toEqual([
      'b BUY 9000000000000 @ 100 = 900000000000000 MAKER fee 4500000000 BTC',
    ]);
    expect(venue.balances).toBe('0+0 8995500000000+0');
  });

  test.each([
    { what: 'one lot more', side: 'BUY', terms: limit('9000000000000.001', '100') },
    { what: 'a limit above the last price', side: 'BUY', terms: limit('8500000000000', '110') },
    { what: 'a stop above the last price', side: 'BUY', terms: stop('STOP_LOSS', '8500000000000', '110') },
    { what: 'a last price above the limit', side: 'BUY', terms: limit('9000000000001', '1') },
    { what: 'a sale, too', side: 'SELL', terms: market('9000000000001') },
  ] as const)('an order worth more is refused: $what', ({ side, terms }) => {
    const venue = rich('9007199254740991', '9007199254740');
    expect(venue.refusalOf(side, terms)).toEqual({ reason: 'quantity_too_large', was: terms.quantity });
    expect(venue.balances).toBe('9007199254740991+0 9007199254740+0');
  });

  test('a quote amount buys as many lots as can be counted', () => {
    // (2^53 - 1) / 1000 x 100
    const venue = rich('900719925474099.1').buy('b', spend('900719925474099.1'));
    expect(trades(venue.bar('100 100 100 100'))).toEqual(['b BUY 9007199254740.991 @ 100 TAKER']);
    // The fee of 9007199254.740991 is in coins.
    expect(venue.balances).toBe('0+0 8998192055486.250009+0');
  });

  test.each(['BUY', 'SELL'] as const)(
    'a quote amount of one lot more at the last price is refused: %s',
    (side) => {
      const venue = rich('9007199254740991', '9007199254740991');
      const size = '900719925474099.2';
      expect(venue.refusalOf(side, spend(size))).toEqual({
        reason: 'quantity_too_large',
        was: quoteAmount(size),
      });
      expect(venue.balances).toBe('9007199254740991+0 9007199254740991+0');
    },
  );

  test('a quote amount that comes to buy more of them buys none, and all of it is free again', () => {
    // At 100 it is 2^53 - 1 lots, at any price below that more.
    const venue = rich('900719925474099.1').buy('b', spend('900719925474099.1'));
    expect(venue.bar('99.99 100 99 100')).toEqual(['b BELOW_ONE_STEP']);
    expect(venue.balances).toBe('900719925474099.1+0 0+0');
  });
});
