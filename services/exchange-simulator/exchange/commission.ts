import { fromUnits, type Quantity, type Ratio, unitsOf } from '@tradewind/core/money';
import { Account } from '@tradewind/core/portfolio';
import type { Commission, CommissionRates } from './commands.ts';
import type { SymbolMarket } from './symbol-market.ts';
import type { TradeRates, TradingAccount } from './trading-account.ts';
import type { Venue } from './venue.ts';

interface Charge {
  readonly asset: string;
  readonly amount: Quantity;
}

const NO_RATE = fromUnits<Ratio>(0n);
const NO_RATES: CommissionRates = { maker: NO_RATE, taker: NO_RATE, buyer: NO_RATE, seller: NO_RATE };

/**
 * What one side of a trade pays (binance-spot.md section 11): of what it receives, or with a discount in the discount asset at
 * that asset's last price, when enough of it is free. Rounded once, to the nearest unit of the asset's commission precision, halves
 * up: the documents do not say how.
 * @param received  what the side gets, in units of 10^-8 of base (BUY) or quote (SELL)
 */
export function commissionOf(
  venue: Venue,
  market: SymbolMarket,
  account: TradingAccount,
  trade: { readonly isBuyer: boolean; readonly isMaker: boolean; readonly received: bigint },
): Charge {
  const { isBuyer, isMaker, received } = trade;
  const { baseAsset, quoteAsset } = market.instrument;
  const asset = isBuyer ? baseAsset : quoteAsset;
  const rates = tradeRates(venue, market, account, isBuyer, isMaker);
  const precision = isBuyer ? market.baseCommissionPrecision : market.quoteCommissionPrecision;
  const discounted = discountedCharge(venue, account, asset, received, rates);
  if (discounted !== undefined) return discounted;
  const rate = unitsOf(rates.standard) + unitsOf(rates.other);
  return { asset, amount: fromUnits(rounded(received * rate, RATIO_ONE, precision)) };
}

function discountedCharge(
  venue: Venue,
  account: TradingAccount,
  asset: string,
  received: bigint,
  rates: TradeRates,
): Charge | undefined {
  if (!account.isDiscountEnabled) return undefined;
  const { discountAsset, discount } = venue.settings;
  const price = venue.priceIn(discountAsset, asset);
  if (price === undefined) return undefined;
  // Both parts over one denominator, so that nothing is rounded before the end.
  const rate = unitsOf(rates.standard) * unitsOf(discount) + unitsOf(rates.other) * RATIO_ONE;
  const amount = rounded(
    received * rate * price.denominator,
    RATIO_ONE * RATIO_ONE * price.numerator,
    DISCOUNT_PRECISION,
  );
  const wallet = account.wallets.get(discountAsset);
  if (wallet === undefined || unitsOf(wallet.book.balance(Account.free).toAmount()) < amount)
    return undefined;
  return { asset: discountAsset, amount: fromUnits(amount) };
}

function tradeRates(
  venue: Venue,
  market: SymbolMarket,
  account: TradingAccount,
  isBuyer: boolean,
  isMaker: boolean,
): TradeRates {
  let bySide = account.tradeRates.get(market.symbol);
  if (bySide === undefined) {
    bySide = [];
    account.tradeRates.set(market.symbol, bySide);
  }
  const at = (isBuyer ? 2 : 0) + (isMaker ? 1 : 0);
  bySide[at] ??= addedUp(commissionRates(venue, market, account), isBuyer, isMaker);
  return bySide[at];
}

function addedUp(commission: Commission, isBuyer: boolean, isMaker: boolean): TradeRates {
  const sum = (rates: CommissionRates): bigint =>
    unitsOf(isMaker ? rates.maker : rates.taker) + unitsOf(isBuyer ? rates.buyer : rates.seller);
  return {
    standard: fromUnits(sum(commission.standard)),
    other: fromUnits(sum(commission.special) + sum(commission.tax)),
  };
}

/** What `account/commission` shows. */
export function commissionRates(venue: Venue, market: SymbolMarket, account: TradingAccount): Commission {
  return {
    standard: account.standardBySymbol.get(market.symbol) ?? account.standardCommission,
    special: account.specialBySymbol.get(market.symbol) ?? NO_RATES,
    tax: market.tax ?? NO_RATES,
    discount: {
      isEnabledForAccount: account.isDiscountEnabled,
      isEnabledForSymbol: true,
      asset: venue.settings.discountAsset,
      discount: venue.settings.discount,
    },
  };
}

const RATIO_ONE = 10n ** 18n;
const DISCOUNT_PRECISION = 8;

/** To the nearest whole step of 10^-precision in units of 10^-8, halves up. */
function rounded(numerator: bigint, denominator: bigint, precision: number): bigint {
  const step = 10n ** BigInt(8 - precision);
  const divisor = denominator * step;
  return ((numerator * 2n + divisor) / (divisor * 2n)) * step;
}
