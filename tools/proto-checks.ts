import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const PROTO_FOLDER = fileURLToPath(new URL('../shared/proto/', import.meta.url));
const BINARIES = fileURLToPath(new URL('../node_modules/.bin', import.meta.url));

/** Runs buf with the plugins that npm has installed. @returns what it complains of; empty when nothing is wrong */
function buf(parameters: readonly string[], folder: string): string {
  const env = { ...process.env, PATH: `${BINARIES}${delimiter}${process.env.PATH}` };
  try {
    execFileSync(join(BINARIES, 'buf'), parameters, { cwd: folder, env, encoding: 'utf8', stdio: 'pipe' });
    return '';
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string };
    return `${stdout}${stderr}`.trim() || message;
  }
}

/** How the proto files are written. @param folder  that of buf.yaml */
export const lintProblems = (folder: string): string => buf(['lint'], folder);

/** What would not understand messages of the committed baseline any more, or be misunderstood by its programs. */
export const breakingProblems = (folder: string): string =>
  buf(['breaking', '--against', join(PROTO_FOLDER, 'baseline.binpb')], folder);

/** Where the generated files in a folder are not what its proto files give. */
export function generatedProblems(folder: string): string {
  const fresh = mkdtempSync(join(tmpdir(), 'tradewind-proto-'));
  try {
    const problem = buf(['generate', '--output', fresh], folder);
    if (problem !== '') return problem;
    const [expected, found] = [filesIn(join(fresh, 'generated')), filesIn(join(folder, 'generated'))];
    const names = new Set([...expected.keys(), ...found.keys()]);
    const different = [...names].filter((name) => expected.get(name) !== found.get(name)).sort();
    return different.length === 0
      ? ''
      : `not what the proto files give, run npm run proto:generate: ${different.join(', ')}`;
  } finally {
    rmSync(fresh, { recursive: true });
  }
}

function filesIn(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return new Map(
    names.map(({ name, parentPath }) => [
      join(parentPath, name).slice(folder.length),
      readFileSync(join(parentPath, name), 'utf8'),
    ]),
  );
}
