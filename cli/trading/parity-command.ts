import type { Result } from '@tradewind/core/result';
import type { ParityInput } from '@tradewind/research/parity';
import { Command } from 'commander';
import type { Complaint } from '../complaint.ts';
import { print } from '../standard-output.ts';
import { complain, type ExitCode } from './answers.ts';
import { type EnvironmentOptions, withEnvironment } from './environment.ts';
import { exitCodeText } from './exit-codes.ts';

interface ParityOptions extends EnvironmentOptions {
  readonly json?: boolean;
  readonly all?: boolean;
}

/** @param readInput  reads the session, and what the ledger has of its time */
export function parityCommand(
  readInput: (session: string, options: EnvironmentOptions) => Promise<Result<ParityInput, Complaint>>,
): Command {
  return withEnvironment(new Command('parity').exitOverride())
    .description(
      'Replays a recorded session through the backtester and lists every difference in signals, orders and fills.',
    )
    .argument('<session>', 'the folder of the session, or its name')
    .option('--all', 'with --json: what is equal, too')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
Differences are of these classes: same; price (another size or price, because
the market was met at another price); timing (decided at another instant than
the close of a bar); missing in live, missing in backtest (one side did not do
it; the line says why); unexplained. Any that is unexplained ends the command
with 3.

Examples:
  tradewind parity sessions/2026-01-05T12-00-00Z
  tradewind parity sessions/2026-01-05T12-00-00Z --json | jq .counts
${exitCodeText()}`,
    )
    .action(async (session: string, options: ParityOptions) => {
      const input = await readInput(session, options);
      process.exitCode = input.ok
        ? await compare(input.value, options)
        : complain(input.error.sentence, input.error.exitCode);
    });
}

async function compare(input: ParityInput, { json, all }: ParityOptions): Promise<ExitCode> {
  const { compareSession, describeParity } = await import('@tradewind/research/parity');
  const report = compareSession(input);
  const compared = all ? report.compared : report.compared.filter((each) => each.class !== 'same');
  await print(json ? `${JSON.stringify({ ...report, compared }, undefined, 2)}\n` : describeParity(report));
  return report.counts.unexplained === 0 ? 0 : 3;
}
