import { expect, test } from 'vitest';
import { lots, order, Recorder, ticks } from './matching.test-support.ts';
import { MatchingEngine } from './matching-engine.ts';
import { refine } from './saved-engine.ts';

/** An engine with one of everything that can be open. */
function filled(listener: Recorder): MatchingEngine {
  const engine = new MatchingEngine(listener, { notesChanges: true });
  engine.applyDepth([95, 7, 94, 3], [105, 4, 106, 9]);
  engine.applyTrade(ticks(100), lots(1), 'BUY');
  engine.place(order({ price: 99, quantity: 30, icebergQuantity: 10 }));
  engine.place(order({ price: 99, quantity: 5, account: 2 }));
  engine.place(order({ price: 90, quantity: 5 }));
  engine.place(order({ side: 'SELL', price: 99, quantity: 4, account: 3 }));
  engine.place(order({ side: 'SELL', type: 'STOP_LOSS', price: 0, stopPrice: 96, quantity: 5, account: 3 }));
  engine.place(order({ type: 'STOP_LOSS', price: 0, stopPrice: 104, quantity: 3, account: 3 }));
  engine.place(order({ type: 'TAKE_PROFIT', price: 0, trailingDeltaBps: 500, quantity: 3, account: 3 }));
  engine.placeList('OTOCO', [
    order({ side: 'SELL', price: 101, quantity: 6 }),
    order({ type: 'STOP_LOSS', price: 0, stopPrice: 110, quantity: 6 }),
    order({ type: 'LIMIT_MAKER', price: 93, quantity: 6 }),
  ]);
  engine.applyTrade(ticks(97), lots(1), 'SELL');
  return engine;
}

/** Commands that meet all of it, on a grid `factor` times as fine. */
function goOn(engine: MatchingEngine, factor: number): void {
  const price = (value: number): number => value * factor;
  engine.place(order({ price: price(101), quantity: 6, account: 4 }));
  engine.place(order({ side: 'SELL', price: price(98), quantity: 22, account: 4 }));
  engine.applyTrade(ticks(price(92)), lots(20), 'SELL');
  engine.applyTrade(ticks(price(104)), lots(2), 'BUY');
  engine.place(order({ price: price(106), quantity: 12, account: 4 }));
  engine.cancelList(1);
}

test('an engine that was saved and restored goes on as if it had not been', () => {
  const [before, after] = [new Recorder(), new Recorder()];
  const engine = filled(before);
  before.take();
  const saved = JSON.parse(JSON.stringify(engine.save()));
  const restored = MatchingEngine.restore(after, { notesChanges: true }, saved);
  expect(restored.save()).toEqual(saved);
  goOn(engine, 1);
  goOn(restored, 1);
  const told = before.take();
  expect(told.length).toBeGreaterThan(10);
  expect(after.take()).toEqual(told);
  expect(restored.save()).toEqual(engine.save());
});

test('on a finer grid the same orders stand at the same places', () => {
  const engine = filled(new Recorder());
  const finer = MatchingEngine.restore(new Recorder(), {}, refine(engine.save(), 10, 1));
  for (const side of ['BUY', 'SELL'] as const) {
    expect(finer.queue(side)).toEqual(engine.queue(side));
    expect(finer.visibleLevels(side).map(({ price }) => price / 10)).toEqual(
      engine.visibleLevels(side).map(({ price }) => price),
    );
  }
  expect(finer.lastPrice).toBe(970);
});

test('a rehearsed market order meets what it would trade with, and nothing happens', () => {
  const listener = new Recorder();
  const engine = filled(listener);
  listener.take();
  const parts: number[][] = [];
  const request = order({ type: 'MARKET', price: 0, quantity: 12, account: 9 });
  engine.rehearse(request, (price, quantity) => parts.push([price, quantity]));
  // 6 of ours at 101, then what is shown from outside.
  expect(parts).toEqual([
    [101, 6],
    [105, 4],
    [106, 2],
  ]);
  expect(listener.take()).toEqual([]);
});

test.each([
  ['EXPIRE_MAKER', [[105, 4]]],
  ['EXPIRE_TAKER', []],
  ['DECREMENT', [[101, 4]]],
] as const)('rehearsed against an order of its own owner with %s', (selfTradePrevention, expected) => {
  const engine = filled(new Recorder());
  const parts: number[][] = [];
  const request = order({ type: 'MARKET', price: 0, quantity: 4, selfTradePrevention });
  engine.rehearse(request, (price, quantity) => parts.push([price, quantity]));
  expect(parts).toEqual(expected);
});

test('levels whose visible quantity changed are told once asked, ours and those from outside', () => {
  const engine = new MatchingEngine(new Recorder(), { notesChanges: true });
  engine.place(order({ price: 99, quantity: 5 }));
  engine.applyDepth([98, 2], [105, 4]);
  expect([...new Set(engine.takeChanges('BUY'))]).toEqual([99, 98]);
  expect([...new Set(engine.takeChanges('SELL'))]).toEqual([105]);
  expect(engine.takeChanges('BUY')).toEqual([]);
  engine.place(order({ price: 105, quantity: 3 }));
  expect(engine.takeChanges('SELL')).toEqual([105]);
  expect(engine.visibleAt('SELL', ticks(105))).toBe(1);
  expect(engine.visibleLevels('BUY')).toEqual([
    { price: 99, quantity: 5 },
    { price: 98, quantity: 2 },
  ]);
});
