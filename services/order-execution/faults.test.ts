import { amount, formatAmount } from '@tradewind/core/money';
import { demoAccounts } from '@tradewind/exchange-simulator';
import { MemoryLedger } from '@tradewind/proto/ledger';
import { afterEach, describe, expect, test } from 'vitest';
import { limit, market } from '../../core/orders/terms.test-support.ts';
import { ExecutionWorld, strategyWith, type WorldOptions } from './world.test-support.ts';

let on: ExecutionWorld;
async function world(options: WorldOptions = {}): Promise<void> {
  on = new ExecutionWorld(options);
  await on.begin();
}
const stateOf = async (id: string) => (await on.ledgerOrder(id))?.record.state;
const everything = { by: 'test', correlationId: 'c', why: 'a test' };

afterEach(async () => {
  const { venue, ledger } = await on.balances();
  expect(ledger).toEqual(venue);
});

test('B1, B8: an exit sells what is held after fees, rounded down to the step, and the rest is written off', async () => {
  await world({ strategies: new Map([['test', strategyWith({ USDT: '50000' })]]) });
  on.houseOrder('SELL', '60000', '1');
  await on.perform(on.submit('BUY', market('0.086')));
  on.houseOrder('BUY', '59990', '1');
  await on.perform(on.service.flatten(everything));
  // A fee of 0.1 % in the bought coin leaves 0.085914; whole steps of 0.00001 of it are 0.08591.
  expect(
    on.trueFills().map(({ quantity: size, commission }) => [formatAmount(size), formatAmount(commission)]),
  ).toEqual([
    ['0.086', '0.000086'],
    ['0.08591', '5.1537409'],
  ]);
  await on.time.advance(5_000);
  const { positions } = await on.ledger.inner.load();
  expect(positions.filter(({ quantity: size }) => (size as unknown as bigint) > 0n)).toEqual([]);
  expect(on.events('answer').filter(({ code }) => code !== undefined)).toEqual([]);
});

test('B6: coins that something else locks are no break, and what is refused for them is final', async () => {
  await world();
  on.simulator.exchange.lockExternally(on.ours, 'BTC', amount('BTC', '1.95'));
  await on.time.advance(60_000);
  expect(await on.service.state()).toMatchObject({ state: 'ready', breaks: [] });
  await on.perform(on.submit('SELL', limit('0.5', '61000')));
  expect(await stateOf('order-1')).toBe('rejected');
  expect(on.events('answer').filter(({ code }) => code !== undefined)).toMatchObject([{ code: -2010 }]);
});

test('U2: what fills while the user stream is refused is booked by the sweep, before there is a stream again', async () => {
  await world();
  await on.perform(on.submit('BUY', limit('0.1', '60000')));
  on.install({ faults: [{ fault: 'refuse_socket', status: 503 }] });
  on.wire.cutSockets();
  await on.time.advance(1_000);
  on.houseOrder('SELL', '60000', '0.1');
  await on.time.advance(31_000);
  expect(on.events('fill')).toHaveLength(1);
  expect(await on.service.state()).toMatchObject({ state: 'degraded' });
  on.install({ faults: [] });
  await on.until('ready');
  await on.time.advance(60_000);
  expect(on.events('fill')).toHaveLength(1);
});

test('R1, U2: where the exchange asks for silence, what fills meanwhile is booked as soon as that is over, with or without a stream', async () => {
  await world();
  await on.perform(on.submit('BUY', limit('0.1', '60000')));
  on.install({
    faults: [
      { fault: 'refuse_socket', status: 429, retry_after_s: 60, when: { nth: 1 } },
      { fault: 'refuse_socket', status: 503 },
    ],
  });
  on.wire.cutSockets();
  await on.time.advance(1_000);
  on.houseOrder('SELL', '60000', '0.1');
  await on.time.advance(58_000);
  expect(on.events('fill')).toEqual([]);
  await on.time.advance(35_000);
  expect(on.events('fill')).toHaveLength(1);
  expect(await on.service.state()).toMatchObject({ state: 'degraded' });
});

test.each([-5_000, 4_000])('C3: a step of the clock by %i ms ends no wait early or late', async (stepMs) => {
  const unfilled = { kind: 'cancel', afterMs: 20_000 } as const;
  await world({ strategies: new Map([['test', strategyWith({ USDT: '50000' }, { unfilled })]]) });
  await on.perform(on.submit('BUY', limit('0.1', '50000')));
  const { nowMs } = on.time;
  on.time.nowMs = () => nowMs.call(on.time) + stepMs;
  await on.time.advance(15_500);
  expect(await stateOf('order-1')).toBe('working');
  await on.time.advance(10_000);
  expect(await stateOf('order-1')).toBe('canceled');
});

test('M9: orders that end while the exchange stands still are found when it goes on, and no signal of that time is sent late', async () => {
  await world();
  await on.perform(on.submit('BUY', limit('0.1', '50000')));
  const [resting] = on.trueOrders();
  on.install({ faults: [{ fault: 'drop_event' }] });
  on.simulator.exchange.setSymbolStatus('BTCUSDT', 'HALT');
  on.simulator.exchange.expireOrder('BTCUSDT', (resting as unknown as { orderId: number }).orderId);
  for (let i = 0; i < 3; i += 1) await on.perform(on.submit('BUY', limit('0.1', '50000')));
  expect(await stateOf('order-2')).toBe('rejected');
  await on.time.advance(60_000);
  on.simulator.exchange.setSymbolStatus('BTCUSDT', 'TRADING');
  on.install({ faults: [] });
  await on.time.advance(60_000);
  expect(await stateOf('order-1')).toBe('expired');
  expect(on.trueOrders()).toHaveLength(1);
  expect(await on.service.openOrders()).toEqual([]);
});

