import { expect, test } from 'vitest';
import { ACCOUNT_NAMES, Account, AssetBook, type PostingListener } from './index.ts';
import { balancesOf, of, tally, textOf } from './portfolio.test-support.ts';

test('every account has its own place and name', () => {
  expect(ACCOUNT_NAMES.map((name) => Account[name])).toEqual([0, 1, 2, 3, 4, 5]);
  expect(new AssetBook('BTC').asset).toBe('BTC');
});

test('money moves from one account to another and nowhere else', () => {
  const book = new AssetBook('USDT');
  book.move(Account.funding, Account.free, tally('100.5'));
  book.move(Account.free, Account.locked, tally('40.00000001'));
  expect(balancesOf(book)).toEqual({ funding: '-100.5', free: '60.49999999', locked: '40.00000001' });
});

test('the total is what is free and what is locked, and replaces what the target held', () => {
  const book = new AssetBook('USDT');
  book.move(Account.funding, Account.free, tally('100'));
  book.move(Account.free, Account.locked, tally('40'));
  book.move(Account.free, Account.fees, tally('1'));
  const total = tally('7');
  book.totalInto(total);
  expect(textOf(total)).toBe('99');
  expect(book.total()).toBe(of('99'));
});

test('a movement changes neither the amount nor, later, the balance it was read from', () => {
  const book = new AssetBook('USDT');
  const amount = tally('3');
  book.move(Account.funding, Account.free, amount);
  amount.setAmount(of('50'));
  expect(balancesOf(book)).toEqual({ funding: '-3', free: '3' });
});

test('a listener hears every movement after it is booked, and without one nothing fails', () => {
  const heard: string[] = [];
  const listener: PostingListener = {
    posted(asset, from, to, amount) {
      heard.push(
        `${asset} ${ACCOUNT_NAMES[from]} ${ACCOUNT_NAMES[to]} ${textOf(amount)} ${textOf(book.balance(to))}`,
      );
    },
  };
  const book = new AssetBook('BTC', listener);
  book.move(Account.funding, Account.free, tally('2'));
  book.move(Account.free, Account.dust, tally('0.5'));
  expect(heard).toEqual(['BTC funding free 2 2', 'BTC free dust 0.5 0.5']);
  const unheard = new AssetBook('BTC');
  unheard.move(Account.funding, Account.free, tally('2'));
  expect(balancesOf(unheard)).toEqual({ funding: '-2', free: '2' });
});
