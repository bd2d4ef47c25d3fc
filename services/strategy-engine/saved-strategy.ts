import type { SavedState } from '@tradewind/core/strategy';
import type { StrategySnapshot } from './hosting/messages.ts';

/** What the ledger keeps of a strategy: where it stood, and after which event. Plain JSON. */
export type SavedStrategy = {
  readonly format: 1;
  readonly definition: string;
  /** The last committed event that it had seen. */
  readonly seq: number;
  /** The parameters that the configuration gave it then: a change of these outweighs one made at run time. */
  readonly configured: { readonly [name: string]: string };
  /** null for a strategy that keeps no state. */
  readonly snapshot: StrategySnapshot | null;
};

/** Reads what `SavedStrategy` was written as; undefined for anything else, such as a format of another time. */
export function readSavedStrategy(state: SavedState): SavedStrategy | undefined {
  if (typeof state !== 'object' || state === null || !('format' in state)) return undefined;
  const { format, definition, seq } = state;
  if (format !== 1 || typeof definition !== 'string' || typeof seq !== 'number') return undefined;
  return state as SavedStrategy;
}
