import type { Result } from '@tradewind/core/result';
import { Command, Option } from 'commander';
import { type EnvironmentOptions, withEnvironment } from './environment.ts';
import { exitCodeText } from './exit-codes.ts';
import type { ReadableLedger } from './read-ledger.ts';
import type { ExportOptions, ShowOptions, VerifyOptions } from './run-ledger.ts';

/**
 * `tradewind ledger verify|show|export`: the record of everything, read and never changed.
 * @param open  opens the ledger of an environment, or says in a sentence why it cannot
 */
export function ledgerCommand(
  open: (options: EnvironmentOptions) => Promise<Result<ReadableLedger, string>>,
): Command {
  const ledger = new Command('ledger')
    .exitOverride()
    .description(
      'The record of everything that was decided, sent, answered and booked: checks it, shows it, exports it.',
    )
    .addHelpText('after', EXAMPLES);
  const subcommand = (name: string): Command =>
    withEnvironment(new Command(name).exitOverride()).addHelpText('after', EXAMPLES);
  ledger.addCommand(
    subcommand('verify')
      .description(
        'Goes over every entry, its hash and its postings, and names the first that is not as it was written.',
      )
      .option('--export <file>', 'a file that `ledger export` wrote of all entries, instead of the ledger')
      .option('--json', 'as JSON')
      .action(async (options: VerifyOptions & EnvironmentOptions) => {
        const { runVerify } = await import('./run-ledger.ts');
        process.exitCode = await runVerify(() => open(options), options);
      }),
  );
  ledger.addCommand(
    withFilter(subcommand('show'))
      .description('Prints entries, the newest last.')
      .option('--last <number>', 'how many at most, 1 to 10000', '50')
      .option('--json', 'one JSON object a line, with all that is recorded')
      .action(async (options: ShowOptions & EnvironmentOptions) => {
        const { runShow } = await import('./run-ledger.ts');
        process.exitCode = await runShow(() => open(options), options);
      }),
  );
  ledger.addCommand(
    withFilter(subcommand('export'))
      .description(
        'Writes entries as JSON Lines or CSV, the oldest first, all of them unless less is asked for.',
      )
      .addOption(new Option('--format <format>', 'of the output').choices(['jsonl', 'csv']).default('jsonl'))
      .option('--out <file>', 'where to; whole or not at all (default: standard output)')
      .action(async (options: ExportOptions & EnvironmentOptions) => {
        const { runExport } = await import('./run-ledger.ts');
        process.exitCode = await runExport(() => open(options), options);
      }),
  );
  return ledger;
}

const collect = (text: string, before: readonly string[] = []): string[] => [...before, text];

const withFilter = (command: Command): Command =>
  command
    .option('--from <time>', 'from this instant on, like 2026-03-01 or 2026-03-01T12:00:00Z')
    .option('--to <time>', 'up to, and without, this instant')
    .option('--kind <kind>', 'signal, verdict, intent, order, fill, ...; repeatable', collect)
    .option('--correlation <id>', 'all that goes back to one market event or command')
    .option('--order <id>', 'all about an order or a list, by its client order id')
    .option('--symbol <symbol>', 'all about a symbol')
    .option('--strategy <name>', 'all about a strategy');

const EXAMPLES = `
Examples:
  tradewind ledger verify
  tradewind ledger verify --export everything.jsonl
  tradewind ledger show --order ema-cross-1a2b --json
  tradewind ledger show --kind verdict --symbol BTCUSDT --from 2026-03-01 --last 20
  tradewind ledger export --format csv --from 2026-03-01 --to 2026-04-01 --out march.csv

It also works while the system runs, and changes nothing.
${exitCodeText()}`;
