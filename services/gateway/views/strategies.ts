import type { StrategyStatus } from '@tradewind/proto';
import { utcText } from '@tradewind/utils';

export interface StrategyView extends Omit<StrategyStatus, 'lastUpdateMs'> {
  readonly last_update: string | null;
}

export const strategyView = ({ lastUpdateMs, ...status }: StrategyStatus): StrategyView => ({
  ...status,
  last_update: lastUpdateMs === undefined ? null : utcText(lastUpdateMs),
});
