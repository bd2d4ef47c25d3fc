import { describe, expect, test } from 'vitest';
import { type Price, price, type Quantity, quantity, Tally } from '../money/index.ts';
import type { Fill, Side } from '../orders/index.ts';
import { InvariantViolation } from '../result.ts';
import { Portfolio, type PostingListener } from './index.ts';
import { BNBUSDT, BTCUSDT, balancesOf, booksOf, of, tally, textOf } from './portfolio.test-support.ts';

const fillOf = (side: Side, size: Quantity, at: Price, feeAsset: string, fee: string): Fill => ({
  clientOrderId: 'order',
  strategy: 'test',
  symbol: 'any',
  side,
  quantity: size,
  price: at,
  fee: { asset: feeAsset, amount: of(fee) },
  liquidity: 'TAKER',
  tradeId: 1,
  timeMs: 0,
  tag: '',
});

const positionOf = (portfolio: Portfolio, instrument = BTCUSDT) => {
  const { quantity, cost, realized } = portfolio.market(instrument).position;
  return { quantity: textOf(quantity), cost: textOf(cost), realized: textOf(realized) };
};

describe('a fill that buys', () => {
  const bought = (feeAsset: string, fee: string, feeValue?: string) => {
    const portfolio = new Portfolio();
    portfolio.deposit('USDT', of('12000'));
    portfolio.deposit('BNB', of('1'));
    portfolio.lock(portfolio.asset('USDT'), tally('10000'));
    const fill = fillOf('BUY', quantity('0.5'), price('20000'), feeAsset, fee);
    portfolio.bookFill(fill, BTCUSDT, feeValue === undefined ? undefined : of(feeValue));
    return portfolio;
  };

  test('and pays its fee in base brings less of it, at the full cost', () => {
    const portfolio = bought('BTC', '0.0005');
    expect(booksOf(portfolio)).toEqual({
      USDT: { funding: '-12000', free: '2000', exchange: '10000' },
      BNB: { funding: '-1', free: '1' },
      BTC: { exchange: '-0.5', free: '0.4995', fees: '0.0005' },
    });
    expect(positionOf(portfolio)).toEqual({ quantity: '0.4995', cost: '10000', realized: '0' });
  });

  test('and pays its fee in quote costs more', () => {
    const portfolio = bought('USDT', '10');
    expect(booksOf(portfolio)).toEqual({
      USDT: { funding: '-12000', free: '1990', exchange: '10000', fees: '10' },
      BNB: { funding: '-1', free: '1' },
      BTC: { exchange: '-0.5', free: '0.5' },
    });
    expect(positionOf(portfolio)).toEqual({ quantity: '0.5', cost: '10010', realized: '0' });
  });

  test('and pays its fee in a third asset costs what that fee is worth', () => {
    const portfolio = bought('BNB', '0.025', '7.5');
    expect(booksOf(portfolio)).toEqual({
      USDT: { funding: '-12000', free: '2000', exchange: '10000' },
      BNB: { funding: '-1', free: '0.975', fees: '0.025' },
      BTC: { exchange: '-0.5', free: '0.5' },
    });
    expect(positionOf(portfolio)).toEqual({ quantity: '0.5', cost: '10007.5', realized: '0' });
  });

  test('a fee whose asset the quote is valued in needs no value, and one that is given is not looked at', () => {
    expect(positionOf(bought('USDT', '10', '999'))).toEqual(positionOf(bought('USDT', '10')));
    expect(positionOf(bought('BTC', '0.0005', '999'))).toEqual(positionOf(bought('BTC', '0.0005')));
  });
});

describe('a fill that sells', () => {
  const sold = (feeAsset: string, fee: string, feeValue?: string) => {
    const portfolio = new Portfolio();
    portfolio.deposit('USDT', of('10000'));
    portfolio.deposit('BNB', of('1'));
    portfolio.lock(portfolio.asset('USDT'), tally('10000'));
    portfolio.bookFill(fillOf('BUY', quantity('0.5'), price('20000'), 'USDT', '0'), BTCUSDT);
    portfolio.lock(portfolio.asset('BTC'), tally('0.2'));
    const fill = fillOf('SELL', quantity('0.2'), price('25000'), feeAsset, fee);
    portfolio.bookFill(fill, BTCUSDT, feeValue === undefined ? undefined : of(feeValue));
    return portfolio;
  };

  test('and pays its fee in quote brings less of it', () => {
    const portfolio = sold('USDT', '5');
    expect(booksOf(portfolio)).toEqual({
      USDT: { funding: '-10000', free: '4995', exchange: '5000', fees: '5' },
      BNB: { funding: '-1', free: '1' },
      BTC: { exchange: '-0.3', free: '0.3' },
    });
    // 4995 - 10000 x 0.2 / 0.5
    expect(positionOf(portfolio)).toEqual({ quantity: '0.3', cost: '6000', realized: '995' });
  });

  test('and pays its fee in base lets more of it go', () => {
    const portfolio = sold('BTC', '0.001');
    expect(balancesOf(portfolio.asset('BTC'))).toEqual({ exchange: '-0.3', free: '0.299', fees: '0.001' });
    expect(balancesOf(portfolio.asset('USDT'))).toEqual({
      funding: '-10000',
      free: '5000',
      exchange: '5000',
    });
    // 5000 - 10000 x 0.201 / 0.5
    expect(positionOf(portfolio)).toEqual({ quantity: '0.299', cost: '5980', realized: '980' });
  });

  test('and pays its fee in a third asset earns less by what that fee is worth', () => {
    const portfolio = sold('BNB', '0.0125', '3.75');
    expect(balancesOf(portfolio.asset('BNB'))).toEqual({ funding: '-1', free: '0.9875', fees: '0.0125' });
    expect(positionOf(portfolio)).toEqual({ quantity: '0.3', cost: '6000', realized: '996.25' });
  });
});

