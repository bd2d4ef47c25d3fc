/**
 * Which way imports may point. docs/architecture.md draws the same arrows; change both together.
 * The files are parsed with swc, because dependency-cruiser cannot use TypeScript 7.
 */

/** Tests, their helpers and the slow reference models beside them may also import packages, Node and `tools/`. */
const TESTS = '\\.test\\.ts$|\\.test-d\\.ts$|\\.test-support\\.ts$|/reference/';

/** The table of what can be fuzzed: each target stands among the tests of what it spoils the inputs of. */
const FUZZ_TARGETS = '^tools/fuzz/targets\\.ts$';

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
  'shared/proto': ['core', 'shared/utils'],
  'shared/telemetry': ['shared/utils'],
  'shared/config': ['core', 'research', 'shared/schemas', 'shared/utils', 'shared/proto'],
  strategies: ['core'],
  research: ['core', 'shared/schemas', 'shared/utils', 'shared/proto'],
  'adapters/binance': ['core', 'shared/schemas', 'shared/utils'],
  'adapters/postgres': ['core', 'shared'],
  'adapters/redis': ['core', 'shared'],
  'adapters/rpc': ['core', 'shared'],
  'adapters/vault': ['shared'],
  'services/market-data': ['core', 'shared', 'adapters'],
  'services/strategy-engine': ['core', 'shared', 'strategies', 'research'],
  'services/risk-manager': ['core', 'shared', 'adapters/binance'],
  'services/order-execution': ['core', 'shared', 'adapters/binance'],
  'services/gateway': ['core', 'shared'],
  // Client and exchange in one process: the exchange is followed by prices from outside, the client speaks to it in memory.
  'services/paper-exchange': ['core', 'shared', 'adapters/binance', 'services/exchange-simulator'],
  'services/trading-system': ['core', 'shared', 'strategies', 'research', 'adapters', 'services'],
  // Not the adapter: the exchange and its client are written apart and meet only on the wire.
  'services/exchange-simulator': ['core', 'research', 'shared/schemas', 'shared/utils'],
  simulation: ['core', 'shared', 'strategies', 'research', 'adapters', 'services'],
  cli: ['core', 'shared', 'strategies', 'research', 'adapters', 'services'],
};

const PROJECT = '^(core|shared|strategies|research|adapters|services|simulation|cli|bench|tools)/';

/**
 * The files of clients, services and utilities that may import packages and modules of Node, and which. All others reach the
 * outside only through what is handed to them, so that everything runs in virtual time from one seed.
 */
const OUTSIDE = {
  'simulation/(world/sha256|run/event-log).ts': ['crypto'],
  'adapters/redis/redis-connection.ts': ['ioredis'],
  'shared/proto/(codec|generated)/': ['@bufbuild/protobuf'],
  'adapters/rpc/': [
    '@bufbuild/protobuf',
    '@connectrpc/connect',
    'crypto',
    'events',
    'http2',
    'net',
    'stream',
  ],
  'shared/config/(schema|read-configuration).ts': ['jsonc-parser', 'zod'],
  'services/gateway/commands.ts': ['zod'],
  'services/gateway/routes.ts': ['zod'],
  'services/gateway/server.ts': ['crypto', 'fastify', 'net'],
  'shared/telemetry/': ['crypto', 'http', 'net', 'pino', 'prom-client', '@opentelemetry/[^/]+'],
  'adapters/vault/vault.ts': ['undici'],
  'adapters/binance/signing/make-signer.ts': ['crypto'],
  'adapters/binance/transports/': ['fs', 'undici', 'ws'],
  'adapters/postgres/ledger/connection.ts': ['net', 'pg'],
  'adapters/postgres/ledger/head-files.ts': ['crypto', 'fs/promises', 'path'],
  'adapters/postgres/ledger/migrate.ts': ['fs'],
  'adapters/postgres/ledger/sha256.ts': ['crypto'],
  'adapters/postgres/server/': [
    'child_process',
    'crypto',
    'fs',
    'fs/promises',
    'module',
    'net',
    'os',
    'path',
    'util',
  ],
  'services/market-data/recording/session-files.ts': [
    'fs',
    'fs/promises',
    'path',
    'readline',
    'stream',
    'zlib',
  ],
  'services/paper-exchange/paper-file.ts': ['fs/promises', 'path'],
  'services/exchange-simulator/faults/(plan-schema|read-plan).ts': ['zod'],
  'services/exchange-simulator/market/replay/recording-files.ts': [
    'fs',
    'fs/promises',
    'path',
    'stream',
    'zlib',
  ],
  'services/exchange-simulator/protocol/security/signature.ts': ['crypto'],
  'services/risk-manager/halt-file.ts': ['fs/promises'],
  'services/exchange-simulator/server/': ['http', 'net', 'stream', 'ws'],
  'services/exchange-simulator/setup/accounts.ts': ['crypto'],
  'services/strategy-engine/watchdog/(start-watchdog|watchdog-thread).ts': ['fs', 'worker_threads'],
  'services/strategy-engine/worker/(start-thread|strategy-thread).ts': ['worker_threads'],
};

