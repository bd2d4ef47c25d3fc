import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { testInstrument } from '../market/market.test-support.ts';
import {
  type Amount,
  formatAmount,
  fromUnits,
  type Price,
  type Quantity,
  type QuoteAmount,
  quantity,
  quoteAmount,
  unitsOf,
} from '../money/index.ts';
import type { Fill, Side } from '../orders/index.ts';
import {
  ACCOUNT_NAMES,
  Account,
  AccountBooks,
  type BookedFill,
  type FillToBook,
  OWNER,
  type PositionState,
  type Posting,
} from './index.ts';
import { of, tally } from './portfolio.test-support.ts';

const BTCUSDT = testInstrument('BTC/USDT');
const BNBUSDT = testInstrument('BNB/USDT');
const BNBBTC = testInstrument('BNB/BTC');
const ETHBTC = testInstrument('ETH/BTC');

/** A fill of alpha in BTCUSDT written as 'BUY 1 for 100 fee 0.1 USDT', with the value of a fee in a third asset behind it: 'worth 3'. */
function fill(text: string, change: Partial<FillToBook> = {}, strategy = 'alpha'): FillToBook {
  const [side, size, , quote, , fee, asset, , feeValue] = text.split(' ') as [Side, ...string[]];
  const instrument = change.instrument ?? BTCUSDT;
  const made: Fill = {
    clientOrderId: 'order',
    strategy,
    symbol: instrument.symbol,
    side,
    quantity: quantity(size!),
    // What was paid is the exchange's figure; the price is for people.
    price: fromUnits<Price>(1n),
    fee: { asset: asset!, amount: of(fee!) },
    liquidity: 'TAKER',
    tradeId: 1,
    timeMs: 0,
    tag: '',
  };
  return {
    fill: made,
    quoteAmount: quoteAmount(quote!),
    instrument,
    ...(feeValue === undefined ? {} : { feeValue: quoteAmount(feeValue) }),
    ...change,
  };
}

const textsOf = (postings: readonly Posting[]): string[] =>
  postings
    .map(
      ({ subAccount, account, asset, amount }) =>
        `${subAccount} ${ACCOUNT_NAMES[account]} ${formatAmount(amount)} ${asset}`,
    )
    .sort();
const positionText = ({ symbol, quantity: held, cost, realizedPnl }: PositionState): string =>
  `${symbol} ${formatAmount(held)} cost ${formatAmount(cost)} realized ${formatAmount(realizedPnl)}`;

