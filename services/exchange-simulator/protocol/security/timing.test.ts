import { describe, expect, test } from 'vitest';
import { ParameterList, readForm } from '../parameters/parameter-list.ts';
import { Parameters } from '../parameters/parameters.ts';
import { checkBeforeEngine, checkOnReceipt, readTiming } from './timing.ts';

const NOW = 1_700_000_000_000;
const reading = (query: string): Parameters => {
  const list = readForm(query, '');
  if (!(list instanceof ParameterList)) throw new Error(list.message);
  return new Parameters(list);
};

// Source: binance-spot.md section 2.4: accepted only if timestamp < server + 1000 and server - timestamp <= recvWindow.
test.each([
  { query: `timestamp=${NOW}`, accepted: true },
  { query: `timestamp=${NOW + 999}`, accepted: true },
  { query: `timestamp=${NOW + 1000}`, accepted: false },
  { query: `timestamp=${NOW - 5000}`, accepted: true },
  { query: `timestamp=${NOW - 5001}`, accepted: false },
  { query: `timestamp=${NOW - 5001}&recvWindow=6000`, accepted: true },
  { query: `timestamp=${NOW - 60_000}&recvWindow=60000`, accepted: true },
  { query: `timestamp=${NOW}000`, accepted: true },
  { query: `timestamp=${NOW + 999}999`, accepted: true },
  { query: `timestamp=${NOW + 1000}000`, accepted: false },
  { query: `timestamp=${NOW - 6001}654&recvWindow=6000.346`, accepted: true },
  { query: `timestamp=${NOW - 6001}653&recvWindow=6000.346`, accepted: false },
  { query: 'timestamp=1', accepted: false },
  { query: `timestamp=${NOW + 3_600_000}`, accepted: false },
])('C1, C2: $query is accepted: $accepted', ({ query, accepted }) => {
  const parameters = reading(query);
  const refused = checkOnReceipt(readTiming(parameters), NOW);
  expect(parameters.refusal).toBeUndefined();
  expect(refused?.code).toBe(accepted ? undefined : -1021);
});

test('the later checks know only the receive window', () => {
  const timing = readTiming(reading(`timestamp=${NOW}&recvWindow=100`));
  expect(checkBeforeEngine(timing, NOW + 100)).toBeUndefined();
  expect(checkBeforeEngine(timing, NOW + 101)?.code).toBe(-1021);
});

describe('what is no time', () => {
  test.each([
    { query: '', code: -1102 },
    { query: 'timestamp=', code: -1105 },
    { query: 'timestamp=12.5', code: -1100 },
    { query: 'timestamp=abc', code: -1100 },
    { query: `timestamp=${NOW}&recvWindow=60000.001`, code: -1102 },
    { query: `timestamp=${NOW}&recvWindow=60001`, code: -1102 },
    { query: `timestamp=${NOW}&recvWindow=5000.1234`, code: -1100 },
    { query: `timestamp=${NOW}&recvWindow=-1`, code: -1100 },
  ])('"$query" is refused with $code', ({ query, code }) => {
    const parameters = reading(query);
    readTiming(parameters);
    expect(parameters.refusal?.code).toBe(code);
  });
});
