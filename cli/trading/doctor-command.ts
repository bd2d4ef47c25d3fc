import { Command } from 'commander';
import { complain, type ExitCode, tell } from './answers.ts';
import type { Finding } from './doctor/finding.ts';
import { type EnvironmentOptions, loadEnvironment, withEnvironment } from './environment.ts';
import { exitCodeText } from './exit-codes.ts';
import { type Paint, paintFor, wrapped } from './table.ts';

interface DoctorOptions extends EnvironmentOptions {
  readonly json?: boolean;
}

export function doctorCommand(): Command {
  return withEnvironment(new Command('doctor').exitOverride())
    .description(
      'Checks configuration, keys, disk, database, Redis, the running system, and at the exchange clock, limits, permissions and rules; says what to do.',
    )
    .option('--json', 'as JSON')
    .addHelpText('after', AFTERWORD)
    .action(async (options: DoctorOptions) => {
      process.exitCode = await doctor(options);
    });
}

const AFTERWORD = `
Examples:
  tradewind doctor
  tradewind doctor --environment production
  tradewind doctor --json | jq '.[] | select(.state == "wrong")'

It orders nothing and changes nothing. Warnings alone are no failure (code 0);
what was skipped says why.
${exitCodeText()}`;

async function doctor(options: DoctorOptions): Promise<ExitCode> {
  const environment = await loadEnvironment(options);
  if (!environment.ok) return complain(environment.error.sentence);
  const { examine } = await import('./doctor/examine.ts');
  const findings = await examine(environment.value);
  await tell(options.json === true, findings, linesOf(findings, paintFor(process.stdout.isTTY)));
  return findings.some(({ state }) => state === 'wrong') ? 3 : 0;
}

const MARKS = { good: 'ok', warning: 'warning', wrong: 'WRONG', skipped: '-' } as const;
const COLOURS = { good: 'green', warning: 'yellow', wrong: 'red', skipped: 'dim' } as const;

const BESIDE = ' '.repeat(24);

/** What was found, and below it what to do. */
function linesOf(findings: readonly Finding[], paint: Paint): readonly string[] {
  const wrong = findings.filter(({ state }) => state === 'wrong').length;
  const width = (process.stdout.columns ?? 120) - BESIDE.length;
  return [
    ...findings.flatMap(({ check, state, what, todo }) => {
      const [first = '', ...rest] = wrapped(what, width);
      return [
        `${paint(COLOURS[state], MARKS[state].padEnd(7))}  ${check.padEnd(13)}  ${first}`,
        ...rest.map((line) => `${BESIDE}${line}`),
        ...(todo === undefined ? [] : wrapped(`-> ${todo}`, width).map((line) => `${BESIDE}${line}`)),
      ];
    }),
    '',
    wrong === 0 ? 'nothing is wrong' : `${wrong} of ${findings.length} wrong`,
  ];
}
