import { createHash } from 'node:crypto';
import { VirtualTime } from '@tradewind/utils';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changesOf } from './changes.ts';
import { alert, allocation, ledgerConformance } from './conformance.test-support.ts';
import { eventArbitrary } from './events.test-support.ts';
import { MemoryLedger } from './memory-ledger.ts';
import { Projections } from './projections.ts';

describe('the ledger in memory', () => {
  ledgerConformance(async () => {
    const time = new VirtualTime(Date.UTC(2026, 0, 1));
    return { ledger: new MemoryLedger({ clock: time }), pass: (durationMs) => time.advance(durationMs) };
  });
});

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

test('every entry is chained to the one before by SHA-256 over the text that the documentation gives', async () => {
  const clock = new VirtualTime(0);
  const stamp = { build: '1.0', configurationHash: 'abc' };
  const ledger = new MemoryLedger({ clock, stamp, sha256 });
  await ledger.commit([alert('1', { atMs: 5, causeId: 'x' })]);
  await ledger.commit([allocation('2', '1')]);
  const first = sha256(
    `${'0'.repeat(64)}\n1\n1\n5\nalert\norder-execution\nc-1\nx\n1.0\nabc\n` +
      '{"kind":"alert","severity":"info","name":"note","message":"1","fields":{}}',
  );
  const second = sha256(
    `${first}\n2\n2\n${Date.UTC(2026, 2, 1, 12)}\nbalance\norder-execution\nc-2\n\n1.0\nabc\n` +
      '{"kind":"balance","cause":"allocation","postings":[{"subAccount":"ema-cross","account":"funding","asset":"USDT","amount":"-1"},' +
      '{"subAccount":"ema-cross","account":"free","asset":"USDT","amount":"1"}],"detail":"capital"}',
  );
  expect(ledger.headHash).toBe(second);
});

test('an event with an id that is no name is a broken assumption, not a refusal', async () => {
  const ledger = new MemoryLedger({ clock: new VirtualTime(0) });
  await expect(ledger.commit([alert('a\nb')])).rejects.toThrow('ids of events');
  await expect(ledger.commit([alert('a', { atMs: 0.5 })])).rejects.toThrow('whole milliseconds');
});

test('projections are the same whether events are folded one by one or in pieces of any size', () => {
  fc.assert(
    fc.property(
      fc.array(eventArbitrary, { maxLength: 30 }),
      fc.integer({ min: 2, max: 9 }),
      (events, size) => {
        const last = { seq: events.length, atMs: 0 };
        const [single, pieces] = [new Projections(), new Projections()];
        for (const event of events) single.apply(changesOf([event]));
        for (let from = 0; from < events.length; from += size)
          pieces.apply(changesOf(events.slice(from, from + size)));
        expect(pieces.state(last)).toEqual(single.state(last));
      },
    ),
    { numRuns: 100 },
  );
});
