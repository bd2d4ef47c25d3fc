import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Amount, fromUnits, type Price, type Quantity, Tally, unitsOf } from '../money/index.ts';
import type { Side } from '../orders/index.ts';
import { ACCOUNT_NAMES, Account, Portfolio } from './index.ts';
import { BTCUSDT, booksOf } from './portfolio.test-support.ts';

/** The slow obvious model: every account a bigint of 10^-8, every posting an addition and a subtraction. */
class Ledger {
  readonly accounts = new Map<string, bigint>();

  posted(asset: string, from: Account, to: Account, amount: bigint): void {
    this.change(`${asset} ${ACCOUNT_NAMES[from]}`, -amount);
    this.change(`${asset} ${ACCOUNT_NAMES[to]}`, amount);
  }

  sumOf(asset: string): bigint {
    return [...this.accounts].reduce(
      (sum, [name, amount]) => (name.startsWith(`${asset} `) ? sum + amount : sum),
      0n,
    );
  }

  private change(name: string, by: bigint): void {
    this.accounts.set(name, (this.accounts.get(name) ?? 0n) + by);
  }
}

const ceilDivide = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;

/** Average cost as the docstrings say it, in bigint. */
class SlowPosition {
  quantity = 0n;
  cost = 0n;
  realized = 0n;

  buy(received: bigint, paid: bigint): void {
    this.quantity += received;
    this.cost += paid;
  }

  release(quantity: bigint): void {
    const isAll = quantity >= this.quantity;
    const released = isAll ? this.cost : ceilDivide(this.cost * quantity, this.quantity);
    this.realized -= released;
    this.cost -= released;
    this.quantity -= isAll ? this.quantity : quantity;
  }

  sell(sold: bigint, proceeds: bigint): void {
    this.realized += sold > this.quantity ? (proceeds * this.quantity) / sold : proceeds;
    this.release(sold);
  }
}

type Command =
  | {
      readonly kind: 'deposit' | 'withdraw' | 'lock' | 'unlock';
      readonly asset: string;
      readonly amount: bigint;
    }
  | { readonly kind: 'dust'; readonly amount: bigint }
  | {
      readonly kind: 'trade';
      readonly side: Side;
      readonly quantity: bigint;
      readonly quote: bigint;
      readonly fee: bigint;
      readonly feeAsset: string;
      readonly feeValue: bigint;
    };

/** Small amounts stay in doubles; those past 2^53 atoms go through bigint. */
const amounts = fc.oneof(fc.bigInt(0n, 1000n), fc.bigInt(1n, 10n ** 11n), fc.bigInt(1n, 10n ** 18n));
const assets = fc.constantFrom('BTC', 'USDT', 'BNB');

const trades: fc.Arbitrary<Command> = fc
  .record({ side: fc.constantFrom<Side>('BUY', 'SELL'), quantity: amounts, quote: amounts, feeAsset: assets })
  .chain((trade) => {
    const feeMax = trade.feeAsset === 'USDT' ? trade.quote : trade.quantity;
    const parts = fc.record({ fee: fc.bigInt(0n, feeMax), feeValue: fc.bigInt(0n, trade.quote) });
    return parts.map((part) => ({ kind: 'trade' as const, ...trade, ...part }));
  });
const commands: fc.Arbitrary<Command> = fc.oneof(
  { weight: 4, arbitrary: trades },
  fc.record({
    kind: fc.constantFrom('deposit', 'withdraw', 'lock', 'unlock'),
    asset: assets,
    amount: amounts,
  }),
  fc.record({ kind: fc.constant('dust'), amount: amounts }),
);

const tallyOf = (units: bigint): Tally => Tally.of(fromUnits<Amount>(units));
const unitsIn = (tally: Tally): bigint => unitsOf(tally.toAmount());

function apply(portfolio: Portfolio, slow: SlowPosition, command: Command): void {
  const market = portfolio.market(BTCUSDT);
  switch (command.kind) {
    case 'deposit':
    case 'withdraw':
      portfolio[command.kind](command.asset, fromUnits<Amount>(command.amount));
      return;
    case 'lock':
    case 'unlock':
      portfolio[command.kind](portfolio.asset(command.asset), tallyOf(command.amount));
      return;
    case 'dust':
      portfolio.writeOffDust(market, tallyOf(command.amount));
      slow.release(command.amount);
      return;
    default:
  }
  const { side, quantity, quote, fee, feeAsset, feeValue } = command;
  const feeBook = portfolio.asset(feeAsset);
  portfolio.bookTrade(
    market,
    side,
    tallyOf(quantity),
    tallyOf(quote),
    tallyOf(fee),
    feeBook,
    tallyOf(feeValue),
  );
  const inBase = feeAsset === 'BTC' ? fee : 0n;
  const inQuote = feeAsset === 'USDT' ? fee : 0n;
  const inThird = feeAsset === 'BNB' ? feeValue : 0n;
  if (side === 'BUY') slow.buy(quantity - inBase, quote + inQuote + inThird);
  else slow.sell(quantity + inBase, quote - inQuote - inThird);
}

