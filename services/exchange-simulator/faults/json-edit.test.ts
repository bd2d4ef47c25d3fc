import { expect, test } from 'vitest';
import { editJson } from './json-edit.ts';
import { textTest, valueAt } from './patterns.ts';

const order = () => ({ symbol: 'BTCUSDT', status: 'NEW', orderId: 28, fills: [{ price: '4000.00000000' }] });

test('fields are set at any depth, also ones that were not there', () => {
  expect(
    editJson(order(), { set: { status: 'ON_THE_MOON', 'fills.0.price': '0', 'a.b': null, __proto: [1] } }),
  ).toEqual({
    symbol: 'BTCUSDT',
    status: 'ON_THE_MOON',
    orderId: 28,
    fills: [{ price: '0' }],
    a: { b: null },
    __proto: [1],
  });
});

test('numbers and decimals are raised, and keep their decimals', () => {
  const body = { E: 1700, price: '0.00000001', change: '-1.50', name: 'x', big: '92233720368.54775807' };
  expect(editJson(body, { add: { E: -30, price: 2, change: 1, name: 1, big: 1, none: 1 } })).toEqual({
    E: 1670,
    price: '2.00000001',
    change: '-0.50',
    name: 'x',
    big: '92233720369.54775807',
  });
});

test('fields and rows are removed, and what is not there stays away', () => {
  expect(editJson(order(), { remove: ['status', 'fills.0', 'none.at.all'] })).toEqual({
    symbol: 'BTCUSDT',
    orderId: 28,
    fills: [],
  });
});

test('a value that is set is not shared between what it is set in', () => {
  const edit = { set: { extra: { list: [1] } } };
  const first = editJson({}, edit) as { extra: { list: number[] } };
  first.extra.list.push(2);
  expect(editJson({}, edit)).toEqual({ extra: { list: [1] } });
});

test('a name like __proto__ becomes a field, not a prototype', () => {
  const edited = editJson({}, { set: JSON.parse('{"__proto__.polluted": true}') });
  expect(JSON.stringify(edited)).toBe('{"__proto__":{"polluted":true}}');
  expect('polluted' in {}).toBe(false);
});

test('a path finds what is nested, and nothing that is inherited', () => {
  const body = { k: { x: true }, B: [{ a: 'BTC' }] };
  expect([valueAt(body, 'k.x'), valueAt(body, 'B.0.a'), valueAt(body, 'B.length.toString')]).toEqual([
    true,
    'BTC',
    undefined,
  ]);
});

test('a star in a pattern stands for any characters, and everything else for itself', () => {
  expect(textTest('btcusdt@depth*')('btcusdt@depth@100ms')).toBe(true);
  expect(textTest(['GET /api/v3/*', 'order.place'])('orderXplace')).toBe(false);
  expect(textTest('*')(undefined)).toBe(false);
  expect(textTest(undefined)(undefined)).toBe(true);
});
