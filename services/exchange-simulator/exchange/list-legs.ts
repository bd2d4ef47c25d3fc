import type { NewOrder, NewOrderList } from './commands.ts';
import type { Refusal } from './model.ts';
import { LIST_LEGS, OCO_UNSUPPORTED, UNSUPPORTED_COMBINATION, unsupported } from './refusals.ts';
import type { SymbolMarket } from './symbol-market.ts';

/** The orders of a list in the order of placement: the working one, then of a pair the stop loss before the other. */
export function legsOf(list: NewOrderList): readonly NewOrder[] {
  switch (list.kind) {
    case 'OCO':
      return pair(list.above, list.below);
    case 'OTO':
    case 'OPO':
      return [list.working, list.pending];
    default:
      return [list.working, ...pair(list.pendingAbove, list.pendingBelow)];
  }
}

/** What a list may not be made of, and what the symbol does not offer. Source: binance-spot.md sections 4.3 and 7.2. */
export function listRefusal(list: NewOrderList, { instrument }: SymbolMarket): Refusal | undefined {
  const { kind } = list;
  if (kind !== 'OCO' && !instrument.otoAllowed) return unsupported('OTO orders');
  if ((kind === 'OPO' || kind === 'OPOCO') && !instrument.opoAllowed) return unsupported('OPO orders');
  if ((kind === 'OCO' || kind === 'OTOCO' || kind === 'OPOCO') && !instrument.ocoAllowed)
    return OCO_UNSUPPORTED;
  switch (list.kind) {
    case 'OCO':
      return pairRefusal(list.above, list.below);
    case 'OTO':
      return workingRefusal(list.working) ?? pendingRefusal(list.pending);
    case 'OPO':
      return workingRefusal(list.working) ?? opoRefusal(list.working, [list.pending]);
    case 'OTOCO':
      return workingRefusal(list.working) ?? pairRefusal(list.pendingAbove, list.pendingBelow);
    case 'OPOCO':
      return (
        workingRefusal(list.working) ??
        opoRefusal(list.working, [list.pendingAbove, list.pendingBelow]) ??
        pairRefusal(list.pendingAbove, list.pendingBelow)
      );
  }
}

const isStopLoss = ({ type }: NewOrder): boolean => type === 'STOP_LOSS' || type === 'STOP_LOSS_LIMIT';
const isTakeProfit = ({ type }: NewOrder): boolean => type === 'TAKE_PROFIT' || type === 'TAKE_PROFIT_LIMIT';

const pair = (above: NewOrder, below: NewOrder): readonly NewOrder[] =>
  isStopLoss(above) ? [above, below] : [below, above];

function workingRefusal({ type }: NewOrder): Refusal | undefined {
  return type === 'LIMIT' || type === 'LIMIT_MAKER' ? undefined : LIST_LEGS.workingTypeRejected;
}

function pendingRefusal(pending: NewOrder): Refusal | undefined {
  return pending.quoteOrderQuantity === undefined ? undefined : UNSUPPORTED_COMBINATION;
}

function opoRefusal(working: NewOrder, pending: readonly NewOrder[]): Refusal | undefined {
  if (working.side !== 'BUY') return LIST_LEGS.opoWorkingBuy;
  return pending.every(({ side }) => side === 'SELL') ? undefined : LIST_LEGS.opoPendingSell;
}

/** A SELL pair takes profit above the market and stops below it; a BUY pair the other way round. */
function pairRefusal(above: NewOrder, below: NewOrder): Refusal | undefined {
  for (const leg of [above, below]) {
    if (!isStopLoss(leg) && !isTakeProfit(leg) && leg.type !== 'LIMIT_MAKER') return LIST_LEGS.typeRejected;
    if (leg.icebergQuantity !== undefined && (leg.timeInForce ?? 'GTC') !== 'GTC')
      return LIST_LEGS.icebergNeedsGtc;
  }
  if (above.side !== below.side) return UNSUPPORTED_COMBINATION;
  if (above.quantity !== below.quantity) return UNSUPPORTED_COMBINATION;
  if (above.type === 'LIMIT_MAKER' && below.type === 'LIMIT_MAKER') return LIST_LEGS.bothLimit;
  const isSell = above.side === 'SELL';
  const stopAt = isSell ? above : below;
  const profitAt = isSell ? below : above;
  if (isStopLoss(stopAt)) return isSell ? LIST_LEGS.sellStopBelow : LIST_LEGS.buyStopAbove;
  if (isTakeProfit(profitAt)) return isSell ? LIST_LEGS.sellProfitAbove : LIST_LEGS.buyProfitBelow;
  if (profitAt.type === 'LIMIT_MAKER') return isSell ? LIST_LEGS.sellLimitAbove : LIST_LEGS.buyLimitBelow;
  return undefined;
}
