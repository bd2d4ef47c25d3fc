import { describe, expect, test } from 'vitest';
import { limit, market, stop } from '../../core/orders/terms.test-support.ts';
import {
  cancel,
  cancelAll,
  canceling,
  commitsTake,
  EVERYTHING,
  hasIntent,
  holding,
  openIds,
  restart,
  verdictsTake,
  withStop,
} from './commands.test-support.ts';
import type { ExecutionWorld } from './world.test-support.ts';

const CANCELS = { endpoint: ['DELETE /api/v3/order'] };

/** The stop is canceled, and for so long nobody hears of it. */
async function cancelInSilence(on: ExecutionWorld, ms: number): Promise<void> {
  on.install({ faults: [{ fault: 'lose_answer', where: CANCELS, silent: true }] });
  void canceling(on, 'order-2');
  await on.time.advance(ms);
  on.simulator.faults.clear();
}

describe('a stop that was given up is not given back by any later start', () => {
  test('when everything was canceled twice at once', async () => {
    const on = await withStop();
    const both = [on.service.cancelAll(EVERYTHING), on.service.cancelAll(EVERYTHING)];
    const answer = { canceled: ['order-2'], unproven: [] };
    expect(await on.perform(Promise.all(both))).toEqual([answer, answer]);
    await on.time.advance(10_000);
    await restart(on);
    expect(await openIds(on)).toEqual([]);
  });

  test('when its strategy had canceled it just before', async () => {
    const on = await withStop();
    const byStrategy = cancel(on, 'order-2');
    await on.time.advance(2);
    expect(await cancelAll(on)).toEqual({ canceled: ['order-2'], unproven: [] });
    await byStrategy;
    await on.time.advance(10_000);
    await restart(on);
    expect(await openIds(on)).toEqual([]);
  });

  test('when the answer to its cancel was lost', async () => {
    const on = await withStop();
    on.install({ faults: [{ fault: 'lose_answer', where: CANCELS }] });
    expect(await cancelAll(on)).toEqual({ canceled: ['order-2'], unproven: [] });
    await on.time.advance(30_000);
    on.simulator.faults.clear();
    await restart(on);
    expect(await openIds(on)).toEqual([]);
  });

  test('when it had ended before, and news of its own cancel came after', async () => {
    const on = await withStop();
    await cancelInSilence(on, 1_000);
    expect(await cancelAll(on)).toEqual({ canceled: [], unproven: [] });
    await on.time.advance(20_000);
    await restart(on);
    expect(await openIds(on)).toEqual([]);
  });

  test('nor is an older one of which news came after that', async () => {
    const on = await withStop();
    await cancelInSilence(on, 100);
    await on.perform(on.submit('SELL', stop('0.0999', '57000')));
    await on.time.advance(7_000);
    expect(await cancelAll(on)).toEqual({ canceled: ['order-3'], unproven: [] });
    await on.time.advance(10_000);
    await restart(on);
    expect(await openIds(on)).toEqual([]);
  });
});

test('a stop that was given up is not given back by a start when a newer one for a part has been filled since', async () => {
  const on = await withStop();
  await cancelAll(on);
  await on.perform(on.submit('SELL', stop('0.05', '58000')));
  on.houseOrder('SELL', '57500', '0.01');
  await on.perform(on.submit('BUY', market('0.001')));
  await on.time.advance(1_000);
  expect(on.trueOrders().map(({ status }) => status)).toEqual(['FILLED', 'CANCELED', 'FILLED', 'FILLED']);
  await restart(on);
  expect(on.trueOrders()).toHaveLength(4);
});

/** Canceled, and 20 s later a sale at a better price rests in place of it: `order-3`. */
async function withSaleInstead(): Promise<ExecutionWorld> {
  const on = await withStop();
  await cancel(on, 'order-2');
  await on.perform(on.submit('SELL', limit('0.0999', '70000')));
  await on.time.advance(20_000);
  expect(await openIds(on)).toEqual(['order-3']);
  return on;
}

describe('a stop that is not given back at the moment is not given back by a start after everything was canceled', () => {
  test('when another sale stood in for it', async () => {
    const on = await withSaleInstead();
    expect(await cancelAll(on)).toEqual({ canceled: ['order-3'], unproven: [] });
    await on.time.advance(20_000);
    expect(await openIds(on)).toEqual([]);
    await restart(on);
    expect(await openIds(on)).toEqual([]);
  });

  test('when giving it back had failed too often', async () => {
    const on = await withStop();
    const refusal = { reason: 'trading_halted', scope: { kind: 'system' } } as const;
    on.risk.answer = () => ({ kind: 'refused', refusal, checks: [] });
    await cancel(on, 'order-2');
    await on.time.advance(60_000);
    expect(on.risk.halts).toHaveLength(1);
    expect(await cancelAll(on)).toEqual({ canceled: [], unproven: [] });
    on.risk.answer = () => undefined;
    await restart(on);
    expect(await openIds(on)).toEqual([]);
  });
});

