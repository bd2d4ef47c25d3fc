import type { Caller, Outcome } from '@tradewind/binance';
import { expect, test } from 'vitest';
import { checkKey } from './check-key.ts';

const SAFE = {
  isIpRestricted: true,
  mayRead: true,
  mayTradeSpot: true,
  mayWithdraw: false,
  mayTransferInternally: false,
  mayTransferUniversally: false,
  mayTradeMargin: false,
};

/** An exchange that answers the two questions in their order, and nothing else. */
function exchange(account: object, restrictions: object | Outcome<never>): Caller {
  const answers: object[] = [account, restrictions];
  return {
    perform: async () => {
      const answer = answers.shift()!;
      return ('kind' in answer ? answer : { kind: 'done', value: answer }) as Outcome<never>;
    },
  };
}
const account = { uid: 7, canTrade: true };
const live = { account: 7, isLive: true };

test('a key of the account that is meant, which may read and trade from one address, is taken', async () => {
  expect(await checkKey(exchange(account, SAFE), live)).toEqual({ ok: true, value: [] });
});

test('a key that may trade more than it must is taken with a word to the person', async () => {
  const checked = await checkKey(exchange(account, { ...SAFE, mayTradeMargin: true }), live);
  expect(checked).toEqual({ ok: true, value: ['the key may also trade margin'] });
});

test.each([
  [
    'G2: of another account',
    { uid: 8, canTrade: true },
    SAFE,
    'the key is of account 8, and exchange.key.account says 7',
  ],
  [
    'G2: of an account that the exchange does not number',
    { canTrade: true },
    SAFE,
    'the key is of account unknown',
  ],
  ['of an account that may not trade', { uid: 7, canTrade: false }, SAFE, 'account 7 may not trade'],
  ['G3: that may withdraw', account, { ...SAFE, mayWithdraw: true }, 'the key may withdraw'],
  [
    'G3: of which nobody says whether it may withdraw',
    account,
    { ...SAFE, mayWithdraw: undefined },
    'the key may withdraw',
  ],
  ['G3: that may transfer', account, { ...SAFE, mayTransferUniversally: true }, 'the key may transfer'],
  [
    'G3: that works from everywhere',
    account,
    { ...SAFE, isIpRestricted: false },
    'the key works from every address',
  ],
  ['that may not trade', account, { ...SAFE, mayTradeSpot: false }, 'the key may not trade on spot'],
  [
    'G3: whose rights the exchange does not tell',
    account,
    { kind: 'unknown', cause: { reason: 'timed_out' } },
    'the exchange does not tell what the key may do: no answer in time',
  ],
  [
    'G4: that was revoked',
    {
      kind: 'failed',
      failure: { reason: 'refused', code: -2015, message: 'Invalid API-key', status: 401, retry: 'never' },
    },
    SAFE,
    'the exchange does not tell of the account: refused with code -2015: Invalid API-key',
  ],
])('a key %s does not start', async (_title, ofAccount, ofKey, sentence) => {
  const checked = await checkKey(exchange(ofAccount, ofKey as object), live);
  expect(checked.ok ? '' : checked.error).toContain(sentence);
});

test('where orders are not real, the rights of the key are not asked: the testnet does not tell them', async () => {
  const nobody = exchange(account, { kind: 'unknown', cause: { reason: 'timed_out' } });
  expect(await checkKey(nobody, { account: 7, isLive: false })).toEqual({ ok: true, value: [] });
});
