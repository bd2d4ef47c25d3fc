import { booksAtRest } from './books-at-rest.ts';
import type { MakeCheck } from './check.ts';
import { intentBeforeWire } from './intent-before-wire.ts';

/** Every rule that is held against every run. */
export const CHECKS: readonly MakeCheck[] = [intentBeforeWire, booksAtRest];
