import type { Fill, Side } from '../orders/index.ts';

/** What became of an order of this strategy. A refusal's `reason` is the refusing check's own word, its `explanation` a line with the numbers. */
export type OrderUpdate = OrderUpdateHead &
  (
    | { readonly kind: 'accepted' | 'canceled' }
    | { readonly kind: 'filled' | 'filled_in_part'; readonly fill: Fill }
    | { readonly kind: 'expired'; readonly reason: string }
    | { readonly kind: 'refused'; readonly reason: string; readonly explanation: string }
  );

interface OrderUpdateHead {
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly tag: string;
  /** When it happened, epoch ms; of what happened inside a bar, when that bar opened. */
  readonly timeMs: number;
}
