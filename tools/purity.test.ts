import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const project = fileURLToPath(new URL('..', import.meta.url));

/** What `npm run check` reads, and so what has to be in the small project that breaks the rules. */
const SETTINGS = [
  'biome.json',
  'tsconfig.json',
  'tsconfig.pure.json',
  '.dependency-cruiser.mjs',
  'package.json',
  'tools/static-imports.grit',
];

/** One offence each, written to core/money/ unless a path is given, and the rule that has to name it. */
const offences = [
  { what: 'the clock', source: 'export const now = Date.now();', rule: 'noRestrictedGlobals' },
  { what: 'the clock as a date', source: 'export const now = new Date();', rule: 'noRestrictedGlobals' },
  { what: 'a stopwatch', source: 'export const now = performance.now();', rule: 'noRestrictedGlobals' },
  { what: 'a timer', source: 'setTimeout(() => {}, 1);', rule: 'noRestrictedGlobals' },
  { what: 'a microtask', source: 'queueMicrotask(() => {});', rule: 'noRestrictedGlobals' },
  {
    what: 'the time zone',
    source: 'export const zone = Intl.DateTimeFormat();',
    rule: 'noRestrictedGlobals',
  },
  { what: 'chance', source: 'export const dice = Math.random();', rule: 'noJsRestrictedProperties' },
  {
    what: 'chance by text',
    source: "export const dice = Math['random']();",
    rule: 'noJsRestrictedProperties',
  },
  { what: 'chance taken apart', source: 'export const { random } = Math;', rule: 'noJsRestrictedProperties' },
  {
    what: 'chance by another name',
    source: 'const maths = Math;\nexport const dice = maths.random();',
    rule: 'noJsRestrictedProperties',
  },
  {
    what: 'chance from crypto',
    source: 'export const id = crypto.randomUUID();',
    rule: 'noRestrictedGlobals',
  },
  {
    what: 'the order of a locale',
    source: "export const order = 'a'.localeCompare('b');",
    rule: 'noJsRestrictedProperties',
  },
  { what: 'the environment', source: 'export const home = process.env.HOME;', rule: 'noRestrictedGlobals' },
  {
    what: 'the environment of the module',
    source: 'export const here = import.meta.dirname;',
    rule: 'TS2339',
  },
  {
    what: 'the network',
    source: "export const page = fetch('http://localhost');",
    rule: 'noRestrictedGlobals',
  },
  {
    what: 'a socket',
    source: "export const it = new WebSocket('ws://localhost');",
    rule: 'noRestrictedGlobals',
  },
  { what: 'everything there is', source: 'export const all = globalThis;', rule: 'noRestrictedGlobals' },
  { what: 'what no rule names', source: 'export const agent = navigator.userAgent;', rule: 'TS2304' },
  {
    what: 'text made into code',
    source: "export const code = new Function('');",
    rule: 'noRestrictedGlobals',
  },
  { what: 'evaluated text', source: "eval('1');", rule: 'noGlobalEval' },
  { what: 'a module loaded while running', source: "await import('./clean.ts');", rule: 'plugin' },
  { what: 'console', source: "console.log('here');", rule: 'noConsole' },
  {
    what: 'a file',
    source: "export { readFileSync } from 'node:fs';",
    rule: 'core-and-strategies-import-nothing-outside',
  },
  { what: 'the types of a file', source: "export type Stats = import('node:fs').Stats;", rule: 'TS2591' },
  {
    what: 'a package',
    source: "export { z } from 'zod';",
    rule: 'core-and-strategies-import-nothing-outside',
  },
  {
    what: 'an unknown file',
    source: "export { x } from './no-such-file.ts';",
    rule: 'every-import-resolves',
  },
  {
    what: 'a subject above',
    source: "export type { Order } from '../orders/index.ts';",
    rule: 'core-money-imports-only-what-it-may',
  },
  {
    what: 'a folder outside the core',
    source: "export { run } from '../../research/index.ts';",
    rule: 'core-imports-only-what-it-may',
  },
  {
    what: 'the inside of another subject',
    path: 'core/orders/past-the-index.ts',
    source: "export { clean } from '../money/clean.ts';",
    rule: 'nobody-imports-past-an-index',
  },
  {
    what: 'the inside of the core',
    path: 'research/past-the-core.ts',
    source: "export { clean } from '../core/money/clean.ts';",
    rule: 'nobody-imports-past-a-package',
  },
  {
    what: 'the clock in a strategy',
    path: 'strategies/clock.ts',
    source: 'export const now = Date.now();',
    rule: 'noRestrictedGlobals',
  },
  {
    what: 'research in a strategy',
    path: 'strategies/research.ts',
    source: "export { run } from '../research/index.ts';",
    rule: 'strategies-imports-only-what-it-may',
  },
  {
    what: 'the command line in research',
    path: 'research/command-line.ts',
    source: "export { main } from '../cli/index.ts';",
    rule: 'research-imports-only-what-it-may',
  },
  {
    what: 'a tool outside a test',
    path: 'research/tool.ts',
    source: "export { tool } from '../tools/tool.ts';",
    rule: 'only-tests-and-benchmarks-use-tools',
  },
  {
    what: 'a subject that nobody placed',
    path: 'core/astrology/index.ts',
    source: "export { ok } from '../result.ts';",
    rule: 'core-has-no-other-subject',
  },
  {
    what: 'a circle',
    path: 'core/money/circle.ts',
    source: "export { circle } from './semicircle.ts';",
    rule: 'no-cycles',
  },
  {
    what: 'the order book in the engine for bars',
    path: 'core/matching/bars/order-book.ts',
    source: "export { book } from '../book/index.ts';",
    rule: 'the-two-engines-know-only-what-they-share',
  },
  {
    what: 'an engine in what both share',
    path: 'core/matching/shared.ts',
    source: "export { book } from './book/index.ts';",
    rule: 'the-two-engines-know-only-what-they-share',
  },
  {
    what: 'a stopwatch in the utilities',
    path: 'shared/utils/stopwatch.ts',
    source: 'export const now = performance.now();',
    rule: 'noRestrictedGlobals',
  },
  {
    what: 'a file in the client',
    path: 'adapters/binance/file.ts',
    source: "export { readFileSync } from 'node:fs';",
    rule: 'only-named-files-reach-outside',
  },
  {
    what: 'a package in the client',
    path: 'adapters/binance/socket.ts',
    source: "export { WebSocket } from 'ws';",
    rule: 'only-named-files-reach-outside',
  },
  {
    what: 'a package that is for others in the transports',
    path: 'adapters/binance/transports/archive.ts',
    source: "export { open } from 'yauzl';",
    rule: 'only-named-files-reach-outside',
  },
  {
    what: 'a file in the server of the exchange',
    path: 'services/exchange-simulator/server/file.ts',
    source: "export { readFileSync } from 'node:fs';",
    rule: 'only-named-files-reach-outside',
  },
  {
    what: 'the exchange in the client',
    path: 'adapters/binance/exchange.ts',
    source: "export { exchange } from '../../services/exchange-simulator/index.ts';",
    rule: 'client-and-exchange-meet-only-on-the-wire',
  },
  {
    what: 'the exchange in a test of the client',
    path: 'adapters/binance/exchange.test.ts',
    source: "export { exchange } from '../../services/exchange-simulator/index.ts';",
    rule: 'client-and-exchange-meet-only-on-the-wire',
  },
  {
    what: 'the client in a test of the exchange',
    path: 'services/exchange-simulator/client.test.ts',
    source: "export { client } from '../../adapters/binance/index.ts';",
    rule: 'client-and-exchange-meet-only-on-the-wire',
  },
  {
    what: 'the inside of another part of the client',
    path: 'adapters/binance/book/past-the-index.ts',
    source: "export { stream } from '../market-streams/stream.ts';",
    rule: 'nobody-imports-past-an-index',
  },
  {
    what: 'the inside of the client',
    path: 'simulation/inside.test.ts',
    source: "export { inside } from '../adapters/binance/inside.ts';",
    rule: 'an-adapter-or-a-service-is-its-index',
  },
  ...['adapters/binance', 'services/exchange-simulator', 'simulation'].flatMap((folder) =>
    [
      { what: 'the clock', source: 'export const now = Date.now();', rule: 'noRestrictedGlobals' },
      { what: 'a date', source: 'export const now = new Date();', rule: 'noRestrictedGlobals' },
      { what: 'a stopwatch', source: 'export const now = performance.now();', rule: 'noRestrictedGlobals' },
      { what: 'a timer', source: 'setTimeout(() => {}, 1);', rule: 'noRestrictedGlobals' },
      { what: 'chance', source: 'export const dice = Math.random();', rule: 'noJsRestrictedProperties' },
      {
        what: 'a deadline',
        source: 'export const end = AbortSignal.timeout(1);',
        rule: 'noJsRestrictedProperties',
      },
      {
        what: 'the environment',
        source: 'export const home = process.env.HOME;',
        rule: 'noRestrictedGlobals',
      },
      {
        what: 'the network',
        source: "export const page = fetch('http://localhost');",
        rule: 'noRestrictedGlobals',
      },
      {
        what: 'the real clock',
        source: "import { systemClock } from '@tradewind/utils';\n\nexport const now = systemClock.nowMs();",
        rule: 'noRestrictedImports',
      },
      {
        what: 'chance from Node',
        source: "export { randomUUID } from 'node:crypto';",
        rule: 'only-named-files-reach-outside',
      },
    ].map(({ what, source, rule }) => ({
      what: `${what} in ${folder}`,
      path: `${folder}/${what.replaceAll(' ', '-')}.ts`,
      source,
      rule,
    })),
  ),
].map((offence, number) => ({ path: `core/money/offence-${number}.ts`, ...offence }));

