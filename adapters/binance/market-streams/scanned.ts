import { type BookDiff, Grid, LevelList, type Lots, type Ticks } from '@tradewind/core/market';

/** A symbol whose messages are read, and how its prices and quantities are counted. */
export interface StreamMarket {
  /** As payloads spell it: upper case. */
  readonly symbol: string;
  readonly grid: Grid;
}

const NO_MARKET: StreamMarket = { symbol: '', grid: new Grid(0, 0) };

/**
 * What a hot message said, in fields that the next message of its kind overwrites: whoever keeps anything copies it.
 * Before the first message the market is that of no symbol.
 */
export class ScannedDepth implements BookDiff {
  market: StreamMarket = NO_MARKET;
  /** The venue's event time, epoch ms. */
  eventTimeMs = 0;
  firstUpdateId = 0;
  lastUpdateId = 0;
  readonly bids = new LevelList();
  readonly asks = new LevelList();
}

/** One trade, or one aggregate of trades that one taker made at one price. */
export class ScannedTrade {
  market: StreamMarket = NO_MARKET;
  eventTimeMs = 0;
  /** The trade id of a trade, the aggregate id of an aggregate: each rises by one within its stream. */
  id = 0;
  price = 0 as Ticks;
  quantity = 0 as Lots;
  /** When the venue matched it, epoch ms. */
  timeMs = 0;
  buyerIsMaker = false;
  /** The ids of the first and the last trade in it; a single trade is its own first and last. */
  firstTradeId = 0;
  lastTradeId = 0;
}

/** The best of both sides. The venue puts no time on it (binance-spot.md section 8.3). */
export class ScannedQuote {
  market: StreamMarket = NO_MARKET;
  updateId = 0;
  /** Zero, with a quantity of zero, while the side is empty. */
  bidPrice = 0 as Ticks;
  bidQuantity = 0 as Lots;
  askPrice = 0 as Ticks;
  askQuantity = 0 as Lots;
}

/** Why a message says nothing. None of it has been taken. */
export type MessageRefusal =
  /** Truncated, mutilated, not UTF-8, or not JSON. */
  | { readonly reason: 'not_json' }
  | { readonly reason: 'bad_field'; readonly message: string; readonly field: string }
  | { readonly reason: 'unknown_symbol'; readonly symbol: string }
  /** The value lies between two ticks or lots of the market's grid, or cannot be counted below 2^53. */
  | {
      readonly reason: 'not_on_grid';
      readonly symbol: string;
      readonly field: string;
      readonly text: string;
    };

/** What kind a message is. `other` is JSON that is no hot message, `refused` says nothing. */
export type MessageKind = 'depth' | 'trade' | 'aggTrade' | 'quote' | 'other' | 'refused';

/** JSON that is no hot message: an event of another kind, the answer to a request, or anything else. */
export interface OtherMessage {
  /** The name in the combined envelope; undefined when there was none. */
  readonly stream: string | undefined;
  /** What was in the envelope, or the whole message. */
  readonly data: unknown;
}
