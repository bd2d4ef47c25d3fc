import { SeededRandom } from '@tradewind/utils';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DepthSnapshot } from '../shapes.ts';
import { streamWorld } from './streams.test-support.ts';

interface DepthEvent {
  readonly U: number;
  readonly u: number;
  readonly b: readonly (readonly [string, string])[];
  readonly a: readonly (readonly [string, string])[];
}

/** A book kept by the steps of binance-spot.md section 8.4, as plainly as they are written. */
class LocalBook {
  readonly bids = new Map<string, string>();
  readonly asks = new Map<string, string>();
  id: number;

  constructor(snapshot: DepthSnapshot) {
    this.id = snapshot.lastUpdateId;
    for (const [at, amount] of snapshot.bids) this.bids.set(at, amount);
    for (const [at, amount] of snapshot.asks) this.asks.set(at, amount);
  }

  /** False for a gap: start over. */
  apply(event: DepthEvent): boolean {
    if (event.u < this.id) return true;
    if (event.U > this.id + 1) return false;
    for (const [side, levels] of [
      [this.bids, event.b],
      [this.asks, event.a],
    ] as const)
      for (const [at, amount] of levels)
        if (Number(amount) === 0) side.delete(at);
        else side.set(at, amount);
    this.id = event.u;
    return true;
  }

  asSnapshot(): DepthSnapshot {
    const sorted = (side: Map<string, string>, sign: 1 | -1): [string, string][] =>
      [...side].sort(([a], [b]) => sign * (Number(a) - Number(b)));
    return { lastUpdateId: this.id, bids: sorted(this.bids, -1), asks: sorted(this.asks, 1) };
  }
}

test('a local book kept by the rules equals the exchange at every event, whenever it began', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer(),
      fc.constantFrom('100ms', '1000ms'),
      fc.integer({ min: 1, max: 20 }),
      async (seed, speed, snapshotAt) => {
        const random = new SeededRandom(seed);
        const { exchange, time, data, open } = streamWorld(['BTCUSDT']);
        const symbol = data.symbol('BTCUSDT')!;
        const change = (): void => {
          const count = 1 + Math.floor(random.nextFraction() * 4);
          const changes = Array.from({ length: count }, () => {
            const isBid = random.nextFraction() < 0.5;
            const at = (isBid ? 80 : 100) + Math.floor(random.nextFraction() * 20);
            return [
              isBid ? 'BUY' : 'SELL',
              String(at),
              String(Math.floor(random.nextFraction() * 4)),
            ] as const;
          });
          exchange.change('BTCUSDT', time.nowMs(), changes);
        };
        for (let i = 0; i < 10; i += 1) change();
        const socket = open(speed === '100ms' ? '/ws/btcusdt@depth@100ms' : '/ws/btcusdt@depth');
        let book: LocalBook | undefined;
        let previous: number | undefined;
        for (let step = 0; step < 40; step += 1) {
          for (let changes = Math.floor(random.nextFraction() * 5); changes > 0; changes -= 1) change();
          if (step === snapshotAt) book = new LocalBook(symbol.depth(5000));
          await time.advance(random.nextFraction() < 0.5 ? 37 : 400);
          for (const event of socket.take() as DepthEvent[]) {
            if (previous !== undefined) expect(event.U).toBe(previous + 1);
            previous = event.u;
            if (book !== undefined) expect(book.apply(event)).toBe(true);
          }
          // The stream is behind by what changed since the last tick, and at its last event exactly where the exchange was.
          if (book?.id === exchange.lastUpdateId('BTCUSDT'))
            expect(book.asSnapshot()).toEqual(symbol.depth(5000));
        }
        await time.advance(1000);
        for (const event of socket.take() as DepthEvent[]) expect(book!.apply(event)).toBe(true);
        expect(book!.asSnapshot()).toEqual(symbol.depth(5000));
      },
    ),
    { numRuns: 60 },
  );
});
