import { complain, complainAbout, type ExitCode, tell } from './answers.ts';
import { type EnvironmentOptions, loadEnvironment } from './environment.ts';
import { askGateway } from './gateway-client.ts';

export interface CommandOptions extends EnvironmentOptions {
  readonly json?: boolean;
}

/**
 * Commands the system of an environment, and tells what came of it.
 * @returns 3 as well when it is not proven that it was done
 */
export async function giveCommand<Answer extends object>(
  options: CommandOptions,
  path: string,
  body: object,
  linesOf: (answer: Answer) => readonly string[],
): Promise<ExitCode> {
  const environment = await loadEnvironment(options);
  if (!environment.ok) return complain(environment.error.sentence);
  const answer = await askGateway<Answer & Unproven>(environment.value.folder, path, body);
  if (!answer.ok) return complainAbout(answer.error);
  const { outcome, detail, unproven = [] } = answer.value;
  const isUnknown = outcome === 'unknown';
  const lines = isUnknown ? [`NOT KNOWN whether it was done: ${detail}`] : linesOf(answer.value);
  await tell(options.json === true, answer.value, lines);
  return isUnknown || unproven.length > 0 ? 3 : 0;
}

/** What an answer says of what is not known yet. */
interface Unproven {
  readonly outcome?: string;
  readonly detail?: string;
  readonly unproven?: readonly string[];
}