test('whatever happens, every asset sums to zero and the postings alone give every balance', () => {
  fc.assert(
    fc.property(fc.array(commands, { maxLength: 40 }), (sequence) => {
      const ledger = new Ledger();
      const portfolio = new Portfolio({
        posted: (asset, from, to, amount) => ledger.posted(asset, from, to, unitsIn(amount)),
      });
      for (const command of sequence) apply(portfolio, new SlowPosition(), command);
      for (const book of portfolio.assets()) {
        expect(ledger.sumOf(book.asset)).toBe(0n);
        let sum = 0n;
        for (const name of ACCOUNT_NAMES) {
          const balance = unitsIn(book.balance(Account[name]));
          expect(balance).toBe(ledger.accounts.get(`${book.asset} ${name}`) ?? 0n);
          sum += balance;
        }
        expect(sum).toBe(0n);
      }
    }),
    { numRuns: 300 },
  );
});

test('quantity, cost and realised profit equal those of the slow model after every step', () => {
  fc.assert(
    fc.property(fc.array(commands, { maxLength: 40 }), (sequence) => {
      const portfolio = new Portfolio();
      const slow = new SlowPosition();
      const { position } = portfolio.market(BTCUSDT);
      for (const command of sequence) {
        apply(portfolio, slow, command);
        expect(unitsIn(position.quantity)).toBe(slow.quantity);
        expect(unitsIn(position.cost)).toBe(slow.cost);
        expect(unitsIn(position.realized)).toBe(slow.realized);
        const average = position.averageEntryPrice();
        const slowAverage =
          slow.quantity === 0n ? undefined : ceilDivide(slow.cost * 10n ** 8n, slow.quantity);
        expect(average === undefined ? undefined : unitsOf(average)).toBe(slowAverage);
      }
    }),
    { numRuns: 300 },
  );
});

test('once all that was bought is sold, the profit is what came in less what went out, to the last digit', () => {
  const parts = fc.array(fc.record({ bought: fc.bigInt(1n, 10n ** 12n), paid: fc.bigInt(1n, 10n ** 14n) }), {
    minLength: 1,
    maxLength: 8,
  });
  const cuts = fc.array(
    fc.record({ thousandths: fc.bigInt(1n, 999n), proceeds: fc.bigInt(0n, 10n ** 14n) }),
    {
      maxLength: 12,
    },
  );
  fc.assert(
    fc.property(parts, cuts, fc.bigInt(0n, 10n ** 14n), (buys, sells, lastProceeds) => {
      const portfolio = new Portfolio();
      const market = portfolio.market(BTCUSDT);
      const none = new Tally();
      const trade = (side: Side, quantity: bigint, quote: bigint) =>
        portfolio.bookTrade(market, side, tallyOf(quantity), tallyOf(quote), none, market.quote, none);
      let left = 0n;
      let earned = lastProceeds;
      for (const { bought, paid } of buys) {
        trade('BUY', bought, paid);
        left += bought;
        earned -= paid;
      }
      for (const { thousandths, proceeds } of sells) {
        const sold = (left * thousandths) / 1000n;
        trade('SELL', sold, proceeds);
        left -= sold;
        earned += proceeds;
      }
      trade('SELL', left, lastProceeds);
      expect(unitsIn(market.position.realized)).toBe(earned);
      expect(unitsIn(market.position.cost)).toBe(0n);
    }),
  );
});

test('a fill is booked as the trade that it tells of', () => {
  const fills = fc.record({
    side: fc.constantFrom<Side>('BUY', 'SELL'),
    price: fc.bigInt(1n, 10n ** 13n),
    quantity: fc.bigInt(1n, 10n ** 13n),
    fee: fc.bigInt(0n, 10n ** 6n),
    feeAsset: assets,
    feeValue: fc.bigInt(0n, 10n ** 6n),
  });
  fc.assert(
    fc.property(fc.array(fills, { maxLength: 10 }), (sequence) => {
      const byFill = new Portfolio();
      const byTrade = new Portfolio();
      // Both use their assets in the same order.
      for (const portfolio of [byFill, byTrade]) portfolio.market(BTCUSDT);
      for (const { side, price, quantity, fee, feeAsset, feeValue } of sequence) {
        byFill.bookFill(
          {
            clientOrderId: 'order',
            strategy: 'test',
            symbol: 'BTCUSDT',
            side,
            quantity: fromUnits<Quantity>(quantity),
            price: fromUnits<Price>(price),
            fee: { asset: feeAsset, amount: fromUnits<Amount>(fee) },
            liquidity: 'MAKER',
            tradeId: 1,
            timeMs: 0,
            tag: '',
          },
          BTCUSDT,
          fromUnits<Amount>(feeValue),
        );
        const exact = price * quantity;
        const quote = side === 'BUY' ? ceilDivide(exact, 10n ** 8n) : exact / 10n ** 8n;
        apply(byTrade, new SlowPosition(), { kind: 'trade', side, quantity, quote, fee, feeAsset, feeValue });
      }
      expect(booksOf(byFill)).toEqual(booksOf(byTrade));
      const [one, other] = [byFill, byTrade].map((portfolio) => portfolio.market(BTCUSDT).position);
      for (const name of ['quantity', 'cost', 'realized'] as const) {
        expect(unitsIn(one![name])).toBe(unitsIn(other![name]));
      }
    }),
  );
});
