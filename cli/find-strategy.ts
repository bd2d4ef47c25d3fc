import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { registerHooks } from 'node:module';
import { basename, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ok, type Result } from '@tradewind/core/result';
import type { StrategyDefinition } from '@tradewind/core/strategy';
import { strategies } from '@tradewind/strategies';
import { badInput, type Complaint, nearest } from './complaint.ts';
import { messageOf, placeIn } from './thrown.ts';

export interface FoundStrategy {
  readonly definition: StrategyDefinition;
  /** The path of its file. */
  readonly file: string;
  /** SHA-256 of its source, with line ends as on Unix. */
  readonly sha256: string;
}

/** A ready strategy by its name, or one from a file. */
export async function findStrategy(nameOrFile: string): Promise<Result<FoundStrategy, Complaint>> {
  const ready = strategies.find(({ name }) => name === nameOrFile);
  if (ready !== undefined) {
    const file = fileURLToPath(new URL(`${ready.name}.ts`, import.meta.resolve('@tradewind/strategies')));
    return ok({ definition: ready, file, sha256: hashOfSource(await readFile(file, 'utf8')) });
  }
  if (/[./\\]/.test(nameOrFile)) return loadStrategy(nameOrFile);
  const names = strategies.map(({ name }) => name);
  return badInput(
    `--strategy ${nameOrFile}: there is no such strategy${nearest(nameOrFile, names)} ` +
      `(ready ones: ${names.join(', ')}; your own: ./${nameOrFile}.ts)`,
  );
}

/** The URL of the file whose default export is the strategy of that name; of a file, its own. */
export const strategyModule = (nameOrFile: string): string =>
  strategies.some(({ name }) => name === nameOrFile)
    ? new URL(`${nameOrFile}.ts`, import.meta.resolve('@tradewind/strategies')).href
    : pathToFileURL(resolve(nameOrFile)).href;

async function loadStrategy(option: string): Promise<Result<FoundStrategy, Complaint>> {
  const file = resolve(option);
  let source: string;
  try {
    source = await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : messageOf(error);
    return badInput(`--strategy ${option}: ${why}`);
  }
  let module: { readonly default?: unknown };
  try {
    module = await importFrom(file);
  } catch (error) {
    const place = placeIn(file, error) || placeOfSyntaxError(file, error);
    return badInput(`--strategy ${option}: cannot be loaded: ${messageOf(error)}${place}`);
  }
  const definition = module.default;
  if (isDefinition(definition)) return ok({ definition, file, sha256: hashOfSource(source) });
  return badInput(`--strategy ${option}: has no strategy: write export default defineStrategy({ ... })`);
}

/** A strategy's file may lie anywhere: what it imports of Tradewind comes from here, and it is a module whatever lies beside it. */
async function importFrom(file: string): Promise<{ readonly default?: unknown }> {
  const { href } = pathToFileURL(file);
  const format = /\.[cm]?ts$/.test(file) ? 'module-typescript' : 'module';
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      if (specifier === href) return { url: href, format, shortCircuit: true };
      if (specifier.startsWith('@tradewind/'))
        return next(specifier, { ...context, parentURL: import.meta.url });
      return next(specifier, context);
    },
  });
  try {
    return await import(href);
  } finally {
    hooks.deregister();
  }
}

/** Of JavaScript, Node says the line of a syntax error only where it prints it. */
function placeOfSyntaxError(file: string, error: unknown): string {
  if (!(error instanceof SyntaxError)) return '';
  const { stderr } = spawnSync(process.execPath, ['--check', file], { encoding: 'utf8' });
  const [, line] = /:(\d+)\n/.exec(stderr) ?? [];
  return line === undefined ? '' : ` (${basename(file)}:${line})`;
}

function isDefinition(value: unknown): value is StrategyDefinition {
  if (typeof value !== 'object' || value === null) return false;
  const { name, parameters, warmup, create } = value as Partial<StrategyDefinition>;
  return (
    typeof name === 'string' &&
    typeof parameters === 'object' &&
    typeof warmup === 'function' &&
    typeof create === 'function'
  );
}

const hashOfSource = (source: string): string =>
  createHash('sha256').update(source.replaceAll('\r\n', '\n')).digest('hex');