/** What the offences import, files that look guilty and are not, and those few that may do what others may not. */
const innocents = {
  'core/result.ts': 'export const ok = true;\n',
  'core/money/index.ts': "export { ok } from '../result.ts';\nexport { clean } from './clean.ts';\n",
  'core/money/clean.ts': `// Date.now(), Math.random(), process.env and import('node:fs') are only words here.
export const clean = 'Date.now() + Math.random() + process.env.HOME';

export const wait = (performance: number, process: number): number => Math.max(performance, process);
`,
  'core/money/clean.test.ts':
    "import { readFileSync } from 'node:fs';\n\nreadFileSync(String(Date.now()));\n",
  'core/money/semicircle.ts': "export { circle } from './circle.ts';\n",
  'core/orders/index.ts': "export { clean } from '../money/index.ts';\nexport type Order = string;\n",
  'core/matching/book/index.ts': 'export const book = 1;\n',
  'research/index.ts':
    "import { clean } from '../core/money/index.ts';\n\nexport const run = () => clean + Date.now();\n",
  'cli/index.ts': "export { run as main } from '../research/index.ts';\n",
  'tools/tool.ts': 'export const tool = 1;\n',
  'adapters/binance/index.ts': "export { inside as client } from './inside.ts';\n",
  'adapters/binance/inside.ts': 'export const inside = 1;\n',
  'adapters/binance/book/index.ts': "export { stream } from '../market-streams/index.ts';\n",
  'adapters/binance/market-streams/index.ts': "export { stream } from './stream.ts';\n",
  'adapters/binance/market-streams/stream.ts': 'export const stream = 1;\n',
  'adapters/binance/clock.test.ts': 'setTimeout(() => Date.now(), Math.random());\n',
  'adapters/binance/transports/web-sockets.ts':
    "import WebSocket from 'ws';\n\nsetTimeout(() => new WebSocket('ws://localhost'), 1);\n",
  'services/exchange-simulator/index.ts': 'export const exchange = 1;\n',
  'services/exchange-simulator/server/server.ts':
    "import { createServer } from 'node:http';\n\nsetTimeout(() => createServer(), 1);\n",
  'simulation/meeting.ts':
    "export { client } from '../adapters/binance/index.ts';\nexport { exchange } from '../services/exchange-simulator/index.ts';\n",
  'shared/utils/clock.ts': 'export const now = (): number => Date.now();\n',
};

