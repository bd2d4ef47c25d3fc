import type { IntervalName, OrderBook, Quote, Trade } from '../market/index.ts';
import type { Bar } from './bar.ts';
import type { Context } from './context.ts';
import type { OrderUpdate } from './order-update.ts';
import type { ParameterSpecs, ParameterValues } from './parameters.ts';
import type { Setup } from './setup.ts';

/** What a strategy asks to be told about. Bars of an interval coarser than the data are made from it. */
export type Input =
  | { readonly kind: 'bars'; readonly symbol: string; readonly interval: IntervalName }
  | { readonly kind: 'trades' | 'quotes' | 'book'; readonly symbol: string };

/** Plain data that survives a restart: what `save` returns and `restore` takes. */
export type SavedState =
  | null
  | boolean
  | number
  | string
  | readonly SavedState[]
  | { readonly [key: string]: SavedState };

/**
 * A running strategy. Every callback is optional and is called in the order of time; what is read from the context in a
 * callback is what was known at that instant, never later. Order updates that belong to the time of a bar come before it.
 */
export interface Strategy {
  onStart?(): void;
  /** A bar has closed. The object is a view that moves on: copy numbers, do not keep it. */
  onBar?(bar: Bar): void;
  onTrade?(trade: Trade): void;
  onQuote?(quote: Quote): void;
  onBook?(book: OrderBook): void;
  onTimer?(name: string): void;
  onOrder?(update: OrderUpdate): void;
  onStop?(): void;
  save?(): SavedState;
  restore?(state: SavedState): void;
}

/**
 * One strategy file: its name, its parameters, what it wants to see, and how it is made. Methods and not function
 * properties, so that a list can hold definitions with different parameters; each is only given values of its own.
 */
export interface StrategyDefinition<Specs extends ParameterSpecs = ParameterSpecs> {
  /** Lower case with dashes, as it is written on the command line. */
  readonly name: string;
  /** One sentence for lists and forms. */
  readonly summary: string;
  readonly parameters: Specs;
  /** How many symbols it can trade; left out: as many as it is given. */
  readonly symbolsMaximum?: number;
  /** Rules between parameters that bounds cannot say: a sentence that tells what is wrong, or undefined. */
  check?(values: ParameterValues<Specs>): string | undefined;
  /** Left out: the bars of every symbol of the setup, at its interval. */
  inputs?(setup: Setup, values: ParameterValues<Specs>): readonly Input[];
  /** How many bars of each input it must have seen before it may trade; until then its orders are refused. */
  warmup(values: ParameterValues<Specs>): number;
  create(context: Context, values: ParameterValues<Specs>): Strategy;
}

/** Gives a strategy file its types; the default export of the file. */
export const defineStrategy = <const Specs extends ParameterSpecs>(
  definition: StrategyDefinition<Specs>,
): StrategyDefinition<Specs> => definition;

/** The inputs of a definition for a setup: its own, or the bars of every symbol. */
export function inputsOf<Specs extends ParameterSpecs>(
  definition: StrategyDefinition<Specs>,
  setup: Setup,
  values: ParameterValues<Specs>,
): readonly Input[] {
  if (definition.inputs !== undefined) return definition.inputs(setup, values);
  return setup.symbols.map((symbol) => ({ kind: 'bars', symbol, interval: setup.interval }));
}
