import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quantity, quoteAmount } from '../money/index.ts';
import { isFinal } from './life.ts';
import { applyEvent, BookedFills, newOrderRecord, type OrderEvent, type OrderRecord } from './record.ts';

const ordered = newOrderRecord({ clientOrderId: 'a-1', symbol: 'BTCUSDT', quantity: quantity('3') });
const afterAll = (events: readonly OrderEvent[], from: OrderRecord = ordered): OrderRecord =>
  events.reduce((record, event) => applyEvent(record, event).record, from);

const accepted: OrderEvent = { kind: 'accepted', venueOrderId: 7 };
const filledPart = (executed: string, quote: string): OrderEvent => ({
  kind: 'filled_in_part',
  venueOrderId: 7,
  executedQuantity: quantity(executed),
  executedQuoteAmount: quoteAmount(quote),
});

test('a new record knows nothing but what was ordered', () => {
  expect(ordered).toEqual({
    clientOrderId: 'a-1',
    symbol: 'BTCUSDT',
    quantity: quantity('3'),
    state: 'created',
    executedQuantity: quantity('0'),
    executedQuoteAmount: quoteAmount('0'),
    preventedQuantity: quantity('0'),
  });
});

test('the cumulative figures of each event are taken over', () => {
  const { record, conflict } = applyEvent(ordered, {
    ...filledPart('1.5', '30'),
    preventedQuantity: quantity('0.25'),
    quantity: quantity('2'),
  });
  expect(conflict).toBeUndefined();
  expect(record).toEqual({
    clientOrderId: 'a-1',
    symbol: 'BTCUSDT',
    state: 'working',
    venueOrderId: 7,
    quantity: quantity('2'),
    executedQuantity: quantity('1.5'),
    executedQuoteAmount: quoteAmount('30'),
    preventedQuantity: quantity('0.25'),
  });
});

test('a smaller cumulative figure, being older, takes nothing back, and a larger ordered quantity adds nothing', () => {
  const later = afterAll([filledPart('2', '40')]);
  expect(applyEvent(later, { ...filledPart('1', '20'), quantity: quantity('5') })).toEqual({ record: later });
});

test('a negative quote amount, which the venue sends for what it does not know, is no figure', () => {
  expect(afterAll([filledPart('2', '-1')]).executedQuoteAmount).toBe(quoteAmount('0'));
});

test('O7, U5: a fill that comes after the cancel is booked, and the order stays canceled', () => {
  const canceled = afterAll([accepted, { kind: 'canceled' }]);
  const { record, conflict } = applyEvent(canceled, filledPart('1', '20'));
  expect(conflict).toBeUndefined();
  expect(record.state).toBe('canceled');
  expect(record.executedQuantity).toBe(quantity('1'));
});

test('a contradicting event leaves the state, is reported, and its figures are still booked', () => {
  const canceled = afterAll([accepted, { kind: 'canceled' }]);
  const { record, conflict } = applyEvent(canceled, {
    kind: 'filled_in_full',
    executedQuantity: quantity('3'),
  });
  expect(conflict).toEqual({ reason: 'no_such_transition', from: 'canceled', event: 'filled_in_full' });
  expect(record.state).toBe('canceled');
  expect(record.executedQuantity).toBe(quantity('3'));
});

test('O4: a second venue order under the same client id is a conflict, and nothing is taken from it', () => {
  const first = afterAll([accepted]);
  const other: OrderEvent = { kind: 'filled_in_full', venueOrderId: 8, executedQuantity: quantity('3') };
  expect(applyEvent(first, other)).toEqual({
    record: first,
    conflict: { reason: 'second_venue_order', known: 7, other: 8 },
  });
});

test('more executed than ordered is a conflict with both figures, exactly as much is none', () => {
  expect(applyEvent(ordered, filledPart('3', '60')).conflict).toBeUndefined();
  expect(applyEvent(ordered, filledPart('3.00000001', '60')).conflict).toEqual({
    reason: 'executed_more_than_ordered',
    ordered: quantity('3'),
    executed: quantity('3.00000001'),
  });
});

