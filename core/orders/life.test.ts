import { describe, expect, test } from 'vitest';
import {
  isFinal,
  isInDoubt,
  nextState,
  ORDER_EVENT_KINDS,
  ORDER_STATES,
  type OrderEventKind,
  type OrderState,
} from './life.ts';

const EVENTS: readonly OrderEventKind[] = [
  'sent',
  'timed_out',
  'accepted',
  'accepted_pending',
  'confirmed_working',
  'confirmed_pending',
  'rejected',
  'filled_in_part',
  'filled_in_full',
  'amended',
  'prevented',
  'cancel_sent',
  'cancel_refused',
  'canceled',
  'expired',
  'expired_in_match',
  'absence_proven',
];

/** The same life told in rules instead of a table: how each fact is judged, one paragraph a fact. */
function byRules(from: OrderState, event: OrderEventKind): OrderState | 'no_such_transition' {
  const isPlaced = from === 'pending' || from === 'working';
  const isUnplaced = from === 'created' || from === 'in_flight' || from === 'unknown';
  const hasCancel = from === 'cancel_in_flight' || from === 'cancel_unknown';
  const neverLived = from === 'rejected' || from === 'absent';
  const isOver = ['filled', 'canceled', 'expired', 'expired_in_match'].includes(from);
  const none = 'no_such_transition';
  switch (event) {
    case 'sent':
      return from === 'created' ? 'in_flight' : from;
    case 'timed_out':
      if (from === 'created' || from === 'in_flight') return 'unknown';
      return from === 'cancel_in_flight' ? 'cancel_unknown' : from;
    case 'cancel_sent':
      if (from === 'created') return none;
      return isOver || neverLived ? from : 'cancel_in_flight';
    case 'cancel_refused':
      if (isUnplaced) return none;
      return from === 'cancel_in_flight' ? 'cancel_unknown' : from;
    case 'absence_proven':
      return ['created', 'unknown', 'cancel_unknown', 'absent'].includes(from) ? 'absent' : none;
    case 'rejected':
      return isUnplaced || hasCancel || from === 'rejected' ? 'rejected' : none;
    case 'accepted':
      if (neverLived) return none;
      return isUnplaced || isPlaced ? 'working' : from;
    case 'accepted_pending':
      if (neverLived) return none;
      return isUnplaced ? 'pending' : from;
    case 'confirmed_working':
      if (neverLived) return none;
      return isUnplaced || isPlaced || from === 'cancel_unknown' ? 'working' : from;
    case 'confirmed_pending':
      if (neverLived) return none;
      return isUnplaced || from === 'cancel_unknown' ? 'pending' : from;
    case 'amended':
      if (neverLived) return none;
      return from === 'created' ? 'in_flight' : from;
    case 'filled_in_part':
    case 'prevented':
      if (neverLived) return none;
      return isUnplaced || isPlaced ? 'working' : from;
    case 'filled_in_full':
    case 'canceled':
    case 'expired':
    case 'expired_in_match': {
      const end = event === 'filled_in_full' ? 'filled' : event;
      return isUnplaced || isPlaced || hasCancel || from === end ? end : none;
    }
  }
}

describe.each(ORDER_STATES.map((from) => [from] as const))('from %s', (from) => {
  test.each(EVENTS.map((event) => [event] as const))('%s leads where the rules say', (event) => {
    const expected = byRules(from, event);
    expect(nextState(from, event)).toEqual(
      expected === 'no_such_transition'
        ? { ok: false, error: { reason: 'no_such_transition', from, event } }
        : { ok: true, value: expected },
    );
  });
});

test.each([
  { when: 'a fill crosses our cancel', from: 'cancel_in_flight', event: 'filled_in_full', to: 'filled' },
  { when: 'O1: the answer never came', from: 'in_flight', event: 'timed_out', to: 'unknown' },
  {
    when: 'O9: the cancel loses to a fill',
    from: 'cancel_in_flight',
    event: 'cancel_refused',
    to: 'cancel_unknown',
  },
  { when: 'O10: the cancel is in doubt', from: 'cancel_in_flight', event: 'timed_out', to: 'cancel_unknown' },
  {
    when: 'a stale acceptance says nothing of the cancel',
    from: 'cancel_unknown',
    event: 'accepted',
    to: 'cancel_unknown',
  },
  {
    when: 'U5: the last fill comes after the cancel',
    from: 'canceled',
    event: 'filled_in_part',
    to: 'canceled',
  },
  { when: 'U6: the fill comes before the answer', from: 'in_flight', event: 'filled_in_part', to: 'working' },
  { when: 'P2: the process died after sending', from: 'created', event: 'timed_out', to: 'unknown' },
] as const)('$when: $from + $event -> $to', ({ from, event, to }) => {
  expect(nextState(from, event)).toEqual({ ok: true, value: to });
});

test('I10: no event leads out of a final state', () => {
  for (const from of ORDER_STATES.filter(isFinal)) {
    for (const event of EVENTS) {
      const next = nextState(from, event);
      expect(next.ok ? next.value : from).toBe(from);
    }
  }
});

test('I4: a time-out never decides anything, and doubt leaves only by evidence or by asking again for a cancel', () => {
  for (const from of ORDER_STATES) {
    const next = nextState(from, 'timed_out');
    expect(next.ok).toBe(true);
    if (next.ok && next.value !== from) expect(isInDoubt(next.value)).toBe(true);
  }
  for (const event of ['sent', 'timed_out'] as const) {
    expect(nextState('unknown', event)).toEqual({ ok: true, value: 'unknown' });
    expect(nextState('cancel_unknown', event)).toEqual({ ok: true, value: 'cancel_unknown' });
  }
});

test('six states are final and two are in doubt', () => {
  expect(ORDER_STATES).toHaveLength(13);
  expect([...ORDER_EVENT_KINDS].sort()).toEqual([...EVENTS].sort());
  expect(ORDER_STATES.filter(isFinal)).toEqual([
    'filled',
    'canceled',
    'expired',
    'expired_in_match',
    'rejected',
    'absent',
  ]);
  expect(ORDER_STATES.filter(isInDoubt)).toEqual(['unknown', 'cancel_unknown']);
});
