import { Command, CommanderError } from 'commander';
import { backtestCommand } from './backtest-command.ts';
import { simulatorCommand } from './simulator-command.ts';
import { strategiesCommand } from './strategies-command.ts';
import { VERSION } from './version.ts';

const program = new Command('tradewind')
  .description('An algorithmic trading system for Binance spot: exact money, honest backtests.')
  .version(VERSION)
  .showSuggestionAfterError()
  .exitOverride();
program.addCommand(backtestCommand()).addCommand(simulatorCommand()).addCommand(strategiesCommand());
try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // The parser has printed what is wrong, or the help that was asked for.
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
