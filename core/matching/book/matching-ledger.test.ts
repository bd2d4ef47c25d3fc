import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Lots, Ticks } from '../../market/index.ts';
import type { ListKind } from '../contingency.ts';
import { OUTSIDE } from './listener.ts';
import { lots, order, Recorder, ticks } from './matching.test-support.ts';
import { MatchingEngine } from './matching-engine.ts';
import type { OrderRequest } from './request.ts';

interface Entry {
  original: number;
  executed: number;
  prevented: number;
  isOver: boolean;
}

/** Keeps the books from events alone, as a simulator would, and refuses what cannot be. */
class Ledger extends Recorder {
  readonly orders = new Map<number, Entry>();
  readonly lists = new Map<number, string>();
  outsideTraded = 0;

  override accepted(orderId: number, request: OrderRequest): void {
    expect(orderId).toBe(this.orders.size + 1);
    this.orders.set(orderId, { original: request.quantity, executed: 0, prevented: 0, isOver: false });
  }
  override sized(orderId: number, quantity: Lots): void {
    this.openOrder(orderId).original = quantity;
  }
  override trade(
    _tradeId: number,
    price: Ticks,
    quantity: Lots,
    _side: 'BUY' | 'SELL',
    taker: number,
    maker: number,
  ): void {
    expect(quantity).toBeGreaterThan(0);
    expect(price).toBeGreaterThan(0);
    if (taker === OUTSIDE) this.outsideTraded += quantity;
    for (const id of [taker, maker]) if (id !== OUTSIDE) this.openOrder(id).executed += quantity;
  }
  override prevented(
    _id: number,
    _price: Ticks,
    taker: number,
    maker: number,
    takerQuantity: Lots,
    makerQuantity: Lots,
  ): void {
    this.openOrder(taker).prevented += takerQuantity;
    this.openOrder(maker).prevented += makerQuantity;
  }
  override replaced(orderId: number, quantity: Lots): void {
    this.openOrder(orderId).original = quantity;
  }
  override activated(orderId: number): void {
    this.openOrder(orderId);
  }
  override triggered(orderId: number): void {
    this.openOrder(orderId);
  }
  override canceled(orderId: number): void {
    this.openOrder(orderId).isOver = true;
  }
  override expired(orderId: number): void {
    this.openOrder(orderId).isOver = true;
  }
  override expiredInMatch(orderId: number): void {
    const entry = this.openOrder(orderId);
    expect(remaining(entry)).toBe(0);
    entry.isOver = true;
  }
  override listStatus(listId: number, status: string): void {
    this.lists.set(listId, status);
  }

  private openOrder(id: number): Entry {
    const entry = this.orders.get(id);
    if (entry === undefined || entry.isOver) throw new Error(`order ${id} is not open`);
    return entry;
  }
}

const remaining = (entry: Entry): number => entry.original - entry.executed - entry.prevented;
/** The pending order of an OPO has no quantity yet. */
const isOpen = (entry: Entry): boolean => !entry.isOver && (remaining(entry) > 0 || entry.original === 0);
const quantities = (entry: Entry) => ({
  original: entry.original,
  executed: entry.executed,
  prevented: entry.prevented,
  open: remaining(entry),
});

type Command = (engine: MatchingEngine, last: number) => void;

const price = fc.integer({ min: 95, max: 105 });
const quantity = fc.integer({ min: 1, max: 20 });
const side = fc.constantFrom('BUY' as const, 'SELL' as const);
const owner = fc.record({
  account: fc.integer({ min: 1, max: 3 }),
  selfTradePrevention: fc.constantFrom('NONE', 'EXPIRE_TAKER', 'EXPIRE_MAKER', 'EXPIRE_BOTH', 'DECREMENT'),
});

const singleOf = (...kinds: number[]): fc.Arbitrary<Command> =>
  fc
    .record({
      owner,
      side,
      price,
      quantity,
      iceberg: fc.constantFrom(0, 0, 3),
      kind: fc.constantFrom(...kinds),
    })
    .map(({ owner, side, price, quantity, iceberg, kind }): Command => {
      const icebergQuantity = iceberg < quantity ? iceberg : 0;
      const shapes = [
        { price, quantity, icebergQuantity },
        { price, quantity, timeInForce: 'IOC' },
        { price: 0, quantity: 0, quoteAmount: quantity * 100, type: 'MARKET' },
        { price: 0, quantity, type: 'STOP_LOSS', stopPrice: price, trailingDeltaBps: 100 },
        { price: 0, quantity, pegPriceType: 'PRIMARY_PEG', pegOffsetLevels: iceberg },
        { price, quantity, type: 'STOP_LOSS_LIMIT', stopPrice: price },
      ];
      return (engine) => void engine.place(order({ ...owner, side, ...shapes[kind] }));
    });

