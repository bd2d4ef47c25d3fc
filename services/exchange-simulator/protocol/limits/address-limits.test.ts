import { expect, test } from 'vitest';
import { AddressLimits, type BanRules } from './address-limits.ts';
import type { RateLimit } from './rate-limit.ts';
import { readRateLimits } from './read-rate-limits.ts';

const MINUTE = 60_000;
/** A whole minute, so that buckets are easy to count. */
const START = 1_700_000_040_000;
const LIMITS: readonly RateLimit[] = [
  { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 100 },
  { rateLimitType: 'RAW_REQUESTS', interval: 'MINUTE', intervalNum: 5, limit: 60 },
  { rateLimitType: 'CONNECTIONS', interval: 'MINUTE', intervalNum: 5, limit: 3 },
];
const RULES: BanRules = {
  refusalsBeforeBan: 2,
  shortestMs: 2 * MINUTE,
  longestMs: 3 * 1440 * MINUTE,
  memoryMs: 3 * 1440 * MINUTE,
};

test('R1: weight beyond the limit is refused until the minute ends', () => {
  const usage = new AddressLimits(LIMITS, RULES).of('a', START);
  expect(usage.request(100, START + 1000)).toBeUndefined();
  expect(usage.request(1, START + 2000)).toMatchObject({
    status: 429,
    code: -1003,
    retryAtMs: START + MINUTE,
  });
  expect(usage.request(1, START + MINUTE - 1)?.status).toBe(429);
  expect(usage.request(1, START + MINUTE)).toBeUndefined();
});

test('R2: who goes on is banned, and each further ban is longer up to three days', () => {
  const usage = new AddressLimits(LIMITS, RULES).of('a', START);
  let nowMs = START;
  const bans: number[] = [];
  while (bans.length < 13) {
    const refused = usage.weigh(101, nowMs);
    if (refused?.status !== 418) continue;
    expect(refused.message).toContain(`IP banned until ${refused.retryAtMs}`);
    bans.push((refused.retryAtMs! - nowMs) / MINUTE);
    expect(usage.weigh(1, refused.retryAtMs! - 1)?.status).toBe(418);
    nowMs = refused.retryAtMs!;
  }
  expect(bans).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 4320]);
});

test('R3: addresses do not share, and one address shares between everything it does', () => {
  const limits = new AddressLimits(LIMITS, RULES);
  expect(limits.of('a', START).request(100, START)).toBeUndefined();
  expect(limits.of('b', START).request(100, START)).toBeUndefined();
  expect(limits.of('a', START).weigh(1, START)?.code).toBe(-1003);
});

test('raw requests and connections have limits of their own', () => {
  const limits = new AddressLimits(LIMITS, RULES);
  const usage = limits.of('a', START);
  for (let count = 0; count < 60; count += 1) expect(usage.request(0, START)).toBeUndefined();
  expect(usage.request(0, START)?.code).toBe(-1003);
  const other = limits.of('b', START);
  for (let count = 0; count < 3; count += 1) expect(other.connect(2, START)).toBeUndefined();
  expect(other.connect(2, START)?.status).toBe(429);
});

test('what is given back can be used again, and headers say what was used', () => {
  const usage = new AddressLimits(LIMITS, RULES).of('a', START);
  usage.request(40, START);
  usage.refund(15, START);
  const headers: Record<string, string> = {};
  usage.writeHeaders(headers, START);
  expect(headers).toEqual({ 'x-mbx-used-weight': '25', 'x-mbx-used-weight-1m': '25' });
});

test('a request that was held up over the end of a minute does not wipe out what the next one has used', () => {
  const usage = new AddressLimits(LIMITS, RULES).of('a', START);
  usage.request(30, START + MINUTE);
  usage.request(1, START + MINUTE - 1);
  const headers: Record<string, string> = {};
  usage.writeHeaders(headers, START + MINUTE + 1);
  expect(headers).toMatchObject({ 'x-mbx-used-weight-1m': '31' });
});

test('a ban is told when it begins', () => {
  const limits = new AddressLimits(LIMITS, RULES);
  const told: string[] = [];
  limits.listenForBans((address) => told.push(address));
  limits.of('a', START).ban(MINUTE, START);
  expect(told).toEqual(['a']);
});

test('limits come from exchangeInfo, and what is no limit of an address is left out', () => {
  const rateLimits = [
    { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 6000 },
    { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: 100 },
    { rateLimitType: 'RAW_REQUESTS', interval: 'MINUTE', intervalNum: 5, limit: 300000 },
    { rateLimitType: 'RAW_REQUESTS', interval: 'FORTNIGHT', intervalNum: 5, limit: 1 },
    null,
  ];
  expect(readRateLimits({ rateLimits }).map((it) => [it.rateLimitType, it.limit])).toEqual([
    ['REQUEST_WEIGHT', 6000],
    ['RAW_REQUESTS', 300000],
    ['CONNECTIONS', 300],
  ]);
});