describe('what one fill does', () => {
  test('B1: a fee in the bought coin leaves less of it, at the whole cost', () => {
    const booked = new AccountBooks().bookFill(fill('BUY 1 for 100 fee 0.001 BTC'));
    expect(textsOf(booked.postings)).toEqual([
      'alpha exchange -1 BTC',
      'alpha exchange 100 USDT',
      'alpha fees 0.001 BTC',
      'alpha free -100 USDT',
      'alpha free 0.999 BTC',
    ]);
    expect(positionText(booked.position)).toBe('BTCUSDT 0.999 cost 100 realized 0');
    expect(booked).not.toHaveProperty('roundTripPnl');
    expect(booked).not.toHaveProperty('feePosition');
  });

  test('a fee in quote is part of the cost, and taken off the proceeds', () => {
    const books = new AccountBooks();
    const bought = books.bookFill(fill('BUY 1 for 100 fee 0.1 USDT'));
    expect(textsOf(bought.postings)).toContain('alpha free -100.1 USDT');
    expect(positionText(bought.position)).toBe('BTCUSDT 1 cost 100.1 realized 0');
    const sold = books.bookFill(fill('SELL 1 for 110 fee 0.11 USDT'));
    expect(textsOf(sold.postings)).toEqual([
      'alpha exchange -110 USDT',
      'alpha exchange 1 BTC',
      'alpha fees 0.11 USDT',
      'alpha free -1 BTC',
      'alpha free 109.89 USDT',
    ]);
    expect(positionText(sold.position)).toBe('BTCUSDT 0 cost 0 realized 9.79');
    expect([sold.realizedPnl, sold.roundTripPnl]).toEqual([quoteAmount('9.79'), quoteAmount('9.79')]);
  });

  test('B2: a fee in a third coin that the strategy owns is paid with it', () => {
    const books = new AccountBooks();
    books.book(() => books.subAccount('alpha').deposit('BNB', of('5')));
    const booked = books.bookFill(fill('BUY 1 for 100 fee 0.01 BNB worth 3'));
    expect(textsOf(booked.postings)).toEqual([
      'alpha exchange -1 BTC',
      'alpha exchange 100 USDT',
      'alpha fees 0.01 BNB',
      'alpha free -0.01 BNB',
      'alpha free -100 USDT',
      'alpha free 1 BTC',
    ]);
    expect(positionText(booked.position)).toBe('BTCUSDT 1 cost 103 realized 0');
    expect(booked).not.toHaveProperty('feePosition');
  });

  test('B2: a fee in a third coin that the strategy lacks is paid by the owner, who gets its value', () => {
    const booked = new AccountBooks().bookFill(fill('SELL 1 for 100 fee 0.01 BNB worth 3'));
    expect(textsOf(booked.postings)).toEqual([
      'alpha exchange -100 USDT',
      'alpha exchange 1 BTC',
      'alpha fees 0.01 BNB',
      'alpha free -1 BTC',
      'alpha free 97 USDT',
      'alpha funding -0.01 BNB',
      'alpha funding 3 USDT',
      'owner free -0.01 BNB',
      'owner free 3 USDT',
      'owner funding -3 USDT',
      'owner funding 0.01 BNB',
    ]);
  });

  test('a fee of nothing in a third coin needs no value', () => {
    const booked = new AccountBooks().bookFill(fill('BUY 1 for 100 fee 0 BNB'));
    expect(positionText(booked.position)).toBe('BTCUSDT 1 cost 100 realized 0');
    expect(() => new AccountBooks().bookFill(fill('BUY 1 for 100 fee 0.01 BNB'))).toThrow('states its value');
  });

  test('B2: a fee paid out of another position tells of that position, which sold it for its value', () => {
    const books = new AccountBooks();
    books.bookFill(fill('BUY 2 for 600 fee 0 USDT', { instrument: BNBUSDT }));
    const booked = books.bookFill(fill('BUY 1 for 100 fee 0.5 BNB worth 160'));
    expect(positionText(booked.position)).toBe('BTCUSDT 1 cost 260 realized 0');
    // Half a BNB had cost 150.
    expect(positionText(booked.feePosition!)).toBe('BNBUSDT 1.5 cost 450 realized 10');
    expect(booked.realizedPnl).toBe(quoteAmount('0'));
  });

  test('K9: a fee whose value is counted in another asset leaves the position it is paid from at its cost', () => {
    const books = new AccountBooks();
    books.bookFill(fill('BUY 2 for 600 fee 0 USDT', { instrument: BNBUSDT }));
    // Worth 0.0016 BTC, which is no amount of USDT.
    const booked = books.bookFill(fill('BUY 1 for 0.05 fee 0.5 BNB worth 0.0016', { instrument: ETHBTC }));
    expect(positionText(booked.position)).toBe('ETHBTC 1 cost 0.0516 realized 0');
    expect(positionText(booked.feePosition!)).toBe('BNBUSDT 1.5 cost 450 realized 0');
  });

  test('a fee takes no more out of a position than the fee, and one of nothing takes nothing', () => {
    const books = new AccountBooks();
    books.bookFill(fill('BUY 2 for 600 fee 0 USDT', { instrument: BNBUSDT }));
    // Coins of the position are gone for another reason: here by hand.
    books.book(() => books.subAccount('alpha').withdraw('BNB', of('1')));
    expect(books.bookFill(fill('BUY 1 for 100 fee 0 BNB'))).not.toHaveProperty('feePosition');
    const booked = books.bookFill(fill('BUY 1 for 100 fee 0.5 BNB worth 150'));
    expect(positionText(booked.feePosition!)).toBe('BNBUSDT 1.5 cost 450 realized 0');
  });

  test('of two positions in the coin of the fee the larger one pays, and what is held beside them pays before', () => {
    const books = new AccountBooks();
    books.book(() => books.subAccount('alpha').deposit('BNB', of('0.2')));
    books.bookFill(fill('BUY 1 for 0.01 fee 0 BTC', { instrument: BNBBTC }));
    books.bookFill(fill('BUY 2 for 600 fee 0 USDT', { instrument: BNBUSDT }));
    const first = books.bookFill(fill('BUY 1 for 100 fee 0.2 BNB worth 60'));
    expect(first).not.toHaveProperty('feePosition');
    const second = books.bookFill(fill('BUY 1 for 100 fee 0.5 BNB worth 150'));
    expect(positionText(second.feePosition!)).toBe('BNBUSDT 1.5 cost 450 realized 0');
    expect(positionText(books.position('alpha', BNBBTC))).toBe('BNBBTC 1 cost 0.01 realized 0');
  });
});

