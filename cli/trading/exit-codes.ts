/** The exit codes of the commands that are about a trading system; each `--help` shows them. */
export const TRADING_EXIT_CODES = {
  0: 'done',
  1: 'Tradewind itself failed',
  2: 'wrong command, configuration or key; nothing was started or changed',
  3: 'refused, not proven, or something wrong was found',
  4: 'nothing runs there that could be asked',
} as const;

export const exitCodeText = (): string =>
  `\nExit codes:\n${Object.entries(TRADING_EXIT_CODES)
    .map(([code, meaning]) => `  ${code}  ${meaning}`)
    .join('\n')}\n`;
