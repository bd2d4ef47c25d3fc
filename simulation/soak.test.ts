import { calls } from '@tradewind/binance';
import { quantity } from '@tradewind/core/money';
import type { OrderState, OrderTerms } from '@tradewind/core/orders';
import { invariant } from '@tradewind/core/result';
import type { FaultPlan } from '@tradewind/exchange-simulator';
import { SeededRandom } from '@tradewind/utils';
import { expect, test } from 'vitest';
import { limit, TradingWorld } from './trading-world.test-support.ts';

/** Everything that a venue can do to answers and to the user stream, each now and then. */
const PLAN: FaultPlan = {
  seed: 7,
  faults: [
    { fault: 'lose_answer', where: { endpoint: ['POST /api/v3/order', 'order.place'] }, when: { rate: 0.1 } },
    {
      fault: 'fail_request',
      error: 'timeout',
      executed: 0.5,
      where: { endpoint: ['POST /api/v3/order', 'DELETE /api/v3/order', 'order.place', 'order.cancel'] },
      when: { rate: 0.1 },
    },
    { fault: 'lag_queries', ms: [100, 3000], when: { rate: 0.2 } },
    { fault: 'drop_event', when: { rate: 0.1 } },
    { fault: 'duplicate_event', when: { rate: 0.1 } },
    { fault: 'reorder_event', by: 3, when: { rate: 0.1 } },
    { fault: 'delay_event', ms: [10, 2000], when: { rate: 0.1 } },
    { fault: 'cut_sockets', when: { from_ms: 20_000, every_ms: 45_000 } },
  ],
};
const SEEDS = (process.env.SIM_SEEDS ?? '1,2,3').split(',').map(Number);
const STEPS = 120;

test.each(SEEDS)(
  'O1 O2 O3 U1 U2 U4 U5 U6 U7: with answers and events lost, doubled, late and out of order, every fill is told once (seed %i)',
  async (seed) => {
    const on = new TradingWorld({ seed });
    await on.begin();
    const random = new SeededRandom(seed);
    on.install(PLAN);
    const names: string[] = [];
    for (let step = 0; step < STEPS; step += 1) {
      const caller = random.nextFraction() < 0.5 ? on.rest : on.api;
      const choice = random.nextFraction();
      if (choice < 0.45) {
        const order = on.order(random.nextFraction() < 0.5 ? 'BUY' : 'SELL', anyTerms(random));
        names.push(order.clientOrderId);
        void on.submit(caller, order);
      } else if (choice < 0.6 && names.length > 0) {
        const clientOrderId = names[Math.floor(random.nextFraction() * names.length)]!;
        void caller.perform(calls.cancelOrder({ symbol: 'BTCUSDT', clientOrderId }, `cancel-${step}`));
      } else {
        const side = random.nextFraction() < 0.5 ? 'BUY' : 'SELL';
        on.houseOrder(side, String(60_000 + Math.floor(random.nextFraction() * 40) - 20), '0.02');
      }
      await on.time.advance(Math.floor(random.nextFraction() * 2000));
    }
    on.install({ faults: [] });
    // Long enough for the regular sweep (five minutes) and whatever it has to ask.
    await on.time.advance(900_000);

    const truth = on.simulator.exchange.fills(on.ours, 'BTCUSDT', { limit: 1000 });
    invariant(truth.ok, 'the exchange knows the fills');
    const told = on.fills.map(({ tradeId, price, quantity: size, fee }) => [
      tradeId,
      price,
      size,
      fee?.amount,
    ]);
    told.sort(([a], [b]) => Number(a) - Number(b));
    expect(told.length).toBeGreaterThan(10);
    expect(told).toEqual(
      truth.value.map(({ tradeId, price, quantity: size, commission }) => [tradeId, price, size, commission]),
    );
    for (const { orderId, status, placedClientOrderId } of on.trueOrders()) {
      const { orders } = on.userStream.account;
      const heard = orders.byOrderId('BTCUSDT', orderId);
      expect([placedClientOrderId, heard?.record.state]).toEqual([placedClientOrderId, stateOf[status]]);
      // Under the name that it was given too, whatever cancels have made of its name since.
      expect(orders.byClientOrderId('BTCUSDT', placedClientOrderId)).toEqual(heard);
    }
    expect(on.heardBalances()).toEqual(on.trueBalances());
    expect(on.conflicts).toEqual([]);
  },
);

function anyTerms(random: SeededRandom): OrderTerms {
  const at = String(60_000 + Math.floor(random.nextFraction() * 40) - 20);
  const choice = random.nextFraction();
  if (choice < 0.5) return limit('0.03', at);
  if (choice < 0.75) return limit('0.03', at, 'IOC');
  return { type: 'MARKET', quantity: quantity('0.01') };
}

const stateOf: Readonly<Record<string, OrderState>> = {
  NEW: 'working',
  PARTIALLY_FILLED: 'working',
  FILLED: 'filled',
  CANCELED: 'canceled',
  EXPIRED: 'expired',
  EXPIRED_IN_MATCH: 'expired_in_match',
};
