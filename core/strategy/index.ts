export { type Bar, BarCursor } from './bar.ts';
export type { ChartLine, Context, Market, OpenOrder, PositionView } from './context.ts';
export { type HostOptions, type Line, type OrderDesk, StrategyHost } from './host.ts';
export type { PriceSource } from './market-view.ts';
export type { OrderUpdate } from './order-update.ts';
export {
  choice,
  decimal,
  describeBounds,
  formatParameter,
  fraction,
  integer,
  type ParameterProblem,
  type ParameterSpec,
  type ParameterSpecs,
  type ParameterValues,
  readParameters,
  toggle,
} from './parameters.ts';
export {
  defineStrategy,
  type Input,
  inputsOf,
  type SavedState,
  type Setup,
  type Strategy,
  type StrategyDefinition,
} from './strategy.ts';
