import { expect, test } from 'vitest';
import type { ListStatus } from '../model/user-event.ts';
import { type Doubt, Doubts } from './doubts.ts';
import { ListProjection } from './list-projection.ts';
import { Quarantine } from './quarantine.ts';
import { RecentKeys } from './recent-keys.ts';
import { eventOf } from './reports.test-support.ts';
import examples from './user-event-examples.json' with { type: 'json' };

function list(changes: object): ListStatus {
  const event = eventOf({ ...examples.listStatus.event, ...changes });
  if (event.kind !== 'list_status') throw new Error('the example is a list status');
  return event;
}

function statesTold(lists: ListProjection, events: readonly object[]): string[] {
  const told: string[] = [];
  for (const changes of events) lists.merge(list(changes), ({ state }) => told.push(state));
  return told;
}

test('a quarantine keeps the latest events, each shortened, and counts them all', () => {
  const quarantine = new Quarantine(2);
  for (const text of ['a', 'b', 'x'.repeat(5000)])
    quarantine.add({ atMs: 1, reason: 'unreadable', detail: '', text });
  expect(quarantine.events.map(({ text }) => text.length)).toEqual([1, 4096]);
  expect(quarantine.count).toBe(3);
});

test('recent keys forget the oldest when there are too many', () => {
  const recent = new RecentKeys(2);
  const isNew = (key: string): boolean => {
    const has = recent.has(key);
    recent.add(key);
    return !has;
  };
  expect(['a', 'b', 'a', 'c', 'b', 'a'].map(isNew)).toEqual([true, true, false, true, false, true]);
});

test('an order is in doubt once, until the doubt ends; one doubt too many is told', () => {
  const told: string[] = [];
  const doubts = new Doubts(
    1,
    ({ orderId, reason }, has) => told.push(`${orderId} ${reason} ${has}`),
    () => told.push('too many'),
  );
  const doubt = (orderId: number): Doubt => ({ symbol: 'BTCUSDT', orderId, reason: 'conflict' });
  expect([doubts.add(doubt(1)), doubts.add(doubt(1)), doubts.add(doubt(2))]).toEqual([true, false, false]);
  doubts.end({ symbol: 'BTCUSDT', orderId: 1 });
  doubts.end({ symbol: 'BTCUSDT', orderId: 1 });
  expect(doubts.add(doubt(2))).toBe(true);
  expect(told).toEqual(['1 conflict arisen', 'too many', '1 conflict ended', '2 conflict arisen']);
});

test('a list that is done stays done, whatever comes late', () => {
  const lists = new ListProjection();
  const told = statesTold(lists, [
    { l: 'EXEC_STARTED', L: 'EXECUTING' },
    { l: 'ALL_DONE', L: 'ALL_DONE' },
    { l: 'UPDATED', L: 'EXECUTING' },
    { l: 'EXEC_STARTED', L: 'EXECUTING' },
  ]);
  expect(told).toEqual(['executing', 'done']);
  expect(lists.of('ETHBTC', 2)).toMatchObject({ state: 'done', orderIds: [17, 18] });
});

test('M10: a list status that is in no document is kept as unknown, and a known one takes its place', () => {
  expect(statesTold(new ListProjection(), [{ L: 'SUSPENDED' }, { L: 'REJECT' }])).toEqual([
    'unknown',
    'rejected',
  ]);
});

test('final lists are let go when there are too many, executing ones never', () => {
  const lists = new ListProjection(1);
  lists.merge(list({ g: 1 }));
  for (const g of [2, 3]) lists.merge(list({ g, L: 'ALL_DONE' }));
  expect([1, 2, 3].map((id) => lists.of('ETHBTC', id)?.state)).toEqual(['executing', undefined, 'done']);
});
