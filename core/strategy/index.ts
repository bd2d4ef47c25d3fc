export { type Bar, BarCursor } from './bar.ts';
export type { ChartLine, Context, Market, OpenOrder, PositionView } from './context.ts';
export { type HostOptions, type HostSnapshot, type Line, StrategyHost } from './host.ts';
export { type BarFigures, LiveBars } from './live-bars.ts';
export type { PriceSource } from './market-view.ts';
export type { OrderDesk } from './order-desk.ts';
export type { OrderUpdate } from './order-update.ts';
export {
  choice,
  describeBounds,
  formatParameter,
  integer,
  numeric,
  type ParameterProblem,
  type ParameterSpec,
  type ParameterSpecs,
  type ParameterValues,
  portion,
  readParameters,
  toggle,
} from './parameters.ts';
export type { Setup } from './setup.ts';
export {
  defineStrategy,
  type Input,
  inputsOf,
  type SavedState,
  type Strategy,
  type StrategyDefinition,
} from './strategy.ts';
