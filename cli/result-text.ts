import type { BacktestResult } from '@tradewind/research/backtest';

/** The result as JSON: indented, but one line for each fill and order, of which there can be many. */
export function resultText(result: BacktestResult): string {
  const members = Object.entries(result).map(([name, value]) => {
    const text = Array.isArray(value)
      ? linesOf(value)
      : JSON.stringify(value, null, 2).replaceAll('\n', '\n  ');
    return `  ${JSON.stringify(name)}: ${text}`;
  });
  return `{\n${members.join(',\n')}\n}\n`;
}

const linesOf = (values: readonly unknown[]): string =>
  values.length === 0 ? '[]' : `[\n${values.map((value) => `    ${JSON.stringify(value)}`).join(',\n')}\n  ]`;
