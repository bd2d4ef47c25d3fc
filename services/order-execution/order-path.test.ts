import { formatAmount, quantity } from '@tradewind/core/money';
import { describe, expect, test } from 'vitest';
import { ExecutionWorld, market, type WorldOptions } from './world.test-support.ts';

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
    const kinds = on.published.map(({ kind }) => kind).filter((kind) => kind !== 'balance');
    expect(kinds.slice(0, 3)).toEqual(['signal', 'verdict', 'intent']);
    expect(on.events('fill').map(({ fill }) => formatAmount(fill.quantity))).toEqual(['0.1']);
    expect(on.events('fill')[0]?.position.quantity).toEqual(quantity('0.0999'));
    const { venue, ledger } = await on.balances();
    expect(ledger).toEqual(venue);
  });
});
