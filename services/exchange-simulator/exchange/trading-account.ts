import type { Amount, Ratio } from '@tradewind/core/money';
import { AccountLists } from './account-lists.ts';
import { noCounts } from './account-records.ts';
import type { Account, AccountSwitches, CommissionRates } from './commands.ts';
import { type OrderLimiter, UnfilledOrders } from './order-count.ts';
import { TransferLog } from './transfer-log.ts';
import { Wallet } from './wallet.ts';

/** Shares of what is received, by liquidity and side, already added up; undefined until asked for. */
export interface TradeRates {
  /** Of the standard commission, which a discount multiplies. */
  readonly standard: Ratio;
  /** Special and tax together, which no discount touches. */
  readonly other: Ratio;
}

/** An account: its switches, its wallets, its rates. Its orders are kept by symbol. */
export class TradingAccount {
  readonly number: number;
  readonly permissions: readonly string[];
  readonly openingBalances: readonly (readonly [string, Amount])[];
  readonly wallets = new Map<string, Wallet>();
  /** Wallets whose balances have changed since the last position was told. */
  readonly touched: Wallet[] = [];
  readonly openCounts = noCounts();
  unfilled: UnfilledOrders;
  lists: AccountLists;
  readonly assetLimits = new Map<string, Amount>();
  readonly transfers = new TransferLog();
  /** By symbol. */
  readonly standardBySymbol = new Map<string, CommissionRates>();
  readonly specialBySymbol = new Map<string, CommissionRates>();
  /** Worked out rates by symbol, thrown away when one of their parts changes. */
  readonly tradeRates = new Map<string, (TradeRates | undefined)[]>();
  canTrade = true;
  canWithdraw = true;
  canDeposit = true;
  isDisabled = false;
  isDiscountEnabled: boolean;
  tradeGroup: number;
  standardCommission: CommissionRates;
  updatedAtMs = 0;
  private readonly changed: TradingAccount[];
  private readonly noteChange = (wallet: Wallet): void => {
    if (this.touched.length === 0) this.changed.push(this);
    this.touched.push(wallet);
  };

  /** @param changed  where the account notes that balances of it have changed */
  constructor(
    number: number,
    given: {
      readonly permissions: readonly string[];
      readonly balances: readonly (readonly [string, Amount])[];
      readonly standardCommission: CommissionRates;
      readonly isDiscountEnabled: boolean;
      readonly tradeGroup: number;
    },
    limiters: readonly OrderLimiter[],
    recordsKept: number,
    changed: TradingAccount[],
  ) {
    this.number = number;
    this.changed = changed;
    this.permissions = given.permissions;
    this.openingBalances = given.balances;
    this.standardCommission = given.standardCommission;
    this.isDiscountEnabled = given.isDiscountEnabled;
    this.tradeGroup = given.tradeGroup;
    this.unfilled = new UnfilledOrders(limiters);
    this.lists = new AccountLists(recordsKept);
  }

  wallet(asset: string): Wallet {
    let wallet = this.wallets.get(asset);
    if (wallet === undefined) {
      wallet = new Wallet(asset, this.noteChange);
      this.wallets.set(asset, wallet);
    }
    return wallet;
  }

  /** Forgets all orders, trades and balances. */
  wipe(limiters: readonly OrderLimiter[], recordsKept: number): void {
    this.wallets.clear();
    this.touched.length = 0;
    Object.assign(this.openCounts, noCounts());
    this.unfilled = new UnfilledOrders(limiters);
    this.lists = new AccountLists(recordsKept);
    // The taxes of the symbols that they were added up with are gone, too.
    this.tradeRates.clear();
  }

  switch(switches: AccountSwitches): void {
    this.canTrade = switches.canTrade ?? this.canTrade;
    this.canWithdraw = switches.canWithdraw ?? this.canWithdraw;
    this.canDeposit = switches.canDeposit ?? this.canDeposit;
    this.isDisabled = switches.isDisabled ?? this.isDisabled;
    this.isDiscountEnabled = switches.isDiscountEnabled ?? this.isDiscountEnabled;
    this.tradeGroup = switches.tradeGroup ?? this.tradeGroup;
    this.standardCommission = switches.standardCommission ?? this.standardCommission;
    this.tradeRates.clear();
  }

  view(): Account {
    return {
      account: this.number,
      canTrade: this.canTrade,
      canWithdraw: this.canWithdraw,
      canDeposit: this.canDeposit,
      isDisabled: this.isDisabled,
      tradeGroup: this.tradeGroup,
      permissions: this.permissions,
      standardCommission: this.standardCommission,
      isDiscountEnabled: this.isDiscountEnabled,
      updatedAtMs: this.updatedAtMs,
      balances: [...this.wallets.values()].map((wallet) => wallet.view()),
    };
  }
}
