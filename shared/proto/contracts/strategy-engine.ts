import type { IntervalName } from '@tradewind/core/market';
import type { Result } from '@tradewind/core/result';
import type { Signal } from './event.ts';

/** Hosts strategies; turns market updates and fills into signals. It cannot reach the exchange. */
export interface StrategyEngine {
  list(): Promise<readonly StrategyStatus[]>;
  /** Evaluates a strategy on what it last saw, without sending: what it would want now. */
  generateSignal(strategy: string): Promise<Result<readonly Signal[], StrategyProblem>>;
  /** Takes texts as `readParameters` does. The strategy is made anew with them, warm, its state dropped where it does not fit. */
  updateParameters(command: ParametersCommand): Promise<Result<StrategyStatus, StrategyProblem>>;
  start(command: StrategyCommand): Promise<Result<StrategyStatus, StrategyProblem>>;
  stop(command: StrategyCommand): Promise<Result<StrategyStatus, StrategyProblem>>;
}

export interface StrategyCommand {
  readonly strategy: string;
  readonly by: string;
  readonly why: string;
}
export interface ParametersCommand extends StrategyCommand {
  readonly parameters: Readonly<Record<string, string>>;
}
export interface StrategyProblem {
  readonly reason: 'unknown_strategy' | 'bad_parameters' | 'unavailable' | 'disabled';
  readonly detail: string;
}

export interface StrategyStatus {
  /** Its name in the configuration: one definition may run several times. */
  readonly strategy: string;
  readonly definition: string;
  readonly symbols: readonly string[];
  readonly interval: IntervalName;
  /** warming: has not seen enough bars. stopped: by a person. disabled: it threw, flooded or blocked, and only a person starts it again. */
  readonly state: 'warming' | 'running' | 'stopped' | 'disabled';
  readonly detail: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly evaluations: number;
  readonly signals: number;
  /** Epoch ms of the last update it has seen. */
  readonly lastUpdateMs: number | undefined;
}
