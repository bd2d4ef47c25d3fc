import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { price } from '@tradewind/core/money';
import { AccountBooks } from '@tradewind/core/portfolio';
import { InvariantViolation } from '@tradewind/core/result';
import { describe, expect, test, vi } from 'vitest';
import { limit, market } from '../../core/orders/terms.test-support.ts';
import { haltFileAt } from './halt-file.ts';
import { equity, RiskWorld, reasonOf } from './risk-world.test-support.ts';

const LIMITED = { limits: { account: { exposureMaximum: equity('300') } } };

describe('following the journal', () => {
  test('a hole is filled from the ledger before the next verdict is given', async () => {
    const world = await RiskWorld.started(LIMITED);
    world.tells = false;
    const { intent } = await world.ask('BUY', market('2'));
    await world.write(intent);
    await world.fill(intent, '2', '100');
    world.tells = true;
    await world.commit({ kind: 'leader', epoch: 1, holder: 'test' });
    expect((await world.ask('BUY', market('1.01'))).reason).toBe('exposure_over_limit');
    expect((await world.risk.state()).seq).toBe(await world.ledger.lastSeq());
  });

  test('what nobody tells is found by asking the ledger', async () => {
    const world = await RiskWorld.started(LIMITED);
    world.tells = false;
    await world.deposit('alpha', 'BTC', '2');
    await world.time.advance(1_100);
    expect((await world.ask('BUY', market('1.01'))).reason).toBe('exposure_over_limit');
  });

  test('I7: while a hole cannot be filled no new risk is taken, what reduces goes out, and it heals by itself', async () => {
    const world = await RiskWorld.started();
    await world.trade('BUY', '2', '100');
    world.tells = false;
    await world.deposit('alpha', 'USDT', '1');
    world.tells = true;
    const leader = world.commit({ kind: 'leader', epoch: 1, holder: 'test' });
    world.ledger.isDown = true;
    await leader;
    const buying = world.risk.validate(world.intent('BUY', market('1')), 'test');
    const selling = world.risk.validate(world.intent('SELL', market('1')), 'test');
    await world.time.advance(600);
    expect(await buying).toMatchObject({ refusal: { reason: 'not_ready', state: 'catching_up' } });
    expect(reasonOf(await selling)).toBe('approved');
    expect((await world.risk.state()).state).toBe('catching_up');
    world.ledger.isDown = false;
    await world.time.advance(6_000);
    expect((await world.ask('BUY', market('1'))).reason).toBe('approved');
  });

  test('P11, I7: when the ledger has lost what was heard of it no new risk is taken until the next start, and what reduces goes out', async () => {
    const world = await RiskWorld.started();
    await world.trade('BUY', '2', '100');
    const seq = await world.ledger.lastSeq();
    const read = world.ledger.read.bind(world.ledger);
    world.ledger.read = async (query) =>
      (await read(query)).map((event) => (event.seq < seq ? event : { ...event, id: 'another' }));
    await world.time.advance(1_100);
    const buying = await world.ask('BUY', market('1'));
    expect(buying.verdict).toMatchObject({ refusal: { reason: 'not_ready', state: 'not_ready' } });
    expect((await world.ask('SELL', market('1'))).reason).toBe('approved');
    expect((await world.risk.state()).detail).toContain(
      'stop everything, look at the ledger, and start again',
    );
    const recorded = (await world.dayStartsSince(0)).length;
    await world.time.advance(180_000);
    expect(await world.dayStartsSince(0)).toHaveLength(recorded);
    await world.restart();
    expect((await world.ask('BUY', market('1'))).reason).toBe('approved');
  });

  test('I7: after an event that cannot be taken in no new risk is taken, nothing after it is booked, and what reduces goes out', async () => {
    const world = await RiskWorld.started();
    await world.trade('BUY', '2', '100');
    const seq = await world.ledger.lastSeq();
    const apply = vi.spyOn(AccountBooks.prototype, 'apply').mockImplementationOnce(() => {
      throw new InvariantViolation('a mistake of our own');
    });
    await world.deposit('alpha', 'USDT', '1');
    apply.mockRestore();
    await world.deposit('alpha', 'USDT', '1');
    const buying = await world.ask('BUY', market('1'));
    expect(buying.verdict).toMatchObject({ refusal: { reason: 'not_ready', state: 'not_ready' } });
    expect((await world.ask('SELL', market('1'))).reason).toBe('approved');
    expect(await world.risk.state()).toMatchObject({
      seq,
      detail: expect.stringContaining(`event ${seq + 1} of the ledger could not be taken in`),
    });
  });

  test('U4: events told twice and out of order count once', async () => {
    const world = await RiskWorld.started(LIMITED);
    await world.trade('BUY', '1', '100');
    const events = await world.ledger.read({ afterSeq: 0, limit: 100 });
    await world.risk.record(events);
    await world.risk.record(events.toReversed());
    const { equity: now, uses } = await world.risk.state();
    expect(now).toBe(equity('2000'));
    expect(uses.find(({ name }) => name === 'account exposure')?.was).toBe('100');
  });

  test('an intent that this run has not approved is counted in full', async () => {
    const world = await RiskWorld.started(LIMITED);
    await world.write(world.intent('BUY', limit('2', '100')));
    expect((await world.ask('BUY', market('1.01'))).reason).toBe('exposure_over_limit');
  });

  test('what this service writes is published, and valued once a minute', async () => {
    const world = await RiskWorld.started();
    world.market.prices.set('BTCUSDT', price('101'));
    await world.time.advance(180_500);
    expect(world.published.map(({ kind }) => kind)).toEqual(Array(4).fill('valuation'));
    expect(world.published[3]).toMatchObject({
      service: 'risk-manager',
      equity: equity('2000'),
      prices: [
        { symbol: 'BTCUSDT', price: price('101'), ageMs: 0 },
        { symbol: 'ETHBTC', price: price('0.05'), ageMs: 0 },
        { symbol: 'BNBUSDT', price: price('300'), ageMs: 0 },
      ],
    });
  });

  test('P4: a valuation that a ledger could not take is made anew when it can, once', async () => {
    const world = await RiskWorld.started({ recordValueEveryMs: 60_000, haltFileEveryMs: 60_000 });
    const before = await world.dayStartsSince(0);
    world.ledger.isDown = true;
    await world.time.advance(1_100_000);
    world.ledger.isDown = false;
    await world.time.advance(10_000);
    expect(await world.dayStartsSince(0)).toHaveLength(before.length + 1);
  });

  test('P4: of more alerts than may wait for a ledger the oldest are given up, and what is stopped is kept', async () => {
    const world = await RiskWorld.started({ haltFileEveryMs: 60_000 });
    world.ledger.isDown = true;
    for (let i = 0; i < 700; i++) {
      const scope = { kind: 'strategy', name: `strategy-${i}` } as const;
      const halted = world.risk.halt({
        scope,
        state: 'halted',
        by: 'ann',
        why: 'test',
        cancelsOrders: false,
      });
      await world.time.advance(1_000);
      await halted;
    }
    world.ledger.isDown = false;
    await world.time.advance(10_000);
    const query = { afterSeq: 0, limit: 10_000 } as const;
    expect(await world.ledger.read({ ...query, kinds: ['control'] })).toHaveLength(700);
    expect(await world.ledger.read({ ...query, kinds: ['alert'] })).toHaveLength(300);
  });
});

describe('a halt file on a disk', () => {
  const folder = mkdtempSync(join(tmpdir(), 'halt-file-'));

  test('is absent, then what was written last', async () => {
    const file = haltFileAt(join(folder, 'halt.json'));
    expect(await file.read()).toEqual({ kind: 'absent' });
    expect(await file.write('one')).toBeUndefined();
    expect(await file.write('two')).toBeUndefined();
    expect(await file.read()).toEqual({ kind: 'text', text: 'two' });
  });

  test('says what is wrong with its place', async () => {
    writeFileSync(join(folder, 'no-folder'), '');
    const file = haltFileAt(join(folder, 'no-folder', 'halt.json'));
    expect(await file.read()).toMatchObject({ kind: 'failed', detail: expect.stringContaining('ENOTDIR') });
    expect(await file.write('one')).toContain('ENOTDIR');
    rmSync(folder, { recursive: true });
  });
});
