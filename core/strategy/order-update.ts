import type { Fill, Side } from '../orders/index.ts';

/** What became of an order of this strategy. A refusal's `reason` is the refusing check's own word. */
export type OrderUpdate = OrderUpdateHead &
  (
    | { readonly kind: 'accepted' | 'canceled' }
    | { readonly kind: 'filled' | 'filled_in_part'; readonly fill: Fill }
    | { readonly kind: 'refused' | 'expired'; readonly reason: string }
  );

interface OrderUpdateHead {
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly side: Side;
  readonly tag: string;
  /** When it happened, epoch ms; of what happened inside a bar, when that bar opened. */
  readonly timeMs: number;
}