test('BNB that is bought and sold pays its fees in itself, as any base does', () => {
  const portfolio = new Portfolio();
  portfolio.deposit('USDT', of('3000'));
  portfolio.lock(portfolio.asset('USDT'), tally('3000'));
  portfolio.bookFill(fillOf('BUY', quantity('10'), price('300'), 'BNB', '0.0075'), BNBUSDT);
  expect(balancesOf(portfolio.asset('BNB'))).toEqual({ exchange: '-10', free: '9.9925', fees: '0.0075' });
  expect(positionOf(portfolio, BNBUSDT)).toEqual({ quantity: '9.9925', cost: '3000', realized: '0' });
  portfolio.lock(portfolio.asset('BNB'), tally('3.99'));
  portfolio.bookFill(fillOf('SELL', quantity('3.99'), price('350'), 'BNB', '0.007'), BNBUSDT);
  expect(balancesOf(portfolio.asset('BNB'))).toEqual({ exchange: '-6.01', free: '5.9955', fees: '0.0145' });
  // 1396.5 - 3000 x 3.997 / 9.9925: exactly 1200
  expect(positionOf(portfolio, BNBUSDT)).toEqual({ quantity: '5.9955', cost: '1800', realized: '196.5' });
});

test('a notional of more than 8 decimals is paid rounded up and received rounded down', () => {
  const portfolio = new Portfolio();
  // 0.00000123 x 0.1 = 0.000000123
  portfolio.bookFill(fillOf('BUY', quantity('0.1'), price('0.00000123'), 'USDT', '0'), BTCUSDT);
  expect(balancesOf(portfolio.asset('USDT'))).toEqual({ locked: '-0.00000013', exchange: '0.00000013' });
  portfolio.bookFill(fillOf('SELL', quantity('0.1'), price('0.00000123'), 'USDT', '0'), BTCUSDT);
  expect(balancesOf(portfolio.asset('USDT'))).toEqual({
    locked: '-0.00000013',
    free: '0.00000012',
    exchange: '0.00000001',
  });
});

test('a fee in a third asset without its value is a broken assumption, not a guess', () => {
  const portfolio = new Portfolio();
  const fill = fillOf('BUY', quantity('1'), price('1'), 'BNB', '0.1');
  expect(() => portfolio.bookFill(fill, BTCUSDT)).toThrow(InvariantViolation);
  expect(() => portfolio.bookFill(fill, BTCUSDT)).toThrow('a fee in a third asset states its value in quote');
});

test('deposits and withdrawals are never profit and enter no position', () => {
  const portfolio = new Portfolio();
  portfolio.market(BTCUSDT);
  portfolio.deposit('BTC', of('2'));
  portfolio.deposit('USDT', of('100'));
  portfolio.withdraw('BTC', of('0.5'));
  portfolio.withdraw('USDT', of('99.99999999'));
  expect(booksOf(portfolio)).toEqual({
    BTC: { funding: '-1.5', free: '1.5' },
    USDT: { funding: '-0.00000001', free: '0.00000001' },
  });
  expect(positionOf(portfolio)).toEqual({ quantity: '0', cost: '0', realized: '0' });
});

test('deposited coins that are sold change their asset and make no profit', () => {
  const portfolio = new Portfolio();
  portfolio.deposit('BTC', of('2'));
  portfolio.lock(portfolio.asset('BTC'), tally('2'));
  portfolio.bookFill(fillOf('SELL', quantity('2'), price('100'), 'USDT', '0.2'), BTCUSDT);
  expect(balancesOf(portfolio.asset('USDT'))).toEqual({ exchange: '-200', free: '199.8', fees: '0.2' });
  expect(positionOf(portfolio)).toEqual({ quantity: '0', cost: '0', realized: '0' });
});

