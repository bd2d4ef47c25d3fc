import { amount, formatAmount, price, quantity, zero } from '@tradewind/core/money';
import { Account } from '@tradewind/core/portfolio';
import type { LedgerState } from '@tradewind/proto';
import { expect, test } from 'vitest';
import { strategyMoney } from './books.ts';

const DAY_MS = 86_400_000;
const balance = (subAccount: string, account: number, asset: string, text: string) => ({
  subAccount,
  account,
  asset,
  amount: amount(asset, text),
});
const LEDGER = {
  balances: [
    balance('ema', Account.free, 'USDT', '900'),
    balance('ema', Account.locked, 'USDT', '50'),
    balance('ema', Account.free, 'BTC', '0.001'),
    balance('other', Account.free, 'USDT', '7'),
  ],
  positions: [
    {
      strategy: 'ema',
      symbol: 'BTCUSDT',
      quantity: quantity('0.001'),
      cost: amount('USDT', '48'),
      realizedPnl: zero(),
    },
  ],
  profits: [
    { dayMs: 10 * DAY_MS, strategy: 'ema', quoteAsset: 'USDT', realizedPnl: amount('USDT', '-1.5') },
    { dayMs: 9 * DAY_MS, strategy: 'ema', quoteAsset: 'USDT', realizedPnl: amount('USDT', '99') },
    { dayMs: 10 * DAY_MS, strategy: 'other', quoteAsset: 'USDT', realizedPnl: amount('USDT', '5') },
  ],
} as unknown as LedgerState;
const EMA = { strategy: 'ema', asset: 'USDT', nowMs: 10.5 * DAY_MS };

test("a strategy's money is what it has free and locked, its coins at the mark, and today's profit alone", () => {
  const { equity, realizedToday, unrealized } = strategyMoney(LEDGER, EMA, () => price('50000'));
  // 900 + 50 + 0.001 * 50000; the position cost 48 and is worth 50.
  expect([equity!, realizedToday, unrealized!].map(formatAmount)).toEqual(['1000', '-1.5', '2']);
});

test('without a mark for what it holds, what a strategy is worth is not known', () => {
  const { equity, realizedToday, unrealized } = strategyMoney(LEDGER, EMA, () => undefined);
  expect([equity, unrealized]).toEqual([undefined, undefined]);
  expect(formatAmount(realizedToday)).toBe('-1.5');
});
