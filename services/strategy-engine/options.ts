import { Interval, type IntervalName } from '@tradewind/core/market';
import { type Input, inputsOf, type StrategyDefinition } from '@tradewind/core/strategy';
import type { Bus, Ledger, MarketData, OrderExecution } from '@tradewind/proto';
import type { Clock, Random, Telemetry, Timers } from '@tradewind/utils';
import type { HostingInput, HostingOutput, HostingSettings } from './hosting/messages.ts';
import type { RunningMark, StrategyPlace } from './hosting/place.ts';
import { readValues } from './hosting/read-values.ts';

/** One strategy that is to run. A definition may run several times, under names of its own. */
export interface InstanceOptions {
  /** The name of its sub-account, for ever: orders, books and limits go by it. */
  readonly strategy: string;
  readonly definition: StrategyDefinition;
  readonly symbols: readonly string[];
  readonly interval: IntervalName;
  /** As texts; what is left out has its default. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Whether it runs without being asked to. A strategy that a person stopped, or that was disabled, stays so. */
  readonly startsByItself: boolean;
  /** Set for a strategy that gets a thread of its own: the URL of the file whose default export is the definition. */
  readonly worker?: { readonly module: string };
  readonly settings?: Partial<InstanceSettings>;
}

export interface InstanceSettings {
  /** How long after its decision a signal may still be sent, ms (faults.md X3). */
  readonly signalLifeMs: number;
  /** More orders and cancels than this between two bars, or in a second, disable the strategy (faults.md K10). */
  readonly signalsPerBarMaximum: number;
  readonly signalsPerSecondMaximum: number;
  /** How many closed bars it is shown before it may trade; never fewer than its warm-up, 5000 at most. */
  readonly historyBars: number;
  /** How many bars it can look back at. */
  readonly barsKept: number;
}

export const DEFAULT_SETTINGS: InstanceSettings = {
  signalLifeMs: 10_000,
  signalsPerBarMaximum: 20,
  signalsPerSecondMaximum: 20,
  historyBars: 1000,
  barsKept: 1000,
};

/** All that the engine needs of the world. */
export interface StrategyEngineOptions {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly telemetry: Telemetry;
  readonly ledger: Ledger;
  readonly bus: Pick<Bus, 'publish' | 'subscribe'>;
  readonly marketData: MarketData;
  readonly execution: Pick<OrderExecution, 'submit' | 'order'>;
  readonly instances: readonly InstanceOptions[];
  /** How often the state of every strategy is saved, ms. */
  readonly saveEveryMs: number;
  /** A watchdog outside of the event loop; left out where nothing can block it, as in virtual time. */
  readonly watch?: EngineWatch;
  /** Starts a strategy on a thread of its own; needed by instances that ask for one. */
  readonly threads?: ThreadStarter;
  /** Strategies that blocked the event loop until the process was ended: they are disabled. */
  readonly blockedBefore?: readonly string[];
  /** Called when the ledger has taken in who was blocked before. */
  readonly blockedRecorded?: () => void;
}

/** What the engine shares with its watchdog (`LoopState`). Instances are numbered from 1, in the order of the options. */
export interface EngineWatch extends RunningMark {
  beat(): void;
  /** Set by the watchdog while the loop is blocked: from then on nothing may be sent that takes on risk. */
  readonly isRiskHalted: boolean;
  /** The number of the instance that was running when the loop was blocked; 0 when it was none of them. */
  readonly blockedBy: number;
  /** Takes the halt off, once the one who blocked is disabled. */
  allowRisk(): void;
}

/** Starts threads that host one strategy each. */
export type ThreadStarter = (
  request: { readonly module: string; readonly settings: HostingSettings },
  hear: (output: HostingOutput) => void,
) => Thread;

/** A thread: it hears inputs, and answers a ping once it has handled all that came before. */
export interface Thread {
  post(input: HostingInput): void;
  ping(answered: () => void): void;
  /** Ends it, whatever it is doing. */
  terminate(): void;
}

export type HostingPlaceMaker = (
  settings: HostingSettings,
  hear: (output: HostingOutput) => void,
) => StrategyPlace;

/** What the market data must bring for a set of instances. */
export interface MarketNeeds {
  readonly symbols: readonly string[];
  readonly intervals: readonly IntervalName[];
}

export function inputsOfInstance(
  { definition, symbols, interval }: Pick<InstanceOptions, 'definition' | 'symbols' | 'interval'>,
  parameters: Readonly<Record<string, string>>,
): readonly Input[] {
  return inputsOf(definition, { symbols, interval }, readValues(definition, parameters));
}

/** For who configures the market data: every symbol and interval that these instances look at. */
export function marketNeedsOf(instances: readonly InstanceOptions[]): MarketNeeds {
  const symbols = new Set<string>();
  const intervals = new Set<IntervalName>();
  for (const instance of instances) {
    for (const symbol of instance.symbols) symbols.add(symbol);
    for (const input of inputsOfInstance(instance, instance.parameters)) {
      symbols.add(input.symbol);
      if (input.kind === 'bars') intervals.add(input.interval);
    }
  }
  return {
    symbols: [...symbols],
    intervals: Interval.names.filter((name) => intervals.has(name)),
  };
}
