import { amount, formatAmount } from '@tradewind/core/money';
import { beforeEach, expect, test } from 'vitest';
import { ExecutionWorld } from './world.test-support.ts';

let on: ExecutionWorld;
const transfer = (asset: string, delta: string): void => {
  on.simulator.exchange.transfer(on.ours, asset, amount(asset, delta));
};
/** What happens between the end of one process and the first question of the next. */
async function whileNothingRan(...happenings: readonly (() => void)[]): Promise<void> {
  on.wire.unplug();
  for (const happen of happenings) {
    await on.time.advance(1_000);
    happen();
  }
  await on.time.advance(10_000);
  on.crash();
  await on.until('ready');
}
const moved = () =>
  on
    .events('balance')
    .filter(({ cause }) => cause === 'deposit' || cause === 'withdrawal')
    .map(({ cause, key, postings }) => {
      const { asset, amount: delta } = postings.find(({ account }) => account === 0)!;
      return `${cause} ${formatAmount(delta)} ${asset} as ${key}`;
    });

beforeEach(async () => {
  on = new ExecutionWorld();
  await on.begin();
});

test('B4, B5: what came and went while nothing ran is booked from the histories, under the id of the venue, once', async () => {
  await whileNothingRan(
    () => transfer('USDT', '500'),
    () => transfer('BTC', '-0.25'),
    () => transfer('USDT', '-100.5'),
  );
  expect(moved()).toEqual([
    'withdrawal -0.25 BTC as withdrawal W1-2',
    'deposit 500 USDT as deposit D1-1',
    'withdrawal -100.5 USDT as withdrawal W1-3',
  ]);
  expect((await on.service.state()).breaks).toEqual([]);
  on.crash();
  await on.until('ready');
  await on.time.advance(60_000);
  expect(moved()).toHaveLength(3);
  const { venue, ledger } = await on.balances();
  expect(ledger).toEqual(venue);
});

test('B4, B5: movements of several assets are found in one comparison', async () => {
  on.install({ faults: [{ fault: 'drop_event' }] });
  // Histories tell the time of a withdrawal in whole seconds: it is not to lie before the opening of the books.
  await on.time.advance(2_000);
  transfer('USDT', '500');
  transfer('BTC', '-0.25');
  transfer('BNB', '3');
  // What is booked for one difference is written while the history of the next is read.
  const { inner } = on.ledger;
  on.ledger.commit = async (...given) => {
    await new Promise<void>((written) => on.time.after(12, () => written()));
    return inner.commit(...given);
  };
  expect(await on.perform(on.service.reconcile())).toMatchObject({ kind: 'agreed' });
  expect(moved()).toHaveLength(3);
});

test('B4: what an event has told before is not what explains a difference of the same size', async () => {
  transfer('USDT', '500');
  await on.time.advance(1_000);
  await whileNothingRan(() => transfer('USDT', '500'));
  expect(moved().map((each) => each.replace(/ \d{13}$/, ' then'))).toEqual([
    'deposit 500 USDT as deposit USDT 500 then',
    'deposit 500 USDT as deposit D1-2',
  ]);
});

test('U1, B4: of two of the same size the one that no event has told is found', async () => {
  on.install({ faults: [{ fault: 'drop_event', where: { event: 'balanceUpdate' }, when: { nth: 1 } }] });
  transfer('USDT', '500');
  await on.time.advance(1_000);
  transfer('USDT', '500');
  await on.time.advance(40_000);
  expect(moved().map((each) => each.replace(/ \d{13}$/, ' then'))).toEqual([
    'deposit 500 USDT as deposit USDT 500 then',
    'deposit 500 USDT as deposit D1-1',
  ]);
});

test('I5: a difference that the histories explain only in part stays a break, and nothing is booked', async () => {
  on.install({
    faults: [
      {
        fault: 'edit_answer',
        where: { endpoint: 'GET /sapi/v1/capital/deposit/hisrec' },
        // Pending: the exchange says that it has not moved the balance yet.
        set: { '0.status': 0 },
      },
    ],
  });
  await whileNothingRan(
    () => transfer('USDT', '500'),
    () => transfer('USDT', '7'),
  );
  expect((await on.service.state()).breaks).toMatchObject([{ name: 'asset USDT' }]);
  expect(moved()).toEqual([]);
});

test('I5: a venue that tells no histories, like a testnet, leaves a break for a person', async () => {
  on.tellsNoHistory();
  await whileNothingRan(() => transfer('BTC', '0.5'));
  expect((await on.service.state()).breaks).toMatchObject([{ name: 'asset BTC' }]);
  expect(moved()).toEqual([]);
});

test('B4: an event that comes after its history was read is the same movement', async () => {
  on.install({ faults: [{ fault: 'delay_event', ms: 20_000, when: { nth: 1 } }] });
  transfer('USDT', '500');
  await on.time.advance(3_000);
  const compared = on.service.reconcile();
  await on.time.advance(10_000);
  expect(await compared).toMatchObject({ kind: 'agreed' });
  await on.time.advance(30_000);
  expect(moved()).toEqual(['deposit 500 USDT as deposit D1-1']);
  expect(await on.perform(on.service.reconcile())).toMatchObject({ kind: 'agreed' });
});

test('B4, R6: a history that could not be read is asked again soon, then more and more seldom', async () => {
  on.tellsNoHistory();
  await whileNothingRan(() => transfer('USDT', '500'));
  expect((await on.service.state()).breaks).toMatchObject([{ name: 'asset USDT' }]);
  let asked = 0;
  const { wire } = on;
  const send = wire.send.bind(wire);
  wire.send = (request) => {
    if (request.url.includes('/deposit/hisrec')) asked += 1;
    return send(request);
  };
  // Compared every half a minute: about 0.5, 1, 2, 4, 8 and 16 minutes after the first, and then each ten.
  await on.time.advance(3_600_000);
  expect(asked).toBeGreaterThan(7);
  expect(asked).toBeLessThan(13);
  on.install({ faults: [] });
  await on.time.advance(630_000);
  expect(moved()).toEqual(['deposit 500 USDT as deposit D1-1']);
  expect((await on.service.state()).breaks).toEqual([]);
});

test('B4: a deposit whose history could not be read once is booked within a minute', async () => {
  on.install({
    faults: [
      { fault: 'drop_event' },
      {
        fault: 'fail_request',
        where: { endpoint: 'GET /sapi/v1/capital/deposit/hisrec' },
        error: 'gone_html',
        when: { nth: 1 },
      },
    ],
  });
  await on.time.advance(2_000);
  transfer('USDT', '500');
  expect(await on.perform(on.service.reconcile())).toMatchObject({ kind: 'breaks' });
  await on.time.advance(60_000);
  expect(moved()).toEqual(['deposit 500 USDT as deposit D1-1']);
  expect((await on.service.state()).breaks).toEqual([]);
});
