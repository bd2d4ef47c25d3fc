import { price, ratio } from '@tradewind/core/money';
import type { Trip } from '@tradewind/core/risk';
import { describe, expect, test } from 'vitest';
import { limit, market } from '../../core/orders/terms.test-support.ts';
import { haltByFile } from './halt-by-file.ts';
import { readHaltText } from './halt-text.ts';
import { equity, RiskWorld } from './risk-world.test-support.ts';

const SYSTEM = { kind: 'system' } as const;
const KILL = { scope: SYSTEM, state: 'halted', cancelsOrders: true, by: 'ann', why: 'drill' } as const;
const STOP = { ...KILL, cancelsOrders: false } as const;

/** Commands wait for stores and exchange, so time has to pass for their answer. */
async function after<T>(world: RiskWorld, ms: number, command: Promise<T>): Promise<T> {
  await world.time.advance(ms);
  return command;
}
const tripsInFile = (world: RiskWorld): readonly Trip[] => {
  const states = readHaltText(world.file.text ?? '');
  return states.ok ? states.value.trips : [];
};
const tripsInLedger = async (world: RiskWorld): Promise<readonly Trip[]> =>
  (await world.ledger.load()).breakers?.trips ?? [];
const isTrading = async (world: RiskWorld): Promise<boolean> =>
  (await world.ask('BUY', market('0.1'))).reason === 'approved';

describe('the kill switch', () => {
  test('K7: stops, is stored twice, cancels everything and says of each symbol that nothing is open', async () => {
    const world = await RiskWorld.started();
    for (let i = 0; i < 200; i++) world.exchange.place(`o${i}`, i % 2 === 0 ? 'BTCUSDT' : 'ETHBTC');
    const result = await after(world, 2_000, world.risk.halt(KILL));
    expect(result.storedIn).toEqual(['ledger', 'file']);
    expect([...result.canceled].sort()).toEqual(['BNBUSDT', 'BTCUSDT', 'ETHBTC']);
    expect(result.unproven).toEqual([]);
    expect(world.exchange.open).toEqual([]);
    expect(await isTrading(world)).toBe(false);
    expect(await tripsInLedger(world)).toEqual(result.breakers.trips);
    expect(tripsInFile(world)).toEqual(result.breakers.trips);
  });

  test('K7, P4: works with the ledger down, the disk hanging and the exchange silent, and says what is not proven', async () => {
    const world = await RiskWorld.started();
    world.exchange.place('o');
    world.ledger.isDown = true;
    world.file.trouble = 'hangs';
    world.exchange.trouble = 'hangs';
    const asked = world.risk.halt(KILL);
    expect(await isTrading(world)).toBe(false);
    const result = await after(world, 1_000, asked);
    expect(result.storedIn).toEqual([]);
    expect([...result.unproven].sort()).toEqual(['BNBUSDT', 'BTCUSDT', 'ETHBTC']);
  });

  test('K7, P4: what could not be stored is stored when the store is back, and the exchange is asked until it answers', async () => {
    const world = await RiskWorld.started();
    world.exchange.place('o');
    world.ledger.isDown = true;
    world.file.trouble = 'no space left';
    world.exchange.trouble = { kind: 'unknown', cause: { reason: 'timed_out' } };
    await after(world, 1_000, world.risk.halt(KILL));
    world.ledger.isDown = false;
    world.file.trouble = undefined;
    world.exchange.trouble = undefined;
    await world.time.advance(10_000);
    expect(world.exchange.open).toEqual([]);
    expect(await tripsInLedger(world)).toHaveLength(1);
    expect(tripsInFile(world)).toHaveLength(1);
  });

  test('an exchange that never answers is given up after its attempts, and a person is told where orders may be open', async () => {
    const world = await RiskWorld.started({ sweepAttemptsMaximum: 3 });
    world.exchange.trouble = { kind: 'failed', failure: { reason: 'not_sent', detail: 'no route' } };
    await after(world, 60_000, world.risk.halt(KILL));
    const calls = world.exchange.called.filter((call) => call.startsWith('DELETE')).length;
    expect(calls).toBe(9);
    const alerts = await world.ledger.read({ afterSeq: 0, limit: 100, kinds: ['alert'] });
    expect(alerts.map((event) => event.kind === 'alert' && event.name)).toEqual([
      'trading_stopped',
      'cancel_unproven',
    ]);
  });

  test('an empty answer proves nothing while an order that was approved before may still arrive', async () => {
    const world = await RiskWorld.started();
    const { intent } = await world.ask('BUY', limit('1', '100'));
    await world.write(intent);
    const early = await after(
      world,
      1_000,
      world.risk.halt({ ...KILL, scope: { kind: 'symbol', name: 'BTCUSDT' } }),
    );
    expect(early.unproven).toEqual(['BTCUSDT']);
    world.exchange.place(intent.clientOrderId);
    await world.time.advance(5_000);
    expect(world.exchange.open).toEqual([]);
  });

  test('of one strategy only its own orders are canceled', async () => {
    const world = await RiskWorld.started();
    const mine = await world.place('BUY', limit('1', '100'));
    const other = await world.place('BUY', limit('1', '100'), { strategy: 'beta' });
    for (const id of [mine.clientOrderId, other.clientOrderId, 'by-hand']) world.exchange.place(id);
    const scope = { kind: 'strategy', name: 'alpha' } as const;
    const result = await after(world, 1_000, world.risk.halt({ ...KILL, scope }));
    expect(result.canceled).toEqual(['BTCUSDT']);
    expect(world.exchange.open.map(({ clientOrderId }) => clientOrderId)).toEqual([
      other.clientOrderId,
      'by-hand',
    ]);
    expect((await world.ask('BUY', market('0.1'), { strategy: 'beta' })).reason).toBe('approved');
  });

  test('reducing lets only that through which reduces', async () => {
    const world = await RiskWorld.started();
    await world.trade('BUY', '1', '100');
    await after(world, 1_000, world.risk.halt({ ...STOP, state: 'reducing' }));
    expect((await world.ask('BUY', market('1'))).reason).toBe('trading_only_reduces');
    expect((await world.ask('SELL', market('1'))).reason).toBe('approved');
  });
});

