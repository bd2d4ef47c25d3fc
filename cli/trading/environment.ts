import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type Configuration,
  type ConfigurationProblem,
  checkStrategies,
  describeConfigurationProblem,
  readConfiguration,
} from '@tradewind/config';
import { err, ok, type Result } from '@tradewind/core/result';
import type { StrategyDefinition } from '@tradewind/core/strategy';
import type { Command } from 'commander';
import { badInput, type Complaint } from '../complaint.ts';
import { findStrategy } from '../find-strategy.ts';
import { type DataFolder, dataFolderAt } from './data-folder.ts';

/** The options of every command that is about a trading system. */
export interface EnvironmentOptions {
  readonly environment: string;
  readonly data?: string;
}

export const withEnvironment = (command: Command): Command =>
  command
    .option(
      '-e, --environment <name|file>',
      'local, development, staging, production, or a file of your own',
      'local',
    )
    .option('--data <folder>', 'where its state lies (default: .tradewind/<environment>)');

/** A configuration that has nothing wrong, and what it names. */
export interface LoadedEnvironment {
  readonly file: string;
  readonly config: Configuration;
  /** Of the file: which configuration an event was written under. */
  readonly text: string;
  /** SHA-256 of the configuration as it counts, defaults filled in, hex. */
  readonly hash: string;
  /** By the name that the configuration calls it. */
  readonly definitions: ReadonlyMap<string, StrategyDefinition>;
  readonly folder: DataFolder;
}

const NAMES = ['local', 'development', 'staging', 'production'];

/** Reads and checks the configuration of an environment. Every problem is told, one to a line. */
export async function loadEnvironment(
  options: EnvironmentOptions,
): Promise<Result<LoadedEnvironment, Complaint>> {
  const file = fileOf(options.environment);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? `there is no ${file}` : message;
    return badInput(
      `--environment ${options.environment}: ${why}; there are ${NAMES.join(', ')}, or name a file`,
    );
  }
  const read = readConfiguration(text, options.environment);
  if (!read.ok) return complainOf(read.error);
  const config = read.value;
  const definitions = await findDefinitions(config);
  const problems = checkStrategies(config, (name) => definitions.get(name)).map(
    (each): ConfigurationProblem => ({ file: options.environment, line: lineOf(text, each.field), ...each }),
  );
  if (problems.length > 0) return complainOf(problems);
  return ok({
    file,
    config,
    text,
    hash: createHash('sha256').update(JSON.stringify(config)).digest('hex'),
    definitions,
    folder: dataFolderAt(options.data ?? `.tradewind/${config.environment}`),
  });
}

/** The file of an environment is looked for where one is, then among those that come with Tradewind. */
function fileOf(name: string): string {
  if (!NAMES.includes(name)) return resolve(name);
  return fileURLToPath(new URL(`../../config/${name}.json`, import.meta.url));
}

async function findDefinitions(config: Configuration): Promise<ReadonlyMap<string, StrategyDefinition>> {
  const definitions = new Map<string, StrategyDefinition>();
  for (const { definition } of Object.values(config.strategies)) {
    const found = await findStrategy(definition);
    if (found.ok) definitions.set(definition, found.value.definition);
  }
  return definitions;
}

/** The line on which the last name of a field stands, after those that lead to it. */
function lineOf(text: string, field: string): number {
  let at = 0;
  for (const name of field.split('.')) {
    const found = text.indexOf(`"${name}"`, at);
    if (found >= 0) at = found;
  }
  return text.slice(0, at).split('\n').length;
}

const complainOf = (problems: readonly ConfigurationProblem[]): Result<never, Complaint> =>
  err({ sentence: problems.map(describeConfigurationProblem).join('\n  '), exitCode: 2 });
