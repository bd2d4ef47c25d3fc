import type { Amount } from '@tradewind/core/money';

/** A deposit or a withdrawal, as the histories of the venue's wallet tell it. */
export interface CapitalMovement {
  readonly kind: 'deposit' | 'withdrawal';
  /** The venue's own, unique among those of its kind. */
  readonly id: string;
  readonly asset: string;
  /** What the account's balance changed by, fees included: below zero for a withdrawal. */
  readonly delta: Amount;
  /** When it was entered, epoch ms; to the second of a withdrawal. */
  readonly timeMs: number;
  /** Whether the balance that trading sees has changed by it: not of what is pending, was refused, or went by another wallet. */
  readonly hasMoved: boolean;
}