/** The folders of clients and services that export what others need from an index.ts, as those of core and research do. */
const INDEXED = [
  'adapters/binance/(book|market-streams|sockets|transports|user-stream|websocket-api)',
  'services/exchange-simulator/(exchange|market|market-data|protocol|user-events)',
];

/** What is no file of this project: packages may also be installed inside the folder of one workspace. */
const NOT_OURS = `^(?!${PROJECT.slice(1)})|/node_modules/`;

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

const outsideRules = Object.entries(OUTSIDE).map(([from, allowed]) => ({
  name: 'only-named-files-reach-outside',
  severity: 'error',
  comment: `${from} may import from outside: ${allowed.join(', ')}.`,
  from: { path: `^${from}`, pathNot: TESTS },
  to: {
    path: NOT_OURS,
    pathNot: `^(${allowed.join('|')})$|(^|/)node_modules/(@types/)?(${allowed.join('|')})/`,
  },
}));

export default {
  forbidden: [
    ...topRules,
    ...coreRules,
    ...outsideRules,
    {
      name: 'only-named-files-reach-outside',
      severity: 'error',
      comment: 'Packages, and modules of Node, are for the files in the table at the top of this file.',
      from: {
        path: '^(adapters|services|simulation|shared)/',
        pathNot: [TESTS, ...Object.keys(OUTSIDE).map((path) => `^${path}`)],
      },
      to: { path: NOT_OURS },
    },
    {
      name: 'client-and-exchange-meet-only-on-the-wire',
      severity: 'error',
      comment: 'Not even their tests know each other: a misreading of one has to show in the other.',
      from: { path: '^(adapters/binance|services/exchange-simulator)/' },
      to: {
        path: '^(adapters/binance|services/exchange-simulator|simulation)/',
        pathNot: ['^$1/', '/node_modules/'],
      },
    },
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
      name: 'nobody-imports-past-an-index',
      severity: 'error',
      from: { path: '^((?:adapters|services)/[^/]+/[^/]+)' },
      to: {
        path: `^(${INDEXED.join('|')})/`,
        pathNot: ['^$1/', '/index\\.ts$', '\\.test-support\\.ts$', '\\.json$'],
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
      // What counts the moves of an order's life takes the place of the table itself.
      from: { path: '^(strategies|research|cli|tools)/', pathNot: '^tools/simulate/counted-life\\.ts$' },
      to: {
        path: '^(core|strategies|research|cli)/',
        pathNot: ['^$1/', '/index\\.ts$', '^core/result\\.ts$', '\\.test-support\\.ts$'],
      },
    },
    {
      name: 'an-adapter-or-a-service-is-its-index',
      severity: 'error',
      comment: 'From outside, also from tests and benchmarks, it is what its index.ts exports.',
      from: { path: '^((?:adapters|services)/[^/]+|[^/]+)/', pathNot: FUZZ_TARGETS },
      to: {
        path: '^(adapters/[^/]+|services/[^/]+|shared/utils)/',
        pathNot: ['^$1/', '^[^/]+/[^/]+/index\\.ts$', '/node_modules/'],
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
      from: { pathNot: [TESTS, '^bench/', FUZZ_TARGETS] },
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
