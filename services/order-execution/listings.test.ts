import { price, quantity } from '@tradewind/core/money';
import { beforeEach, expect, test } from 'vitest';
import { limit } from '../../core/orders/terms.test-support.ts';
import { ExecutionWorld } from './world.test-support.ts';

let on: ExecutionWorld;
/** How the symbol stood when it was taken from the list. */
let rules: ReturnType<typeof on.instruments.get>;

/** Bought 0.1 BTC, wants as many for less, and traded by hand while nobody ran; the next start finds the symbol not listed. */
beforeEach(async () => {
  on = new ExecutionWorld();
  await on.begin();
  on.houseOrder('SELL', '60000', '0.5');
  await on.perform(on.submit('BUY', limit('0.1', '60000')));
  await on.perform(on.submit('BUY', limit('0.1', '50000')));
  await on.time.advance(1_000);
  rules = on.instruments.get('BTCUSDT');
  on.instruments.delete('BTCUSDT');
  on.tellsNoHistory();
  on.crash();
  on.simulator.exchange.placeByHand(on.ours, 'BTCUSDT', {
    side: 'BUY',
    type: 'LIMIT',
    timeInForce: 'GTC',
    price: price('60000'),
    quantity: quantity('0.2'),
  });
  await on.until('ready');
});

const listAgain = (): void => {
  on.instruments.set('BTCUSDT', rules!);
};

test('M11, I5: what was traded in a symbol that was not listed at a start is asked for when it is, and ends the break', async () => {
  expect((await on.service.state()).breaks).toMatchObject([{ name: 'asset BTC' }, { name: 'asset USDT' }]);
  await on.time.advance(120_000);
  expect((await on.service.state()).breaks).toHaveLength(2);
  listAgain();
  await on.time.advance(1_000);
  expect((await on.until('ready')).breaks).toEqual([]);
  expect(on.events('balance').filter(({ cause }) => cause === 'external_fill')).toHaveLength(1);
  const { venue, ledger } = await on.balances();
  expect(ledger).toEqual(venue);
});

test('M11: a fill in the moment at which a symbol is listed again is added to the position that was held before', async () => {
  listAgain();
  // Who has begun without the symbol still leads, and does not know what was held of it.
  on.houseOrder('SELL', '50000', '0.1');
  await on.time.advance(1_000);
  await on.until('ready');
  await on.time.advance(1_000);
  const { positions } = await on.ledger.inner.load();
  const held = positions.find(({ strategy }) => strategy === 'test');
  // Twice 0.1, each less its fee of a tenth of a percent.
  expect(held?.quantity).toBe(quantity('0.1998'));
  const { venue, ledger } = await on.balances();
  expect(ledger).toEqual(venue);
});
