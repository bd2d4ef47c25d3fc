import { err, ok } from '@tradewind/core/result';
import { describe, expect, test } from 'vitest';
import { done, type Outcome } from '../outcome.ts';
import type { HttpResponse } from '../ports.ts';
import { KNOWN_ERRORS } from './error-table.ts';
import vectors from './error-vectors.json' with { type: 'json' };
import { outcomeOfAnswer } from './outcome-of.ts';
import { refusalReasonOf } from './refusal-reason.ts';

const asked = (hasEffect: boolean) => ({
  hasEffect,
  read: (body: unknown) =>
    body === 'right' ? ok('right') : err({ path: '$', expected: 'right', found: 'wrong' }),
});
const answerTo = (response: Partial<HttpResponse>, hasEffect = true): Outcome<string> =>
  outcomeOfAnswer(ok({ status: 400, headers: {}, body: '', ...response }), asked(hasEffect));
const errorBody = (code: number, msg = 'a text'): string => JSON.stringify({ code, msg });

describe('the error table', () => {
  test('O6: knows every documented code under its name, and no other', () => {
    const documented = new Map(vectors.errors.map(({ code, name }) => [code, name]));
    expect(documented.size).toBe(106);
    expect(new Map([...KNOWN_ERRORS.values()].map(({ code, name }) => [code, name]))).toEqual(documented);
  });

  test.each(vectors.errors)('O6: $code $name: $retry', ({ code, executionUnknown, retry }) => {
    const outcome = answerTo({ body: errorBody(code) });
    if (executionUnknown) {
      expect(outcome).toEqual({
        kind: 'unknown',
        cause: { reason: 'server_error', status: 400, code, message: 'a text' },
      });
    } else if (code === -1008 || code === -2021 || code === -2022) {
      expect(outcome.kind).toBe('unknown');
    } else {
      const mayRepeat = /^(after|later|short retry|other host)/.test(retry);
      expect(outcome).toMatchObject({ kind: 'failed', failure: { reason: 'refused', code, status: 400 } });
      if (outcome.kind !== 'failed' || outcome.failure.reason !== 'refused') return;
      expect(outcome.failure.retry === 'later').toBe(mayRepeat);
    }
  });

  test('O6: a code in no document is unknown, for questions too', () => {
    for (const hasEffect of [true, false]) {
      expect(answerTo({ body: errorBody(-1999) }, hasEffect)).toEqual({
        kind: 'unknown',
        cause: { reason: 'server_error', status: 400, code: -1999, message: 'a text' },
      });
    }
  });

  test('an overloaded server may have taken an order, but a question can be asked again later', () => {
    const body = errorBody(-1008);
    expect(answerTo({ status: 503, body }, true)).toMatchObject({ kind: 'unknown' });
    expect(answerTo({ status: 503, body }, false)).toMatchObject({ failure: { retry: 'later' } });
  });

  test('C1: a refused timestamp surely had no effect', () => {
    expect(answerTo({ body: errorBody(-1021) })).toMatchObject({
      kind: 'failed',
      failure: { reason: 'refused', retry: 'after_change' },
    });
  });

  test.each([500, 502, 503, 504])('O2: the code decides, not the status %d that carries it', (status) => {
    expect(answerTo({ status, body: errorBody(-2010, 'Duplicate order sent.') })).toMatchObject({
      kind: 'failed',
      failure: { retry: 'never' },
    });
    expect(answerTo({ status, body: errorBody(-1007) })).toMatchObject({ kind: 'unknown' });
  });
});