let folder = '';
/** The rules that each file breaks, by its path inside the small project. */
const findings = new Map<string, string[]>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tradewind-purity-'));
  const files = [
    ...Object.entries(innocents),
    ...offences.map(({ path, source }) => [path, `${source}\n`] as const),
  ];
  for (const name of SETTINGS) await cp(join(project, name), join(folder, name));
  for (const [path, source] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), source);
  }
  await symlink(join(project, 'node_modules'), join(folder, 'node_modules'));
  const found = await Promise.all([style(), pureTypes(), layers()]);
  for (const { path, rule } of found.flat()) findings.set(path, [...(findings.get(path) ?? []), rule]);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(offences)('the check refuses $what: $rule', ({ path, rule }) => {
  expect(findings.get(path)).toContain(rule);
});

test.each(Object.keys(innocents).filter((path) => path !== 'core/money/semicircle.ts'))(
  'the check has nothing against %s',
  (path) => {
    expect(findings.get(path)).toBeUndefined();
  },
);

interface Finding {
  readonly path: string;
  readonly rule: string;
}

/** What a tool of the project prints about the small project; that it also fails there is no news. */
function run(tool: string, ...options: readonly string[]): Promise<string> {
  const program = join(project, 'node_modules/.bin', tool);
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [program, ...options],
      { cwd: folder, maxBuffer: 2 ** 24 },
      (error, out, log) => {
        if (out === '') reject(new Error(`${tool} said nothing: ${log}`, { cause: error }));
        else resolve(out);
      },
    );
  });
}

async function style(): Promise<readonly Finding[]> {
  const report = await run(
    'biome',
    'lint',
    '--vcs-enabled=false',
    '--max-diagnostics=none',
    '--reporter=json',
    '.',
  );
  const { diagnostics } = JSON.parse(report) as {
    diagnostics: readonly { category: string; severity: string; location: { path: string } }[];
  };
  return diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ category, location }) => ({ path: location.path, rule: category.split('/').at(-1) ?? category }));
}

async function pureTypes(): Promise<readonly Finding[]> {
  const report = await run('tsc', '--noEmit', '--pretty', 'false', '--project', 'tsconfig.pure.json');
  return [...report.matchAll(/^(\S+)\(\d+,\d+\): error (TS\d+)/gm)].map(([, path = '', rule = '']) => ({
    path,
    rule,
  }));
}

async function layers(): Promise<readonly Finding[]> {
  const folders = [
    'core',
    'strategies',
    'research',
    'adapters',
    'services',
    'simulation',
    'cli',
    'shared',
    'tools',
  ];
  const report = await run(
    'depcruise',
    '--config',
    '.dependency-cruiser.mjs',
    '--output-type',
    'json',
    ...folders,
  );
  const { summary } = JSON.parse(report) as {
    summary: { violations: readonly { from: string; rule: { name: string } }[] };
  };
  return summary.violations.map(({ from, rule }) => ({ path: from, rule: rule.name }));
}
