import { amount, formatAmount } from '@tradewind/core/money';
import { beforeEach, expect, test } from 'vitest';
import { ExecutionWorld } from './world.test-support.ts';

const DAY_MS = 86_400_000;

let on: ExecutionWorld;
const lose = (size: string): void => {
  on.simulator.exchange.transfer(on.ours, 'USDT', amount('USDT', `-${size}`));
};
const withdrawals = () =>
  on
    .events('balance')
    .filter(({ cause }) => cause === 'withdrawal')
    .map(({ postings }) => formatAmount(postings.find(({ account }) => account === 0)!.amount));
/** The newest withdrawal is one that the exchange has refused: what is missing has gone another way. */
const newestIsRefused = (): void =>
  on.install({
    faults: [
      {
        fault: 'edit_answer',
        where: { endpoint: 'GET /sapi/v1/capital/withdraw/history' },
        set: { '0.status': 3 },
      },
    ],
  });
/** The system stands still for some days, runs for a moment, and then the same is missing once more. */
async function daysLaterAgain(days: number): Promise<void> {
  await stop();
  await on.time.advance(days * DAY_MS);
  on.crash();
  await on.until('ready');
  await stop();
  lose('500');
  newestIsRefused();
  await on.time.advance(10_000);
  on.crash();
  await on.until('ready');
}
async function stop(): Promise<void> {
  await on.perform(on.service.stop());
  on.wire.unplug();
}

/** A deposit of 500 USDT that nobody has told of. */
async function breakWithoutHistory(): Promise<void> {
  on.tellsNoHistory();
  await stop();
  on.simulator.exchange.transfer(on.ours, 'USDT', amount('USDT', '500'));
  await on.time.advance(1_000);
  on.crash();
  await on.until('ready');
  expect((await on.service.state()).breaks).toMatchObject([{ name: 'asset USDT' }]);
}
const explain = () =>
  on.perform(
    on.service.resolveBreak({ name: 'asset USDT', by: 'ann', why: 'my deposit', correlationId: 'c' }),
  );

beforeEach(async () => {
  on = new ExecutionWorld();
  await on.begin();
});

test('B5: a withdrawal that an event has told longer ago than keys are remembered explains nothing any more', async () => {
  lose('500');
  await on.time.advance(1_000);
  expect(withdrawals()).toEqual(['-500']);
  await daysLaterAgain(8);
  expect((await on.service.state()).breaks).toMatchObject([{ name: 'asset USDT' }]);
  expect(withdrawals()).toEqual(['-500']);
});

test('B5, X5: one that was booked from the history so long ago neither explains it nor ends every session', async () => {
  await stop();
  await on.time.advance(10_000);
  lose('500');
  on.crash();
  await on.until('ready');
  expect(withdrawals()).toEqual(['-500']);
  await daysLaterAgain(8);
  expect((await on.service.state()).breaks).toMatchObject([{ name: 'asset USDT' }]);
  expect(withdrawals()).toEqual(['-500']);
});

test('B5: a withdrawal from before the books were opened explains nothing', async () => {
  on = new ExecutionWorld();
  lose('500');
  await on.time.advance(10_000);
  await on.begin();
  await stop();
  lose('500');
  newestIsRefused();
  await on.time.advance(10_000);
  on.crash();
  await on.until('ready');
  expect((await on.service.state()).breaks).toMatchObject([{ name: 'asset USDT' }]);
  expect(withdrawals()).toEqual([]);
});

test('B4: a deposit that was entered long before it was credited is booked once, though its event comes late', async () => {
  on.install({
    faults: [
      { fault: 'delay_event', ms: 20_000, when: { nth: 1 } },
      {
        fault: 'edit_answer',
        where: { endpoint: 'GET /sapi/v1/capital/deposit/hisrec' },
        set: { '0.insertTime': on.time.nowMs() - 3_600_000 },
      },
    ],
  });
  on.simulator.exchange.transfer(on.ours, 'USDT', amount('USDT', '500'));
  await on.time.advance(3_000);
  expect(await on.perform(on.service.reconcile())).toMatchObject({ kind: 'agreed' });
  await on.time.advance(60_000);
  expect(on.events('balance').filter(({ cause }) => cause === 'deposit')).toHaveLength(1);
  expect(await on.perform(on.service.reconcile())).toMatchObject({ kind: 'agreed' });
});

