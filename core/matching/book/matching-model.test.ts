import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lots, order, Recorder } from './matching.test-support.ts';
import { MatchingEngine } from './matching-engine.ts';
import { PlainExchange } from './reference/plain-exchange.ts';
import type { OrderRequest } from './request.ts';

type Command =
  | { readonly kind: 'place'; readonly request: OrderRequest }
  | { readonly kind: 'cancel'; readonly back: number }
  | { readonly kind: 'amend'; readonly back: number; readonly quantity: number };

const limitTypes = ['LIMIT', 'LIMIT', 'LIMIT', 'LIMIT_MAKER', 'STOP_LOSS_LIMIT', 'TAKE_PROFIT_LIMIT'];
const marketTypes = ['MARKET', 'STOP_LOSS', 'TAKE_PROFIT'];
const modes = ['NONE', 'NONE', 'EXPIRE_TAKER', 'EXPIRE_MAKER', 'EXPIRE_BOTH', 'DECREMENT', 'TRANSFER'];

/** A narrow market and few accounts, so that orders meet all the time; some quantities pass 2^31. */
const request: fc.Arbitrary<OrderRequest> = fc
  .record({
    type: fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...limitTypes) }, fc.constantFrom(...marketTypes)),
    account: fc.integer({ min: 1, max: 4 }),
    tradeGroup: fc.constantFrom(0, 0, 1),
    side: fc.constantFrom('BUY', 'SELL'),
    timeInForce: fc.constantFrom('GTC', 'GTC', 'GTC', 'IOC', 'FOK'),
    selfTradePrevention: fc.constantFrom(...modes),
    quantity: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 20 }) }, fc.constant(2 ** 40 + 1)),
    price: fc.integer({ min: 95, max: 105 }),
    stop: fc.integer({ min: 95, max: 105 }),
    slice: fc.constantFrom(0, 0, 0, 1, 3, 7),
  })
  .map(({ type, stop, slice, ...rest }) => {
    const isMarket = marketTypes.includes(type);
    const isStop = type !== 'MARKET' && type !== 'LIMIT' && type !== 'LIMIT_MAKER';
    const mayBeIceberg = !isMarket && slice < rest.quantity && rest.quantity < 100;
    return order({
      ...rest,
      type,
      price: isMarket ? 0 : rest.price,
      stopPrice: isStop ? stop : 0,
      timeInForce:
        isMarket || type === 'LIMIT_MAKER' || (mayBeIceberg && slice > 0) ? 'GTC' : rest.timeInForce,
      icebergQuantity: mayBeIceberg ? slice : 0,
    });
  });

const back = fc.integer({ min: 1, max: 40 });
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 7, arbitrary: fc.record({ kind: fc.constant('place'), request }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancel'), back }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('amend'), back, quantity: fc.integer({ min: 1, max: 20 }) }),
  },
) as fc.Arbitrary<Command>;
const commands = fc.array(command, { minLength: 1, maxLength: 120, size: 'max' });

test('random commands bring the same events, the same quantities and the same queues as in a slow and obvious exchange', () => {
  fc.assert(
    fc.property(commands, (stream) => {
      const ours = new Recorder();
      const theirs = new Recorder();
      const engine = new MatchingEngine(ours);
      const plain = new PlainExchange(theirs);
      let placed = 0;
      for (const step of stream) {
        if (step.kind === 'place') {
          const id = engine.place(step.request);
          if (typeof id === 'number') placed = id;
          plain.place(step.request);
        } else if (step.kind === 'cancel') {
          engine.cancel(placed - step.back);
          plain.cancel(placed - step.back);
        } else {
          engine.amend(placed - step.back, lots(step.quantity));
          plain.amend(placed - step.back, step.quantity);
        }
        expect(ours.take()).toEqual(theirs.take());
        for (const side of ['BUY', 'SELL'] as const) {
          expect(engine.queue(side)).toEqual(plain.queue(side).map(({ id }) => id));
        }
      }
      expect(engine.openOrderCount).toBe(plain.openOrders.length);
      for (const { id, original, executed, prevented } of plain.openOrders) {
        const open = original - executed - prevented;
        expect(engine.quantitiesOf(id)).toEqual({ original, executed, prevented, open });
      }
    }),
    { numRuns: 400 },
  );
});

test('the book is never crossed, and every level is the sum of what its orders show', () => {
  fc.assert(
    fc.property(commands, (stream) => {
      const recorder = new Recorder();
      const engine = new MatchingEngine(recorder);
      const plain = new PlainExchange(new Recorder());
      for (const step of stream) {
        if (step.kind !== 'place') continue;
        engine.place(step.request);
        plain.place(step.request);
        const bid = engine.levels('BUY', 1)[0]?.price ?? 0;
        const ask = engine.levels('SELL', 1)[0]?.price ?? Number.POSITIVE_INFINITY;
        expect(bid).toBeLessThan(ask);
        for (const side of ['BUY', 'SELL'] as const) {
          const shown = new Map<number, number>();
          for (const { request, visible } of plain.queue(side)) {
            shown.set(request.price, (shown.get(request.price) ?? 0) + visible);
          }
          expect(new Map(engine.levels(side).map(({ price, quantity }) => [price, quantity]))).toEqual(shown);
        }
      }
    }),
    { numRuns: 150 },
  );
});
