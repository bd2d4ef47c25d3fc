import { isZero, unitsOf } from '@tradewind/core/money';
import type { Refusal } from './model.ts';
import { isMarketKind, isStopKind, type OrderStart } from './order-record.ts';
import {
  ACCOUNT_DISABLED,
  ACTION_DISABLED,
  ICEBERG_EXCEEDS,
  MARKET_CLOSED,
  NOT_IN_THIS_PHASE,
  NOT_PERMITTED,
  NOTIONAL_ZERO,
  PEG_NOT_FOR_TYPE,
  PEG_NOT_WITH_TYPE,
  PREVENTION_NOT_ALLOWED,
  QUOTE_AMOUNT_UNSUPPORTED,
  UNSUPPORTED_COMBINATION,
  unsupported,
} from './refusals.ts';
import type { SymbolMarket } from './symbol-market.ts';
import type { TradingAccount } from './trading-account.ts';

/** Whether the account may place orders on the symbol at all now. */
export function placingRefusal(market: SymbolMarket, account: TradingAccount): Refusal | undefined {
  if (account.isDisabled) return ACCOUNT_DISABLED;
  if (!account.canTrade) return ACTION_DISABLED;
  if (!isPermitted(market, account)) return NOT_PERMITTED;
  return phaseRefusal(market);
}

/** What is not known trades nothing, like a halt. */
export function phaseRefusal({ instrument }: SymbolMarket): Refusal | undefined {
  if (instrument.status === 'TRADING') return undefined;
  return instrument.status === 'CANCEL_ONLY' ? NOT_IN_THIS_PHASE : MARKET_CLOSED;
}

/** Every set of the symbol has to hold one of the account's permissions (binance-spot.md section 4.1). */
function isPermitted({ entry }: SymbolMarket, { permissions }: TradingAccount): boolean {
  const sets = entry.permissionSets;
  if (!Array.isArray(sets)) return true;
  return sets.every(
    (set) => !Array.isArray(set) || set.some((permission) => permissions.includes(permission)),
  );
}

/** What the symbol does not offer, and what no order may say (binance-spot.md sections 5.1 and 7.3). */
export function shapeRefusal(market: SymbolMarket, start: OrderStart): Refusal | undefined {
  return featureRefusal(market, start) ?? combinationRefusal(start) ?? pegRefusal(start);
}

const TYPE_NAMES: Readonly<Record<OrderStart['type'], string>> = {
  LIMIT: 'Limit orders',
  LIMIT_MAKER: 'Limit maker orders',
  MARKET: 'Market orders',
  STOP_LOSS: 'Stop loss orders',
  STOP_LOSS_LIMIT: 'Stop loss limit orders',
  TAKE_PROFIT: 'Take profit orders',
  TAKE_PROFIT_LIMIT: 'Take profit limit orders',
};

function featureRefusal({ instrument }: SymbolMarket, start: OrderStart): Refusal | undefined {
  if (!instrument.orderTypes.includes(start.type)) return unsupported(TYPE_NAMES[start.type]);
  if (!isZero(start.icebergQuantity) && !instrument.icebergAllowed) return unsupported('Iceberg orders');
  if (!isZero(start.quoteOrderQuantity) && !instrument.quoteAmountMarketAllowed)
    return QUOTE_AMOUNT_UNSUPPORTED;
  if (start.trailingDelta !== 0 && !instrument.trailingStopAllowed)
    return unsupported('Trailing stop orders');
  if (start.pegPriceType !== undefined && !instrument.pegAllowed) return unsupported('Pegged orders');
  const modes = instrument.selfTradePreventionModes;
  const isAllowed =
    modes.includes(start.selfTradePrevention) ||
    start.selfTradePrevention === instrument.defaultSelfTradePrevention;
  return isAllowed ? undefined : PREVENTION_NOT_ALLOWED;
}

function combinationRefusal(start: OrderStart): Refusal | undefined {
  const isMarket = isMarketKind(start.type);
  const hasPrice = unitsOf(start.price) !== 0n;
  if (start.quantity !== undefined && unitsOf(start.quantity) <= 0n && isZero(start.quoteOrderQuantity))
    return NOTIONAL_ZERO;
  if (unitsOf(start.price) < 0n || unitsOf(start.stopPrice) < 0n) return NOTIONAL_ZERO;
  if (isMarket === hasPrice && !(start.pegPriceType !== undefined && !hasPrice))
    return isMarket ? UNSUPPORTED_COMBINATION : NOTIONAL_ZERO;
  if (!isZero(start.quoteOrderQuantity) && start.type !== 'MARKET') return UNSUPPORTED_COMBINATION;
  const hasTrigger = unitsOf(start.stopPrice) !== 0n || start.trailingDelta !== 0;
  if (hasTrigger !== isStopKind(start.type)) return UNSUPPORTED_COMBINATION;
  return icebergRefusal(start, isMarket);
}

function icebergRefusal(start: OrderStart, isMarket: boolean): Refusal | undefined {
  if (isZero(start.icebergQuantity)) return undefined;
  if (isMarket || start.timeInForce !== 'GTC') return UNSUPPORTED_COMBINATION;
  if (start.quantity !== undefined && start.icebergQuantity >= start.quantity) return ICEBERG_EXCEEDS;
  return undefined;
}

/** The price of a peg comes from the book; where it stands is section 5.1. */
function pegRefusal({ type, timeInForce, pegPriceType }: OrderStart): Refusal | undefined {
  if (pegPriceType === undefined) return undefined;
  if (isMarketKind(type)) return PEG_NOT_FOR_TYPE;
  if (type === 'LIMIT_MAKER' && pegPriceType !== 'PRIMARY_PEG') return PEG_NOT_WITH_TYPE;
  if (type === 'LIMIT' && pegPriceType === 'PRIMARY_PEG' && timeInForce !== 'GTC') return PEG_NOT_WITH_TYPE;
  return undefined;
}