describe('the texts inside a code', () => {
  test.each(vectors.engineMessages)('$text', ({ text, likelyCodes }) => {
    for (const code of likelyCodes) expect(refusalReasonOf(code, text)).not.toEqual({ reason: 'other' });
  });

  test.each(vectors.filterFailureMessages)('$msg', ({ code, msg, filter }) => {
    expect(refusalReasonOf(code, msg)).toEqual({ reason: 'filter_failure', filter });
  });

  // binance-spot.md section 7.3.
  test.each([
    { code: -2010, text: 'Duplicate order sent.', reason: 'duplicate_order', retry: 'never' },
    { code: -2011, text: 'Unknown order sent.', reason: 'unknown_order', retry: 'never' },
    {
      code: -2010,
      text: 'Account has insufficient balance for requested action.',
      reason: 'insufficient_balance',
      retry: 'after_change',
    },
    {
      code: -2010,
      text: 'Order would trigger immediately.',
      reason: 'would_trigger_immediately',
      retry: 'after_change',
    },
    {
      code: -2010,
      text: 'Order would immediately match and take.',
      reason: 'would_match_immediately',
      retry: 'after_change',
    },
    { code: -2010, text: 'Market is closed.', reason: 'market_closed', retry: 'later' },
    { code: -1013, text: 'Market is closed.', reason: 'market_closed', retry: 'later' },
    { code: -2013, text: 'Order does not exist.', reason: 'no_such_order', retry: 'later' },
    {
      code: -2011,
      text: 'Order was not canceled due to cancel restrictions.',
      reason: 'cancel_restricted',
      retry: 'after_change',
    },
    {
      code: -2038,
      text: 'The requested action would change no state; rejecting',
      reason: 'amendment_not_possible',
      retry: 'never',
    },
    { code: -2010, text: 'A text that is in no document.', reason: 'other', retry: 'never' },
  ])('$code "$text" is $reason, and may be sent again: $retry', ({ code, text, reason, retry }) => {
    expect(refusalReasonOf(code, text)).toEqual({ reason });
    expect(answerTo({ body: errorBody(code, text) })).toMatchObject({ failure: { retry } });
  });

  test('a text is not looked at where the code says all', () => {
    expect(refusalReasonOf(-1021, 'Duplicate order sent.')).toEqual({ reason: 'other' });
  });
});

describe('answers without a code of the venue', () => {
  // binance-spot.md section 7.1.
  test.each([
    { status: 401, retry: 'never' },
    { status: 403, retry: 'never' },
    { status: 404, retry: 'never' },
    { status: 410, retry: 'never' },
    { status: 418, retry: 'later' },
    { status: 429, retry: 'later' },
    { status: 451, retry: 'never' },
  ])('$status with a page was refused before the exchange: $retry', ({ status, retry }) => {
    const body = '<html><head><title>Go</title></head>\n<body>away</body></html>';
    expect(answerTo({ status, body })).toEqual({
      kind: 'failed',
      failure: { reason: 'refused', code: 0, message: 'Go away', status, retry },
    });
  });

  test.each([500, 502, 503, 504, 520])('O2: %d with a page or nothing says nothing', (status) => {
    expect(answerTo({ status, body: '' })).toEqual({
      kind: 'unknown',
      cause: { reason: 'server_error', status, message: 'an empty body' },
    });
  });

  test.each([
    { status: 400, body: '<h1>Bad Request</h1>' },
    { status: 409, body: '{}' },
    { status: 413, body: '' },
    { status: 302, body: '' },
    { status: 200, body: '' },
    { status: 200, body: '{"orderId": 1' },
    { status: 200, body: '"wrong"' },
    { status: 400, body: '{"code":"-2010","msg":"Duplicate order sent."}' },
    { status: 400, body: '{"code":1,"msg":"x"}' },
    { status: 400, body: '{"code":0,"msg":"x"}' },
    { status: 400, body: '[{"code":-2010}]' },
  ])('$status $body cannot be read, so nobody knows', ({ status, body }) => {
    expect(answerTo({ status, body })).toMatchObject({
      kind: 'unknown',
      cause: { reason: 'unreadable_answer', status },
    });
  });

  test('half of a cancel-replace without its halves is unknown', () => {
    expect(answerTo({ status: 409, body: errorBody(-2021) })).toMatchObject({
      kind: 'unknown',
      cause: { reason: 'unreadable_answer', status: 409 },
    });
  });
});

describe('no answer', () => {
  test('O1: what timed out or lost its connection is unknown; only what never left surely failed', () => {
    const outcome = (error: Parameters<typeof err>[0]) => outcomeOfAnswer(err(error as never), asked(true));
    expect(outcome({ kind: 'timed_out' })).toEqual({ kind: 'unknown', cause: { reason: 'timed_out' } });
    expect(outcome({ kind: 'connection_lost', detail: 'reset' })).toEqual({
      kind: 'unknown',
      cause: { reason: 'connection_lost', detail: 'reset' },
    });
    expect(outcome({ kind: 'not_sent', detail: 'refused' })).toEqual({
      kind: 'failed',
      failure: { reason: 'not_sent', detail: 'refused' },
    });
  });

  test('a right answer is done', () => {
    expect(answerTo({ status: 200, body: '"right"' })).toEqual(done('right'));
  });
});
