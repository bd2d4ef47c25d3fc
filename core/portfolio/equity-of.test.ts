import { expect, test } from 'vitest';
import { price, quoteAmount, Tally } from '../money/index.ts';
import { equityOf, Portfolio } from './index.ts';
import { BNBUSDT, BTCUSDT, of } from './portfolio.test-support.ts';

const ETHBTC = { symbol: 'ETHBTC', baseAsset: 'ETH', quoteAsset: 'BTC' };

const bitcoin = { instrument: BTCUSDT, lastPrice: price('60000.01') };
const unpricedCoin = { instrument: BNBUSDT, lastPrice: undefined };

function portfolioOf(owned: Readonly<Record<string, string>>): Portfolio {
  const portfolio = new Portfolio();
  for (const [asset, text] of Object.entries(owned)) portfolio.deposit(asset, of(text));
  return portfolio;
}

test('equity is cash and each base at its last price, each rounded down', () => {
  const portfolio = portfolioOf({ USDT: '100', BTC: '0.50000001', BNB: '0.00000003' });
  const coin = { instrument: BNBUSDT, lastPrice: price('0.5') };
  // 0.50000001 x 60000.01 = 30000.0056000001; 0.00000003 x 0.5 = 0.000000015
  expect(equityOf(portfolio, 'USDT', [bitcoin, coin])).toBe(quoteAmount('30100.00560001'));
});

test('what orders hold back is owned all the same', () => {
  const portfolio = portfolioOf({ USDT: '100', BTC: '1' });
  portfolio.lock(portfolio.asset('USDT'), Tally.of(of('40')));
  portfolio.lock(portfolio.asset('BTC'), Tally.of(of('0.4')));
  expect(equityOf(portfolio, 'USDT', [bitcoin])).toBe(quoteAmount('60100.01'));
});

test('without markets it is the cash', () => {
  expect(equityOf(portfolioOf({ USDT: '7', BTC: '1' }), 'USDT', [])).toBe(quoteAmount('7'));
});

test('it is not known while something is owned that has no price', () => {
  expect(
    equityOf(portfolioOf({ USDT: '7', BNB: '0.00000001' }), 'USDT', [bitcoin, unpricedCoin]),
  ).toBeUndefined();
  expect(equityOf(portfolioOf({ USDT: '7' }), 'USDT', [bitcoin, unpricedCoin])).toBe(quoteAmount('7'));
});

test('a market that is priced in another asset has no part in it', () => {
  const portfolio = portfolioOf({ USDT: '7', ETH: '2' });
  const other = { instrument: ETHBTC, lastPrice: price('0.05') };
  expect(equityOf(portfolio, 'USDT', [other, { ...other, lastPrice: undefined }])).toBe(quoteAmount('7'));
});
