/**
 * Stands in for core/money/index.ts where the benchmark runs the engine on doubles. It has every name that is imported
 * from there while bars are played; a name that is missing stops the process when it links.
 */
export {
  amount,
  formatAmount,
  formatPrice,
  formatRatio,
  numberToMultiple,
  parseAmount,
  parsePrice,
  parseQuantity,
  parseQuoteAmount,
  parseRatio,
  price,
  priceToNumber,
  quantity,
  quoteAmount,
  ratio,
  toFraction,
} from './decimal.ts';
export {
  AMOUNT_SCALE,
  absolute,
  add,
  fromUnits,
  isNegative,
  isPositive,
  isZero,
  maximum,
  minimum,
  negate,
  notional,
  subtract,
  times,
  zero,
} from './exact.ts';
export {
  asAsset,
  averagePrice,
  compareNotional,
  isMultiple,
  nearestUnits,
  quantityFor,
  rateOf,
  scalePrice,
  settle,
  share,
  toMultiple,
} from './rounding.ts';
export { Tally } from './tally.ts';
