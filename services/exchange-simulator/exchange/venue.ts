import { unitsOf } from '@tradewind/core/money';
import { invariant } from '@tradewind/core/result';
import type { Clock } from '@tradewind/utils';
import type { ApiKey } from './commands.ts';
import { nameOf } from './generated-name.ts';
import { Journal } from './journal.ts';
import type { ListRecord } from './list-record.ts';
import type { OrderLimiter } from './order-count.ts';
import type { ExchangeSettings } from './settings.ts';
import type { SymbolMarket } from './symbol-market.ts';
import { TradingAccount } from './trading-account.ts';
import type { Wallet } from './wallet.ts';

/** The number of the account that stands for the market outside: what it gains and loses is booked, too. */
const OUTSIDE_ACCOUNT = 0;

/** What all parts of the exchange share: accounts, markets, the time of the running command, and what is told of it. */
export class Venue {
  readonly settings: ExchangeSettings;
  readonly journal = new Journal();
  readonly markets = new Map<string, SymbolMarket>();
  readonly accounts = new Map<number, TradingAccount>();
  readonly keys = new Map<string, ApiKey>();
  readonly limiters: readonly OrderLimiter[];
  /** By the number that clients know, over all symbols. */
  readonly openLists = new Map<number, ListRecord>();
  readonly outside: TradingAccount;
  /** Accounts with changed balances, in the order in which they first changed. */
  readonly changedAccounts: TradingAccount[] = [];
  /** Of the running command, epoch ms. */
  nowMs = 0;
  lastAccount = 0;
  lastOrderListId = 0;
  lastName = 0;
  private readonly clock: Clock;
  private readonly byAssets = new Map<string, SymbolMarket>();

  constructor(clock: Clock, settings: ExchangeSettings, limiters: readonly OrderLimiter[]) {
    this.clock = clock;
    this.settings = settings;
    this.limiters = limiters;
    this.outside = new TradingAccount(
      OUTSIDE_ACCOUNT,
      {
        permissions: [],
        balances: [],
        standardCommission: settings.standardCommission,
        isDiscountEnabled: false,
        tradeGroup: 0,
      },
      [],
      1,
      this.changedAccounts,
    );
  }

  /** Begins a command: it happens at one instant. */
  begin(): void {
    this.nowMs = this.clock.nowMs();
  }

  /** Ends a command that may have traded on a symbol. */
  end(market?: SymbolMarket): void {
    if (market !== undefined) {
      const { journal } = this;
      market.image.publish(market.engine, market.grid, this.nowMs, (change) =>
        journal.note('bookChange', change),
      );
    }
    this.tellPositions();
    this.journal.tell();
  }

  account(number: number): TradingAccount {
    const account = this.accounts.get(number);
    invariant(account !== undefined, `account ${number} is there`);
    return account;
  }

  market(symbol: string): SymbolMarket {
    const market = this.markets.get(symbol);
    invariant(market !== undefined, `symbol ${symbol} is there`);
    return market;
  }

  addMarket(market: SymbolMarket): void {
    const { symbol, baseAsset, quoteAsset } = market.instrument;
    this.markets.set(symbol, market);
    this.byAssets.set(`${baseAsset}/${quoteAsset}`, market);
  }

  /** A client order id of 22 characters that nobody chose: made from a counter, so that a replay makes the same. */
  newName(): string {
    this.lastName += 1;
    return nameOf(this.lastName);
  }

  /** What one unit of `asset` costs in `other`, by the last trade of their symbol; undefined without one. */
  priceIn(
    asset: string,
    other: string,
  ): { readonly numerator: bigint; readonly denominator: bigint } | undefined {
    if (asset === other) return SAME;
    const direct = this.byAssets.get(`${asset}/${other}`)?.lastPrice;
    if (direct !== undefined) return { numerator: unitsOf(direct), denominator: PRICE_ONE };
    const inverse = this.byAssets.get(`${other}/${asset}`)?.lastPrice;
    return inverse === undefined ? undefined : { numerator: PRICE_ONE, denominator: unitsOf(inverse) };
  }

  /** Takes the balances as they are as told. */
  forgetChanges(): void {
    for (const { touched } of this.changedAccounts) {
      for (const wallet of touched) wallet.isTouched = false;
      touched.length = 0;
    }
    this.changedAccounts.length = 0;
  }

  /** One position per account with changed balances, the symbol's own assets first. */
  tellPositions(market?: SymbolMarket): void {
    for (const account of this.changedAccounts) {
      const { touched } = account;
      account.updatedAtMs = this.nowMs;
      if (market !== undefined && touched.length > 1) putOwnFirst(touched, market);
      if (account.number !== OUTSIDE_ACCOUNT && this.journal.isHeard('accountPosition', account.number)) {
        const balances = touched.map((wallet) => wallet.view());
        this.journal.note('accountPosition', { account: account.number, timeMs: this.nowMs, balances });
      }
      for (const wallet of touched) wallet.isTouched = false;
      touched.length = 0;
    }
    this.changedAccounts.length = 0;
  }
}

/** The wallet of the base, then that of the quote, then the others as they are: by moving, because most often there is nothing to move. */
function putOwnFirst(touched: Wallet[], { instrument }: SymbolMarket): void {
  let place = 0;
  for (const asset of [instrument.baseAsset, instrument.quoteAsset]) {
    const at = touched.findIndex((wallet) => wallet.asset === asset);
    if (at > place) touched.splice(place, 0, ...touched.splice(at, 1));
    if (at !== -1) place += 1;
  }
}

const PRICE_ONE = 100_000_000n;
const SAME = { numerator: 1n, denominator: 1n };