describe('a halt outlives', () => {
  test.each([
    ['neither store lost', (_: RiskWorld) => undefined],
    ['the file lost', (world: RiskWorld) => void Object.assign(world.file, { text: undefined })],
    [
      'the file set back to what it was before',
      (world: RiskWorld) =>
        void Object.assign(world.file, {
          text: world.file.text!.replace(/"trips":\[.*?\}\],/, '"trips":[],'),
        }),
    ],
  ])('I8: a restart with %s', async (_what, spoil) => {
    const world = await RiskWorld.started();
    await after(world, 1_000, world.risk.halt(STOP));
    spoil(world);
    await world.restart();
    expect(await isTrading(world)).toBe(false);
    await world.time.advance(1_000);
    expect(tripsInFile(world)).toHaveLength(1);
  });

  test('I8: the ledger never having heard of it', async () => {
    const world = await RiskWorld.started();
    world.ledger.isDown = true;
    await after(world, 1_000, world.risk.halt(STOP));
    world.risk.stop();
    world.ledger.isDown = false;
    await world.restart();
    expect(await isTrading(world)).toBe(false);
    await world.time.advance(1_000);
    expect(await tripsInLedger(world)).toHaveLength(1);
  });

  test('P9: whatever else is lost, since nothing of it is kept anywhere but in these two', async () => {
    const world = await RiskWorld.started();
    await after(world, 1_000, world.risk.halt(STOP));
    world.published.length = 0;
    await world.restart();
    expect(await isTrading(world)).toBe(false);
  });

  test.each([
    ['is damaged', (world: RiskWorld) => void Object.assign(world.file, { text: '{"kind":"control"' })],
    [
      'is something else',
      (world: RiskWorld) =>
        void Object.assign(world.file, { text: '{"kind":"leader","epoch":1,"holder":"x"}' }),
    ],
    [
      'cannot be read',
      (world: RiskWorld) => void Object.assign(world.file, { trouble: 'permission denied' }),
    ],
    ['does not answer', (world: RiskWorld) => void Object.assign(world.file, { trouble: 'hangs' })],
  ])('I8: a halt file that %s counts as a halt, with that reason', async (_what, spoil) => {
    const world = await RiskWorld.started();
    world.risk.stop();
    spoil(world);
    const restarted = world.restart();
    await world.time.advance(2_000);
    await restarted;
    const { verdict } = await world.ask('BUY', market('0.1'));
    expect(verdict).toMatchObject({ refusal: { reason: 'trading_halted', scope: SYSTEM } });
    const { breakers } = await world.risk.state();
    expect(breakers.trips[0]!.cause).toMatchObject({ kind: 'guard', guard: 'unreadable_store' });
  });

  test('I7: a start without the ledger takes no new risk, obeys the halt file, and goes on by itself when the ledger is back', async () => {
    const world = await RiskWorld.started();
    await world.trade('BUY', '1', '100');
    world.risk.stop();
    world.ledger.isDown = true;
    await world.restart();
    expect((await world.ask('BUY', market('0.1'))).verdict).toMatchObject({
      refusal: { reason: 'not_ready', state: 'not_ready' },
    });
    expect((await world.risk.state()).state).toBe('not_ready');
    world.ledger.isDown = false;
    await world.time.advance(6_000);
    expect(await isTrading(world)).toBe(true);
  });
});