describe('round trips', () => {
  test('B3: what is left below a step is dust, and closes the round trip', () => {
    const books = new AccountBooks();
    books.bookFill(fill('BUY 1 for 100 fee 0.0005 BTC'));
    const half = books.bookFill(fill('SELL 0.5 for 55 fee 0 USDT'));
    expect(half).not.toHaveProperty('roundTripPnl');
    const rest = books.bookFill(fill('SELL 0.499 for 55 fee 0 USDT'));
    // 0.0005 of 0.9995 is left, at 100 x 0.0005 / 0.9995 rounded down; all else of the 100 was the cost of what was sold for 110.
    expect(formatAmount(rest.position.quantity)).toBe('0.0005');
    expect(rest.position.cost).toBe(quoteAmount('0.05002501'));
    expect(rest.roundTripPnl).toBe(quoteAmount('10.05002501'));
    expect(rest.position.realizedBefore).toBe(quoteAmount('10.05002501'));
  });

  test('the next round trip counts from where the last one ended', () => {
    const books = new AccountBooks();
    for (const text of ['BUY 1 for 100 fee 0 USDT', 'SELL 1 for 90 fee 0 USDT', 'BUY 1 for 100 fee 0 USDT']) {
      books.bookFill(fill(text));
    }
    const { roundTripPnl, position } = books.bookFill(fill('SELL 1 for 103 fee 0 USDT'));
    expect(roundTripPnl).toBe(quoteAmount('3'));
    expect([position.realizedPnl, position.realizedBefore]).toEqual([quoteAmount('-7'), quoteAmount('-7')]);
  });

  test('selling coins that were given and not bought closes none, so that it ends no row of losses', () => {
    const books = new AccountBooks();
    books.book(() => books.subAccount('alpha').deposit('BTC', of('5')));
    expect(books.bookFill(fill('SELL 1 for 100 fee 0 USDT'))).not.toHaveProperty('roundTripPnl');
    books.bookFill(fill('BUY 0.0005 for 0.05 fee 0 USDT'));
    expect(books.bookFill(fill('SELL 1 for 100 fee 0 USDT'))).not.toHaveProperty('roundTripPnl');
  });
});

