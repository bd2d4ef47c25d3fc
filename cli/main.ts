import { Command, CommanderError } from 'commander';
import { commandsFor } from './commands.ts';
import { VERSION } from './version.ts';

// A reader that has seen enough (`| head`) is no failure, and a system that trades does not end because nobody reads its lines.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
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