describe('a halt by the file alone', () => {
  const trip: Trip = {
    scope: SYSTEM,
    state: 'halted',
    cause: { kind: 'person', by: 'ann', why: 'no service answers' },
    atMs: 1,
  };

  test('is obeyed within 200 ms by a risk manager that runs, and gets into the ledger', async () => {
    const world = await RiskWorld.started();
    const written = haltByFile(world.file, trip, world.time, true);
    await world.time.advance(200);
    expect(await isTrading(world)).toBe(false);
    await world.time.advance(1_000);
    expect(await written).toBeUndefined();
    expect(await tripsInLedger(world)).toEqual([trip]);
  });

  test('is obeyed at the start of one that does not run', async () => {
    const world = await RiskWorld.started();
    world.exchange.place('o');
    world.risk.stop();
    await after(world, 1_000, haltByFile(world.file, trip, world.time, true));
    await world.restart();
    expect(await isTrading(world)).toBe(false);
    await world.time.advance(2_000);
    expect(world.exchange.open).toEqual([]);
  });

  describe('of one strategy', () => {
    const ofAlpha: Trip = { ...trip, scope: { kind: 'strategy', name: 'alpha' } };
    async function stoppedWithOrders(): Promise<RiskWorld> {
      const world = await RiskWorld.started();
      for (const strategy of ['alpha', 'beta']) {
        const { clientOrderId } = await world.place('BUY', limit('1', '100'), { strategy });
        world.exchange.place(clientOrderId);
      }
      world.risk.stop();
      return world;
    }

    test('K7: that is first read at a start cancels the orders of that strategy, and no others', async () => {
      const world = await stoppedWithOrders();
      const [, other] = world.exchange.open;
      await after(world, 1_000, haltByFile(world.file, ofAlpha, world.time, true));
      await world.restart();
      await world.time.advance(2_000);
      expect(world.exchange.open).toEqual([other]);
    });

    test('K7: whose orders are not known without the ledger says so, and cancels them once it can be read', async () => {
      const world = await stoppedWithOrders();
      const [, other] = world.exchange.open;
      world.ledger.isDown = true;
      await world.restart();
      const halted = await after(world, 1_000, world.risk.halt({ ...KILL, scope: ofAlpha.scope }));
      expect(halted).toMatchObject({ canceled: [], unproven: ['BTCUSDT', 'ETHBTC', 'BNBUSDT'] });
      expect(world.exchange.open).toHaveLength(2);
      world.ledger.isDown = false;
      await world.time.advance(8_000);
      expect(world.exchange.open).toEqual([other]);
    });
  });

  test.each([
    ['cancels open orders, the ledger down or not', true, 0],
    ['leaves them where they are when a person wants that', false, 2],
  ])('K7: %s', async (_what, cancelsOrders, left) => {
    const world = await RiskWorld.started();
    world.exchange.place('one');
    world.exchange.place('two', 'ETHBTC');
    world.ledger.isDown = true;
    await after(world, 2_000, haltByFile(world.file, trip, world.time, cancelsOrders));
    expect(world.exchange.open).toHaveLength(left);
    expect(await isTrading(world)).toBe(false);
    world.exchange.place('three');
    await world.time.advance(5_000);
    expect(world.exchange.open).toHaveLength(left + 1);
  });

  test('adds to what is stopped already, and is written again when another write crosses it', async () => {
    const world = await RiskWorld.started();
    const scope = { kind: 'symbol', name: 'BTCUSDT' } as const;
    await after(world, 1_000, world.risk.halt({ ...STOP, scope }));
    world.risk.stop();
    const crossing = world.file.text;
    const written = haltByFile(world.file, trip, world.time, true);
    await world.time.advance(100);
    world.file.text = crossing;
    await world.time.advance(2_000);
    expect(await written).toBeUndefined();
    expect(tripsInFile(world).map((each) => each.scope.kind)).toEqual(['symbol', 'system']);
  });

  test('says so when the file cannot be written, and leaves one alone that halts by being unreadable', async () => {
    const world = await RiskWorld.started();
    world.risk.stop();
    world.file.text = 'damaged';
    expect(await after(world, 1_000, haltByFile(world.file, trip, world.time, true))).toBeUndefined();
    expect(world.file.text).toBe('damaged');
    world.file.trouble = 'no space left';
    expect(await after(world, 1_000, haltByFile(world.file, trip, world.time, true))).toBe('no space left');
  });
});

