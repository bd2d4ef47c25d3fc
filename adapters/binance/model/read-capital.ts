import { add, negate, zero } from '@tradewind/core/money';
import type { CapitalMovement } from './capital.ts';
import type { FieldReader } from './reader.ts';

/** Credited, also while it may not be withdrawn again yet. */
const DEPOSITED: ReadonlySet<number> = new Set([1, 6]);
/** From the moment on that it is asked for the money is away: e-mail sent, waiting, in progress, completed. */
const WITHDRAWN: ReadonlySet<number> = new Set([0, 2, 4, 6]);
const SPOT_WALLET = 0;

const isOfSpot = (fields: FieldReader): boolean =>
  (fields.optionalWhole('walletType') ?? SPOT_WALLET) === SPOT_WALLET;

export const deposit = (fields: FieldReader): CapitalMovement => ({
  kind: 'deposit',
  id: fields.text('id'),
  asset: fields.text('coin'),
  delta: fields.amount('amount'),
  timeMs: fields.whole('insertTime'),
  hasMoved: isOfSpot(fields) && DEPOSITED.has(fields.whole('status')),
});

/** The amount is what arrives elsewhere; the fee is taken besides. */
export const withdrawal = (fields: FieldReader): CapitalMovement => ({
  kind: 'withdrawal',
  id: fields.text('id'),
  asset: fields.text('coin'),
  delta: negate(
    add(fields.amount('amount'), fields.has('transactionFee') ? fields.amount('transactionFee') : zero()),
  ),
  timeMs: fields.utcTime('applyTime'),
  hasMoved: isOfSpot(fields) && WITHDRAWN.has(fields.whole('status')),
});
