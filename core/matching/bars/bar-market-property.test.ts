import fc from 'fast-check';
import { expect, test } from 'vitest';
import { add, isNegative, unitsOf } from '../../money/index.ts';
import type { OrderTerms, Side, TimeInForce } from '../../orders/index.ts';
import { checkOrderList } from '../../orders/index.ts';
import { ACCOUNT_NAMES, Account } from '../../portfolio/index.ts';
import {
  BarVenue,
  limit,
  maker,
  market,
  spend,
  stop,
  stopLimit,
  trailing,
} from './bar-venue.test-support.ts';

// Prices lie between 90 and 110, on whole numbers, so that bars touch and cross all the time.
const priceTexts = fc.integer({ min: 90, max: 110 }).map(String);
const sizes = fc.integer({ min: 1, max: 4000 }).map((steps) => (steps / 1000).toFixed(3));
const stops = fc.constantFrom('STOP_LOSS' as const, 'TAKE_PROFIT' as const);
const times = fc.constantFrom<TimeInForce>('GTC', 'IOC', 'FOK');
const distances = fc.integer({ min: 10, max: 500 });

const restingTerms: fc.Arbitrary<OrderTerms> = fc.oneof(
  fc.tuple(sizes, priceTexts).map(([size, at]) => maker(size, at)),
  fc.tuple(stops, sizes, priceTexts).map(([type, size, at]) => stop(type, size, at)),
  fc.tuple(stops, sizes, priceTexts, priceTexts, times).map((parts) => stopLimit(...parts)),
  fc
    .tuple(stops, sizes, distances, fc.option(priceTexts, { nil: undefined }))
    .map((parts) => trailing(...parts)),
);
const terms: fc.Arbitrary<OrderTerms> = fc.oneof(
  sizes.map(market),
  fc.integer({ min: 1, max: 40_000 }).map((cents) => spend((cents / 100).toFixed(2))),
  fc.tuple(sizes, priceTexts, times).map((parts) => limit(...parts)),
  restingTerms,
);
const limits = fc.tuple(sizes, priceTexts, times).map((parts) => limit(...parts));

type Step = (venue: BarVenue, name: string) => void;

const place = (venue: BarVenue, name: string, side: Side, one: OrderTerms): void => {
  if (side === 'BUY') venue.buy(name, one);
  else venue.sell(name, one);
};

const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.tuple(fc.constantFrom<Side>('BUY', 'SELL'), terms).map(
      ([side, one]): Step =>
        (venue, name) =>
          place(venue, name, side, one),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom<Side>('BUY', 'SELL'), restingTerms, restingTerms).map(
      ([side, high, low]): Step =>
        (venue, name) => {
          const [above, below] = [venue.intent(`${name}a`, side, high), venue.intent(`${name}b`, side, low)];
          const list = { kind: 'OCO', listClientOrderId: name, above, below } as const;
          if (checkOrderList(list) === undefined) venue.list(list);
        },
    ),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        limits,
        terms.filter(({ quantity }) => quantity !== undefined),
      )
      .map(
        ([working, pending]): Step =>
          (venue, name) => {
            venue.list({
              kind: 'OTO',
              listClientOrderId: name,
              working: venue.intent(`${name}w`, 'BUY', working),
              pending: venue.intent(`${name}p`, 'SELL', pending),
            });
          },
      ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(limits, restingTerms, restingTerms).map(
      ([working, high, low]): Step =>
        (venue, name) => {
          const list = {
            kind: 'OTOCO',
            listClientOrderId: name,
            working: venue.intent(`${name}w`, 'BUY', working),
            pendingAbove: venue.intent(`${name}a`, 'SELL', high),
            pendingBelow: venue.intent(`${name}b`, 'SELL', low),
          } as const;
          if (checkOrderList(list) === undefined) venue.list(list);
        },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.nat(30).map(
      (place): Step =>
        (venue) => {
          const { openOrders } = venue.market;
          if (openOrders.length > 0)
            venue.market.cancel(openOrders[place % openOrders.length]!.intent.clientOrderId);
        },
    ),
  },
  {
    weight: 5,
    arbitrary: fc.tuple(...[0, 1, 2, 3].map(() => fc.integer({ min: 90, max: 110 }))).map(
      (drawn): Step =>
        (venue) => {
          const [open, close] = drawn as [number, number];
          venue.bar(`${open} ${Math.max(...drawn)} ${Math.min(...drawn)} ${close}`);
        },
    ),
  },
);

const options = fc.record({
  cash: fc.constantFrom('0', '100', '1000', '100000'),
  coins: fc.constantFrom('0', '1', '20'),
  bnb: fc.constantFrom('0', '0.002', '1'),
  bnbPrice: fc.constantFrom(
    undefined,
    () => 30,
    () => undefined,
  ),
  base: fc.constantFrom('BTC', 'BNB'),
  slippageBps: fc.constantFrom(0, 5, 100),
  limitFill: fc.constantFrom('through' as const, 'touch' as const),
});

function expectSoundBooks(venue: BarVenue): void {
  for (const book of venue.portfolio.assets()) {
    const balances = ACCOUNT_NAMES.map((name) => book.balance(Account[name]).toAmount());
    expect(unitsOf(balances.reduce(add))).toBe(0n);
    expect(isNegative(balances[Account.free]!)).toBe(false);
    expect(isNegative(balances[Account.locked]!)).toBe(false);
    if (!venue.market.hasOrders) expect(unitsOf(balances[Account.locked]!)).toBe(0n);
  }
}

test('whatever is ordered, money is conserved, no balance is below zero, and nothing stays locked without an order', () => {
  fc.assert(
    fc.property(options, fc.array(steps, { minLength: 5, maxLength: 40 }), (chosen, sequence) => {
      const venue = new BarVenue(chosen);
      for (const [place, step] of sequence.entries()) {
        step(venue, String(place));
        expectSoundBooks(venue);
      }
      venue.market.expireAll('END_OF_DATA');
      expect(venue.market.hasOrders).toBe(false);
      expectSoundBooks(venue);
    }),
    { numRuns: 400 },
  );
});

test('every order that was taken is told of exactly one end', () => {
  fc.assert(
    fc.property(options, fc.array(steps, { minLength: 5, maxLength: 40 }), (chosen, sequence) => {
      const venue = new BarVenue(chosen);
      const taken = new Set<string>();
      for (const [place, step] of sequence.entries()) {
        step(venue, String(place));
        for (const order of venue.market.openOrders) {
          for (const { intent } of order.list?.legs ?? [order]) taken.add(intent.clientOrderId);
        }
      }
      venue.market.expireAll('END_OF_DATA');
      const ended = venue.events
        .filter((event) => !event.startsWith('refused'))
        .map((event) => event.split(' ')[0]);
      expect(ended.sort()).toEqual([...taken].sort());
    }),
    { numRuns: 200 },
  );
});