const single = singleOf(0, 1, 2, 3, 4, 5);

const list = fc
  .record({ owner, side, price, quantity, distance: fc.integer({ min: 1, max: 5 }), isPost: fc.boolean() })
  .chain((given) =>
    fc.constantFrom<ListKind>('OCO', 'OTO', 'OTOCO', 'OPO', 'OPOCO').map((kind) => ({ kind, ...given })),
  )
  .map(({ kind, owner, side, price, quantity, distance, isPost }): Command => {
    const away = side === 'BUY' ? distance : -distance;
    const ofPending = kind.startsWith('OPO') ? 0 : quantity;
    const exit = { ...owner, side: side === 'BUY' ? 'SELL' : 'BUY', quantity: ofPending };
    const working = order({ ...owner, side, price, quantity });
    const stop = order({ ...exit, type: 'STOP_LOSS', price: 0, stopPrice: price - away });
    const target = order({ ...exit, type: isPost ? 'LIMIT_MAKER' : 'LIMIT', price: price + away });
    const pairTarget = order({ ...exit, type: 'LIMIT_MAKER', price: price + away });
    const legs = {
      OCO: [stop, pairTarget],
      OTO: [working, isPost ? stop : target],
      OPO: [working, target],
      OTOCO: [working, stop, pairTarget],
      OPOCO: [working, stop, pairTarget],
    };
    return (engine) => void engine.placeList(kind, legs[kind]);
  });

const other: fc.Arbitrary<Command> = fc.oneof(
  fc.nat({ max: 30 }).map(
    (back): Command =>
      (engine, last) =>
        void engine.cancel(last - back),
  ),
  fc.record({ back: fc.nat({ max: 30 }), quantity }).map(
    ({ back, quantity }): Command =>
      (engine, last) =>
        void engine.amend(last - back, lots(quantity)),
  ),
  fc.record({ price, quantity, ask: fc.integer({ min: 1, max: 3 }) }).map(
    ({ price, quantity, ask }): Command =>
      (engine) =>
        engine.applyQuote(ticks(price), lots(quantity), ticks(price + ask), lots(quantity)),
  ),
  fc.array(fc.tuple(price, fc.nat({ max: 9 })), { maxLength: 4 }).map(
    (levels): Command =>
      (engine) =>
        engine.applyDepth(
          levels.flat(),
          levels.flatMap(([p, q]) => [p + 6, q]),
        ),
  ),
);

test('whatever the commands, the events alone account for every order and every list', () => {
  const command = fc.oneof(
    { weight: 4, arbitrary: single },
    { weight: 2, arbitrary: list },
    { weight: 3, arbitrary: other },
  );
  fc.assert(
    fc.property(fc.array(command, { minLength: 1, maxLength: 100, size: 'max' }), (commands) => {
      const ledger = new Ledger();
      const engine = new MatchingEngine(ledger);
      for (const run of commands) {
        run(engine, ledger.orders.size);
        const open = [...ledger.orders].filter(([, entry]) => isOpen(entry));
        expect(engine.openOrderCount).toBe(open.length);
        expect(open.map(([id]) => engine.quantitiesOf(id))).toEqual(
          open.map(([, entry]) => quantities(entry)),
        );
      }
      for (const id of ledger.orders.keys()) engine.cancel(id);
      expect([...ledger.lists.values()].every((status) => status === 'ALL_DONE')).toBe(true);
    }),
    { numRuns: 200 },
  );
});

test('orders of ours never trade for more than an outside trade did', () => {
  fc.assert(
    fc.property(
      // Without stops, which could fire and rest anew.
      fc.array(singleOf(0, 1, 2, 4), { maxLength: 40, size: 'max' }),
      fc.record({ price, quantity, side }),
      (commands, trade) => {
        const ledger = new Ledger();
        const engine = new MatchingEngine(ledger);
        for (const run of commands) run(engine, ledger.orders.size);
        ledger.outsideTraded = 0;
        engine.applyTrade(ticks(trade.price), lots(trade.quantity), trade.side);
        expect(ledger.outsideTraded).toBeLessThanOrEqual(trade.quantity);
        // Whoever would have been met first has been filled: nothing of ours is left beyond the trade, unless all of it went to us.
        const best = engine.levels(trade.side === 'BUY' ? 'SELL' : 'BUY', 1)[0];
        if (best === undefined || ledger.outsideTraded === trade.quantity) return;
        expect(trade.side === 'BUY' ? best.price : -best.price).toBeGreaterThanOrEqual(
          trade.side === 'BUY' ? trade.price : -trade.price,
        );
      },
    ),
    { numRuns: 200 },
  );
});
