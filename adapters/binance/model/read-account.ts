import type {
  AccountFilters,
  AccountState,
  AssetFilter,
  Balance,
  Commission,
  CommissionDiscount,
  CommissionRates,
  KeyPermissions,
  RateLimit,
  RelevantFilter,
  VenueTrade,
} from './account.ts';
import { RATE_LIMIT_TYPES } from './enums.ts';
import type { MakerTakerRates, TestedOrder } from './order.ts';
import { feeOf } from './read-order.ts';
import type { FieldReader } from './reader.ts';

export const accountState = (fields: FieldReader): AccountState => ({
  balances: fields.list('balances', balance),
  canTrade: fields.flag('canTrade'),
  canWithdraw: fields.flag('canWithdraw'),
  canDeposit: fields.flag('canDeposit'),
  accountType: fields.text('accountType'),
  permissions: fields.texts('permissions'),
  rates: fields.optionalObject('commissionRates', commissionRates),
  requiresSelfTradePrevention: fields.optionalFlag('requireSelfTradePrevention'),
  updatedTimeMs: fields.whole('updateTime'),
  uid: fields.optionalWhole('uid'),
  tradeGroupId: fields.optionalWhole('tradeGroupId'),
});

const balance = (fields: FieldReader): Balance => ({
  asset: fields.text('asset'),
  free: fields.amount('free'),
  locked: fields.amount('locked'),
});

const commissionRates = (fields: FieldReader): CommissionRates => ({
  maker: fields.ratio('maker'),
  taker: fields.ratio('taker'),
  buyer: fields.ratio('buyer'),
  seller: fields.ratio('seller'),
});

export const commission = (fields: FieldReader): Commission => ({
  symbol: fields.text('symbol'),
  standard: fields.object('standardCommission', commissionRates),
  special: fields.optionalObject('specialCommission', commissionRates),
  tax: fields.object('taxCommission', commissionRates),
  discount: fields.object('discount', commissionDiscount),
});

const commissionDiscount = (fields: FieldReader): CommissionDiscount => ({
  isEnabledForAccount: fields.flag('enabledForAccount'),
  isEnabledForSymbol: fields.flag('enabledForSymbol'),
  asset: fields.optionalText('discountAsset'),
  multiplier: fields.ratio('discount'),
});

/** POST order/test answers `{}` unless asked for commission rates. */
export const testedOrder = (fields: FieldReader): TestedOrder => ({
  standard: fields.optionalObject('standardCommissionForOrder', makerTakerRates),
  special: fields.optionalObject('specialCommissionForOrder', makerTakerRates),
  tax: fields.optionalObject('taxCommissionForOrder', makerTakerRates),
});

const makerTakerRates = (fields: FieldReader): MakerTakerRates => ({
  maker: fields.ratio('maker'),
  taker: fields.ratio('taker'),
});

export const keyPermissions = (fields: FieldReader): KeyPermissions => ({
  createdTimeMs: fields.optionalWhole('createTime'),
  isIpRestricted: fields.optionalFlag('ipRestrict'),
  mayRead: fields.optionalFlag('enableReading'),
  mayTradeSpot: fields.optionalFlag('enableSpotAndMarginTrading'),
  mayWithdraw: fields.optionalFlag('enableWithdrawals'),
  mayTransferInternally: fields.optionalFlag('enableInternalTransfer'),
  mayTransferUniversally: fields.optionalFlag('permitsUniversalTransfer'),
  mayTradeMargin: fields.optionalFlag('enableMargin'),
  mayTradeFutures: fields.optionalFlag('enableFutures'),
  mayTradeOptions: fields.optionalFlag('enableVanillaOptions'),
  mayTradePortfolioMargin: fields.optionalFlag('enablePortfolioMarginTrading'),
  mayTradeFix: fields.optionalFlag('enableFixApiTrade'),
  mayReadFix: fields.optionalFlag('enableFixReadOnly'),
});

export const venueTrade = (fields: FieldReader): VenueTrade => ({
  symbol: fields.text('symbol'),
  tradeId: fields.whole('id'),
  orderId: fields.whole('orderId'),
  orderListId: fields.optionalWhole('orderListId'),
  side: fields.flag('isBuyer') ? 'BUY' : 'SELL',
  liquidity: fields.flag('isMaker') ? 'MAKER' : 'TAKER',
  price: fields.price('price'),
  quantity: fields.quantity('qty'),
  quoteAmount: fields.quoteAmount('quoteQty'),
  fee: feeOf(fields),
  timeMs: fields.whole('time'),
});

const UNIT_MS: ReadonlyMap<string, number> = new Map([
  ['SECOND', 1000],
  ['MINUTE', 60_000],
  ['HOUR', 3_600_000],
  ['DAY', 86_400_000],
]);

export function rateLimit(fields: FieldReader): RateLimit {
  const unitMs = UNIT_MS.get(fields.text('interval'));
  const intervalMs = (unitMs ?? 0) * fields.whole('intervalNum');
  return {
    type: fields.kept('rateLimitType', RATE_LIMIT_TYPES),
    intervalMs: intervalMs > 0 && Number.isSafeInteger(intervalMs) ? intervalMs : undefined,
    limit: fields.whole('limit'),
    count: fields.optionalWhole('count'),
  };
}

export const accountFilters = (fields: FieldReader): AccountFilters => ({
  exchange: fields.list('exchangeFilters', relevantFilter),
  symbol: fields.list('symbolFilters', relevantFilter),
  asset: fields.list('assetFilters', assetFilter),
});

const relevantFilter = (fields: FieldReader): RelevantFilter => ({
  type: fields.text('filterType'),
  bounds: new Map(
    fields
      .entries()
      .filter(([name]) => name !== 'filterType')
      .map(([name, value]) => [name, typeof value === 'string' ? value : (JSON.stringify(value) ?? '')]),
  ),
});

const assetFilter = (fields: FieldReader): AssetFilter => ({
  type: fields.text('filterType'),
  asset: fields.text('asset'),
  limit: fields.amount('limit'),
});
