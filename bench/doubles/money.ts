/**
 * Stands in for core/money/index.ts where the benchmark runs the engine on doubles. It has every name that is imported
 * from there while bars are played; a name that is missing stops the process when it links.
 */
export * from './decimal.ts';
export * from './exact.ts';
export * from './rounding.ts';
export { Tally } from './tally.ts';
