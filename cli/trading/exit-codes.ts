/** The exit codes of the commands that are about a trading system; each `--help` shows them. */
export const TRADING_EXIT_CODES = {
  0: 'done',
  1: 'Tradewind itself failed',
  2: 'the command, the configuration or a key is wrong; nothing was started or changed',
  3: 'refused, not proven, or something is wrong that the command was asked to look for',
  4: 'nothing runs there that could be asked',
} as const;

export const exitCodeText = (): string =>
  `\nExit codes:\n${Object.entries(TRADING_EXIT_CODES)
    .map(([code, meaning]) => `  ${code}  ${meaning}`)
    .join('\n')}\n`;
