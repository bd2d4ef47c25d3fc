import { type BookSnapshot, type Grid, LevelList } from '@tradewind/core/market';
import { err, ok, type Result } from '@tradewind/core/result';
import type { DepthSnapshot } from '../model/market.ts';
import type { Outcome } from '../outcome.ts';

/** Where snapshots of books come from: GET depth (weight 250 for 5000 levels, binance-spot.md section 4.2). */
export interface SnapshotSource {
  /** Does not reject. */
  depth(symbol: string): Promise<Outcome<DepthSnapshot>>;
}

/** A level of a snapshot lies between two ticks or lots of the grid. */
export interface NotOnGrid {
  readonly reason: 'not_on_grid';
  readonly symbol: string;
}

/** The snapshot in whole ticks and lots, its levels in the order in which they came: best first. */
export function countSnapshot(
  symbol: string,
  snapshot: DepthSnapshot,
  grid: Grid,
): Result<BookSnapshot, NotOnGrid> {
  const bids = countLevels(snapshot.bids, grid);
  const asks = countLevels(snapshot.asks, grid);
  if (bids === undefined || asks === undefined) return err({ reason: 'not_on_grid', symbol });
  return ok({ lastUpdateId: snapshot.lastUpdateId, bids, asks });
}

function countLevels(levels: DepthSnapshot['bids'], grid: Grid): LevelList | undefined {
  const list = new LevelList();
  for (const { price, quantity } of levels) {
    const ticks = grid.ticksOf(price);
    const lots = grid.lotsOf(quantity);
    if (ticks === undefined || lots === undefined) return undefined;
    list.push(ticks, lots);
  }
  return list;
}
