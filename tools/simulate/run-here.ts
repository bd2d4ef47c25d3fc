import { type RunOptions, type RunResult, runSeed } from '../../simulation/run/run-seed.ts';

/** The longest that rejected promises take to be told of, after the loop has come round. */
const afterTheLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** One run in this thread. A promise that is rejected and that nobody hears of would have ended the process: it is a violation. */
export async function runHere(options: RunOptions): Promise<RunResult> {
  let unheard: string | undefined;
  const note = (reason: unknown): void => {
    unheard ??= reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
  };
  process.on('unhandledRejection', note);
  try {
    const result = await runSeed(options);
    await afterTheLoop();
    if (unheard === undefined || result.violation !== undefined) return result;
    return { ...result, violation: { check: 'no rejection is unheard', what: unheard, atMs: 0 } };
  } finally {
    process.off('unhandledRejection', note);
  }
}
