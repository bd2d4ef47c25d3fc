import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { describeRiskLimitsProblem, limitsOf, parseRiskLimits } from '@tradewind/research/risk-limits';
import { strategies } from '@tradewind/strategies';
import { combined } from '../../../tools/fuzz/combined.ts';
import type { Mutator } from '../../../tools/fuzz/mutator.ts';
import { singleInputs } from '../../../tools/fuzz/single-inputs.ts';
import type { Verdict } from '../../../tools/fuzz/target.ts';
import { parseTree, type Tree, treeOf } from '../../../tools/fuzz/tree.ts';
import {
  type ConfigurationProblem,
  checkStrategies,
  describeConfigurationProblem,
  readConfiguration,
} from '../index.ts';
import { resolveSecret } from '../secrets.ts';
import {
  isObject,
  type Json,
  type JsonObject,
  own,
  unitsOf,
  wrongLimits,
} from './plain-limits.test-support.ts';

const FILE = 'fuzz.json';
/** Part of every secret that is in a file by mistake, or that a reference leads to. Nothing may ever print it. */
const CANARY = 'cAnArY7';

const fileOf = (environment: string): JsonObject =>
  JSON.parse(
    readFileSync(new URL(`../../../config/${environment}.json`, import.meta.url), 'utf8'),
  ) as JsonObject;

/** The same with one symbol and one strategy: what is spoilt in one need not be there twice. */
function smallFileOf(environment: string): JsonObject {
  const file = fileOf(environment);
  const limits = file.limits as JsonObject;
  const first = (group: Json | undefined): JsonObject =>
    Object.fromEntries(Object.entries(group as JsonObject).slice(0, 1));
  return {
    ...file,
    symbols: (file.symbols as readonly string[]).slice(0, 1),
    strategies: first(file.strategies),
    limits: {
      ...limits,
      strategies: first(limits.strategies),
      symbols: first(limits.symbols),
      assets: first(limits.assets),
    },
  };
}

const LOCAL = smallFileOf('local');
const STAGING = smallFileOf('staging');
const PRODUCTION = smallFileOf('production');
const SERVICES = STAGING.services as JsonObject;
const LIMITS = LOCAL.limits as JsonObject;
const FILES: readonly Tree[] = [
  fileOf('local'),
  LOCAL,
  smallFileOf('development'),
  STAGING,
  PRODUCTION,
  {
    ...LOCAL,
    gateway: { host: '0.0.0.0', port: 1, token: 'a reference' },
    guards: { lease_ms: 4000, dead_man_after_ms: 15_000, sweep_every_ms: 5000 },
    telemetry: { log_level: 'warn', otlp_url: 'http://127.0.0.1:4318', traced_share: 0.5 },
    exchange: {
      profile: 'simulator',
      urls: { rest: 'http://127.0.0.1:1', streams: 'ws://localhost:2', websocket_api: 'ws://[::1]:3' },
    },
  },
  {
    ...PRODUCTION,
    exchange: { profile: 'binance', key: { api_key: `k${CANARY}`, secret: `s${CANARY}`, account: 1 } },
  },
  {
    ...STAGING,
    ledger: { url: `postgres://trader:${CANARY}@db/x` },
    redis: { url: `redis://:${CANARY}@cache` },
    services: { ...SERVICES, token: CANARY },
    vault: { url: 'http://127.0.0.1:8200', token: `t${CANARY}`, mount: 'secret' },
  },
].map((each) => treeOf(each));
const LIMIT_FILES: readonly Tree[] = [
  LIMITS,
  PRODUCTION.limits as JsonObject,
  STAGING.limits as JsonObject,
].map((each) => treeOf(each));
const definitionOf = (name: string) => strategies.find((each) => each.name === name);

/**
 * The file of an environment. It is refused, with the line and the field of each problem, or what is made of it is all that it says:
 * it is read again as the same, every symbol and strategy has its limits, and each limit is held to the last digit. A secret that
 * stands in the file or that a reference leads to is never printed.
 */
const filePart = singleInputs('file', (mutator) => textFrom(mutator, FILES), judgeFile);

/** A file of risk limits alone, for a backtest: refused with its fields, or held to the last digit. */
const limitsPart = singleInputs('limits', (mutator) => textFrom(mutator, LIMIT_FILES), judgeLimits);

export const configurationTarget = combined('configuration', [filePart, limitsPart]);

const textFrom = (mutator: Mutator, samples: readonly Tree[]): string =>
  mutator.json(mutator.oneOf(samples), samples, mutator.chance(0.7) ? '  ' : '');

