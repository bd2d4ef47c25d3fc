import type { ExitCode } from './answers.ts';
import { complain } from './answers.ts';
import type { LoadedEnvironment } from './environment.ts';
import type { ResolvedSecrets } from './secret-sources.ts';

export async function runService(
  service: string,
  _environment: LoadedEnvironment,
  _secrets: ResolvedSecrets,
  _forMs: number | undefined,
): Promise<ExitCode> {
  return complain(`${service}: there is no such service`);
}
