import { registerHooks } from 'node:module';
import type { EngineLine } from './engine.ts';
import type { VariantOptions } from './options.ts';

const here = (path: string): string => new URL(path, import.meta.url).href;

const STAND_INS: ReadonlyMap<string, string> = new Map([
  [here('../../core/money/index.ts'), import.meta.resolve('../doubles/money.ts')],
  [here('../../core/market/grid.ts'), import.meta.resolve('../doubles/grid.ts')],
]);

/** The same engine, its sources unchanged, with doubles where exact money was. */
export async function run(options: VariantOptions): Promise<EngineLine> {
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const resolved = nextResolve(specifier, context);
      return { ...resolved, url: STAND_INS.get(resolved.url) ?? resolved.url };
    },
  });
  const engine = await import('./engine.ts');
  return engine.run(options);
}
