import { amount } from '@tradewind/core/money';
import { describe, expect, test } from 'vitest';
import { depositHistory, withdrawalHistory } from './capital.ts';

const row = { id: 'a', coin: 'USDT', amount: '8.91000000', status: 6 };
const deposited = (change: object) =>
  depositHistory().read([{ ...row, insertTime: 1661493146000, ...change }]);
const withdrawn = (change: object) =>
  withdrawalHistory().read([
    { ...row, transactionFee: '0.004', applyTime: '2019-10-12 11:12:02', ...change },
  ]);

test('asks the wallet, for one asset, from a time on', () => {
  const { path, parameters, security, socketMethod } = depositHistory({ asset: 'BTC', startTimeMs: 5 });
  expect({ path, parameters, security, socketMethod }).toEqual({
    path: '/sapi/v1/capital/deposit/hisrec',
    parameters: [
      ['coin', 'BTC'],
      ['startTime', 5],
    ],
    security: 'signed',
    socketMethod: undefined,
  });
  expect(withdrawalHistory().path).toBe('/sapi/v1/capital/withdraw/history');
});

describe('a withdrawal', () => {
  test('takes its fee besides its amount, and its time is in UTC', () => {
    expect(withdrawn({})).toEqual({
      ok: true,
      value: [
        {
          kind: 'withdrawal',
          id: 'a',
          asset: 'USDT',
          delta: amount('USDT', '-8.914'),
          timeMs: Date.UTC(2019, 9, 12, 11, 12, 2),
          hasMoved: true,
        },
      ],
    });
  });

  // 0: e-mail sent, 2: awaiting approval, 3: rejected, 4: processing, 6: completed; 1 and 5 are canceled and failed.
  test.each([
    [0, true],
    [1, false],
    [2, true],
    [3, false],
    [4, true],
    [5, false],
    [6, true],
  ])('of status %i has moved the balance: %s', (status, hasMoved) => {
    expect(withdrawn({ status })).toMatchObject({ value: [{ hasMoved }] });
  });

  test('whose time cannot be read is not read at all', () => {
    expect(withdrawn({ applyTime: 'yesterday' }).ok).toBe(false);
  });
});

describe('a deposit', () => {
  // 0: pending, 1: success, 6: credited but cannot withdraw, 7: wrong, 8: waits for the person.
  test.each([
    [0, false],
    [1, true],
    [6, true],
    [7, false],
    [8, false],
  ])('of status %i has moved the balance: %s', (status, hasMoved) => {
    expect(deposited({ status })).toMatchObject({ value: [{ hasMoved, delta: amount('USDT', '8.91') }] });
  });

  test('into the funding wallet has not moved what trading sees', () => {
    expect(deposited({ status: 1, walletType: 1 })).toMatchObject({ value: [{ hasMoved: false }] });
  });
});