test('B4: an event that comes while the history is read is booked once', async () => {
  on.install({
    faults: [
      { fault: 'delay_event', ms: 5_000, when: { nth: 1 } },
      {
        fault: 'delay_answer',
        ms: 6_000,
        where: { endpoint: 'GET /sapi/v1/capital/deposit/hisrec' },
      },
      {
        fault: 'edit_answer',
        where: { endpoint: 'GET /sapi/v1/capital/deposit/hisrec' },
        set: { '0.insertTime': on.time.nowMs() - 3_600_000 },
      },
    ],
  });
  on.simulator.exchange.transfer(on.ours, 'USDT', amount('USDT', '500'));
  await on.perform(on.service.reconcile());
  await on.time.advance(60_000);
  expect(on.events('balance').filter(({ cause }) => cause === 'deposit')).toHaveLength(1);
  expect(await on.perform(on.service.reconcile())).toMatchObject({ kind: 'agreed' });
});

test('B4: a deposit that a history has just explained is not booked once more by the command that explains its break', async () => {
  await breakWithoutHistory();
  on.install({ faults: [] });
  const deposits = () => on.events('balance').filter(({ cause }) => cause === 'deposit');
  await on.time.advance(560_000);
  while (deposits().length === 0) await on.time.advance(1);
  expect(await explain()).toMatchObject({ kind: 'refused' });
  await on.time.advance(60_000);
  const { venue, ledger } = await on.balances();
  expect(ledger).toEqual(venue);
  expect((await on.service.state()).breaks).toEqual([]);
});

test.each([
  ['at once', async () => undefined],
  [
    'after a restart, too',
    async () => {
      on.crash();
      await on.until('ready');
    },
  ],
])(
  'B4, I5: a deposit that a person has explained before its history could be read explains no other difference, %s',
  async (_when, meanwhile) => {
    await breakWithoutHistory();
    expect(await explain()).toMatchObject({ kind: 'done' });
    on.install({
      faults: [
        { fault: 'drop_event' },
        {
          fault: 'edit_answer',
          where: { endpoint: 'GET /sapi/v1/capital/deposit/hisrec' },
          // The newest has not been credited, the exchange says: what is there has come another way.
          set: { '0.status': 0 },
        },
      ],
    });
    await on.time.advance(2_000);
    await meanwhile();
    on.simulator.exchange.transfer(on.ours, 'USDT', amount('USDT', '500'));
    await on.time.advance(60_000);
    expect((await on.service.state()).breaks).toMatchObject([{ name: 'asset USDT' }]);
    expect(on.events('balance').filter(({ cause }) => cause === 'deposit')).toEqual([]);
  },
);

test('B4: an event that comes after a person has explained its difference is the same movement', async () => {
  on.install({
    faults: [
      { fault: 'delay_event', ms: 120_000, when: { nth: 1 } },
      {
        fault: 'fail_request',
        where: { endpoint: 'GET /sapi/v1/capital/deposit/hisrec' },
        error: 'gone_html',
      },
    ],
  });
  on.simulator.exchange.transfer(on.ours, 'USDT', amount('USDT', '500'));
  await on.time.advance(60_000);
  expect(await explain()).toMatchObject({ kind: 'done' });
  await on.time.advance(120_000);
  expect(on.events('balance').filter(({ cause }) => cause === 'deposit')).toEqual([]);
  const { venue, ledger } = await on.balances();
  expect(ledger).toEqual(venue);
  on.simulator.exchange.transfer(on.ours, 'USDT', amount('USDT', '7'));
  await on.time.advance(1_000);
  expect(on.events('balance').filter(({ cause }) => cause === 'deposit')).toHaveLength(1);
});

test('B4: an event that comes while the command that explains its difference waits for a commit is booked once', async () => {
  const hisrec = 'GET /sapi/v1/capital/deposit/hisrec';
  on.install({
    faults: [
      { fault: 'delay_event', ms: 60_000, when: { nth: 1 } },
      { fault: 'fail_request', where: { endpoint: hisrec }, error: 'gone_html' },
    ],
  });
  on.simulator.exchange.transfer(on.ours, 'USDT', amount('USDT', '500'));
  await on.time.advance(59_000);
  expect((await on.service.state()).breaks).toMatchObject([{ name: 'asset USDT' }]);
  const { inner } = on.ledger;
  on.ledger.commit = async (...given) => {
    await new Promise<void>((written) => on.time.after(1_500, () => written()));
    return inner.commit(...given);
  };
  on.simulator.exchange.transfer(on.ours, 'BNB', amount('BNB', '3'));
  await on.time.advance(200);
  expect(await explain()).toMatchObject({ kind: 'done' });
  await on.time.advance(60_000);
  expect(on.events('balance').filter(({ key }) => key?.startsWith('deposit USDT') === true)).toEqual([]);
  const { venue, ledger } = await on.balances();
  expect(ledger).toEqual(venue);
});