describe('money that moves without a fill', () => {
  test('B3: dust is written off at its cost', () => {
    const books = new AccountBooks();
    books.bookFill(fill('BUY 1 for 100 fee 0 USDT'));
    const postings = books.book(() => {
      const alpha = books.subAccount('alpha');
      alpha.writeOffDust(alpha.market(BTCUSDT), tally('0.0005'));
    });
    expect(textsOf(postings)).toEqual(['alpha dust 0.0005 BTC', 'alpha free -0.0005 BTC']);
    expect(positionText(books.position('alpha', BTCUSDT))).toBe('BTCUSDT 0.9995 cost 99.95 realized -0.05');
  });

  test('what cancels out is left away, and what the books own is the sum of the sub-accounts', () => {
    const books = new AccountBooks();
    books.book(() => books.subAccount(OWNER).deposit('USDT', of('1000')));
    const allocation = books.book(() => {
      books.subAccount(OWNER).withdraw('USDT', of('400'));
      books.subAccount('alpha').deposit('USDT', of('400'));
      books.subAccount('alpha').deposit('BTC', of('1'));
      books.subAccount('alpha').withdraw('BTC', of('1'));
    });
    expect(textsOf(allocation)).toEqual([
      'alpha free 400 USDT',
      'alpha funding -400 USDT',
      'owner free -400 USDT',
      'owner funding 400 USDT',
    ]);
    expect(formatAmount(books.total('USDT'))).toBe('1000');
    const follower = new AccountBooks();
    follower.apply(allocation);
    expect(formatAmount(follower.subAccount('alpha').asset('USDT').total())).toBe('400');
    expect(books.subAccounts).toEqual(['owner', 'alpha']);
    expect([...books.assets()]).toEqual(['USDT', 'BTC']);
  });

  test('a position is taken over with its market only', () => {
    const { postings, position } = new AccountBooks().bookFill(fill('BUY 1 for 100 fee 0 USDT'));
    expect(() => new AccountBooks().apply(postings, position)).toThrow('comes with its market');
  });
});

/** The slow obvious model: every balance that can be ours a bigint, every fill what docs and exchange say of it. */
class SlowBooks {
  readonly owned = new Map<string, bigint>();

  change(subAccount: string, asset: string, by: bigint): void {
    const key = `${subAccount} ${asset}`;
    this.owned.set(key, this.of(subAccount, asset) + by);
  }

  of(subAccount: string, asset: string): bigint {
    return this.owned.get(`${subAccount} ${asset}`) ?? 0n;
  }

  book({
    fill: { strategy, side, quantity: size, fee },
    quoteAmount: quote,
    instrument,
    feeValue,
  }: FillToBook) {
    const { baseAsset, quoteAsset } = instrument;
    const sign = side === 'BUY' ? 1n : -1n;
    const isThird = fee.asset !== baseAsset && fee.asset !== quoteAsset;
    if (isThird && this.of(strategy, fee.asset) < unitsOf(fee.amount)) {
      this.change(OWNER, fee.asset, -unitsOf(fee.amount));
      this.change(OWNER, quoteAsset, unitsOf(feeValue!));
      this.change(strategy, quoteAsset, -unitsOf(feeValue!));
    } else {
      this.change(strategy, fee.asset, -unitsOf(fee.amount));
    }
    this.change(strategy, baseAsset, sign * unitsOf(size));
    this.change(strategy, quoteAsset, -sign * unitsOf(quote));
  }
}

const INSTRUMENTS = [BTCUSDT, BNBUSDT, BNBBTC, ETHBTC];
const STRATEGIES = ['alpha', 'beta'];
const amounts = fc.oneof(fc.bigInt(1n, 1000n), fc.bigInt(1n, 10n ** 12n));
const fills: fc.Arbitrary<FillToBook> = fc
  .record({
    instrument: fc.constantFrom(...INSTRUMENTS),
    strategy: fc.constantFrom(...STRATEGIES),
    side: fc.constantFrom<Side>('BUY', 'SELL'),
    size: amounts,
    quote: amounts,
    feeAsset: fc.constantFrom('BTC', 'USDT', 'BNB', 'ETH'),
    feeThousandths: fc.bigInt(0n, 100n),
    feeValue: amounts,
  })
  .map(({ instrument, strategy, side, size, quote, feeAsset, feeThousandths, feeValue }) => ({
    fill: {
      ...fill('BUY 1 for 1 fee 0 USDT').fill,
      strategy,
      symbol: instrument.symbol,
      side,
      quantity: fromUnits<Quantity>(size),
      fee: {
        asset: feeAsset,
        // A fee in one of the traded assets is a share of it; in a third one it is what the exchange says.
        amount: fromUnits<Amount>(
          ((feeAsset === instrument.quoteAsset ? quote : size) * feeThousandths) / 1000n,
        ),
      },
    },
    quoteAmount: fromUnits<QuoteAmount>(quote),
    instrument,
    feeValue: fromUnits<QuoteAmount>(feeValue),
  }));
