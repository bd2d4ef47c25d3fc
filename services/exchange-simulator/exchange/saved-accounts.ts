import { type Amount, isZero, Tally, unitsOf } from '@tradewind/core/money';
import { Account } from '@tradewind/core/portfolio';
import type { CommissionRates, NewAccount } from './commands.ts';
import type { UnfilledOrders } from './order-count.ts';
import { TradingAccount } from './trading-account.ts';
import type { Transfer } from './transfer-log.ts';
import type { Venue } from './venue.ts';
import type { Wallet } from './wallet.ts';

export interface SavedAccount {
  readonly number: number;
  readonly opening: Required<NewAccount>;
  readonly switches: {
    readonly canTrade: boolean;
    readonly canWithdraw: boolean;
    readonly canDeposit: boolean;
    readonly isDisabled: boolean;
  };
  readonly updatedAtMs: number;
  readonly wallets: readonly SavedWallet[];
  readonly unfilled: ReturnType<UnfilledOrders['save']>;
  readonly assetLimits: readonly (readonly [string, Amount])[];
  readonly standardBySymbol: readonly (readonly [string, CommissionRates])[];
  readonly specialBySymbol: readonly (readonly [string, CommissionRates])[];
  /** What was saved before they were kept has none. */
  readonly transfers?: readonly Transfer[];
}

interface SavedWallet {
  readonly asset: string;
  /** Of every account of the asset's book, in their order. */
  readonly balances: readonly Amount[];
  readonly heldOutside: Amount;
}

export function saveAccount(account: TradingAccount): SavedAccount {
  return {
    number: account.number,
    opening: {
      balances: account.openingBalances,
      permissions: account.permissions,
      standardCommission: account.standardCommission,
      isDiscountEnabled: account.isDiscountEnabled,
      tradeGroup: account.tradeGroup,
    },
    switches: {
      canTrade: account.canTrade,
      canWithdraw: account.canWithdraw,
      canDeposit: account.canDeposit,
      isDisabled: account.isDisabled,
    },
    updatedAtMs: account.updatedAtMs,
    wallets: [...account.wallets.values()].map(saveWallet),
    unfilled: account.unfilled.save(),
    assetLimits: [...account.assetLimits],
    standardBySymbol: [...account.standardBySymbol],
    specialBySymbol: [...account.specialBySymbol],
    transfers: account.transfers.all,
  };
}

export function restoreAccount(venue: Venue, saved: SavedAccount): TradingAccount {
  const { limiters, settings, changedAccounts } = venue;
  const account = new TradingAccount(
    saved.number,
    saved.opening,
    limiters,
    settings.recordsKept,
    changedAccounts,
  );
  account.switch(saved.switches);
  account.updatedAtMs = saved.updatedAtMs;
  account.unfilled.restore(saved.unfilled);
  restoreWallets(account, saved.wallets);
  account.transfers.restore(saved.transfers ?? []);
  for (const [asset, limit] of saved.assetLimits) account.assetLimits.set(asset, limit);
  for (const [symbol, rates] of saved.standardBySymbol) account.standardBySymbol.set(symbol, rates);
  for (const [symbol, rates] of saved.specialBySymbol) account.specialBySymbol.set(symbol, rates);
  return account;
}

export function restoreWallets(account: TradingAccount, saved: readonly SavedWallet[]): void {
  for (const { asset, balances, heldOutside } of saved) {
    const wallet = account.wallet(asset);
    balances.forEach((balance, at) => {
      if (at !== Account.free) fillFromFree(wallet, at as Account, balance);
    });
    wallet.heldOutside.setAmount(heldOutside);
  }
}

const saveWallet = (wallet: Wallet): SavedWallet => ({
  asset: wallet.asset,
  balances: Object.values(Account).map((account) => wallet.book.balance(account).toAmount()),
  heldOutside: wallet.heldOutside.toAmount(),
});

/** Everything sums to zero, so that with all others set `free` is what it was. */
function fillFromFree(wallet: Wallet, account: Account, balance: Amount): void {
  if (isZero(balance)) return;
  const tally = Tally.of(balance);
  if (unitsOf(balance) > 0n) {
    wallet.move(Account.free, account, tally);
    return;
  }
  const positive = new Tally();
  positive.subtract(tally);
  wallet.move(account, Account.free, positive);
}