describe('resuming', () => {
  test('is for a person, clears both stores and survives a restart', async () => {
    const world = await RiskWorld.started();
    await after(world, 1_000, world.risk.halt(STOP));
    for (const by of ['', ' ', 'risk-manager']) {
      expect(await world.risk.resume({ scope: SYSTEM, by, why: 'x' })).toMatchObject({
        reason: 'not_a_person',
      });
    }
    expect(await after(world, 100, world.risk.resume({ scope: SYSTEM, by: 'ann', why: 'over' }))).toEqual({
      kind: 'done',
    });
    expect(await isTrading(world)).toBe(true);
    expect([tripsInFile(world), await tripsInLedger(world)]).toEqual([[], []]);
    await world.restart();
    expect(await isTrading(world)).toBe(true);
  });

  test.each([
    [
      'the ledger',
      (world: RiskWorld, isDown: boolean) => void Object.assign(world.ledger, { isDown: isDown }),
      'ledger_unavailable',
    ],
    [
      'the halt file',
      (world: RiskWorld, isDown: boolean) =>
        void Object.assign(world.file, { trouble: isDown ? 'read-only' : undefined }),
      'halt_file_unavailable',
    ],
    [
      'a halt file that hangs',
      (world: RiskWorld, isDown: boolean) =>
        void Object.assign(world.file, { trouble: isDown ? 'hangs' : undefined }),
      'halt_file_unavailable',
    ],
  ])(
    'I8: is refused while %s cannot be written, and everything stays stopped, after a restart, too',
    async (_what, set, reason) => {
      const world = await RiskWorld.started();
      await after(world, 1_000, world.risk.halt(STOP));
      set(world, true);
      const result = await after(world, 1_500, world.risk.resume({ scope: SYSTEM, by: 'ann', why: 'over' }));
      expect(result).toMatchObject({ kind: 'refused', reason });
      expect(await isTrading(world)).toBe(false);
      set(world, false);
      await world.time.advance(6_000);
      await world.restart();
      expect(await isTrading(world)).toBe(false);
      expect(tripsInFile(world)).toHaveLength(1);
    },
  );

  test('takes off its own scope alone', async () => {
    const world = await RiskWorld.started();
    await after(world, 1_000, world.risk.halt(STOP));
    await after(world, 1_000, world.risk.halt({ ...STOP, scope: { kind: 'strategy', name: 'beta' } }));
    await after(world, 100, world.risk.resume({ scope: SYSTEM, by: 'ann', why: 'over' }));
    expect(await isTrading(world)).toBe(true);
    expect((await world.ask('BUY', market('0.1'), { strategy: 'beta' })).reason).toBe('trading_halted');
  });
});

describe('the dead man’s switch', () => {
  test('halts the account and cancels everything when order execution is silent while orders are open', async () => {
    const world = await RiskWorld.started({ heartbeatMsMaximum: 5_000 });
    const intent = await world.place('BUY', limit('1', '100'));
    world.exchange.place(intent.clientOrderId);
    for (let i = 0; i < 10; i++) {
      await world.time.advance(1_000);
      await world.risk.heartbeat({ epoch: 1, openOrders: 1 });
    }
    expect(await isTrading(world)).toBe(true);
    await world.time.advance(7_500);
    expect((await world.ask('BUY', market('0.1'))).verdict).toMatchObject({
      refusal: { reason: 'trading_halted', scope: { kind: 'account' } },
    });
    expect(world.exchange.open).toEqual([]);
    const controls = await world.ledger.read({ afterSeq: 0, limit: 10, kinds: ['control'] });
    expect(controls).toMatchObject([{ action: 'dead_man', scope: { kind: 'account' }, by: 'risk-manager' }]);
  });

  test('leaves those alone who have nothing open', async () => {
    const world = await RiskWorld.started({ heartbeatMsMaximum: 5_000 });
    await world.time.advance(60_000);
    expect(await isTrading(world)).toBe(true);
  });
});

