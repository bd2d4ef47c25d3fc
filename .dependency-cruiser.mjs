/**
 * Which way imports may point. docs/architecture.md draws the same arrows; change both together.
 * The files are parsed with swc, because dependency-cruiser cannot use TypeScript 7.
 */

/** Tests, their helpers and the slow reference models beside them may also import packages, Node and `tools/`. */
const TESTS = '\\.test\\.ts$|\\.test-d\\.ts$|\\.test-support\\.ts$|/reference/';

/** The subjects of the core, and the subjects that each may import. */
const CORE = {
  result: [],
  money: ['result'],
  orders: ['result', 'money'],
  market: ['result', 'money', 'orders'],
  indicators: ['result'],
  statistics: ['result'],
  portfolio: ['result', 'money', 'orders', 'market'],
  risk: ['result', 'money', 'orders', 'market', 'portfolio'],
  matching: ['result', 'money', 'orders', 'market', 'portfolio'],
  strategy: [
    'result',
    'money',
    'orders',
    'market',
    'indicators',
    'statistics',
    'portfolio',
    'risk',
    'matching',
  ],
};

/** The folders at the top, and the top folders that each may import. */
const TOP = {
  core: [],
  'shared/schemas': [],
  'shared/utils': [],
  strategies: ['core'],
  research: ['core', 'shared/schemas', 'shared/utils'],
  'adapters/binance': ['core', 'shared/schemas', 'shared/utils'],
  // Not the adapter: the exchange and its client are written apart and meet only on the wire.
  'services/exchange-simulator': ['core', 'research', 'shared/schemas', 'shared/utils'],
  simulation: ['core', 'shared/schemas', 'shared/utils', 'strategies', 'research', 'adapters', 'services'],
  cli: ['core', 'shared/schemas', 'shared/utils', 'strategies', 'research', 'adapters', 'services'],
};

const PROJECT = '^(core|shared|strategies|research|adapters|services|simulation|cli|bench|tools)/';

const coreRules = Object.entries(CORE).map(([subject, allowed]) => ({
  name: `core-${subject}-imports-only-what-it-may`,
  severity: 'error',
  comment: `core/${subject} may import of the core: ${allowed.join(', ') || 'nothing'}.`,
  from: { path: `^core/${subject}(/|\\.ts$)`, pathNot: TESTS },
  to: { path: '^core/', pathNot: `^core/(${[subject, ...allowed].join('|')})(/|\\.ts$)` },
}));

const topRules = Object.entries(TOP).map(([folder, allowed]) => ({
  name: `${folder.replace('/', '-')}-imports-only-what-it-may`,
  severity: 'error',
  comment: `${folder} may import of this project: ${allowed.join(', ') || 'nothing'}.`,
  from: { path: `^${folder}/`, pathNot: TESTS },
  to: { path: PROJECT, pathNot: `^(${[folder, ...allowed].join('|')})/` },
}));

export default {
  forbidden: [
    ...topRules,
    ...coreRules,
    {
      name: 'core-and-strategies-import-nothing-outside',
      severity: 'error',
      comment: 'They are pure: no package and no module of Node.',
      from: { path: '^(core|strategies)/', pathNot: TESTS },
      to: { pathNot: PROJECT, couldNotResolve: false },
    },
    {
      name: 'core-has-no-other-subject',
      severity: 'error',
      comment: 'A new subject of the core takes its place in the table at the top of this file.',
      from: { path: '^core/', pathNot: `^core/(${Object.keys(CORE).join('|')})(/|\\.ts$)` },
      to: {},
    },
    {
      name: 'nobody-imports-past-an-index',
      severity: 'error',
      comment: 'A folder exports what others need, name by name, from its index.ts.',
      from: { path: '^(core|research)/([^/]+)/' },
      to: {
        path: '^(core|research)/[^/]+/',
        pathNot: [
          '^$1/$2/',
          '^[^/]+/[^/]+/index\\.ts$',
          '^core/matching/(bars|book)/index\\.ts$',
          '\\.test-support\\.ts$',
        ],
      },
    },
    {
      name: 'the-two-engines-know-only-what-they-share',
      severity: 'error',
      comment:
        'A backtest on bars loads no order book. What both need lies above them in core/matching, and needs neither.',
      from: { path: '^core/matching/(bars/|book/|[^/]+\\.ts$)' },
      to: { path: '^core/matching/[^/]+/', pathNot: '^core/matching/$1' },
    },
    {
      name: 'nobody-imports-past-a-package',
      severity: 'error',
      comment:
        'From outside, the core and the research are what their index.ts files and core/result.ts export.',
      from: { path: '^(strategies|research|cli|tools)/' },
      to: {
        path: '^(core|strategies|research|cli)/',
        pathNot: ['^$1/', '/index\\.ts$', '^core/result\\.ts$', '\\.test-support\\.ts$'],
      },
    },
    {
      name: 'only-tests-and-benchmarks-use-tools',
      severity: 'error',
      comment: 'tools/ is for tests, benchmarks and scripts; nothing that runs a strategy may need it.',
      from: { pathNot: [TESTS, '^(tools|bench)/', '^[^/]+$'] },
      to: { path: '^tools/' },
    },
    {
      name: 'nobody-imports-a-test',
      severity: 'error',
      from: { pathNot: [TESTS, '^bench/'] },
      to: { path: TESTS, pathNot: '^node_modules/' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Two files that need each other are one file, or need a third.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'every-import-resolves',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    parser: 'swc',
    moduleSystems: ['es6'],
    doNotFollow: { path: 'node_modules' },
    detectProcessBuiltinModuleCalls: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};