test('fills of an order that was rejected or proven absent are a conflict', () => {
  const event = { executedQuantity: quantity('1') } as const;
  expect(applyEvent(ordered, { kind: 'rejected', ...event }).conflict).toEqual({
    reason: 'rejected_with_fills',
    executed: quantity('1'),
  });
  expect(applyEvent(ordered, { kind: 'absence_proven', ...event }).conflict).toEqual({
    reason: 'rejected_with_fills',
    executed: quantity('1'),
  });
  expect(applyEvent(ordered, { kind: 'rejected' }).conflict).toBeUndefined();
});

test('a market order by quote amount has no ordered quantity until the venue states one', () => {
  const byAmount = newOrderRecord({ clientOrderId: 'a-2', symbol: 'BTCUSDT' });
  expect(applyEvent(byAmount, filledPart('9', '180')).conflict).toBeUndefined();
  expect('quantity' in applyEvent(byAmount, accepted).record).toBe(false);
  expect(applyEvent(byAmount, { ...accepted, quantity: quantity('9') }).record.quantity).toBe(quantity('9'));
});

/** What the venue tells of one order, from acceptance to its end or not yet ended. */
const venueStory: fc.Arbitrary<readonly OrderEvent[]> = fc
  .record({
    isPendingFirst: fc.boolean(),
    parts: fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 4 }),
    amendedTo: fc.option(fc.integer({ min: 20, max: 29 }), { nil: undefined }),
    end: fc.constantFrom('none', 'canceled', 'expired', 'expired_in_match', 'filled_in_full'),
  })
  .map(({ isPendingFirst, parts, amendedTo, end }) => {
    let executed = 0;
    const events: OrderEvent[] = [];
    if (isPendingFirst) events.push({ kind: 'accepted_pending', venueOrderId: 7 });
    events.push(accepted);
    for (const part of parts) {
      executed += part;
      events.push(filledPart((executed / 10).toFixed(1), (executed * 2).toFixed(1)));
    }
    if (amendedTo !== undefined) {
      events.push({ kind: 'amended', venueOrderId: 7, quantity: quantity((amendedTo / 10).toFixed(1)) });
    }
    if (end === 'filled_in_full') events.push({ ...filledPart('2', '40'), kind: end });
    else if (end !== 'none') events.push({ kind: end, venueOrderId: 7 });
    return events;
  });
/** What we did ourselves; its own order is known, it is only the venue's news that comes in any order. */
const ourStory: fc.Arbitrary<readonly OrderEvent[]> = fc.constantFrom(
  [{ kind: 'sent' }],
  [{ kind: 'sent' }, { kind: 'timed_out' }],
  [{ kind: 'timed_out' }],
  [{ kind: 'sent' }, { kind: 'cancel_sent' }],
  [{ kind: 'sent' }, { kind: 'cancel_sent' }, { kind: 'cancel_refused' }],
  [{ kind: 'sent' }, { kind: 'timed_out' }, { kind: 'cancel_sent' }, { kind: 'timed_out' }],
);
const shuffled = <T>(items: readonly T[]): fc.Arbitrary<T[]> =>
  fc.shuffledSubarray([...items], { minLength: items.length, maxLength: items.length });
/** Puts our events, in their order, at arbitrary places among the venue's, in any order and some of them twice. */
const interleaving = fc.tuple(ourStory, venueStory).chain(([ours, venues]) =>
  fc
    .tuple(shuffled([...venues, ...venues]), fc.array(fc.nat({ max: 100 }), { minLength: 4, maxLength: 4 }))
    .map(([mixed, places]) => {
      const story = [...mixed];
      let from = 0;
      for (const [index, event] of ours.entries()) {
        const at = from + ((places[index] as number) % (story.length - from + 1));
        story.splice(at, 0, event);
        from = at + 1;
      }
      return { told: [...ours, ...venues], heard: story };
    }),
);

