export * from './decimal.ts';
export * from './exact.ts';
export { type Fraction, toFraction } from './fraction.ts';
export * from './rounding.ts';
export { Tally } from './tally.ts';