async function judgeFile(text: string): Promise<Verdict> {
  const read = readConfiguration(text, FILE);
  if (!read.ok) return { outcome: 'refused', wrong: wrongRefusal(text, read.error) };
  const config = read.value;
  const said = JSON.parse(text) as Json;
  const problems = checkStrategies(config, definitionOf).map((each) => ({ file: FILE, line: 1, ...each }));
  const wrong =
    wrongReading(text, said, config) ??
    wrongLimits(own(said, 'limits'), limitsOf(config.limits)) ??
    wrongRules(said) ??
    wrongPrinting(text, problems) ??
    (await wrongSecrets(said));
  if (wrong !== undefined) return { outcome: 'accepted', wrong };
  const again = readConfiguration(JSON.stringify(config), FILE);
  // JSON has no zero below zero, and nothing depends on it.
  const isSame = again.ok && JSON.stringify(again.value) === JSON.stringify(config);
  return {
    outcome: problems.length === 0 ? 'accepted' : 'refused by strategies',
    wrong: isSame ? undefined : 'what was read is not read again as the same',
  };
}

function judgeLimits(text: string): Verdict {
  const read = parseRiskLimits(text, FILE);
  if (!read.ok) {
    const { kind, fields } = read.error;
    const isNamed =
      kind !== 'not_limits' ||
      (fields.length > 0 && fields.every(({ field, what }) => field !== '' && what !== ''));
    const sentence = describeRiskLimitsProblem(read.error);
    return {
      outcome: 'refused',
      wrong: isNamed && sentence.startsWith(`${FILE}: `) ? undefined : 'no field is named',
    };
  }
  const said = JSON.parse(text) as Json;
  const { content, limits } = read.value;
  return { outcome: 'accepted', wrong: wrongReading(text, said, content) ?? wrongLimits(said, limits) };
}

function wrongRefusal(text: string, problems: readonly ConfigurationProblem[]): string | undefined {
  if (problems.length === 0) return 'a refusal without a reason';
  const lines = text.split('\n');
  for (const { file, line, field, what } of problems) {
    if (file !== FILE || what === '') return 'a problem without its file or its sentence';
    if (!(Number.isInteger(line) && line >= 1 && line <= lines.length))
      return `a line that is not there: ${line}`;
    const wanted = lineOf(text, lines, field);
    if (wanted !== undefined && wanted !== line)
      return `another line: ${field} is on ${wanted}, and ${line} was said`;
  }
  return wrongPrinting(text, problems);
}

/** On which line a field stands whose name stands nowhere else; undefined where that is not so plain. */
function lineOf(text: string, lines: readonly string[], field: string): number | undefined {
  const name = field.split('.').at(-1)!;
  // The same field may stand elsewhere, too, and with spaces: then its line is not known so easily.
  const quoted = JSON.stringify(name);
  if (!/^[a-z_]{4,}$/.test(name) || text.split(quoted).length !== 2) return undefined;
  let at = parsed(text);
  for (const each of field.split('.')) at = Array.isArray(at) ? (at[Number(each)] as Json) : own(at, each);
  return at === undefined ? undefined : lines.findIndex((line) => line.includes(quoted)) + 1;
}

/** A secret may be printed where somebody has put it into a place of free text, and nowhere else. */
function wrongPrinting(text: string, problems: readonly ConfigurationProblem[]): string | undefined {
  const printed = problems.map(describeConfigurationProblem).join('\n');
  if (!printed.includes(CANARY)) return undefined;
  return isInFreeText(parsed(text), '') ? undefined : 'a secret is printed';
}

const FREE_TEXTS = /(^|\.)(definition|host|parameters\.[^.]*)$/;
function isInFreeText(json: Json | undefined, at: string): boolean {
  if (typeof json === 'string') return json.includes(CANARY) && FREE_TEXTS.test(at);
  if (typeof json !== 'object' || json === null) return false;
  return Object.entries(json).some(([name, each]) =>
    isInFreeText(each as Json, at === '' ? name : `${at}.${name}`),
  );
}

/** All that the file says is in what was read of it, and nothing is said twice. */
function wrongReading(text: string, said: Json, read: unknown): string | undefined {
  const tree = parseTree(text);
  if (tree !== undefined && saysTwice(tree)) return 'a name that stands there twice was accepted';
  return lostIn(said, read as Json, '');
}