test('G4: a key that is revoked while orders are open stops new risk, and nothing is believed of the orders until it works again', async () => {
  await world();
  await on.perform(on.submit('BUY', limit('0.1', '50000')));
  const { apiKey } = demoAccounts(['USDT', 'BTC', 'BNB'], 1)[0]!.keys.find(({ kind }) => kind === 'HMAC')!;
  const key = on.simulator.exchange.key(apiKey)!;
  on.simulator.exchange.removeKey(apiKey);
  await on.perform(on.submit('BUY', limit('0.1', '50000')));
  await on.time.advance(70_000);
  expect(await on.service.state()).toMatchObject({ state: 'degraded', openOrders: 1 });
  expect(await on.perform(on.submit('BUY', limit('0.1', '50000')))).toMatchObject({ kind: 'refused' });
  expect(on.trueOrders()).toHaveLength(1);
  on.simulator.exchange.addKey(key);
  await on.until('ready', 300_000);
  expect(await stateOf('order-1')).toBe('working');
});

describe('P11: a database that comes back without its last commits', () => {
  /** What was written after `seq` was never there. */
  async function loseTail(seq: number): Promise<void> {
    const { inner } = on.ledger;
    const older = new MemoryLedger({ clock: on.time });
    await older.acquireLease({ holder: 'run-1', durationMs: 4_000 });
    for (const event of await inner.read({ afterSeq: 0, limit: seq })) await older.commit([event]);
    Object.assign(on.ledger, { inner: older });
  }

  test('while nothing runs: what it lost is read from the exchange before anything is sent', async () => {
    await world();
    const seq = await on.ledger.lastSeq();
    on.houseOrder('SELL', '60000', '1');
    await on.perform(on.submit('BUY', market('0.1')));
    await on.perform(on.submit('BUY', limit('0.1', '50000')));
    await on.time.advance(1_000);
    await loseTail(seq);
    on.crash();
    await on.until('ready');
    await on.time.advance(60_000);
    expect((await on.service.state()).breaks).toEqual([]);
    expect(on.trueOrders()).toHaveLength(2);
    expect(on.trueFills()).toHaveLength(1);
  });

  test('while it runs: it notices at the next commit, sends nothing more, and the next start reads what is missing from the exchange', async () => {
    await world();
    on.houseOrder('SELL', '60000', '1');
    await on.perform(on.submit('BUY', market('0.1')));
    await on.time.advance(1_000);
    const seq = await on.ledger.lastSeq();
    await on.perform(on.submit('BUY', market('0.1')));
    await on.perform(on.submit('BUY', limit('0.1', '50000')));
    await on.time.advance(1_000);
    await loseTail(seq);
    const orders = on.trueOrders().length;
    expect(await on.perform(on.submit('BUY', market('0.2')))).toMatchObject({ kind: 'refused' });
    expect(await on.service.state()).toMatchObject({
      state: 'degraded',
      detail: expect.stringContaining('is not there any more as it was written'),
    });
    expect(on.trueOrders()).toHaveLength(orders);
    on.crash();
    await on.until('ready');
    await on.time.advance(60_000);
    expect((await on.service.state()).breaks).toEqual([]);
    expect(on.trueOrders()).toHaveLength(orders);
    expect(on.trueFills()).toHaveLength(2);
  });

  /** Others have written since, so that it is longer than it was. */
  async function loseTailUnderOthers(seq: number): Promise<void> {
    const length = await on.ledger.lastSeq();
    await loseTail(seq);
    for (let i = seq; i < length + 5; i += 1)
      await on.ledger.inner.commit([
        {
          ...{ id: `other-${i}`, correlationId: 'other', atMs: on.time.nowMs(), service: 'risk-manager' },
          ...{ kind: 'alert', severity: 'warning', name: 'other', message: 'of another writer', fields: {} },
        },
      ]);
  }

  test.each([
    ['the renewal of the lease shows it', () => on.time.advance(2_000)],
    [
      'the commit after one that failed shows it',
      async () => {
        on.ledger.mood = 'unknown';
        const submitted = on.submit('BUY', limit('0.1', '50000'));
        await on.time.advance(100);
        on.ledger.mood = 'works';
        expect(await on.perform(submitted, 500)).toMatchObject({ kind: 'refused' });
      },
    ],
  ])('while it runs, others having filled the gap: %s', async (_what, happen) => {
    await world();
    await on.perform(on.submit('BUY', limit('0.1', '50000')));
    const seq = await on.ledger.lastSeq();
    await on.perform(on.submit('BUY', limit('0.1', '50000')));
    await on.time.advance(1_000);
    await loseTailUnderOthers(seq);
    await happen();
    expect(await on.perform(on.submit('BUY', limit('0.2', '50000')))).toMatchObject({ kind: 'refused' });
    expect(await on.service.state()).toMatchObject({
      state: 'degraded',
      detail: expect.stringContaining('is not there any more as it was written'),
    });
    expect(on.trueOrders()).toHaveLength(2);
    on.crash();
    await on.until('ready');
  });
});