describe('a stop that is being given back when everything is canceled', () => {
  const withoutStop = async (): Promise<ExecutionWorld> => {
    const on = await withStop();
    await cancel(on, 'order-2');
    return on;
  };

  test('stays away also when the process dies between the commit of its intent and that of its end', async () => {
    const on = await withoutStop();
    const judged = verdictsTake(on, 200, 'first');
    while (judged.length === 0) await on.time.advance(5);
    const { inner } = on.ledger;
    const commit = inner.commit.bind(inner);
    const isWritten = Promise.withResolvers<void>();
    inner.commit = async (...given) => {
      const result = await commit(...given);
      if (!hasIntent(given[0])) return result;
      isWritten.resolve();
      return new Promise(() => undefined);
    };
    // Nothing is proven by then, and that is said.
    expect(await cancelAll(on)).toEqual({ canceled: [], unproven: ['order-2'] });
    await on.perform(isWritten.promise);
  });

  test('is named while its intent is being written', async () => {
    const on = await withoutStop();
    await on.time.advance(4_800);
    const { inner } = on.ledger;
    const commit = inner.commit.bind(inner);
    let hasBegun = false;
    inner.commit = async (...given) => {
      if (!hasIntent(given[0])) return commit(...given);
      hasBegun = true;
      await new Promise<void>((resolve) => on.time.after(500, resolve));
      await commit(...given);
      return new Promise(() => undefined);
    };
    while (!hasBegun) await on.time.advance(5);
    expect(await cancelAll(on)).toEqual({ canceled: [], unproven: ['order-2'] });
  });
});

test('a position that the exchange neither protects nor sells stops its strategy after three attempts, which are the last', async () => {
  const on = await withStop();
  const where = { endpoint: ['POST /api/v3/order'] };
  const error = { status: 400, code: -2010, msg: 'Account has insufficient balance for requested action.' };
  on.install({ faults: [{ fault: 'fail_request', error, where }] });
  await cancel(on, 'order-2');
  await on.time.advance(60_000);
  // A purchase, its stop, and three times a stop and a sale.
  expect(on.events('intent')).toHaveLength(2 + 3 * 2);
  expect(on.risk.halts.at(-1)?.why).toContain('have no stop and could not be sold');
});

describe('a position is not left without protection', () => {
  test('when the sale that stood in for its stop is canceled', async () => {
    const on = await withSaleInstead();
    await cancel(on, 'order-3');
    await on.time.advance(10_000);
    expect((await on.service.openOrders()).map(({ intent }) => intent.terms)).toEqual([
      stop('0.0999', '58000'),
    ]);
  });

  test('when the sale in place of its stop turns out never to have arrived', async () => {
    const on = await withStop();
    on.risk.answer = () => {
      on.risk.answer = () => undefined;
      return { kind: 'refused', refusal: { reason: 'not_warm' }, checks: [] };
    };
    on.install({ faults: [{ fault: 'lose_request', where: { endpoint: ['POST /api/v3/order'] } }] });
    await cancel(on, 'order-2');
    await on.time.advance(10_000);
    expect((await on.service.openOrders()).map(({ intent }) => intent.terms)).toEqual([market('0.0999')]);
    on.simulator.faults.clear();
    await on.time.advance(60_000);
    expect((await on.service.openOrders()).map(({ intent }) => intent.terms)).toEqual([
      stop('0.0999', '58000'),
    ]);
  });

  test('when other sales come and go all the time', async () => {
    const on = await withStop();
    await cancel(on, 'order-2');
    for (let sales = 0; sales < 5; sales += 1) {
      await on.perform(on.submit('SELL', limit('0.0999', '70000')));
      await cancel(on, `order-${sales + 3}`);
      await on.time.advance(1_500);
    }
    expect(await openIds(on)).toHaveLength(1);
  });

  test.each([
    ['newer', 'older', '58000', '57000', 'order-3'],
    ['older', 'newer', '57000', '58000', 'order-2'],
  ])(
    'when of its two stops the %s was canceled, the %s was filled, and the process dies',
    async (_, __, older, newer, canceled) => {
      const on = await holding();
      await on.perform(on.submit('SELL', stop('0.05', older)));
      await on.perform(on.submit('SELL', stop('0.0499', newer)));
      await cancel(on, canceled);
      await on.time.advance(500);
      on.houseOrder('SELL', '57500', '0.01');
      await on.perform(on.submit('BUY', market('0.001')));
      await on.time.advance(1_000);
      expect(
        on
          .trueOrders()
          .map(({ status }) => status)
          .sort(),
      ).toEqual(['CANCELED', 'FILLED', 'FILLED', 'FILLED']);
      await restart(on);
      // The market is below its stop by now: it was sold.
      expect(on.trueOrders().slice(4)).toMatchObject([{ side: 'SELL', status: 'FILLED' }]);
    },
  );

  test.each([
    ['alone', ['0.0999']],
    ['beside one that had ended before', ['0.05', '0.0499']],
  ])('when a stop ends %s while a start compares for longer than three attempts take', async (_, sizes) => {
    const on = await holding();
    for (const size of sizes) await on.perform(on.submit('SELL', stop(size, '58000')));
    for (const [place] of sizes.slice(1).entries()) await cancel(on, `order-${place + 2}`);
    on.install({
      faults: [{ fault: 'fail_request', where: { endpoint: ['GET /api/v3/account'] }, error: 'gone_html' }],
    });
    on.crash();
    while ((await on.service.state()).state !== 'reconciling') await on.time.advance(100);
    await on.time.advance(2_000);
    await cancel(on, `order-${sizes.length + 1}`);
    await on.time.advance(30_000);
    on.simulator.faults.clear();
    await on.until('ready');
    await on.time.advance(60_000);
    expect(await openIds(on)).toHaveLength(1);
  });
});

