import { systemClock } from '@tradewind/utils';
import { raiseInliningBudget } from '../inlining-budget.ts';
import { print } from '../standard-output.ts';
import { complain, type ExitCode } from './answers.ts';
import { describeEnvironment } from './config-command.ts';
import { makeDataFolder } from './data-folder.ts';
import { type LoadedEnvironment, loadEnvironment } from './environment.ts';
import { type OpenSystem, openSystem } from './open-system.ts';
import { OUTPUTS, type Output, outputOf } from './output.ts';
import { tellEvents } from './plain-lines.ts';
import { readDuration } from './read-duration.ts';
import { runSummary } from './run-summary.ts';
import { systemOn } from './running-file.ts';
import { resolveSecrets } from './secret-sources.ts';
import type { TypedStartOptions } from './start-options.ts';
import { showFrame } from './status-command.ts';
import { statusScreen } from './status-screen.ts';
import { paintFor } from './table.ts';
import { toldToStop } from './told-to-stop.ts';

const FRAME_EVERY_MS = 1000;
const STATUS_LINE_EVERY_MS = 60_000;

/** Runs the system until it is told to stop, or its time is over. @returns the exit code */
export async function runStart(service: string | undefined, options: TypedStartOptions): Promise<ExitCode> {
  const loaded = await loadEnvironment(options);
  if (!loaded.ok) return complain(loaded.error.sentence);
  const environment = loaded.value;
  const objection = objectionTo(environment, options);
  if (objection !== undefined) return complain(objection);
  const output = outputOf(options.output, environment.config, process.stdout.isTTY);
  if (output === undefined) return complain(`--output ${options.output}: expected ${OUTPUTS.join(', ')}`);
  const forMs = options.for === undefined ? undefined : readDuration(options.for);
  if (options.for !== undefined && forMs === undefined) {
    return complain(`--for ${options.for}: expected a duration like 90s, 10m or 2h`);
  }
  const secrets = await resolveSecrets(environment.config);
  if (!secrets.ok) return complain(`${secrets.error.reference}: ${secrets.error.what}`);
  if (service !== undefined) {
    const { runService } = await import('./run-service.ts');
    return runService(service, environment, secrets.value, forMs);
  }
  await makeDataFolder(environment.folder);
  const running = await systemOn(environment.folder);
  if (running !== undefined) {
    return complain(
      `${environment.folder.path}: a system works there already (process ${running.pid}); tradewind status shows it`,
    );
  }
  // Heard from the first moment on: who stops it while it starts is to find it stopped, too.
  const isToldToStop = toldToStop(forMs);
  if (output !== 'json') await print(`Tradewind starts\n${describeEnvironment(environment).join('\n')}\n`);
  const system = await openSystem(environment, secrets.value, output, isToldToStop);
  if (!system.ok) return complain(system.error, 1);
  raiseInliningBudget();
  const end = await show(system.value, output);
  await isToldToStop;
  end();
  return close(system.value, output);
}

/** Real money needs two settings that are not in one place: the file, and the word of who starts it (faults.md G2). */
function objectionTo({ config }: LoadedEnvironment, { live }: TypedStartOptions): string | undefined {
  if (config.mode === 'live' && live !== true) {
    return `--environment ${config.environment}: its orders are real; confirm that with --live`;
  }
  if (config.mode !== 'live' && live === true)
    return `--live: the mode of ${config.environment} is ${config.mode}`;
  return undefined;
}

/** @returns what ends the showing */
async function show(system: OpenSystem, output: Output): Promise<() => void> {
  if (output === 'json') return () => undefined;
  if (output === 'plain') return showLines(system);
  await print('\u001b[2J');
  const paint = paintFor(true);
  let isDrawing = false;
  const frame = async (): Promise<void> => {
    // A slow terminal costs frames, not memory.
    if (isDrawing) return;
    isDrawing = true;
    await showFrame(statusScreen(await system.gateway.status(), paint)).catch(() => undefined);
    isDrawing = false;
  };
  const timer = setInterval(() => void frame(), FRAME_EVERY_MS);
  return () => clearInterval(timer);
}

async function showLines(system: OpenSystem): Promise<() => void> {
  const write = (line: string): void => void print(`${line}\n`);
  tellEvents(system.bus, write);
  write(`control API  http://${system.address.host}:${system.address.port}`);
  const timer = setInterval(() => {
    system.gateway
      .status()
      .then((status) => write(statusScreen(status, paintFor(false)).slice(0, 4).join(' | ')))
      .catch(() => undefined);
  }, STATUS_LINE_EVERY_MS);
  return () => clearInterval(timer);
}

async function close(system: OpenSystem, output: Output): Promise<ExitCode> {
  if (output !== 'json') await print('\nending in order ...\n');
  // What cannot be said any more is left out of the summary; it must not keep the end from coming.
  const status = await system.gateway.status().catch(() => undefined);
  await system.stopTrading();
  const lines = await runSummary(
    system.ledger,
    system.firstSeq,
    systemClock.elapsedMs() - system.startedElapsedMs,
    status?.equity,
  );
  await system.close();
  if (output !== 'json') await print(`${lines.join('\n')}\n`);
  return 0;
}
