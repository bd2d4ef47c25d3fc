/**
 * What must not compile. Nothing here runs: the type check of the whole project reads this file, and reports every
 * `@ts-expect-error` under which the line does compile.
 */
import type { Amount, Exact, Notional, Price, Quantity, QuoteAmount, Ratio } from './index.ts';
import {
  add,
  amount,
  averagePrice,
  formatPrice,
  maximum,
  minimum,
  notional,
  price,
  quantity,
  quoteAmount,
  rateOf,
  ratio,
  settle,
  share,
  subtract,
  toMultiple,
} from './index.ts';

const aPrice = price('60000.01');
const otherPrice = price('59999.99');
const aQuantity = quantity('0.5');
const aQuoteAmount = quoteAmount('100');
const aRatio = ratio('0.001');
const bitcoin = amount('BTC', '1');
const otherBitcoin = amount('BTC', '2');
const tether = amount('USDT', '1');

export const compiles = {
  sumOfPrices: add(aPrice, aPrice) satisfies Price,
  sumOfOneAsset: add(bitcoin, bitcoin) satisfies Amount<'BTC'>,
  sameUnitInOrder: [aPrice < otherPrice, aPrice <= otherPrice, aPrice === otherPrice, bitcoin > otherBitcoin],
  product: notional(aPrice, aQuantity) satisfies Notional,
  settled: settle(notional(aPrice, aQuantity), 'pay') satisfies QuoteAmount,
  feeInItsAsset: share(bitcoin, aRatio, 'pay') satisfies Amount<'BTC'>,
  anyAsset: bitcoin satisfies Amount,
};

export const operatorsDoNotCompile = [
  // @ts-expect-error a price and a quantity have no sum
  aPrice + aQuantity,
  // @ts-expect-error even two prices are added by `add` alone
  aPrice + aPrice,
  // @ts-expect-error
  aPrice - aPrice,
  // @ts-expect-error a product of a price and a quantity is made by `notional` alone
  aPrice * aQuantity,
  // @ts-expect-error
  aPrice / aPrice,
  // @ts-expect-error
  aPrice + 1n,
  // @ts-expect-error
  aPrice * 2,
  // @ts-expect-error
  bitcoin + tether,
  // @ts-expect-error a price and a quantity have no order
  aPrice < aQuantity,
  // @ts-expect-error
  aPrice >= aQuantity,
  // @ts-expect-error
  aPrice === aQuantity,
  // @ts-expect-error
  bitcoin < tether,
  // @ts-expect-error
  aPrice > 0,
  // @ts-expect-error
  aPrice > 0n,
];

export const functionsDoNotCompile = [
  // @ts-expect-error
  add(aPrice, aQuantity),
  // @ts-expect-error
  add(aQuantity, aQuoteAmount),
  // @ts-expect-error
  add(bitcoin, tether),
  // @ts-expect-error
  subtract(bitcoin, tether),
  // @ts-expect-error
  minimum(bitcoin, tether),
  // @ts-expect-error
  maximum(aPrice, aQuantity),
  // @ts-expect-error the arguments stand the wrong way round
  notional(aQuantity, aPrice),
  // @ts-expect-error an amount that balances can hold is not a product
  settle(aQuoteAmount, 'pay'),
  // @ts-expect-error
  share(aQuoteAmount, aPrice, 'pay'),
  // @ts-expect-error a quantity is no price
  rateOf(aQuantity),
  // @ts-expect-error
  averagePrice(aQuantity, aQuantity, 'floor'),
  // @ts-expect-error a quantity is no multiple of a tick
  toMultiple(aQuantity, aPrice, 'floor'),
  // @ts-expect-error
  formatPrice(aQuantity),
];

// @ts-expect-error neither a number nor a bigint is an amount
export const fromNumber: Price = 1;
// @ts-expect-error
export const fromBigint: Price = 1n;
// @ts-expect-error
export const toBigint: bigint = aPrice;
// @ts-expect-error
export const otherUnit: Quantity = aQuoteAmount;
// @ts-expect-error
export const otherAsset: Amount<'BTC'> = tether;
// @ts-expect-error an amount of some asset is not known to be bitcoin
export const someAsset: Amount<'BTC'> = tether as Amount;
// @ts-expect-error the scale is part of the type
export const otherScale: Ratio = ratio('1') as Exact<'ratio', 8>;