describe('breakers', () => {
  test('a day’s loss over its limit lets the account only reduce, and no new day takes that off', async () => {
    const limits = { account: { dailyLossMaximum: equity('100') } };
    const world = await RiskWorld.started({
      limits,
      haltFileEveryMs: 60_000,
      valueEveryMs: 60_000,
      ledgerCheckEveryMs: 60_000,
    });
    await world.trade('BUY', '5', '100');
    world.market.prices.set('BTCUSDT', price('79.99'));
    await world.time.advance(61_000);
    world.market.prices.set('BTCUSDT', price('200'));
    await world.time.advance(13 * 3_600_000);
    expect((await world.ask('BUY', market('0.1'))).reason).toBe('trading_only_reduces');
    expect((await world.ask('SELL', market('0.1'))).reason).toBe('approved');
    expect((await tripsInLedger(world))[0]).toMatchObject({
      scope: { kind: 'account' },
      cause: { kind: 'daily_loss', maximum: equity('100'), was: equity('100.05') },
    });
  });

  test('M15: one bad print that market data does not take for a price trips nothing', async () => {
    const world = await RiskWorld.started({ limits: { account: { dailyLossMaximum: equity('100') } } });
    await world.trade('BUY', '5', '100');
    world.market.prices.set('BTCUSDT', undefined);
    await world.time.advance(1_100);
    world.market.prices.set('BTCUSDT', price('100'));
    await world.time.advance(1_100);
    expect(await isTrading(world)).toBe(true);
  });

  test('a drawdown over its limit does the same, from the highest that equity ever was', async () => {
    const world = await RiskWorld.started({ limits: { account: { drawdownMaximum: ratio('0.1') } } });
    await world.trade('BUY', '5', '100');
    world.market.prices.set('BTCUSDT', price('200'));
    await world.time.advance(1_100);
    world.market.prices.set('BTCUSDT', price('149.9'));
    await world.time.advance(1_100);
    // The peak was 2500, a tenth of it 250, and 250.5 are lost.
    expect((await tripsInLedger(world))[0]).toMatchObject({
      cause: { kind: 'drawdown', was: equity('250.5') },
    });
  });

  test('round trips lost in a row let the strategy only reduce', async () => {
    const world = await RiskWorld.started({ limits: { strategy: { consecutiveLossesMaximum: 1 } } });
    for (let i = 0; i < 2; i++) {
      await world.trade('BUY', '1', '100');
      await world.trade('SELL', '1', '99');
    }
    expect((await world.ask('BUY', market('0.1'))).reason).toBe('trading_only_reduces');
    expect((await world.ask('BUY', market('0.1'), { strategy: 'beta' })).reason).toBe('approved');
  });
});

test('I8: what another instance has stopped stays stopped here, until a person resumes it there', async () => {
  const world = await RiskWorld.started();
  const scope = { kind: 'system' } as const;
  const trip: Trip = {
    scope,
    state: 'halted',
    cause: { kind: 'person', by: 'alice', why: 'enough' },
    atMs: world.time.nowMs(),
  };
  const write = async (action: 'halt' | 'resume', trips: readonly Trip[]): Promise<void> => {
    const id = `risk-another-${action}-through-0`;
    const head = { id, correlationId: id, atMs: world.time.nowMs(), service: 'risk-manager' } as const;
    const breakers = { trips, losses: new Map() };
    await world.ledger.commit([
      { ...head, kind: 'control', action, scope, by: 'alice', why: 'enough', breakers },
    ]);
    await world.time.advance(1_500);
  };
  await write('halt', [trip]);
  expect((await world.ask('BUY', market('1'))).reason).toBe('trading_halted');
  await world.restart();
  expect((await world.ask('BUY', market('1'))).reason).toBe('trading_halted');
  await write('resume', []);
  expect((await world.ask('BUY', market('1'))).reason).toBe('approved');
  await world.time.advance(5_000);
  await world.restart();
  expect((await world.ask('BUY', market('1'))).reason).toBe('approved');
});
