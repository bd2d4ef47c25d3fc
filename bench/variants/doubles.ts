import { registerHooks } from 'node:module';
import type { PrepareTurns } from '../harness/turns.ts';
import type { EngineLine } from './engine.ts';
import type { VariantOptions } from './options.ts';

const here = (path: string): string => new URL(path, import.meta.url).href;

const STAND_INS: ReadonlyMap<string, string> = new Map([
  [here('../../core/money/index.ts'), import.meta.resolve('../doubles/money.ts')],
  [here('../../core/market/grid.ts'), import.meta.resolve('../doubles/grid.ts')],
]);

/** The same engine, its sources unchanged, with doubles where exact money was. */
export const run = async (options: VariantOptions): Promise<EngineLine> =>
  (await engineOnDoubles()).run(options);

export const prepareTurns: PrepareTurns = async (options) => (await engineOnDoubles()).prepareTurns(options);

function engineOnDoubles(): Promise<typeof import('./engine.ts')> {
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const resolved = nextResolve(specifier, context);
      return { ...resolved, url: STAND_INS.get(resolved.url) ?? resolved.url };
    },
  });
  return import('./engine.ts');
}
