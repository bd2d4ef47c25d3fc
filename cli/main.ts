import { Command, CommanderError } from 'commander';
import { backtestCommand } from './backtest-command.ts';
import { simulatorCommand } from './simulator-command.ts';
import { bookCommands } from './trading/book-commands.ts';
import { configCommand } from './trading/config-command.ts';
import { controlCommands } from './trading/control-commands.ts';
import { deadLettersCommand } from './trading/dead-letters-command.ts';
import { doctorCommand } from './trading/doctor-command.ts';
import { explainCommands } from './trading/explain-commands.ts';
import { ledgerCommand } from './trading/ledger-command.ts';
import { parityCommand } from './trading/parity-command.ts';
import { readParityInput } from './trading/parity-input.ts';
import { readLedgerOf } from './trading/read-ledger.ts';
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
  // What stands behind a subcommand is the subcommand's, also where the command above it has an option of that name.
  .enablePositionalOptions()
  .exitOverride();
for (const command of [
  startCommand(),
  statusCommand(),
  ...controlCommands(),
  ...viewCommands(),
  ...explainCommands(),
  ...bookCommands(),
  ledgerCommand(readLedgerOf),
  parityCommand(readParityInput),
  deadLettersCommand(openRedisBus),
  strategiesCommand(),
  configCommand(),
  doctorCommand(),
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
