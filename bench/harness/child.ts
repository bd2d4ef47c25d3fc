import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const execute = promisify(execFile);
/** A run that lists all its fills says much. */
const OUTPUT_BYTES_MAX = 512 * 1024 * 1024;

/** The path of a file of the repository. */
export const repositoryPath = (path: string): string =>
  fileURLToPath(new URL(`../../${path}`, import.meta.url));

/**
 * Runs a TypeScript file in a fresh process and reads the one JSON line that it prints. Fresh, because what V8 has learned
 * from one variant changes the speed of the next.
 */
export async function runFresh<Line>(
  file: string,
  parameters: readonly string[],
  nodeOptions: readonly string[] = [],
): Promise<Line> {
  const { stdout } = await execute(process.execPath, [...nodeOptions, repositoryPath(file), ...parameters], {
    maxBuffer: OUTPUT_BYTES_MAX,
  });
  return JSON.parse(stdout) as Line;
}

/** Runs variants in turns (A B C A B C ...), so that a busy minute of the machine hits all of them. Lines by variant, in rounds. */
export async function interleave<Variant extends string, Line>(
  rounds: number,
  variants: readonly Variant[],
  run: (variant: Variant) => Promise<Line>,
): Promise<Record<Variant, Line[]>> {
  const lines = Object.fromEntries(variants.map((variant): [string, Line[]] => [variant, []])) as Record<
    Variant,
    Line[]
  >;
  for (let round = 0; round < rounds; round += 1) {
    for (const variant of variants) lines[variant].push(await run(variant));
  }
  return lines;
}
