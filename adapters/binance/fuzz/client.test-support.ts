import { combined } from '../../../tools/fuzz/combined.ts';
import { messagesPart } from '../market-streams/fuzz-messages.test-support.ts';
import { answersPart } from '../rest/fuzz-answers.test-support.ts';
import { eventsPart } from '../user-stream/fuzz-events.test-support.ts';

/**
 * All that the client reads: what HTTP answers, what a user's connection says, what a market stream says. A case of a connection has
 * many inputs, one of the others has one.
 */
export const clientTarget = combined('client', [
  ...[answersPart, answersPart, answersPart, messagesPart, messagesPart],
  eventsPart,
]);
