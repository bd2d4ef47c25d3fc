import { Command, CommanderError } from 'commander';
import { backtestCommand } from './backtest-command.ts';
import { deadLettersCommand } from './dead-letters-command.ts';
import { ledgerCommand } from './ledger-command.ts';
import { parityCommand } from './parity-command.ts';
import { simulatorCommand } from './simulator-command.ts';
import { configCommand } from './trading/config-command.ts';
import { controlCommands } from './trading/control-commands.ts';
import { withEnvironment } from './trading/environment.ts';
import { explainCommands } from './trading/explain-commands.ts';
import { readParityInput } from './trading/parity-input.ts';
import { ledgerOfEnvironment } from './trading/read-ledger.ts';
import { openRedisBus } from './trading/redis-bus.ts';
import { startCommand } from './trading/start-command.ts';
import { statusCommand } from './trading/status-command.ts';
import { strategiesCommand } from './trading/strategies-commands.ts';
import { viewCommands } from './trading/view-commands.ts';
import { VERSION } from './version.ts';

const program = new Command('tradewind')
  .description('An algorithmic trading system for Binance spot: exact money, honest backtests.')
  .version(VERSION)
  .showSuggestionAfterError()
  .exitOverride();
for (const command of [
  startCommand(),
  statusCommand(),
  ...controlCommands(),
  ...viewCommands(),
  ...explainCommands(),
  ledgerCommand(ledgerOfEnvironment),
  withEnvironment(parityCommand(readParityInput)),
  withEnvironment(deadLettersCommand(openRedisBus)),
  strategiesCommand(),
  configCommand(),
  backtestCommand(),
  simulatorCommand(),
]) {
  program.addCommand(command);
}
try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // The parser has printed what is wrong, or the help that was asked for.
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
