import { expect, test } from 'vitest';
import { ParameterList } from '../parameters/parameter-list.ts';
import { Parameters } from '../parameters/parameters.ts';
import vectors from '../test-vectors/endpoints.json' with { type: 'json' };
import { SESSION_METHOD_WEIGHT, SESSION_METHODS } from '../websocket-api/session-methods.ts';
import { OPERATIONS, operationOfMethod, operationsAt } from './table.ts';

const weighed = (path: string, method: string, sent: Record<string, string>): number => {
  const list = new ParameterList();
  for (const [name, value] of Object.entries(sent)) list.add(name, value);
  const { weight } = operationsAt(path)!.get(method)!;
  return typeof weight === 'number' ? weight : weight(new Parameters(list));
};

test.each(vectors.restEndpoints)('$method $path is served, with its WebSocket API twin', (endpoint) => {
  const operation = operationsAt(endpoint.path)?.get(endpoint.method);
  expect(operation?.webSocket).toBe(endpoint.wsMethod);
  expect(operation?.security).toBe(endpoint.security);
  expect(operation?.unfilledOrders ?? 0).toBe(endpoint.unfilledOrderCount ?? 0);
  expect(operationOfMethod(endpoint.wsMethod)).toBe(operation);
  const stated = String(endpoint.weight);
  expect(operation?.isFreeOnSuccess === true).toBe(stated.includes('(0 on success)'));
  const plain = /^[0-9]+/.exec(stated)?.[0];
  if (plain !== undefined && !/[;,]/.test(stated.replace(', deprecated', ''))) {
    expect(weighed(endpoint.path, endpoint.method, {})).toBe(Number(plain));
  }
});

test('nothing is served that the reference does not have', () => {
  const stated = new Set(vectors.restEndpoints.map((it) => `${it.method} ${it.path}`));
  const served = OPERATIONS.map((it) => it.rest!.join(' '));
  expect(served.filter((it) => !stated.has(it))).toEqual([
    'GET /sapi/v1/account/apiRestrictions',
    'GET /sapi/v1/capital/deposit/hisrec',
    'GET /sapi/v1/capital/withdraw/history',
  ]);
});

test('the methods of the connection are those of the reference', () => {
  expect([...SESSION_METHODS.keys()].toSorted()).toEqual(
    vectors.wsApiOnlyMethods.map((it) => it.method).toSorted(),
  );
  expect(new Set(vectors.wsApiOnlyMethods.map((it) => it.weight))).toEqual(new Set([SESSION_METHOD_WEIGHT]));
});

const symbols = (count: number): string =>
  JSON.stringify(Array.from({ length: count }, (_, index) => `S${index}`));

// Source: binance-spot.md sections 4.1 to 4.4.
test.each([
  { path: 'depth', sent: {}, weight: 5 },
  { path: 'depth', sent: { limit: '100' }, weight: 5 },
  { path: 'depth', sent: { limit: '101' }, weight: 25 },
  { path: 'depth', sent: { limit: '500' }, weight: 25 },
  { path: 'depth', sent: { limit: '1000' }, weight: 50 },
  { path: 'depth', sent: { limit: '1001' }, weight: 250 },
  { path: 'executionRules', sent: { symbol: 'A' }, weight: 2 },
  { path: 'executionRules', sent: { symbols: symbols(3) }, weight: 6 },
  { path: 'executionRules', sent: { symbols: symbols(30) }, weight: 40 },
  { path: 'executionRules', sent: {}, weight: 40 },
  { path: 'ticker/24hr', sent: { symbol: 'A' }, weight: 2 },
  { path: 'ticker/24hr', sent: { symbols: symbols(20) }, weight: 2 },
  { path: 'ticker/24hr', sent: { symbols: symbols(21) }, weight: 40 },
  { path: 'ticker/24hr', sent: { symbols: symbols(101) }, weight: 80 },
  { path: 'ticker/24hr', sent: {}, weight: 80 },
  { path: 'ticker/tradingDay', sent: { symbol: 'A' }, weight: 4 },
  { path: 'ticker', sent: { symbols: symbols(10) }, weight: 40 },
  { path: 'ticker', sent: { symbols: symbols(80) }, weight: 200 },
  { path: 'ticker/price', sent: { symbol: 'A' }, weight: 2 },
  { path: 'ticker/bookTicker', sent: {}, weight: 4 },
  { path: 'openOrders', sent: { symbol: 'A' }, weight: 6 },
  { path: 'openOrders', sent: {}, weight: 80 },
  { path: 'myTrades', sent: { symbol: 'A', orderId: '1' }, weight: 5 },
  { path: 'myTrades', sent: { symbol: 'A' }, weight: 20 },
  { path: 'myPreventedMatches', sent: { orderId: '1' }, weight: 20 },
  { path: 'myPreventedMatches', sent: { preventedMatchId: '1' }, weight: 2 },
])('$path with $sent weighs $weight', ({ path, sent, weight }) => {
  expect(weighed(`/api/v3/${path}`, 'GET', sent)).toBe(weight);
});

test('a test order weighs more when it computes commissions', () => {
  expect(weighed('/api/v3/order/test', 'POST', {})).toBe(1);
  expect(weighed('/api/v3/order/test', 'POST', { computeCommissionRates: 'true' })).toBe(20);
});
