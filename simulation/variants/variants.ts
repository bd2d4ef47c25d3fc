import {
  bookedFromAnswerAndEvent,
  bookUsedAcrossAGap,
  dustSoldForEver,
  feeInBaseIgnored,
  partialEventReplacesTheWallet,
} from './of-the-answers.ts';
import {
  haltInMemoryOnly,
  intentAfterTheWire,
  reservationReleasedOnTimeout,
  restartResetsTheDailyLoss,
  twoLeaders,
} from './of-the-ledger.ts';
import { absentAfterThreeAnswers, canceledWithoutProof, resendOnTimeout } from './of-the-requests.ts';
import type { Variant } from './variant.ts';

/** Every one must be caught by the checks, or the net has a hole. */
export const VARIANTS: readonly Variant[] = [
  intentAfterTheWire,
  resendOnTimeout,
  absentAfterThreeAnswers,
  bookedFromAnswerAndEvent,
  haltInMemoryOnly,
  reservationReleasedOnTimeout,
  restartResetsTheDailyLoss,
  twoLeaders,
  bookUsedAcrossAGap,
  partialEventReplacesTheWallet,
  canceledWithoutProof,
  dustSoldForEver,
  feeInBaseIgnored,
];
