import type { FuzzTarget } from './target.ts';

/** What can be fuzzed, and where it is. Each target stands beside what it spoils the inputs of; only the one that is asked for is loaded. */
const TARGETS = {
  client: async () => (await import('../../adapters/binance/fuzz/client.test-support.ts')).clientTarget,
  simulator: async () =>
    (await import('../../services/exchange-simulator/protocol/fuzz/simulator.test-support.ts'))
      .simulatorTarget,
  configuration: async () =>
    (await import('../../shared/config/fuzz/configuration.test-support.ts')).configurationTarget,
  ledger: async () => (await import('../../cli/trading/fuzz/ledger.test-support.ts')).ledgerTarget,
} satisfies Readonly<Record<string, () => Promise<FuzzTarget>>>;

export type TargetName = keyof typeof TARGETS;
export const TARGET_NAMES = Object.keys(TARGETS) as readonly TargetName[];
export const isTargetName = (name: string): name is TargetName => Object.hasOwn(TARGETS, name);
export const loadTarget = (name: TargetName): Promise<FuzzTarget> => TARGETS[name]();
