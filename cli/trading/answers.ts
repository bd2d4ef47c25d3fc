import { print } from '../standard-output.ts';
import type { TRADING_EXIT_CODES } from './exit-codes.ts';
import type { GatewayFailure } from './gateway-client.ts';

export type ExitCode = keyof typeof TRADING_EXIT_CODES;

/** An answer as JSON for programs, as lines for people. */
export async function tell(isJson: boolean, value: unknown, lines: readonly string[]): Promise<void> {
  await print(
    isJson ? `${JSON.stringify(value, undefined, 2)}\n` : lines.map((line) => `${line}\n`).join(''),
  );
}

/** One sentence on standard error, and the exit code that says of what kind it is. */
export function complainAbout({ reason, detail }: GatewayFailure): ExitCode {
  process.stderr.write(`error: ${detail}\n`);
  return reason === 'not_running' ? 4 : 3;
}

export function complain(sentence: string, code: ExitCode = 2): ExitCode {
  process.stderr.write(`error: ${sentence}\n`);
  return code;
}
