import type { RequestFacts } from './facts.ts';
import type { AnswerChange, Deed, ErrorAnswer, RequestFault } from './plan-schema.ts';
import type { Rule } from './rule.ts';

/** All that is going to happen to one request and its answer. */
export interface RequestFate {
  /** Its answer comes as the exchange gives it, at once. */
  readonly isPlain: boolean;
  /** It does not reach the exchange, and the connection breaks. */
  readonly isLost: boolean;
  /** The answer is this instead; the exchange may have carried the request out all the same. */
  readonly error:
    | { readonly answer: ErrorAnswer; readonly retryAfterS: number | undefined; readonly isExecuted: boolean }
    | undefined;
  readonly delayRequestMs: number;
  readonly delayAnswerMs: number;
  /** How old the state is that queries see. */
  readonly lagMs: number;
  readonly lostAnswer: { readonly afterBytes: number; readonly isSilent: boolean } | undefined;
  /** The faults that change what is answered, in the order of the plan. */
  readonly changes: readonly Rule<AnswerChange, RequestFacts>[];
  /** The faults that do something at the exchange around it. */
  readonly deeds: readonly Rule<Deed, RequestFacts>[];
}

/** Draws what the faults that strike a request do together: times add up, of two endings the first counts. */
export function requestFate(struck: readonly Rule<RequestFault, RequestFacts>[]): RequestFate {
  let isLost = false;
  let error: RequestFate['error'];
  let delayRequestMs = 0;
  let delayAnswerMs = 0;
  let lagMs = 0;
  let lostAnswer: RequestFate['lostAnswer'];
  const changes: Rule<AnswerChange, RequestFacts>[] = [];
  const deeds: Rule<Deed, RequestFacts>[] = [];
  for (const rule of struck) {
    const { fault, selection } = rule;
    switch (fault.fault) {
      case 'lose_request':
        isLost = true;
        break;
      case 'fail_request': {
        const isExecuted = selection.chance(fault.executed ?? 0);
        error ??= { answer: fault.error, retryAfterS: fault.retry_after_s, isExecuted };
        break;
      }
      case 'delay_request':
        delayRequestMs += selection.draw(fault.ms);
        break;
      case 'delay_answer':
        delayAnswerMs += selection.draw(fault.ms);
        break;
      case 'lag_queries':
        lagMs = Math.max(lagMs, selection.draw(fault.ms));
        break;
      case 'lose_answer':
        lostAnswer ??= { afterBytes: fault.after_bytes ?? 0, isSilent: fault.silent ?? false };
        break;
      case 'edit_answer':
      case 'stale_answer':
      case 'cross_book_answer':
        changes.push({ ...rule, fault });
        break;
      default:
        deeds.push({ ...rule, fault });
    }
  }
  const isPlain =
    error === undefined && delayAnswerMs === 0 && lostAnswer === undefined && changes.length === 0;
  return { isPlain, isLost, error, delayRequestMs, delayAnswerMs, lagMs, lostAnswer, changes, deeds };
}
