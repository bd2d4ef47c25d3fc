import { amount, price, ratio } from '@tradewind/core/money';
import type { EventBody, TradingEvent } from '@tradewind/proto';
import { expect, test } from 'vitest';
import { equity, RiskWorld } from './risk-world.test-support.ts';

const SELDOM = { valueEveryMs: 60_000, haltFileEveryMs: 60_000, ledgerCheckEveryMs: 60_000 };

test.each([
  { who: 'this instance', isAnother: false },
  { who: 'another instance', isAnother: true },
])('what went while it had no price here is no drawdown when $who values it', async ({ isAnother }) => {
  const limits = { account: { drawdownMaximum: ratio('0.1') } };
  const world = await RiskWorld.started({ ...SELDOM, limits });
  await world.deposit('alpha', 'BNB', '2');
  await world.time.advance(61_000);
  expect(await world.risk.state()).toMatchObject({ equity: equity('2600'), peakEquity: equity('2600') });
  const last = { afterSeq: 0, limit: 1, kinds: ['valuation'], isReversed: true } as const;
  const [ours] = await world.ledger.read(last);
  world.market.prices.set('BNBUSDT', undefined);
  await world.time.advance(61_000);
  const { books } = world;
  const postings = books.book(() => books.subAccount('alpha').withdraw('BNB', amount('BNB', '2')));
  const withdrawal: EventBody = { kind: 'balance', cause: 'withdrawal', postings, detail: '' };
  await world.commit(withdrawal);
  if (isAnother) {
    const worth = { equity: equity('2000'), dayStartEquity: equity('2000'), peakEquity: equity('2000') };
    const id = `risk-other-1-through-${await world.ledger.lastSeq()}`;
    await world.ledger.commit([{ ...ours!, ...worth, id } as TradingEvent]);
  }
  await world.time.advance(61_000);
  world.market.prices.set('BNBUSDT', price('300'));
  await world.time.advance(122_000);
  const state = await world.risk.state();
  expect(state).toMatchObject({ equity: equity('2000'), peakEquity: equity('2000') });
  expect(state.breakers.trips).toEqual([]);
});
