import { expect, test } from 'vitest';
import { eventOfQueriedStatus, eventOfStatus } from './venue-status.ts';

test.each([
  ['NEW', 'accepted', 'confirmed_working'],
  ['PENDING_NEW', 'accepted_pending', 'confirmed_pending'],
  ['PARTIALLY_FILLED', 'filled_in_part', 'confirmed_working'],
  ['FILLED', 'filled_in_full', 'filled_in_full'],
  ['CANCELED', 'canceled', 'canceled'],
  ['REJECTED', 'rejected', 'rejected'],
  ['EXPIRED', 'expired', 'expired'],
  ['EXPIRED_IN_MATCH', 'expired_in_match', 'expired_in_match'],
] as const)('%s means %s in a report and %s in the answer to a query', (status, reported, queried) => {
  expect(eventOfStatus(status)).toEqual({ ok: true, value: reported });
  expect(eventOfQueriedStatus(status)).toEqual({ ok: true, value: queried });
});

test.each(['PENDING_CANCEL', 'HALTED', '', 'new', 'constructor', '__proto__'])(
  'M10: the unknown status %j is a value, never a crash',
  (status) => {
    expect(eventOfStatus(status)).toEqual({ ok: false, error: { reason: 'unknown_status', status } });
    expect(eventOfQueriedStatus(status)).toEqual({ ok: false, error: { reason: 'unknown_status', status } });
  },
);
