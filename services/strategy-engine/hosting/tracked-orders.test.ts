import { price, quantity, quoteAmount, zero } from '@tradewind/core/money';
import type { OrderIntent, OrderRecord, OrderState } from '@tradewind/core/orders';
import type { CommittedEvent, FillBody, OrderBody } from '@tradewind/proto';
import { describe, expect, test } from 'vitest';
import { TrackedOrders } from './tracked-orders.ts';

const intent: OrderIntent = {
  clientOrderId: 'a',
  strategy: 'main',
  symbol: 'BTCUSDT',
  side: 'BUY',
  terms: { type: 'MARKET', quoteAmount: quoteAmount('300') },
  tag: 'in',
  decidedAtMs: 1000,
};
let seq = 0;
const head = () => {
  seq += 1;
  return { seq, id: `${seq}`, correlationId: 'c', atMs: 2000 + seq, service: 'order-execution' } as const;
};
const order = (
  state: OrderState,
  event: OrderBody['event'],
  executed = '0',
  reason?: string,
): CommittedEvent => {
  const record: OrderRecord = {
    ...{ clientOrderId: 'a', symbol: 'BTCUSDT', state, preventedQuantity: zero() },
    executedQuantity: quantity(executed),
    executedQuoteAmount: quoteAmount(`${Number(executed) * 100}`),
  };
  const body = { kind: 'order', strategy: 'main', event, record, isOurs: true } as const;
  return { ...head(), ...body, ...(reason === undefined ? {} : { reason }) };
};
const fill = (size: string, tradeId: number): CommittedEvent => {
  const body: FillBody = {
    kind: 'fill',
    fill: {
      ...{ clientOrderId: 'a', strategy: 'main', symbol: 'BTCUSDT', side: 'BUY', tag: 'in' },
      ...{ quantity: quantity(size), price: price('100'), liquidity: 'TAKER', tradeId, timeMs: 1500 },
      fee: { asset: 'BTC', amount: zero() },
    },
    venueOrderId: 1,
    quoteAmount: quoteAmount(`${Number(size) * 100}`),
    postings: [],
    position: {
      ...{ strategy: 'main', symbol: 'BTCUSDT', quantity: zero() },
      ...{ cost: zero(), realizedPnl: zero(), realizedBefore: zero() },
    },
    realizedPnl: zero(),
    quoteAsset: 'USDT',
  };
  return { ...head(), ...body };
};

/** What the strategy hears of one order when these events come. */
function heard(...events: readonly CommittedEvent[]): string[] {
  const orders = new TrackedOrders();
  orders.submitted(intent);
  return events.flatMap((event) =>
    orders.apply(event).map((update) => {
      if (update.kind === 'filled' || update.kind === 'filled_in_part')
        return `${update.kind} ${update.fill.tradeId}`;
      return 'reason' in update ? `${update.kind} ${update.reason}` : update.kind;
    }),
  );
}

// A market order for a quote amount has no quantity, so that only the exchange's word says which fill was the last.
describe('an order is told as accepted, then its fills, then its end, in whatever order the events come:', () => {
  test.each([
    {
      when: 'the change before the fill',
      events: [order('filled', 'filled_in_full', '3'), fill('1', 1), fill('2', 2)],
    },
    {
      when: 'the fill before the change',
      events: [fill('1', 1), fill('2', 2), order('filled', 'filled_in_full', '3')],
    },
    {
      when: 'fill by fill',
      events: [
        order('working', 'accepted'),
        order('working', 'filled_in_part', '1'),
        fill('1', 1),
        fill('2', 2),
        order('filled', 'filled_in_full', '3'),
      ],
    },
    {
      when: 'doubled changes',
      events: [
        order('working', 'accepted'),
        order('working', 'accepted'),
        fill('1', 1),
        order('working', 'filled_in_part', '1'),
        order('filled', 'filled_in_full', '3'),
        order('filled', 'filled_in_full', '3'),
        fill('2', 2),
      ],
    },
  ])('$when', ({ events }) => {
    expect(heard(...events)).toEqual(['accepted', 'filled_in_part 1', 'filled 2']);
  });

  test('and where its last fill was told before anybody knew that it was the last, that one again', () => {
    expect(
      heard(order('working', 'filled_in_part', '3'), fill('3', 1), order('filled', 'filled_in_full', '3')),
    ).toEqual(['accepted', 'filled_in_part 1', 'filled 1']);
  });
});

test.each([
  { state: 'canceled', event: 'canceled', told: ['accepted', 'canceled'] },
  { state: 'expired', event: 'expired', told: ['accepted', 'expired why'] },
  { state: 'expired_in_match', event: 'expired_in_match', told: ['accepted', 'expired why'] },
  { state: 'rejected', event: 'rejected', told: ['refused why'] },
  { state: 'absent', event: 'absence_proven', told: ['refused why'] },
] as const)('$event is told once', ({ state, event, told }) => {
  const events = [order(state, event, '0', 'why'), order(state, event, '0', 'why')];
  expect(heard(order('in_flight', 'sent'), ...events)).toEqual(told);
});

test('a fill that crosses its cancel is told, and the order stays over', () => {
  expect(heard(order('canceled', 'canceled', '1'), fill('1', 1))).toEqual([
    'accepted',
    'canceled',
    'filled_in_part 1',
  ]);
});

test('after a restart only what was missed is told', () => {
  const missed = [fill('2', 2), order('filled', 'filled_in_full', '3')];
  const orders = new TrackedOrders();
  const { record } = order('filled', 'filled_in_full', '3') as Extract<CommittedEvent, { kind: 'order' }>;
  orders.restore([{ intent, record, expiresAtMs: 0, createdAtMs: 0, correlationId: 'c' }], missed);
  expect([...orders.open]).toHaveLength(1);
  expect(missed.flatMap((event) => orders.apply(event)).map(({ kind }) => kind)).toEqual(['filled']);
  expect([...orders.open]).toEqual([]);
});

test('legs of a list hold nothing back while they wait, and those that stand for one another are one group', () => {
  const leg = (clientOrderId: string): OrderIntent => ({ ...intent, clientOrderId });
  const orders = new TrackedOrders();
  orders.submittedList({
    kind: 'OTOCO',
    listClientOrderId: 'list',
    working: leg('w'),
    pendingAbove: leg('above'),
    pendingBelow: leg('below'),
  });
  orders.submittedList({ kind: 'OTO', listClientOrderId: 'pair', working: leg('x'), pending: leg('y') });
  orders.submittedList({ kind: 'OCO', listClientOrderId: 'exit', above: leg('up'), below: leg('down') });
  expect(
    [...orders.open].map(({ intent: { clientOrderId }, group, isPending }) => [
      clientOrderId,
      group,
      isPending,
    ]),
  ).toEqual([
    ['w', 'w', false],
    ['above', 'list', true],
    ['below', 'list', true],
    ['x', 'x', false],
    ['y', 'y', true],
    ['up', 'exit', false],
    ['down', 'exit', false],
  ]);
});
