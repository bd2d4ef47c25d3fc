import { formatAmount, quantity } from '@tradewind/core/money';
import { describe, expect, test } from 'vitest';
import { limit, market } from '../../core/orders/terms.test-support.ts';
import { ExecutionWorld, type WorldOptions } from './world.test-support.ts';

async function world(options: WorldOptions = {}): Promise<ExecutionWorld> {
  const made = new ExecutionWorld(options);
  await made.begin();
  return made;
}

describe('the way of one order', () => {
  test('I1: signal, verdict and intent are in the ledger before the order is at the exchange, and its fill is booked', async () => {
    const on = await world();
    on.houseOrder('SELL', '60000', '0.5');
    const result = await on.perform(on.submit('BUY', market('0.1')));
    expect(result).toEqual({ kind: 'submitted', clientOrderId: 'order-1', state: 'filled' });
    await on.time.advance(1000);
    expect(on.trueOrders()).toMatchObject([{ placedClientOrderId: 'order-1', status: 'FILLED' }]);
    const kinds = on.published.map(({ kind }) => kind);
    expect(kinds.slice(0, 6)).toEqual(['leader', 'balance', 'balance', 'signal', 'verdict', 'intent']);
    expect(on.events('fill').map(({ fill }) => formatAmount(fill.quantity))).toEqual(['0.1']);
    expect(on.events('fill')[0]?.position.quantity).toEqual(quantity('0.0999'));
    const { venue, ledger } = await on.balances();
    expect(ledger).toEqual(venue);
  });

  test('I1: nothing leaves before the ledger has said that the intent is written', async () => {
    const on = await world();
    on.ledger.mood = 'unknown';
    const submitted = on.submit('BUY', limit('0.1', '50000'));
    await on.time.advance(1_000);
    expect(on.trueOrders()).toEqual([]);
    on.ledger.mood = 'works';
    await on.perform(submitted);
    expect(on.trueOrders()).toHaveLength(1);
    const intent = (await on.ledger.inner.read({ afterSeq: 0, limit: 1, kinds: ['intent'] }))[0]!;
    expect(on.trueOrders()[0]!.createdAtMs).toBeGreaterThan(intent.atMs);
  });

  test('an order leaves before anybody is told that its intent is written, which is 5 ms later at most', async () => {
    const on = await world();
    const toldAtSends: boolean[] = [];
    const send = on.wire.send.bind(on.wire);
    on.wire.send = (request) => {
      const told = [...on.published, ...on.risk.told];
      toldAtSends.push(told.some(({ kind }) => kind === 'intent'));
      return send(request);
    };
    const submitted = on.submit('BUY', limit('0.1', '50000'));
    await on.time.advance(4);
    expect(toldAtSends).toEqual([false]);
    expect(on.published.at(-1)?.kind).toBe('balance');
    await on.time.advance(1);
    expect(on.published.at(-1)?.kind).toBe('intent');
    expect(on.risk.told.at(-1)?.kind).toBe('intent');
    await on.perform(submitted);
  });

  test('X3, R4: what waits for room under a limit is not sent when it is too late', async () => {
    const on = await world();
    const intents = Array.from({ length: 15 }, () => on.intent('BUY', limit('0.001', '50000')));
    const results = Promise.all(intents.map((intent) => on.service.submit(on.signal(intent, 300), 'c')));
    expect((await on.perform(results)).map((result) => 'state' in result && result.state)).toEqual([
      ...Array<string>(10).fill('working'),
      ...Array<string>(5).fill('absent'),
    ]);
    expect(on.trueOrders()).toHaveLength(10);
  });

  test('X4, R4: who is replaced while an order waits for room does not send it', async () => {
    const on = await world();
    const intents = Array.from({ length: 15 }, () => on.intent('BUY', limit('0.001', '50000')));
    const results = Promise.all(intents.map((intent) => on.service.submit(on.signal(intent), 'c')));
    await on.time.advance(50);
    void on.service.stop();
    await on.perform(results);
    expect(on.trueOrders()).toHaveLength(10);
  });

  test('a refused verdict is recorded with its signal, and nothing is sent', async () => {
    const on = await world();
    const refusal = { reason: 'trading_halted', scope: { kind: 'system' } } as const;
    const checks = [{ check: 'order_notional', isPassed: true, was: '5000', limit: '10000', unit: 'USDT' }];
    on.risk.answer = () => ({ kind: 'refused', refusal, checks });
    expect(await on.perform(on.submit('BUY', limit('0.1', '50000')))).toEqual({ kind: 'refused', refusal });
    await on.time.advance(100);
    expect(on.events('verdict')).toMatchObject([
      { isApproved: false, refusal, checks, clientOrderId: 'order-1' },
    ]);
    expect(on.events('intent')).toEqual([]);
    expect(on.trueOrders()).toEqual([]);
  });

  test('I7: a risk manager that cannot be asked approves nothing', async () => {
    const on = await world();
    on.risk.answer = () => {
      throw new Error('connection refused');
    };
    expect(await on.perform(on.submit('BUY', limit('0.1', '50000')))).toMatchObject({
      refusal: { reason: 'risk_unavailable' },
    });
    expect(on.trueOrders()).toEqual([]);
  });

  test('I7: without the user stream new risk is refused, and what is held can be sold', async () => {
    const on = await world();
    on.houseOrder('SELL', '60000', '0.1');
    await on.perform(on.submit('BUY', market('0.1')));
    on.houseOrder('BUY', '59000', '1');
    on.install({ faults: [{ fault: 'refuse_socket', status: 503 }] });
    on.wire.cutSockets();
    await on.time.advance(10);
    expect(await on.perform(on.submit('BUY', limit('0.1', '50000')))).toMatchObject({ kind: 'refused' });
    expect(await on.perform(on.submit('SELL', market('0.0999')))).toMatchObject({ state: 'filled' });
  });

  test('a client order id that was used before the ledger was loaded is refused, and its reservation given back', async () => {
    const on = await world();
    const intent = on.intent('BUY', limit('0.1', '50000'));
    const { kind } = await on.ledger.inner.commit([
      {
        id: 'old',
        correlationId: 'old',
        atMs: on.time.nowMs(),
        service: 'order-execution',
        kind: 'intent',
        wanted: intent,
        expiresAtMs: on.time.nowMs(),
        epoch: 1,
      },
    ]);
    expect(kind).toBe('committed');
    expect(await on.perform(on.service.submit(on.signal(intent), 'c'))).toMatchObject({
      refusal: { reason: 'client_order_id_used', clientOrderId: 'order-1' },
    });
    expect(on.risk.withdrawn).toEqual(['order-1']);
    expect(on.trueOrders()).toEqual([]);
  });

  test('X1, R6: after a kill with 200 open orders it is ready within 5 s', async () => {
    const on = await world();
    for (let i = 0; i < 10; i += 1) {
      const twenty = Array.from({ length: 20 }, () => on.submit('BUY', limit('0.001', '50000')));
      await on.perform(Promise.all(twenty));
      await on.time.advance(5_000);
    }
    expect((await on.service.state()).openOrders).toBe(200);
    const beganMs = on.time.nowMs();
    on.crash();
    await on.until('ready');
    expect(on.time.nowMs() - beganMs).toBeLessThan(5_000);
    const state = await on.service.state();
    expect([state.openOrders, state.inDoubt]).toEqual([200, 0]);
  });
});
