import { type Configuration, fullParameters, type StrategyConfiguration } from '@tradewind/config';
import { Interval } from '@tradewind/core/market';
import { type Amount, amount } from '@tradewind/core/money';
import { invariant } from '@tradewind/core/result';
import type { StrategyDefinition } from '@tradewind/core/strategy';
import {
  DEFAULT_EXECUTION_SETTINGS,
  type ExecutionSettings,
  type StrategyExecution,
  type UnfilledPolicy,
} from '@tradewind/order-execution';
import { limitsOf } from '@tradewind/research/risk-limits';
import { DEFAULT_RISK_MANAGER_SETTINGS, type RiskManagerSettings } from '@tradewind/risk-manager';
import type { InstanceOptions } from '@tradewind/strategy-engine';

/** Of the lease, how long before its end nothing is sent any more. */
const LEASE_MARGIN = 3 / 8;

/** What the services are told by a configuration that has been checked. */
export interface SystemSettings {
  readonly symbols: readonly string[];
  readonly instances: readonly InstanceOptions[];
  readonly execution: ExecutionSettings;
  readonly risk: RiskManagerSettings;
}

/**
 * @param definitions  by the name that the configuration calls them
 * @param moduleOf  the URL of the file of a definition, for strategies that get a thread of their own
 */
export function settingsOf(
  config: Configuration,
  definitions: ReadonlyMap<string, StrategyDefinition>,
  moduleOf: (definition: string) => string,
): SystemSettings {
  const { symbols, strategies, guards, equity_asset, limits, exchange } = config;
  return {
    symbols,
    instances: Object.entries(strategies).map(([name, strategy]): InstanceOptions => {
      const definition = definitions.get(strategy.definition);
      const interval = Interval.parse(strategy.interval);
      invariant(
        definition !== undefined && interval !== undefined,
        'a configuration has been checked before it is used',
      );
      return {
        strategy: name,
        definition,
        symbols: strategy.symbols,
        interval: interval.name,
        parameters: fullParameters(strategy, definition),
        startsByItself: true,
        settings: { signalLifeMs: strategy.signal_expires_after_ms },
        ...(strategy.worker ? { worker: { module: moduleOf(strategy.definition) } } : {}),
      };
    }),
    execution: {
      ...DEFAULT_EXECUTION_SETTINGS,
      leaseMs: guards.lease_ms,
      leaseMarginMs: Math.floor(guards.lease_ms * LEASE_MARGIN),
      recvWindowMs: exchange.recv_window_ms,
      sweepEveryMs: guards.sweep_every_ms,
      rejectBudget: { maximum: guards.rejects_maximum, windowMs: guards.rejects_window_ms },
      strategies: new Map(
        Object.entries(strategies).map(([name, strategy]) => [name, executionOf(strategy)]),
      ),
    },
    risk: {
      ...DEFAULT_RISK_MANAGER_SETTINGS,
      limits: limitsOf(limits),
      equityAsset: equity_asset,
      symbols,
      heartbeatMsMaximum: guards.dead_man_after_ms,
      repeats: { maximum: guards.repeats_maximum, windowMs: guards.repeats_window_ms },
    },
  };
}

const executionOf = ({ capital, unfilled }: StrategyConfiguration): StrategyExecution => ({
  capital: Object.entries(capital).map(([asset, text]) => ({ asset, amount: amount(asset, text) as Amount })),
  unfilled: policyOf(unfilled),
  keepsProtection: true,
});

function policyOf(unfilled: StrategyConfiguration['unfilled']): UnfilledPolicy {
  if (unfilled === undefined) return { kind: 'rest' };
  const { after_ms: afterMs, action, reprices_maximum: times } = unfilled;
  return action === 'cancel' ? { kind: 'cancel', afterMs } : { kind: 'reprice', afterMs, times };
}