const sequences = fc.array(fills, { minLength: 1, maxLength: 25 });

/** What the books say of everything, in one order. */
function allOf(books: AccountBooks): string[] {
  const lines: string[] = [];
  for (const name of [...STRATEGIES, OWNER]) {
    for (const asset of ['BNB', 'BTC', 'ETH', 'USDT']) {
      const book = books.subAccount(name).asset(asset);
      for (const account of ACCOUNT_NAMES) {
        lines.push(`${name} ${asset} ${account} ${unitsOf(book.balance(Account[account]).toAmount())}`);
      }
    }
    if (name === OWNER) continue;
    for (const instrument of INSTRUMENTS) {
      const { realizedBefore, ...state } = books.position(name, instrument);
      lines.push(
        `${name} ${positionText({ ...state, realizedBefore })} before ${formatAmount(realizedBefore)}`,
      );
    }
  }
  return lines;
}

const instrumentOf = (symbol: string) => INSTRUMENTS.find((each) => each.symbol === symbol)!;

function follow(follower: AccountBooks, { postings, position, feePosition }: BookedFill): void {
  follower.apply(postings, position, instrumentOf(position.symbol));
  if (feePosition !== undefined) follower.restorePosition(feePosition, instrumentOf(feePosition.symbol));
}

test('I3, I5: whatever fills come, postings sum to zero, balances are the model’s, followers are equal to the booker', () => {
  fc.assert(
    fc.property(sequences, (sequence) => {
      const booker = new AccountBooks();
      const follower = new AccountBooks();
      const slow = new SlowBooks();
      for (const each of sequence) {
        const realizedBefore = booker.position(each.fill.strategy, each.instrument).realizedPnl;
        const booked = booker.bookFill(each);
        const sums = new Map<string, bigint>();
        for (const { asset, amount } of booked.postings) {
          sums.set(asset, (sums.get(asset) ?? 0n) + unitsOf(amount));
          expect(unitsOf(amount)).not.toBe(0n);
        }
        for (const sum of sums.values()) expect(sum).toBe(0n);
        expect(unitsOf(booked.realizedPnl)).toBe(
          unitsOf(booked.position.realizedPnl) - unitsOf(realizedBefore),
        );
        slow.book(each);
        for (const name of [...STRATEGIES, OWNER]) {
          for (const asset of ['BNB', 'BTC', 'ETH', 'USDT']) {
            expect(unitsOf(booker.subAccount(name).asset(asset).total())).toBe(slow.of(name, asset));
          }
        }
        follow(follower, booked);
        expect(allOf(follower)).toEqual(allOf(booker));
      }
    }),
    { numRuns: 200 },
  );
});

test('books that are restored from their sums and positions go on as those that were kept', () => {
  fc.assert(
    fc.property(sequences, sequences, (before, after) => {
      const kept = new AccountBooks();
      for (const each of before) kept.bookFill(each);
      const restored = new AccountBooks();
      for (const subAccount of kept.subAccounts) {
        for (const book of kept.subAccount(subAccount).assets()) {
          for (const name of ACCOUNT_NAMES) {
            const account = Account[name];
            const amount = book.balance(account).toAmount();
            restored.restoreBalance({ subAccount, account, asset: book.asset, amount });
          }
        }
      }
      for (const strategy of STRATEGIES) {
        for (const instrument of INSTRUMENTS) {
          restored.restorePosition(kept.position(strategy, instrument), instrument);
        }
      }
      for (const each of after) expect(restored.bookFill(each)).toEqual(kept.bookFill(each));
      expect(allOf(restored)).toEqual(allOf(kept));
    }),
    { numRuns: 100 },
  );
});