function saysTwice(tree: Tree): boolean {
  if (tree.kind === 'leaf') return false;
  if (tree.kind === 'list') return tree.items.some(saysTwice);
  const names = tree.members.map(([name]) => name);
  return new Set(names).size !== names.length || tree.members.some(([, value]) => saysTwice(value));
}

function lostIn(said: Json, read: Json | undefined, at: string): string | undefined {
  if (at === '.$schema') return undefined;
  if (typeof said !== 'object' || said === null) return said === read ? undefined : `lost: ${at}`;
  if (typeof read !== 'object' || read === null) return `lost: ${at}`;
  for (const [name, each] of Object.entries(said)) {
    if (!Object.hasOwn(read, name) && !(at === '' && name === '$schema')) return `lost: ${at}.${name}`;
    const lost = lostIn(each, (read as JsonObject)[name], `${at}.${name}`);
    if (lost !== undefined) return lost;
  }
  return undefined;
}

/** What the documentation promises of every configuration that is accepted, looked up in the file itself. */
function wrongRules(said: Json): string | undefined {
  const limits = own(said, 'limits');
  const running = own(said, 'strategies') as JsonObject;
  const symbols = own(said, 'symbols') as readonly string[];
  for (const symbol of symbols)
    if (!isObject(own(own(limits, 'symbols'), symbol))) return 'a symbol without limits';
  for (const name of Object.keys(running))
    if (!isObject(own(own(limits, 'strategies'), name))) return `a strategy without limits: ${name}`;
  for (const name of Object.keys(own(limits, 'strategies') as JsonObject))
    if (!Object.hasOwn(running, name)) return `limits of a strategy that is not there: ${name}`;
  for (const name of Object.keys(own(limits, 'symbols') as JsonObject))
    if (!symbols.includes(name)) return `limits of a symbol that is not there: ${name}`;
  const exchange = own(said, 'exchange');
  const profile = own(exchange, 'profile');
  const isLive = own(said, 'mode') === 'live';
  if (isLive !== (own(said, 'environment') === 'production')) return 'real money outside production';
  if (isLive !== (profile === 'binance') && own(said, 'mode') !== 'paper' && own(said, 'mode') !== undefined)
    return 'a mode on an exchange that is not its own';
  for (const url of Object.values((own(exchange, 'urls') as JsonObject | undefined) ?? {}))
    if (!/^(http|https|ws|wss):\/\/([^/?#@]*@)?(127\.|localhost|\[::1\])/i.test(String(url)))
      return `a simulator elsewhere: ${url}`;
  return wrongCapital(said, running);
}

function wrongCapital(said: Json, running: JsonObject): string | undefined {
  const balances = own(own(said, 'paper'), 'balances');
  if (!isObject(balances)) return undefined;
  const given = new Map<string, bigint>();
  for (const each of Object.values(running))
    for (const [asset, text] of Object.entries(own(each, 'capital') as JsonObject))
      given.set(asset, (given.get(asset) ?? 0n) + unitsOf(text, 8)!);
  for (const [asset, sum] of given)
    if (sum > (unitsOf(own(balances, asset) ?? '0', 8) ?? 0n)) return `more capital than there is: ${asset}`;
  return undefined;
}

/** Each reference is looked up where things are there, are not there, and go wrong: nothing prints what was found. */
async function wrongSecrets(said: Json): Promise<string | undefined> {
  for (const reference of referencesIn(said, '')) {
    if (!/^\$\{(env|file|vault):/.test(reference)) return 'a secret that is no reference was accepted';
    const found = await resolveSecret(reference, {
      environment: () => CANARY,
      file: async () => CANARY,
      vault: async () => CANARY,
    });
    const printed = `${JSON.stringify(found)} ${inspect(found, { depth: 9, showHidden: true })} ${found.ok ? String(found.value) : ''}`;
    if (printed.includes(CANARY)) return 'a secret that was found is printed';
    const missing = await resolveSecret(reference, {
      environment: () => undefined,
      file: () => Promise.reject(new Error('EACCES')),
    });
    if (missing.ok || missing.error.what === '') return 'a secret that is not there was found';
  }
  return undefined;
}

function referencesIn(json: Json, at: string): readonly string[] {
  if (typeof json === 'string')
    return /^(exchange\.key\.(api_key|secret)|ledger\.url|redis\.url|(services|gateway|vault)\.token)$/.test(
      at,
    )
      ? [json]
      : [];
  if (typeof json !== 'object' || json === null) return [];
  return Object.entries(json).flatMap(([name, each]) =>
    referencesIn(each as Json, at === '' ? name : `${at}.${name}`),
  );
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
