import type { StatusView } from '@tradewind/gateway';
import { Command } from 'commander';
import { print } from '../standard-output.ts';
import { complain, complainAbout, type ExitCode, tell } from './answers.ts';
import type { DataFolder } from './data-folder.ts';
import { type EnvironmentOptions, loadEnvironment, withEnvironment } from './environment.ts';
import { exitCodeText } from './exit-codes.ts';
import { askGateway } from './gateway-client.ts';
import { statusScreen } from './status-screen.ts';
import { fitted, paintFor } from './table.ts';

interface StatusOptions extends EnvironmentOptions {
  readonly json?: boolean;
  readonly once?: boolean;
}

const EVERY_MS = 1000;
/** Home, and what follows replaces what stood there; the rest of the screen is cleared after it. */
const HOME = '\u001b[H';
const CLEAR_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';

export function statusCommand(): Command {
  return withEnvironment(new Command('status').exitOverride())
    .description(
      'Shows how the system stands: on a terminal a screen that refreshes, elsewhere plain lines once.',
    )
    .option('--once', 'once, also on a terminal')
    .option('--json', 'once, as JSON')
    .addHelpText(
      'after',
      `\nExamples:\n  tradewind status\n  tradewind status --once\n  tradewind status --json | jq .equity\n${exitCodeText()}`,
    )
    .action(async (options: StatusOptions) => {
      process.exitCode = await status(options);
    });
}

async function status(options: StatusOptions): Promise<ExitCode> {
  const environment = await loadEnvironment(options);
  if (!environment.ok) return complain(environment.error.sentence);
  const { folder } = environment.value;
  const isScreen = process.stdout.isTTY && options.json !== true && options.once !== true;
  if (isScreen) return refresh(folder);
  const answer = await askGateway<StatusView>(folder, 'status');
  if (!answer.ok) return complainAbout(answer.error);
  await tell(options.json === true, answer.value, statusScreen(answer.value, paintFor(process.stdout.isTTY)));
  return 0;
}

/** Until Ctrl-C, or until nothing answers any more. */
async function refresh(folder: DataFolder): Promise<ExitCode> {
  let isOver = false;
  process.once('SIGINT', () => {
    isOver = true;
  });
  const paint = paintFor(true);
  let code: ExitCode = 0;
  await print('\u001b[2J');
  while (!isOver) {
    const answer = await askGateway<StatusView>(folder, 'status');
    if (!answer.ok) {
      code = complainAbout(answer.error);
      break;
    }
    await showFrame(statusScreen(answer.value, paint));
    for (let waited = 0; waited < EVERY_MS && !isOver; waited += 100) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  return code;
}

/** What does not fit the terminal is cut off, so that the screen never scrolls and no line is broken. */
export async function showFrame(lines: readonly string[]): Promise<void> {
  const { rows = 50, columns = 120 } = process.stdout;
  const isWhole = lines.length < rows;
  const below = `... ${lines.length - rows + 2} lines more in a taller window`;
  const shown = isWhole ? lines : [...lines.slice(0, Math.max(1, rows - 2)), below];
  const text = shown.map((line) => `${fitted(line, columns)}${CLEAR_LINE}\n`).join('');
  await print(`${HOME}${text}${CLEAR_BELOW}`);
}
