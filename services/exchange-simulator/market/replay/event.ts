import type { Price, Quantity } from '@tradewind/core/money';
import type { Side } from '@tradewind/core/orders';
import type { BookLevel } from '../../exchange/index.ts';

/** Something that happened on a real market, as a recording has it. `atMs` is epoch ms, with fractions where the recording has them. */
export type ReplayEvent =
  | {
      readonly kind: 'snapshot';
      readonly atMs: number;
      readonly symbol: string;
      readonly lastUpdateId: number;
      readonly bids: readonly BookLevel[];
      readonly asks: readonly BookLevel[];
    }
  | {
      readonly kind: 'diff';
      readonly atMs: number;
      readonly symbol: string;
      readonly firstUpdateId: number;
      readonly lastUpdateId: number;
      readonly bids: readonly BookLevel[];
      readonly asks: readonly BookLevel[];
    }
  | {
      readonly kind: 'quote';
      readonly atMs: number;
      readonly symbol: string;
      readonly bid: BookLevel;
      readonly ask: BookLevel;
    }
  | {
      readonly kind: 'trade';
      readonly atMs: number;
      readonly symbol: string;
      readonly price: Price;
      readonly quantity: Quantity;
      readonly takerSide: Side;
      /** Of consecutive trades of one taker together; left out where the single trades are recorded too. */
      readonly isAggregate: boolean;
    };
