import { price, quantity, unitsOf } from '@tradewind/core/money';
import type { OrderIntent } from '@tradewind/core/orders';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { limit, market } from '../../core/orders/terms.test-support.ts';
import { equity, RiskWorld } from './risk-world.test-support.ts';

const ACCOUNT_MAXIMUM = 500n;
const STRATEGY_MAXIMUM = 350n;
const BTC_MAXIMUM = 4n;
const OPEN_MAXIMUM = 6;
const UNIT = 100_000_000n;

/** One order in the slow model: what is known of it without any service. Quantities in units of 10^-8. */
interface SlowOrder {
  readonly intent: OrderIntent;
  readonly ordered: bigint;
  /** What one base unit counts at: the dearer of its own price and that of the moment. */
  readonly worth: bigint;
  filled: bigint;
  isOver: boolean;
}

/** The slow obvious model: the worst case is all that is held and all that may still be bought, by adding up every order ever. */
class SlowExposure {
  readonly orders: SlowOrder[] = [];
  readonly price: Record<string, bigint> = { BTCUSDT: 100n, BNBUSDT: 300n };

  open(): SlowOrder[] {
    return this.orders.filter(({ isOver }) => !isOver);
  }

  held(strategy: string | undefined, symbol: string): bigint {
    let held = 0n;
    for (const { intent, filled } of this.orders) {
      if (intent.symbol !== symbol || (strategy !== undefined && intent.strategy !== strategy)) continue;
      held += intent.side === 'BUY' ? filled : -filled;
    }
    return held;
  }

  /** In 10^-8 USDT. */
  worstCase(strategy?: string): bigint {
    let worst = 0n;
    for (const [symbol, at] of Object.entries(this.price)) worst += this.held(strategy, symbol) * at;
    for (const { intent, ordered, filled, worth } of this.open()) {
      if (intent.side !== 'BUY' || (strategy !== undefined && intent.strategy !== strategy)) continue;
      worst += (ordered - filled) * worth;
    }
    return worst;
  }

  worstQuantity(symbol: string): bigint {
    let worst = this.held(undefined, symbol);
    for (const { intent, ordered, filled } of this.open())
      if (intent.side === 'BUY' && intent.symbol === symbol) worst += ordered - filled;
    return worst;
  }

  /** Coins that open sales could sell beyond what their strategy has. */
  oversold(strategy: string, symbol: string): bigint {
    let free = this.held(strategy, symbol);
    for (const { intent, ordered, filled } of this.open()) {
      if (intent.side === 'SELL' && intent.strategy === strategy && intent.symbol === symbol)
        free -= ordered - filled;
    }
    return free < 0n ? -free : 0n;
  }
}

type Step =
  | {
      readonly kind: 'ask';
      readonly buys: boolean;
      readonly hundredths: number;
      readonly at: number;
      readonly symbol: string;
      readonly strategy: string;
      readonly isLost: boolean;
    }
  | {
      readonly kind: 'fill' | 'cancel' | 'doubt' | 'absent';
      readonly which: number;
      readonly percent: number;
    }
  | { readonly kind: 'restart' }
  | { readonly kind: 'silent' };

const steps = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('ask' as const),
        buys: fc.constantFrom(true, true, true, false),
        hundredths: fc.integer({ min: 1, max: 250 }),
        at: fc.constantFrom(0, 95, 100, 104),
        symbol: fc.constantFrom('BTCUSDT', 'BTCUSDT', 'BNBUSDT'),
        strategy: fc.constantFrom('alpha', 'beta'),
        isLost: fc.constantFrom(false, false, false, true),
      }),
    },
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constantFrom(
          'fill' as const,
          'fill' as const,
          'cancel' as const,
          'doubt' as const,
          'absent' as const,
        ),
        which: fc.nat(20),
        percent: fc.integer({ min: 1, max: 100 }),
      }),
    },
    { weight: 1, arbitrary: fc.constantFrom<Step>({ kind: 'restart' }, { kind: 'silent' }) },
  ),
  { minLength: 25, maxLength: 50, size: 'max' },
);

async function startedWorld(): Promise<RiskWorld> {
  return RiskWorld.started({
    limits: {
      account: { exposureMaximum: equity(String(ACCOUNT_MAXIMUM)), openOrdersMaximum: OPEN_MAXIMUM },
      strategy: { exposureMaximum: equity(String(STRATEGY_MAXIMUM)) },
      symbol: { positionMaximum: quantity(String(BTC_MAXIMUM)) },
    },
  });
}

