import { eventArbitrary } from '@tradewind/proto/ledger/events';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeEvent } from './describe-event.ts';

test('every event has a line for people', () => {
  fc.assert(
    fc.property(eventArbitrary, (event) => {
      expect(describeEvent(event)).not.toMatch(/undefined|\[object/);
    }),
    { numRuns: 500 },
  );
});