test('a position gets no stop that was meant for the one before it', async () => {
  const on = await withSaleInstead();
  on.houseOrder('BUY', '70000', '0.0999');
  await on.time.advance(1_000);
  on.houseOrder('SELL', '60000', '0.1');
  await on.perform(on.submit('BUY', market('0.1')));
  await on.perform(on.submit('SELL', limit('0.0999', '70000')));
  await cancel(on, 'order-5');
  await on.time.advance(10_000);
  expect(await openIds(on)).toEqual([]);
});

test('a service that is stopping names the stops that it does not give back any more', async () => {
  const on = await withStop();
  await cancel(on, 'order-2');
  const { promise, resolve } = Promise.withResolvers<void>();
  on.ledger.slowness = promise;
  void on.submit('BUY', market('0.001'));
  await on.time.advance(10);
  void on.service.stop();
  await on.time.advance(10);
  expect((await cancelAll(on)).unproven).toContain('order-2');
  on.ledger.slowness = undefined;
  resolve();
});

test.each(['test', 'other'])(
  'no answer to an order of %s keeps back that it is written',
  async (strategy) => {
    const on = await withStop();
    const where = { endpoint: ['POST /api/v3/order'] };
    on.install({ faults: [{ fault: 'delay_answer', ms: 8_000, where }] });
    void on.submit('BUY', limit('0.01', '50000'), strategy);
    await on.time.advance(100);
    on.simulator.faults.clear();
    expect(await cancelAll(on)).toMatchObject({ unproven: [] });
  },
);

describe('while something is booked all the time', () => {
  const busy = async (): Promise<{ on: ExecutionWorld; end: () => void }> => {
    const on = await withStop();
    commitsTake(on, 20);
    const nobodys = { strategy: 'x', symbol: 'BTCUSDT', clientOrderId: 'none' };
    let isOver = false;
    const cancelNothing = (): void => {
      if (isOver) return;
      void on.service.submit({ action: 'cancel', ...nobodys, decidedAtMs: 0, expiresAtMs: 1e15 }, 'y');
      on.time.after(10, cancelNothing);
    };
    cancelNothing();
    return {
      on,
      end: () => {
        isOver = true;
      },
    };
  };

  test('a cancel of everything is proven as soon as it is written', async () => {
    const { on, end } = await busy();
    const beganMs = on.time.elapsedMs();
    expect(await cancelAll(on)).toEqual({ canceled: ['order-2'], unproven: [] });
    end();
    expect(on.time.elapsedMs() - beganMs).toBeLessThan(500);
  });

  test('a flatten is answered', async () => {
    const { on, end } = await busy();
    const beganMs = on.time.elapsedMs();
    expect(await on.perform(on.service.flatten(EVERYTHING), 30_000)).toMatchObject({ kept: [] });
    end();
    expect(on.time.elapsedMs() - beganMs).toBeLessThan(30_000);
  });
});
