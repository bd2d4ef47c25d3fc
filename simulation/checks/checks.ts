import { audit } from './audit.ts';
import { booksAreTrue } from './books-are-true.ts';
import { booksAtRest } from './books-at-rest.ts';
import type { MakeCheck } from './check.ts';
import { dayBeginsOnce } from './day-begins-once.ts';
import { failClosed } from './fail-closed.ts';
import { fillsBookedOnce } from './fills-booked-once.ts';
import { finalByEvidence } from './final-by-evidence.ts';
import { forwardOnly } from './forward-only.ts';
import { haltSticky } from './halt-sticky.ts';
import { intentBeforeWire } from './intent-before-wire.ts';
import { noSecret } from './no-secret.ts';
import { notForEver } from './not-for-ever.ts';
import { nothingHeldBack } from './nothing-held-back.ts';
import { oneOrderPerIntent } from './one-order-per-intent.ts';
import { oneWriter } from './one-writer.ts';
import { withinLimits } from './within-limits.ts';

/** Every rule that is held against every run: I1 to I12, and what single rows of the catalogue ask for beyond them. */
export const CHECKS: readonly MakeCheck[] = [
  intentBeforeWire,
  oneOrderPerIntent,
  fillsBookedOnce,
  finalByEvidence,
  booksAtRest,
  withinLimits,
  failClosed,
  haltSticky,
  oneWriter,
  forwardOnly,
  noSecret,
  audit,
  dayBeginsOnce,
  notForEver,
  nothingHeldBack,
  booksAreTrue,
];