async function take(world: RiskWorld, slow: SlowExposure, step: Step): Promise<void> {
  if (step.kind === 'restart') {
    world.tells = true;
    await world.restart();
    return;
  }
  if (step.kind === 'silent') {
    // Order execution is not heard for a while; the ledger is.
    world.tells = !world.tells;
    return;
  }
  if (step.kind === 'ask') {
    const at = step.symbol === 'BTCUSDT' ? step.at : step.at * 3;
    const size = (step.hundredths / (step.symbol === 'BTCUSDT' ? 100 : 300)).toFixed(5);
    const terms = step.at === 0 ? market(size) : limit(size, String(at));
    const intent = world.intent(step.buys ? 'BUY' : 'SELL', terms, {
      symbol: step.symbol,
      strategy: step.strategy,
    });
    if ((await world.validate(intent)).kind !== 'approved') return;
    if (step.isLost) {
      // The intent cannot be written.
      await world.risk.withdraw([intent.clientOrderId]);
      return;
    }
    await world.write(intent);
    const worth = BigInt(Math.max(at, Number(slow.price[step.symbol])));
    slow.orders.push({ intent, ordered: unitsOf(quantity(size)), worth, filled: 0n, isOver: false });
    return;
  }
  const open = slow.open();
  const order = open[step.which % Math.max(open.length, 1)];
  if (order === undefined) return;
  const { intent, ordered } = order;
  if (step.kind === 'fill') {
    const left = ordered - order.filled;
    const size = (left * BigInt(step.percent) + 99n) / 100n;
    const at = slow.price[intent.symbol]!;
    await world.commit(...world.fillBodies(intent, quantity(decimal(size)), price(String(at))));
    order.filled += size;
    order.isOver = order.filled === ordered;
  } else if (step.kind === 'cancel') {
    await world.order(intent, 'canceled', 'canceled');
    order.isOver = true;
  } else if (step.kind === 'doubt') {
    await world.order(intent, 'timed_out', 'unknown');
  } else if (order.filled === 0n) {
    await world.order(intent, 'absence_proven', 'absent');
    order.isOver = true;
  }
}

const decimal = (units: bigint): string => `${units / UNIT}.${(units % UNIT).toString().padStart(8, '0')}`;

test('I6: whatever is asked, filled, canceled, doubted, lost and restarted, no limit is ever passed', async () => {
  let approved = 0;
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(steps, async (sequence) => {
      const world = await startedWorld();
      const slow = new SlowExposure();
      for (const step of sequence) {
        const before = slow.orders.length;
        await take(world, slow, step);
        expect(slow.worstCase()).toBeLessThanOrEqual(ACCOUNT_MAXIMUM * UNIT);
        for (const strategy of ['alpha', 'beta']) {
          expect(slow.worstCase(strategy)).toBeLessThanOrEqual(STRATEGY_MAXIMUM * UNIT);
          for (const symbol of ['BTCUSDT', 'BNBUSDT']) expect(slow.oversold(strategy, symbol)).toBe(0n);
        }
        expect(slow.worstQuantity('BTCUSDT')).toBeLessThanOrEqual(BTC_MAXIMUM * UNIT);
        // An order that only reduces may be one more: getting out stays possible.
        if (slow.orders.length > before && slow.orders.at(-1)!.intent.side === 'BUY')
          expect(slow.open().length).toBeLessThanOrEqual(OPEN_MAXIMUM);
      }
      approved += slow.orders.length;
      refused += sequence.filter(({ kind }) => kind === 'ask').length - slow.orders.length;
      // And what the service says is held and may still be bought is what the model says, no more.
      world.tells = true;
      await world.time.advance(1_500);
      const { uses } = await world.risk.state();
      const was = uses.find(({ name }) => name === 'account exposure')!.was;
      expect(unitsOf(quantity(was))).toBe(slow.worstCase());
      world.risk.stop();
    }),
    { numRuns: 60, endOnFailure: true },
  );
  // The limits are narrow enough to be met and wide enough to trade in.
  expect(approved).toBeGreaterThan(200);
  expect(refused).toBeGreaterThan(200);
});