test('whatever the order and the repetitions, the same evidence ends in the same record', () => {
  fc.assert(
    fc.property(interleaving, ({ told, heard }) => {
      expect(afterAll(heard)).toEqual(afterAll(told));
    }),
    { numRuns: 2000 },
  );
});

test('I10: executed figures never fall, the ordered quantity never grows, a final state never changes', () => {
  fc.assert(
    fc.property(interleaving, ({ heard }) => {
      let record = ordered;
      for (const event of heard) {
        const next = applyEvent(record, event).record;
        expect(next.executedQuantity >= record.executedQuantity).toBe(true);
        expect(next.executedQuoteAmount >= record.executedQuoteAmount).toBe(true);
        expect(
          (next.quantity as typeof ordered.executedQuantity) <=
            (record.quantity as typeof ordered.executedQuantity),
        ).toBe(true);
        if (isFinal(record.state)) expect(next.state).toBe(record.state);
        record = next;
      }
    }),
  );
});

test('U4, U7: a fill is booked once by symbol, trade id and order, from whatever source it comes', () => {
  const fills = new BookedFills();
  expect(fills.add({ symbol: 'BTCUSDT', tradeId: 5, orderId: 7 })).toBe(true);
  expect(fills.add({ symbol: 'BTCUSDT', tradeId: 5, orderId: 7 })).toBe(false);
  expect(fills.add({ symbol: 'ETHUSDT', tradeId: 5, orderId: 7 })).toBe(true);
  expect(fills.add({ symbol: 'BTCUSDT', tradeId: 0, orderId: 7 })).toBe(true);
  expect(fills.size).toBe(3);
});

test('I3: an account that trades with itself has two fills of one trade, and each is booked once', () => {
  const fills = new BookedFills();
  const [bought, sold] = [7, 8].map((orderId) => ({ symbol: 'BTCUSDT', tradeId: 5, orderId }));
  expect([bought!, sold!, bought!, sold!].map((fill) => fills.add(fill))).toEqual([true, true, false, false]);
  fills.forgetThrough('BTCUSDT', 5);
  expect(fills.size).toBe(0);
  expect([bought!, sold!].map((fill) => fills.has(fill))).toEqual([true, true]);
});

test('asking whether a fill is booked books nothing', () => {
  const fills = new BookedFills();
  expect(fills.has({ symbol: 'BTCUSDT', tradeId: 5, orderId: 7 })).toBe(false);
  fills.add({ symbol: 'BTCUSDT', tradeId: 5, orderId: 7 });
  expect(fills.has({ symbol: 'BTCUSDT', tradeId: 5, orderId: 7 })).toBe(true);
  expect(fills.has({ symbol: 'ETHUSDT', tradeId: 5, orderId: 7 })).toBe(false);
  fills.forgetThrough('BTCUSDT', 9);
  expect(fills.has({ symbol: 'BTCUSDT', tradeId: 7, orderId: 7 })).toBe(true);
  expect(fills.has({ symbol: 'BTCUSDT', tradeId: 10, orderId: 7 })).toBe(false);
});

test('a reconciled watermark replaces the single ids and still refuses repetitions', () => {
  const fills = new BookedFills();
  for (const tradeId of [3, 4, 9]) fills.add({ symbol: 'BTCUSDT', tradeId, orderId: 7 });
  fills.forgetThrough('BTCUSDT', 4);
  expect(fills.size).toBe(1);
  expect(fills.add({ symbol: 'BTCUSDT', tradeId: 4, orderId: 7 })).toBe(false);
  expect(fills.add({ symbol: 'BTCUSDT', tradeId: 5, orderId: 7 })).toBe(true);
  expect(fills.add({ symbol: 'BTCUSDT', tradeId: 9, orderId: 7 })).toBe(false);
  fills.forgetThrough('BTCUSDT', 2);
  expect(fills.add({ symbol: 'BTCUSDT', tradeId: 3, orderId: 7 })).toBe(false);
});
