import { type Amount, amount, formatAmount, Tally } from '../money/index.ts';
import { ACCOUNT_NAMES, Account, type AssetBook, type Portfolio } from './index.ts';

export const BTCUSDT = { symbol: 'BTCUSDT', baseAsset: 'BTC', quoteAsset: 'USDT' };
export const BNBUSDT = { symbol: 'BNBUSDT', baseAsset: 'BNB', quoteAsset: 'USDT' };

/** An amount of whatever asset the test says. */
export const of = (text: string): Amount => amount('any', text);
export const tally = (text: string): Tally => Tally.of(of(text));
export const textOf = (value: Tally): string => formatAmount(value.toAmount());

/** The accounts of an asset that are not empty, as texts. */
export function balancesOf(book: AssetBook): Record<string, string> {
  const balances: Record<string, string> = {};
  for (const name of ACCOUNT_NAMES) {
    const balance = book.balance(Account[name]);
    if (!balance.isZero) balances[name] = textOf(balance);
  }
  return balances;
}

/** All accounts of all assets that are not empty. */
export function booksOf(portfolio: Portfolio): Record<string, Record<string, string>> {
  return Object.fromEntries([...portfolio.assets()].map((book) => [book.asset, balancesOf(book)]));
}
