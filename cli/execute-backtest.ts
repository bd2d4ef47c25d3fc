import { readOptions, type TypedOptions } from './backtest-options.ts';
import type { Complaint } from './complaint.ts';
import { Progress } from './progress.ts';
import { resultText } from './result-text.ts';
import { runRequest } from './run-backtest.ts';
import { print } from './standard-output.ts';

/** Runs the command. @returns the exit code */
export async function execute(typed: TypedOptions): Promise<number> {
  const request = readOptions(typed);
  if (!request.ok) return complain(request.error);
  const { json, out } = request.value;
  const progress = new Progress(process.stderr);
  const run = await runRequest(request.value, (phase) => progress.show(phase)).finally(() =>
    progress.clear(),
  );
  if (!run.ok) return complain(run.error);
  const { result } = run.value;
  for (const warning of result.run.warnings) process.stderr.write(`warning: ${warning}\n`);
  const text = json || out !== undefined ? resultText(result) : '';
  if (out !== undefined) {
    const { writeOutput } = await import('./output-folder.ts');
    const written = await writeOutput(out, run.value, text);
    if (!written.ok) return complain(written.error);
  }
  const printed = await print(json ? text : (await import('./summary-table.ts')).summaryTable(result));
  return printed.ok ? 0 : complain(printed.error);
}

function complain({ sentence, exitCode }: Complaint): number {
  process.stderr.write(`error: ${sentence}\n`);
  return exitCode;
}
