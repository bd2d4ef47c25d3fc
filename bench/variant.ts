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
};

const [name = '', options = ''] = process.argv.slice(2);
const load = VARIANTS[name];
if (load === undefined) throw new Error(`unknown variant '${name}': ${Object.keys(VARIANTS).join(', ')}`);
const variant = await load();
// As every command does before its run.
raiseInliningBudget();
const line = await variant.run(JSON.parse(options) as VariantOptions);
process.stdout.write(`${JSON.stringify(line)}\n`);
