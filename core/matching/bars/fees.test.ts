import { expect, test } from 'vitest';
import { amount, formatAmount, Tally } from '../../money/index.ts';
import { Account, AssetBook } from '../../portfolio/index.ts';
import { chargeFee } from './fees.ts';
import { FeeDiscount } from './index.ts';

const tally = (text: string): Tally => Tally.of(amount('any', text));
const textOf = (value: Tally): string => formatAmount(value.toAmount());
const rates = { maker: { numerator: 3, denominator: 4000 }, taker: { numerator: 1, denominator: 1000 } };

test.each([
  { received: '2', liquidity: 'TAKER', fee: '0.002' },
  { received: '2', liquidity: 'MAKER', fee: '0.0015' },
  // 0.001 x 0.00001234 = 0.00000001234, up
  { received: '0.00001234', liquidity: 'TAKER', fee: '0.00000002' },
  { received: '0.00000001', liquidity: 'MAKER', fee: '0.00000001' },
  { received: '0', liquidity: 'TAKER', fee: '0' },
] as const)('of $received received a $liquidity pays $fee', ({ received, liquidity, fee }) => {
  const charged = tally('7');
  chargeFee(charged, tally(received), rates, liquidity);
  expect(textOf(charged)).toBe(fee);
});

const bookWith = (bnb: string): AssetBook => {
  const book = new AssetBook('BNB');
  book.move(Account.funding, Account.free, tally(bnb));
  return book;
};
const quarterOff = { numerator: 3, denominator: 4 };

test.each([
  // 0.001 x 1000 x 0.75 = 0.75, at 300 a BNB
  { quote: '1000', ticks: 30_000, liquidity: 'TAKER', value: '0.75', fee: '0.0025' },
  { quote: '1000', ticks: 30_000, liquidity: 'MAKER', value: '0.5625', fee: '0.001875' },
  // each step is rounded up: 0.00012346, 0.000092595 to 0.0000926, 0.000000308666... to 0.00000031
  { quote: '0.123456', ticks: 30_000, liquidity: 'TAKER', value: '0.0000926', fee: '0.00000031' },
] as const)(
  'a $liquidity pays $fee BNB, worth $value, for $quote',
  ({ quote, ticks, liquidity, value, fee }) => {
    const discount = new FeeDiscount(bookWith('1'), quarterOff, () => ({ ticks, decimals: 2 }));
    const [charged, worth] = [new Tally(), new Tally()];
    expect(discount.charge(charged, worth, tally(quote), rates, liquidity)).toBe(true);
    expect([textOf(charged), textOf(worth)]).toEqual([fee, value]);
  },
);

test('the discount is lost when too little BNB is free, to the last digit', () => {
  const priceOf = () => ({ ticks: 30_000, decimals: 2 });
  const chargeWith = (bnb: string): boolean =>
    new FeeDiscount(bookWith(bnb), quarterOff, priceOf).charge(
      new Tally(),
      new Tally(),
      tally('1000'),
      rates,
      'TAKER',
    );
  expect(chargeWith('0.0025')).toBe(true);
  expect(chargeWith('0.00249999')).toBe(false);
});

test('locked BNB pays no fees, and BNB without a price neither', () => {
  const book = bookWith('1');
  const discount = new FeeDiscount(book, quarterOff, () => ({ ticks: 30_000, decimals: 2 }));
  book.move(Account.free, Account.locked, tally('1'));
  expect(discount.charge(new Tally(), new Tally(), tally('1000'), rates, 'TAKER')).toBe(false);
  const unpriced = new FeeDiscount(bookWith('1'), quarterOff, () => undefined);
  expect(unpriced.charge(new Tally(), new Tally(), tally('1000'), rates, 'TAKER')).toBe(false);
});
