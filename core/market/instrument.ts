import { type Price, price, type Quantity, type QuoteAmount, quantity, type Ratio } from '../money/index.ts';
import type { OrderType, SelfTradePrevention } from '../orders/index.ts';

/** What the venue lets one do with a symbol (binance-spot.md section 4.1). Anything unknown is kept and is not tradable. */
export type SymbolStatus =
  | 'TRADING'
  | 'HALT'
  | 'BREAK'
  | 'END_OF_DAY'
  | 'CANCEL_ONLY'
  | { readonly unknown: string };

/** A tradable pair with every rule the venue states for it. */
export interface Instrument {
  readonly symbol: string;
  readonly baseAsset: string;
  readonly quoteAsset: string;
  readonly status: SymbolStatus;
  readonly orderTypes: readonly OrderType[];
  readonly filters: Filters;
  /** Names of filters that we do not know: kept and reported, never silently passed over. */
  readonly unknownFilters: readonly string[];
  /** Why this symbol must not be traded: a mandatory filter is missing, its status is unknown. Empty means tradable. */
  readonly blockers: readonly string[];
  readonly icebergAllowed: boolean;
  readonly ocoAllowed: boolean;
  readonly otoAllowed: boolean;
  readonly opoAllowed: boolean;
  readonly quoteAmountMarketAllowed: boolean;
  readonly trailingStopAllowed: boolean;
  readonly cancelReplaceAllowed: boolean;
  readonly amendAllowed: boolean;
  readonly pegAllowed: boolean;
  readonly selfTradePreventionModes: readonly SelfTradePrevention[];
  readonly defaultSelfTradePrevention: SelfTradePrevention;
}

/**
 * The filters of binance-spot.md section 6. A bound that the venue states as zero is off and absent here; a filter that
 * the venue does not send is absent as a whole.
 */
export interface Filters {
  readonly price: { readonly minimum?: Price; readonly maximum?: Price; readonly tick?: Price };
  readonly lot: LotBounds;
  readonly marketLot?: LotBounds;
  readonly percentPrice?: { readonly up: Ratio; readonly down: Ratio; readonly averageMinutes: number };
  readonly percentPriceBySide?: {
    readonly bidUp: Ratio;
    readonly bidDown: Ratio;
    readonly askUp: Ratio;
    readonly askDown: Ratio;
    readonly averageMinutes: number;
  };
  /** MIN_NOTIONAL and NOTIONAL in one form: which bound exists and whether it binds market orders. */
  readonly notional?: {
    readonly minimum?: QuoteAmount;
    readonly minimumAppliesToMarket: boolean;
    readonly maximum?: QuoteAmount;
    readonly maximumAppliesToMarket: boolean;
    readonly averageMinutes: number;
  };
  readonly icebergPartsMaximum?: number;
  readonly openOrdersMaximum?: number;
  readonly openAlgoOrdersMaximum?: number;
  readonly openIcebergOrdersMaximum?: number;
  readonly openOrderListsMaximum?: number;
  readonly amendsMaximum?: number;
  readonly positionMaximum?: Quantity;
  readonly trailingDelta?: {
    readonly aboveMinimumBps: number;
    readonly aboveMaximumBps: number;
    readonly belowMinimumBps: number;
    readonly belowMaximumBps: number;
  };
}

export interface LotBounds {
  readonly minimum?: Quantity;
  readonly maximum?: Quantity;
  readonly step?: Quantity;
}

/** Filters over all symbols of an account (EXCHANGE_MAX_NUM_*). */
export interface ExchangeFilters {
  readonly openOrdersMaximum?: number;
  readonly openAlgoOrdersMaximum?: number;
  readonly openIcebergOrdersMaximum?: number;
  readonly openOrderListsMaximum?: number;
}

const FINEST_TICK = price('0.00000001');
const FINEST_STEP = quantity('0.00000001');

/** The price increment of a symbol; one unit of the eighth decimal where the venue states none. */
export const tickOf = (instrument: Instrument): Price => instrument.filters.price.tick ?? FINEST_TICK;

/** The quantity increment of a symbol; one unit of the eighth decimal where the venue states none. */
export const stepOf = (instrument: Instrument): Quantity => instrument.filters.lot.step ?? FINEST_STEP;
