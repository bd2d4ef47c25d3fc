import { expect, test } from 'vitest';
import { FIRST_PHASE, reactionTo } from './contingency.ts';

// binance-spot.md section 4.3.
test.each([
  { kind: 'OCO', phase: 'alternatives' },
  { kind: 'OTO', phase: 'one_waits' },
  { kind: 'OTOCO', phase: 'pair_waits' },
  { kind: 'OPO', phase: 'one_waits' },
  { kind: 'OPOCO', phase: 'pair_waits' },
] as const)('$kind begins as $phase', ({ kind, phase }) => {
  expect(FIRST_PHASE[kind]).toBe(phase);
});

const nothing = undefined;
const keep = (next: string) => ({ others: 'keep', reason: 'NONE', next });
const cancel = { others: 'cancel', reason: 'NONE', next: 'done' };
const activate = (next: string) => ({ others: 'activate', reason: 'NONE', next });
const expire = (reason: string, next: string) => ({ others: 'expire', reason, next });

test.each([
  { phase: 'one_waits', role: 'working', event: 'filled_in_part', reaction: nothing },
  { phase: 'one_waits', role: 'working', event: 'filled', reaction: activate('last') },
  { phase: 'one_waits', role: 'working', event: 'canceled', reaction: cancel },
  {
    phase: 'one_waits',
    role: 'working',
    event: 'expired',
    reaction: expire('OTO_PHASE_ONE_EXPIRED', 'done'),
  },
  { phase: 'one_waits', role: 'contingent', event: 'canceled', reaction: cancel },
  {
    phase: 'one_waits',
    role: 'contingent',
    event: 'expired',
    reaction: expire('EXCHANGE_CANCELED', 'done'),
  },
  { phase: 'pair_waits', role: 'working', event: 'filled_in_part', reaction: nothing },
  { phase: 'pair_waits', role: 'working', event: 'filled', reaction: activate('alternatives') },
  {
    phase: 'pair_waits',
    role: 'working',
    event: 'expired',
    reaction: expire('OTO_PHASE_ONE_EXPIRED', 'done'),
  },
  { phase: 'pair_waits', role: 'contingent', event: 'canceled', reaction: cancel },
  {
    phase: 'pair_waits',
    role: 'contingent',
    event: 'expired',
    reaction: expire('EXCHANGE_CANCELED', 'done'),
  },
  { phase: 'alternatives', role: 'contingent', event: 'triggered', reaction: expire('OCO_TRIGGER', 'last') },
  {
    phase: 'alternatives',
    role: 'contingent',
    event: 'filled_in_part',
    reaction: expire('OCO_TRIGGER', 'last'),
  },
  { phase: 'alternatives', role: 'contingent', event: 'filled', reaction: expire('OCO_TRIGGER', 'done') },
  { phase: 'alternatives', role: 'contingent', event: 'expired', reaction: expire('OCO_TRIGGER', 'done') },
  { phase: 'alternatives', role: 'contingent', event: 'canceled', reaction: cancel },
  { phase: 'last', role: 'contingent', event: 'triggered', reaction: nothing },
  { phase: 'last', role: 'contingent', event: 'filled_in_part', reaction: nothing },
  { phase: 'last', role: 'contingent', event: 'filled', reaction: keep('done') },
  { phase: 'last', role: 'contingent', event: 'expired', reaction: keep('done') },
  { phase: 'last', role: 'contingent', event: 'canceled', reaction: keep('done') },
  { phase: 'done', role: 'contingent', event: 'filled', reaction: nothing },
] as const)('$phase: $role $event', ({ phase, role, event, reaction }) => {
  expect(reactionTo(phase, role, event)).toEqual(reaction);
});
