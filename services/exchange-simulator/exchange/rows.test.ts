import { SeededRandom } from '@tradewind/utils';
import { expect, test } from 'vitest';
import { Rows } from './rows.ts';

const NUMBER = 0;
const AMOUNT = 1;
const AMOUNTS: readonly bigint[] = [
  0n,
  -1n,
  123_456_789n,
  2n ** 53n + 1n,
  2n ** 63n - 1n,
  2n ** 63n,
  -(2n ** 63n),
  -(2n ** 63n) - 1n,
  10n ** 28n + 7n,
];

test('rows that come, go and take the place of others are what a list of objects would be', () => {
  const random = new SeededRandom(3);
  const below = (limit: number): number => random.nextUint32() % limit;
  const rows = new Rows(2, 1);
  const model = new Map<number, { number: number; amount: bigint; text: string }>();
  for (let step = 0; step < 3000; step++) {
    const kind = below(10);
    if (kind < 6 || rows.length < 2) {
      const row = rows.add();
      const entry = { number: step / 7, amount: AMOUNTS[below(AMOUNTS.length)]!, text: `row ${step}` };
      rows.setNumber(row, NUMBER, entry.number);
      rows.setAmount(row, AMOUNT, entry.amount);
      rows.setText(row, 0, entry.text);
      model.set(row, entry);
    } else if (kind < 9) {
      const count = below(Math.min(rows.length, 4));
      for (let row = rows.first; row < rows.first + count; row++) model.delete(row);
      rows.drop(count);
    } else {
      const from = rows.first + below(rows.length);
      const to = rows.first + below(rows.length);
      rows.copy(from, to);
      model.set(to, model.get(from)!);
    }
    expect(rows.length).toBe(model.size);
  }
  for (let row = rows.first; row < rows.end; row++) {
    const entry = {
      number: rows.number(row, NUMBER),
      amount: rows.amount(row, AMOUNT),
      text: rows.text(row, 0),
    };
    expect(entry).toEqual(model.get(row));
  }
  expect(rows.length).toBeGreaterThan(200);
});

test('the first row from a number on is found, and the end where there is none', () => {
  const rows = new Rows(1);
  for (const number of [2, 4, 4, 9]) rows.setNumber(rows.add(), NUMBER, number);
  expect([0, 2, 3, 4, 5, 9, 10].map((number) => rows.firstFrom(NUMBER, number))).toEqual([
    0, 0, 1, 1, 3, 3, 4,
  ]);
  rows.drop(2);
  expect(rows.firstFrom(NUMBER, 0)).toBe(2);
});

test('rows go one by one in a moment, however many large amounts there are', () => {
  const rows = new Rows(1);
  const large = 2n ** 64n;
  for (let at = 0; at < 40_000; at++) rows.setAmount(rows.add(), 0, large + BigInt(at));
  for (let at = 40_000; at < 80_000; at++) {
    rows.drop(1);
    rows.setAmount(rows.add(), 0, large + BigInt(at));
  }
  expect([rows.first, rows.amount(rows.first, 0), rows.amount(rows.end - 1, 0)]).toEqual([
    40_000,
    large + 40_000n,
    large + 79_999n,
  ]);
});
