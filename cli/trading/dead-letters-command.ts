import type { Result } from '@tradewind/core/result';
import type { Bus, DeadLetter } from '@tradewind/proto';
import { Command } from 'commander';
import type { Complaint } from '../complaint.ts';
import { complain, type ExitCode, tell } from './answers.ts';
import { type EnvironmentOptions, withEnvironment } from './environment.ts';
import { exitCodeText } from './exit-codes.ts';
import { paintFor, tableOf } from './table.ts';

/** What the command needs of a bus. */
export type DeadLetterBus = Pick<Bus, 'deadLetters' | 'replayDeadLetters' | 'close'>;

interface Options extends EnvironmentOptions {
  readonly json?: boolean;
  readonly all?: boolean;
  readonly limit?: string;
}

const LIMIT = 100;
const LIMIT_MAXIMUM = 10_000;

/** @param openBus  opens the bus that services which run apart share */
export function deadLettersCommand(
  openBus: (options: EnvironmentOptions) => Promise<Result<DeadLetterBus, Complaint>>,
): Command {
  const withBus = async (
    command: Command,
    work: (bus: DeadLetterBus, options: Options) => Promise<ExitCode>,
  ): Promise<void> => {
    const options = command.optsWithGlobals<Options>();
    const bus = await openBus(options);
    if (!bus.ok) {
      process.exitCode = complain(bus.error.sentence, bus.error.exitCode);
      return;
    }
    try {
      process.exitCode = await work(bus.value, options);
    } catch (error) {
      process.exitCode = complain(
        `the bus does not answer: ${error instanceof Error ? error.message : error}`,
        4,
      );
    } finally {
      await bus.value.close();
    }
  };

  const command = withEnvironment(new Command('dead-letters').exitOverride()).description(
    'Messages of the bus that a service could not handle: lists them, and gives them to it again.',
  );
  command
    .command('list')
    .exitOverride()
    .description('Lists them, the oldest first.')
    .option('--limit <number>', `how many, ${LIMIT_MAXIMUM} at most`, String(LIMIT))
    .option('--json', 'as JSON, with the messages')
    .addHelpText('after', HELP)
    .action((_options, self: Command) => withBus(self, list));
  command
    .command('replay')
    .exitOverride()
    .description(
      'Gives messages to the group that could not handle them, once more, and takes them off the list.',
    )
    .argument('[ids...]', 'as the list shows them')
    .option('--all', 'all that there are')
    .option('--json', 'as JSON')
    .addHelpText('after', HELP)
    .action((ids: readonly string[], _options, self: Command) =>
      withBus(self, (bus, options) => replay(bus, ids, options)),
    );
  return command.addHelpText('after', HELP);
}

async function list(bus: DeadLetterBus, { json = false, limit = '' }: Options): Promise<ExitCode> {
  const count = Number(limit);
  if (!Number.isInteger(count) || count < 1 || count > LIMIT_MAXIMUM) {
    return complain(`--limit ${limit}: give a whole number from 1 to ${LIMIT_MAXIMUM}`);
  }
  const letters = await bus.deadLetters(count);
  await tell(json, letters, letters.length === 0 ? ['no dead letters'] : describe(letters));
  return 0;
}

async function replay(
  bus: DeadLetterBus,
  ids: readonly string[],
  { json = false, all = false }: Options,
): Promise<ExitCode> {
  if (all === ids.length > 0) return complain('give the ids that the list shows, or --all');
  const wanted = all ? (await bus.deadLetters(LIMIT_MAXIMUM)).map(({ id }) => id) : [...new Set(ids)];
  const replayed = await bus.replayDeadLetters(wanted);
  const missing = wanted.length - replayed;
  await tell(json, { replayed, missing }, [
    `${replayed} replayed`,
    ...(missing === 0 ? [] : [`${missing} not there (any more)`]),
  ]);
  return missing === 0 ? 0 : 3;
}

function describe(letters: readonly DeadLetter[]): readonly string[] {
  const columns = [
    { title: 'id' },
    { title: 'since (UTC)' },
    { title: 'group' },
    { title: 'attempts', isNumber: true },
    { title: 'correlation id' },
    { title: 'error' },
  ];
  const rows = letters.map(({ id, atMs, group, attempts, correlationId, error }) => [
    id,
    new Date(atMs).toISOString(),
    group,
    String(attempts),
    correlationId,
    error,
  ]);
  return tableOf(columns, rows, paintFor(process.stdout.isTTY));
}

const HELP = `
A message becomes a dead letter when its handler has failed every time it was
tried. Find out why before replaying: the error and the correlation id lead to
the service's log. Handlers take a message that they have had already as the
same one.

Examples:
  tradewind dead-letters list
  tradewind dead-letters list --json | jq '.[].text | fromjson'
  tradewind dead-letters replay orders/1767614400000-0
  tradewind dead-letters replay --all
${exitCodeText()}`;