test('dust that is written off leaves the books and the position, at its cost', () => {
  const portfolio = new Portfolio();
  portfolio.deposit('USDT', of('1000'));
  portfolio.lock(portfolio.asset('USDT'), tally('1000'));
  portfolio.bookFill(fillOf('BUY', quantity('1'), price('1000'), 'BTC', '0.001'), BTCUSDT);
  portfolio.writeOffDust(portfolio.market(BTCUSDT), tally('0.000999'));
  expect(balancesOf(portfolio.asset('BTC'))).toEqual({
    exchange: '-1',
    fees: '0.001',
    free: '0.998001',
    dust: '0.000999',
  });
  // 1000 x 0.000999 / 0.999 = 1
  expect(positionOf(portfolio)).toEqual({ quantity: '0.998001', cost: '999', realized: '-1' });
});

test('what is locked is not free until it is unlocked', () => {
  const portfolio = new Portfolio();
  const usdt = portfolio.asset('USDT');
  portfolio.deposit('USDT', of('10'));
  portfolio.lock(usdt, tally('7'));
  expect(balancesOf(usdt)).toEqual({ funding: '-10', free: '3', locked: '7' });
  portfolio.unlock(usdt, tally('2'));
  expect(balancesOf(usdt)).toEqual({ funding: '-10', free: '5', locked: '5' });
});

test('an asset has one book and a symbol one set of accounts, in the order of their first use', () => {
  const portfolio = new Portfolio();
  const bnb = portfolio.market(BNBUSDT);
  const btc = portfolio.market(BTCUSDT);
  expect(portfolio.market({ ...BTCUSDT })).toBe(btc);
  expect(btc.quote).toBe(bnb.quote);
  expect(btc.base).toBe(portfolio.asset('BTC'));
  expect(btc.position).not.toBe(bnb.position);
  expect([btc.symbol, bnb.symbol]).toEqual(['BTCUSDT', 'BNBUSDT']);
  expect([...portfolio.assets()].map(({ asset }) => asset)).toEqual(['BNB', 'USDT', 'BTC']);
});

test('a listener given to the portfolio hears the postings of all its assets', () => {
  const heard: string[] = [];
  const listener: PostingListener = {
    posted: (asset, _from, _to, moved) => heard.push(`${asset} ${textOf(moved)}`),
  };
  const portfolio = new Portfolio(listener);
  portfolio.deposit('USDT', of('10'));
  const market = portfolio.market(BTCUSDT);
  portfolio.bookTrade(market, 'BUY', tally('2'), tally('6'), tally('0.5'), market.base, new Tally());
  expect(heard).toEqual(['USDT 10', 'USDT 6', 'BTC 2', 'BTC 0.5']);
});

test('a fee paid out of another position leaves that position with what is owned', () => {
  const portfolio = new Portfolio();
  portfolio.deposit('USDT', of('12000'));
  portfolio.lock(portfolio.asset('USDT'), tally('600'));
  portfolio.bookFill(fillOf('BUY', quantity('2'), price('300'), 'BNB', '0.002'), BNBUSDT);
  expect(positionOf(portfolio, BNBUSDT)).toEqual({ quantity: '1.998', cost: '600', realized: '0' });
  portfolio.lock(portfolio.asset('USDT'), tally('10000'));
  portfolio.bookFill(fillOf('BUY', quantity('0.5'), price('20000'), 'BNB', '0.02'), BTCUSDT, of('7'));
  // 600 x 0.02 / 1.998 = 6.00600601 rounded up; 7 - 6.00600601 is earned by parting with it at 350.
  expect(positionOf(portfolio, BNBUSDT)).toEqual({
    quantity: '1.978',
    cost: '593.99399399',
    realized: '0.99399399',
  });
  expect(positionOf(portfolio)).toEqual({ quantity: '0.5', cost: '10007', realized: '0' });
});

test('a fee paid out of coins that were deposited leaves the position alone', () => {
  const portfolio = new Portfolio();
  portfolio.deposit('USDT', of('12000'));
  portfolio.deposit('BNB', of('1'));
  portfolio.lock(portfolio.asset('USDT'), tally('600'));
  portfolio.bookFill(fillOf('BUY', quantity('2'), price('300'), 'BNB', '0.002'), BNBUSDT);
  portfolio.lock(portfolio.asset('USDT'), tally('10000'));
  portfolio.bookFill(fillOf('BUY', quantity('0.5'), price('20000'), 'BNB', '0.02'), BTCUSDT, of('7'));
  expect(positionOf(portfolio, BNBUSDT)).toEqual({ quantity: '1.998', cost: '600', realized: '0' });
});
