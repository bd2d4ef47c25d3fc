import { Command, CommanderError } from 'commander';
import { commandsFor } from './commands.ts';
import { VERSION } from './version.ts';

const program = new Command('tradewind')
  .description('An algorithmic trading system for Binance spot: exact money, honest backtests.')
  .version(VERSION)
  .showSuggestionAfterError()
  // What stands behind a subcommand is the subcommand's, also where the command above it has an option of that name.
  .enablePositionalOptions()
  .exitOverride();
for (const command of await commandsFor(process.argv[2])) program.addCommand(command);
try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  // The parser has printed what is wrong, or the help that was asked for.
  process.exitCode = error.exitCode === 0 ? 0 : 2;
}
