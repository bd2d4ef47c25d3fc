import type { StatusView } from '@tradewind/gateway';
import { Command } from 'commander';
import { complain, complainAbout, type ExitCode, tell } from './answers.ts';
import { loadEnvironment, withEnvironment } from './environment.ts';
import { exitCodeText } from './exit-codes.ts';
import { askGateway } from './gateway-client.ts';
import { type CommandOptions, giveCommand } from './give-command.ts';
import { paintFor, tableOf } from './table.ts';
import { userName } from './user-name.ts';

type Break = StatusView['execution']['breaks'][number];

interface ReconciliationAnswer {
  readonly kind: 'agreed' | 'breaks' | 'failed';
  readonly detail: string;
  readonly breaks: readonly string[];
}

/** The commands about whether our books are those of the exchange. */
export const bookCommands = (): readonly Command[] => [reconcileCommand(), breaksCommand()];

function reconcileCommand(): Command {
  return withEnvironment(new Command('reconcile').exitOverride())
    .description('Compares books and exchange now: open orders, fills and balances.')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `\nExamples:\n  tradewind reconcile\n  tradewind reconcile --environment production --json\n\nIt is done by itself every few seconds, too (guards.sweep_every_ms).\n${exitCodeText()}`,
    )
    .action(async (options: CommandOptions) => {
      process.exitCode = await reconcile(options);
    });
}

async function reconcile(options: CommandOptions): Promise<ExitCode> {
  let hasAgreed = false;
  const code = await giveCommand<ReconciliationAnswer>(
    options,
    'reconcile',
    {},
    ({ kind, detail, breaks }) => {
      hasAgreed = kind === 'agreed';
      if (kind === 'agreed') return ['books and exchange agree'];
      if (kind === 'failed') return [`not compared: ${detail}`];
      return [...breaks.map((name) => `they differ: ${name}`), 'tradewind breaks list shows by how much'];
    },
  );
  return code === 0 && !hasAgreed ? 3 : code;
}

function breaksCommand(): Command {
  const breaks = new Command('breaks')
    .exitOverride()
    .description('Differences between books and exchange that nobody has explained; each blocks its asset.');
  breaks.addCommand(
    withEnvironment(new Command('list').exitOverride())
      .description('Shows them.')
      .option('--json', 'as JSON')
      .addHelpText('after', AFTERWORD)
      .action(async (options: CommandOptions) => {
        process.exitCode = await list(options);
      }),
  );
  breaks.addCommand(
    withEnvironment(new Command('resolve').exitOverride().argument('<name>', 'as the list shows it'))
      .description('Books the difference as explained, for good; the asset is traded again.')
      .requiredOption('--why <text>', 'the explanation, for the record')
      .option('--json', 'as JSON')
      .addHelpText('after', AFTERWORD)
      .action(async (name: string, options: CommandOptions & { readonly why: string }) => {
        const body = { name, by: userName(), why: options.why };
        process.exitCode = await giveCommand(options, 'breaks/resolve', body, () => [
          `${name} is explained, and booked`,
        ]);
      }),
  );
  return breaks.addHelpText('after', AFTERWORD);
}

async function list({ json, ...options }: CommandOptions): Promise<ExitCode> {
  const environment = await loadEnvironment(options);
  if (!environment.ok) return complain(environment.error.sentence);
  const answer = await askGateway<StatusView>(environment.value.folder, 'status');
  if (!answer.ok) return complainAbout(answer.error);
  const { breaks } = answer.value.execution;
  await tell(json === true, { breaks }, breaks.length === 0 ? ['none'] : tableFor(breaks));
  return 0;
}

const tableFor = (breaks: readonly Break[]): readonly string[] =>
  tableOf(
    [
      { title: 'name' },
      { title: 'ledger', isNumber: true },
      { title: 'exchange', isNumber: true },
      { title: 'detail' },
    ],
    breaks.map(({ name, ledger, venue, detail }) => [name, ledger, venue, detail]),
    paintFor(process.stdout.isTTY),
  );

const AFTERWORD = `
Examples:
  tradewind breaks list
  tradewind breaks resolve "asset BTC" --why "sold by hand at the exchange"
${exitCodeText()}`;
