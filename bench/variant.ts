/**
 * The child process of a benchmark: `node bench/variant.ts NAME OPTIONS` runs one variant and prints one JSON line. A
 * variant is imported only when it is run, so that no other can have taught V8 anything.
 */
import { raiseInliningBudget } from '../cli/inlining-budget.ts';
import type { VariantOptions } from './variants/options.ts';

const VARIANTS: Readonly<Record<string, () => Promise<{ run: (options: VariantOptions) => unknown }>>> = {
  floor: () => import('./variants/floor.ts'),
  engine: () => import('./variants/engine.ts'),
  doubles: () => import('./variants/doubles.ts'),
  memory: () => import('./variants/memory.ts'),
  'matching-book': async () => (await import('./variants/matching.ts')).book,
  'matching-engine': async () => (await import('./variants/matching.ts')).engine,
  'matching-map-fifo': async () => (await import('./variants/matching.ts')).mapOfArrays,
  'market-data-copy': async () => (await import('./variants/market-data.ts')).floors.copy,
  'market-data-traverse': async () => (await import('./variants/market-data.ts')).floors.traverse,
  'market-data-traverse-depth': async () =>
    (await import('./variants/market-data.ts')).floors['traverse-depth'],
  'market-data-client': async () => (await import('./variants/market-data.ts')).clients.all,
  'market-data-client-depth': async () => (await import('./variants/market-data.ts')).clients.depth,
  'market-data-scan-depth': async () => (await import('./variants/market-data.ts')).scanners.depth,
  'market-data-json-depth': async () => (await import('./variants/market-data.ts')).parsers.depth,
  'market-data-scan-trade': async () => (await import('./variants/market-data.ts')).scanners.trade,
  'market-data-json-trade': async () => (await import('./variants/market-data.ts')).parsers.trade,
  'market-data-scan-aggTrade': async () => (await import('./variants/market-data.ts')).scanners.aggTrade,
  'market-data-json-aggTrade': async () => (await import('./variants/market-data.ts')).parsers.aggTrade,
  'market-data-scan-bookTicker': async () => (await import('./variants/market-data.ts')).scanners.bookTicker,
  'market-data-json-bookTicker': async () => (await import('./variants/market-data.ts')).parsers.bookTicker,
  ...Object.fromEntries(
    ['scan', 'alone', 'quotes', 'everything', 'paced', 'paced-floor'].map((run) => [
      `market-service-${run}`,
      async () => (await import('./variants/market-service.ts')).runs[run as 'scan'],
    ]),
  ),
  ...Object.fromEntries(
    ['desk', 'numbers', 'service'].map((run) => [
      `risk-${run}`,
      async () => (await import('./variants/risk.ts')).runs[run as 'desk'],
    ]),
  ),
  ...Object.fromEntries(
    ['evaluate-floor', 'evaluate', 'signal-floor', 'signal'].map((run) => [
      `strategy-engine-${run}`,
      async () => (await import('./variants/strategy-engine.ts')).runs[run as 'signal'],
    ]),
  ),
  ...Object.fromEntries(
    ['rest', 'rest-floor', 'web-socket', 'web-socket-floor', 'latency', 'latency-floor'].map((run) => [
      `exchange-${run}`,
      async () => (await import('./variants/exchange/runs.ts')).runs[run as 'rest'],
    ]),
  ),
  ...Object.fromEntries(
    ['rpc', 'http2', 'redis', 'redis-ping', 'local'].map((run) => [
      `transports-${run}`,
      async () => (await import('./variants/transports.ts')).runs[run as 'rpc'],
    ]),
  ),
  ...Object.fromEntries(
    ['signature', 'memory', 'durable'].map((run) => [
      `trading-decide-${run}`,
      async () => (await import('./variants/trading/decide.ts')).runs[run as 'memory'],
    ]),
  ),
  'trading-orders': async () => (await import('./variants/trading/orders.ts')).runs.orders,
  'trading-updates': async () => (await import('./variants/trading/updates.ts')).runs.updates,
  'trading-counted': async () => (await import('./variants/trading/updates.ts')).runs.counted,
  'trading-memory': async () => (await import('./variants/trading/updates.ts')).runs.memory,
  'trading-restart': async () => (await import('./variants/trading/restart.ts')).runs.restart,
  'trading-apart': async () => (await import('./variants/trading/apart.ts')).runs.apart,
  'ledger-commits': async () => (await import('./variants/ledger/runs.ts')).runs.commits,
  'ledger-restart': async () => (await import('./variants/ledger/runs.ts')).runs.restart,
  ...Object.fromEntries(
    ['signature', 'engine', 'rest', 'web-socket'].map((handler) => [
      `exchange-handler-${handler}`,
      async () => (await import('./variants/exchange/handlers.ts')).handlers[handler as 'rest'],
    ]),
  ),
};

const [name = '', options = ''] = process.argv.slice(2);
const load = VARIANTS[name];
if (load === undefined) throw new Error(`unknown variant '${name}': ${Object.keys(VARIANTS).join(', ')}`);
const variant = await load();
// As every command does before its run.
raiseInliningBudget();
const line = await variant.run(JSON.parse(options) as VariantOptions);
process.stdout.write(`${JSON.stringify(line)}\n`);
