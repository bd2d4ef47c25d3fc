import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SECONDS, someMarket, TestSimulator, TestSocket } from '../simulator.test-support.ts';

const span = fc.oneof(fc.nat(3000), fc.constant([0, 2000]));
const when = fc.oneof(
  fc.record({ rate: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.record({ nth: fc.integer({ min: 1, max: 20 }) }),
  fc.record({ every: fc.integer({ min: 1, max: 5 }), from_ms: fc.nat(3000), for_ms: fc.nat(3000) }),
);
const struck = (fault: string, more: Record<string, fc.Arbitrary<unknown>> = {}) =>
  fc.record({ fault: fc.constant(fault), when, ...more });
const done = (fault: string, more: Record<string, unknown> = {}) =>
  fc.record({
    fault: fc.constant(fault),
    ...Object.fromEntries(Object.entries(more).map(([name, value]) => [name, fc.constant(value)])),
    when: fc.record({ from_ms: fc.nat(4000), every_ms: fc.integer({ min: 300, max: 2000 }) }),
  });
const money = { account: 1, asset: 'BTC', amount: '0.1' };
const symbol = 'BTCUSDT';

const anyFault = fc.oneof(
  struck('lose_request'),
  struck('lose_answer', { silent: fc.boolean() }),
  struck('delay_request', { ms: span }),
  struck('delay_answer', { ms: span }),
  struck('fail_request', {
    error: fc.constantFrom('timeout', 'gone_html', 'banned'),
    executed: fc.constant(0.5),
  }),
  struck('edit_answer', { set: fc.constant({ 'a.b': 1, '0.c': null }), remove: fc.constant(['status']) }),
  struck('lag_queries', { ms: span }),
  struck('stale_answer', { ms: fc.nat(2000) }),
  struck('cross_book_answer'),
  struck('burn_weight', { weight: fc.constant(100) }),
  struck('fill_before_cancel'),
  struck('fill_then_expire'),
  struck('drop_event'),
  struck('duplicate_event', { times: fc.constant(2), gap_ms: fc.nat(500) }),
  struck('reorder_event'),
  struck('delay_event', { ms: span }),
  struck('edit_event', { set: fc.constant({ X: 'MOON' }) }),
  struck('drop_message'),
  struck('reorder_message', { by: fc.integer({ min: 1, max: 5 }) }),
  struck('delay_message', { ms: span }),
  struck('edit_message', { add: fc.constant({ E: -1000, p: 1 }) }),
  struck('cross_book_message'),
  struck('withhold_pings'),
  struck('mute_socket', { announce: fc.boolean() }),
  struck('limit_socket_life', { ms: span }),
  done('cut_sockets'),
  done('shut_down', { notice_ms: 100 }),
  done('set_status', { symbol, status: 'HALT', for_ms: 200 }),
  done('set_filter', {
    symbol,
    filter: { filterType: 'PRICE_FILTER', minPrice: '1', maxPrice: '0', tickSize: '1.00' },
  }),
  done('deposit', money),
  done('withdraw', money),
  done('lock', money),
  done('hand_order', { account: 1, symbol, side: 'SELL', quantity: '0.01' }),
  done('cancel_by_hand', { account: 1, symbol }),
  done('expire_orders', { symbol }),
  done('print_trade', { symbol, price: '61000', quantity: '0.5', side: 'BUY' }),
  done('shift_clock', { ms: -700 }),
  done('pause_market', { for_ms: 200 }),
  done('wipe'),
);

test('whatever a plan does, nothing throws, and the exchange still answers when the plan is gone', {
  timeout: 600_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyFault, { minLength: 1, maxLength: 6 }),
      fc.nat(1000),
      async (faults, seed) => {
        const simulator = new TestSimulator({ faults, faultSeed: seed, market: someMarket(seed) });
        const { host, time } = simulator;
        host.simulator.startMarket();
        const sockets = [
          new TestSocket(simulator, '/stream?streams=btcusdt@depth@100ms/btcusdt@trade/btcusdt@bookTicker'),
          new TestSocket(simulator, '/ws-api/v3'),
        ];
        for (let round = 0; round < 8; round += 1) {
          await time.advance(500);
          const order = {
            symbol,
            side: 'BUY',
            type: 'LIMIT',
            timeInForce: 'GTC',
            quantity: '0.01',
            price: '59000',
          };
          simulator.send('POST', '/api/v3/order', order);
          for (const path of ['openOrders', 'account']) simulator.send('GET', `/api/v3/${path}`, {});
          simulator.send('GET', '/api/v3/myTrades', { symbol });
          simulator.send('DELETE', '/api/v3/order', { symbol, orderId: String(round * 3 + 1) });
          for (const socket of sockets) if (socket.isOpen) socket.send({ id: round, method: 'ping' });
        }
        host.simulator.faults.clear();
        await time.advance(5 * SECONDS);
        expect([200, 418, 429]).toContain(simulator.look('/api/v3/ping').status);
        host.stop();
        await time.advance(SECONDS);
        expect(time.pending).toBeLessThan(20);
      },
    ),
    { numRuns: 40 },
  );
});
