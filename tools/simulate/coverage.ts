import { readFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

/** What runs have reached. */
export interface Coverage {
  /** Moves of the table of an order's life: 'working canceled canceled'. */
  readonly moves: ReadonlySet<string>;
  /** By file of the reconciliation: the offsets of its text that were never run. */
  readonly untouched: ReadonlyMap<string, ReadonlySet<number>>;
}

const at = (path: string): string => new URL(`../../${path}`, import.meta.url).href;
const LIFE = at('core/orders/life.ts');
const COUNTED = new URL('./counted-life.ts', import.meta.url).href;

/** Where books and exchange are compared, and what differs is named and kept. */
const RECONCILIATION = [
  'services/order-execution/breaks.ts',
  'services/order-execution/reconciliation.ts',
] as const;

/**
 * Notes in this thread what is reached from now on. To be called before anything of the system is imported: the table of an order's
 * life gets somebody who counts in front of it.
 * @returns what to ask at the end, once
 */
export async function noteCoverage(): Promise<() => Promise<Coverage>> {
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const resolved = nextResolve(specifier, context);
      return resolved.url === LIFE && context.parentURL !== COUNTED
        ? { ...resolved, url: COUNTED }
        : resolved;
    },
  });
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: false, detailed: true });
  return async () => {
    const { moves } = (await import(COUNTED)) as typeof import('./counted-life.ts');
    const { result } = await session.post('Profiler.takePreciseCoverage');
    const untouched = new Map<string, ReadonlySet<number>>();
    for (const path of RECONCILIATION) {
      const script = result.find(({ url }) => url === at(path));
      if (script !== undefined) untouched.set(path, untouchedOf(script.functions));
    }
    return { moves, untouched };
  };
}

interface CoveredFunction {
  readonly ranges: readonly {
    readonly startOffset: number;
    readonly endOffset: number;
    readonly count: number;
  }[];
}

/** Functions come before those within them, and so do ranges: what comes later knows better. */
function untouchedOf(functions: readonly CoveredFunction[]): ReadonlySet<number> {
  const untouched = new Set<number>();
  for (const { ranges } of functions)
    for (const { startOffset, endOffset, count } of ranges)
      for (let offset = startOffset; offset < endOffset; offset += 1) {
        if (count === 0) untouched.add(offset);
        else untouched.delete(offset);
      }
  return untouched;
}

/** For a person: what all threads have reached together. */
export function describeCoverage(coverages: readonly Coverage[]): string {
  const moves = [...new Set(coverages.flatMap((each) => [...each.moves]))].sort();
  const lines = untouchedLines(coverages);
  return [
    `${moves.length} moves of an order's life were made (from, event, to):`,
    ...moves.map((move) => `  ${move}`),
    `${lines.length} lines of the reconciliation were never run:`,
    ...lines.map((line) => `  ${line}`),
  ].join('\n');
}

/** The lines that no thread has reached, as 'file:number text'. */
export function untouchedLines(coverages: readonly Coverage[]): readonly string[] {
  return RECONCILIATION.flatMap((path) => {
    const text = readFileSync(fileURLToPath(at(path)), 'utf8');
    const sets = coverages.map(({ untouched }) => untouched.get(path));
    let offset = 0;
    return text.split('\n').flatMap((line, index) => {
      const start = offset;
      offset += line.length + 1;
      const isUntouched = [...line].some(
        (character, column) =>
          /[\w(]/.test(character) && sets.every((set) => set === undefined || set.has(start + column)),
      );
      return isUntouched ? [`${path}:${index + 1} ${line.trim()}`] : [];
    });
  });
}
