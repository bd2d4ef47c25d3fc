import { describeBounds, formatParameter, type StrategyDefinition } from '@tradewind/core/strategy';
import { strategies } from '@tradewind/strategies';

/** One paragraph for each ready strategy. */
export const describeStrategies = (): string => `${strategies.map(describe).join('\n')}`;

function describe({ name, summary, parameters }: StrategyDefinition): string {
  const lines = Object.entries(parameters).map(([parameter, spec]) => {
    const value = formatParameter(spec, spec.default);
    return `  ${`${parameter}=${value}`.padEnd(24)}${spec.help}; ${describeBounds(spec)}\n`;
  });
  return `${name}: ${summary}\n${lines.join('')}`;
}
