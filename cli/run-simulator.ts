import { systemClock, systemTimers } from '@tradewind/utils';
import type { Complaint } from './complaint.ts';
import { raiseInliningBudget } from './inlining-budget.ts';
import { readSimulatorOptions, type TypedSimulatorOptions } from './simulator-options.ts';
import { startUpText } from './simulator-text.ts';
import { print } from './standard-output.ts';
import { startSimulator } from './start-simulator.ts';

/** Runs the exchange until it is told to stop. @returns the exit code */
export async function runSimulator(typed: TypedSimulatorOptions): Promise<number> {
  const request = readSimulatorOptions(typed);
  if (!request.ok) return complain(request.error);
  // Heard from the first moment on: who stops it while it starts is to find it stopped, too.
  const isToldToStop = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  const running = await startSimulator(request.value, { clock: systemClock, timers: systemTimers });
  if (!running.ok) return complain(running.error);
  raiseInliningBudget();
  if (!request.value.isQuiet) await print(startUpText(running.value, request.value));
  await isToldToStop;
  const stopped = await running.value.stop();
  return stopped.ok ? 0 : complain(stopped.error);
}

function complain({ sentence, exitCode }: Complaint): number {
  process.stderr.write(`error: ${sentence}\n`);
  return exitCode;
}
