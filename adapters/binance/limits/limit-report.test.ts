import { describe, expect, test } from 'vitest';
import type { VenueError } from '../errors/venue-error.ts';
import { limitReportOfHttp, limitReportOfSocket } from './limit-report.ts';

const NOW = Date.UTC(2026, 0, 5, 12, 0, 7);

const error = (code: number, message = '', data?: unknown): VenueError => ({
  status: 429,
  code,
  message,
  data,
});

describe('what an HTTP answer says about limits', () => {
  test('used weight and order counts, by the length of their intervals', () => {
    const headers = {
      'x-mbx-used-weight': '17',
      'x-mbx-used-weight-1m': '17',
      'x-mbx-order-count-10s': '3',
      'x-mbx-order-count-1d': '4043',
      'x-sapi-used-ip-weight-1m': '9999',
      'x-mbx-used-weight-5m': 'many',
      'content-type': 'application/json',
    };
    expect(limitReportOfHttp(200, headers, undefined, NOW)).toEqual({
      counts: [
        { kind: 'weight', intervalMs: 60_000, count: 17 },
        { kind: 'orders', intervalMs: 10_000, count: 3 },
        { kind: 'orders', intervalMs: 86_400_000, count: 4043 },
      ],
    });
  });

  test.each([
    { title: '429 with Retry-After', status: 429, after: '30', message: '', ms: 30_000, isBan: false },
    { title: '429 without', status: 429, after: undefined, message: '', ms: 60_000, isBan: false },
    { title: '418 with Retry-After', status: 418, after: '3600', message: '', ms: 3_600_000, isBan: true },
    { title: '418 without', status: 418, after: undefined, message: '', ms: 120_000, isBan: true },
    {
      title: '418 whose text names the end',
      status: 418,
      after: '10',
      message: `Way too much request weight used; IP banned until ${NOW + 500_000}. Please use WebSocket Streams.`,
      ms: 500_000,
      isBan: true,
    },
    {
      title: '418 for longer than any ban is',
      status: 418,
      after: '999999999',
      message: '',
      ms: 3 * 86_400_000,
      isBan: true,
    },
    {
      title: 'a Retry-After that is no number',
      status: 429,
      after: 'soon',
      message: '',
      ms: 60_000,
      isBan: false,
    },
  ])('R1, R2: $title', ({ status, after, message, ms, isBan }) => {
    const headers: Record<string, string> = after === undefined ? {} : { 'retry-after': after };
    expect(limitReportOfHttp(status, headers, error(-1003, message), NOW)).toEqual({
      counts: [],
      silence: { untilMs: NOW + ms, scope: 'everything', isBan },
    });
  });

  test.each([
    { message: 'Too many new orders; current limit is 50 orders per 10 SECOND.', ms: 3000 },
    { message: 'Too many new orders; current limit is 160000 orders per 1 DAY.', ms: 60_000 },
    { message: 'Too many.', ms: 3000 },
  ])(
    'R4: -1015 stops orders until their interval ends, for a minute at most: $message',
    ({ message, ms }) => {
      expect(limitReportOfHttp(429, {}, error(-1015, message), NOW)).toEqual({
        counts: [],
        silence: { untilMs: NOW + ms, scope: 'orders', isBan: false },
      });
    },
  );

  test('R4: -1015 with Retry-After stops orders as long as stated', () => {
    expect(limitReportOfHttp(429, { 'retry-after': '600' }, error(-1015), NOW)).toMatchObject({
      silence: { untilMs: NOW + 600_000, scope: 'orders' },
    });
  });

  test('R1: -1003 silences everybody under any status', () => {
    expect(limitReportOfHttp(503, {}, error(-1003), NOW)).toMatchObject({
      silence: { untilMs: NOW + 60_000, scope: 'everything', isBan: false },
    });
  });

  test('an ordinary refusal silences nobody', () => {
    expect(limitReportOfHttp(400, { 'retry-after': '5' }, error(-2010), NOW)).toEqual({ counts: [] });
  });
});

describe('what an answer of the WebSocket API says about limits', () => {
  // The example of binance-vectors.json, wsApiExamples.responseOk.
  const rateLimits = [
    { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: 50, count: 12 },
    { rateLimitType: 'ORDERS', interval: 'DAY', intervalNum: 1, limit: 160000, count: 4043 },
    { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 6000, count: 321 },
  ];

  test('counts with their limits', () => {
    expect(limitReportOfSocket(200, rateLimits, undefined, NOW)).toEqual({
      counts: [
        { kind: 'orders', intervalMs: 10_000, count: 12, limit: 50 },
        { kind: 'orders', intervalMs: 86_400_000, count: 4043, limit: 160_000 },
        { kind: 'weight', intervalMs: 60_000, count: 321, limit: 6000 },
      ],
    });
  });

  test('limiters and units that were added since are left out, and what cannot be read says nothing', () => {
    const added = [
      { rateLimitType: 'MIND_POWER', interval: 'SECOND', intervalNum: 1, limit: 1, count: 1 },
      { rateLimitType: 'ORDERS', interval: 'FORTNIGHT', intervalNum: 1, limit: 1, count: 1 },
    ];
    expect(limitReportOfSocket(200, added, undefined, NOW)).toEqual({ counts: [] });
    expect(limitReportOfSocket(200, 'all of them', undefined, NOW)).toEqual({ counts: [] });
    expect(limitReportOfSocket(200, undefined, undefined, NOW)).toEqual({ counts: [] });
  });

  test.each([
    { status: 429, isBan: false },
    { status: 418, isBan: true },
  ])('R1, R2: with $status, retryAfter is an instant', ({ status, isBan }) => {
    const data = { serverTime: NOW, retryAfter: NOW + 250_000 };
    expect(limitReportOfSocket(status, undefined, error(-1003, '', data), NOW)).toEqual({
      counts: [],
      silence: { untilMs: NOW + 250_000, scope: 'everything', isBan },
    });
  });
});
