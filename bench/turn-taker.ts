/**
 * The child process of a comparison in turns: `node bench/turn-taker.ts NAME OPTIONS`, forked, runs one variant once for
 * each message and answers with what the run took and came to.
 */
import { raiseInliningBudget } from '../cli/inlining-budget.ts';
import type { PrepareTurns } from './harness/turns.ts';
import type { VariantOptions } from './variants/options.ts';

const VARIANTS: Readonly<Record<string, () => Promise<{ prepareTurns: PrepareTurns }>>> = {
  engine: () => import('./variants/engine.ts'),
  doubles: () => import('./variants/doubles.ts'),
};

const [name = '', options = ''] = process.argv.slice(2);
const load = VARIANTS[name];
if (load === undefined) throw new Error(`unknown variant '${name}': ${Object.keys(VARIANTS).join(', ')}`);
const { prepareTurns } = await load();
const turn = await prepareTurns(JSON.parse(options) as VariantOptions);
// As every command does before its run.
raiseInliningBudget();
process.on('message', () => process.send!(turn()));
