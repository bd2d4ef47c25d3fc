export type { Approved } from './approved.ts';
export { CLIENT_ORDER_ID, ClientOrderIds, type IntentName, type OrderLeg } from './client-order-id.ts';
export {
  isFinal,
  isInDoubt,
  type NoSuchTransition,
  nextState,
  ORDER_EVENT_KINDS,
  ORDER_STATES,
  type OrderEventKind,
  type OrderState,
} from './life.ts';
export {
  type Fee,
  type Fill,
  type LimitMakerTerms,
  type LimitTerms,
  type Liquidity,
  type MarketTerms,
  ORDER_TYPES,
  type OrderIntent,
  type OrderListIntent,
  type OrderTerms,
  type OrderType,
  type Peg,
  SELF_TRADE_PREVENTION_MODES,
  type SelfTradePrevention,
  type Side,
  type StopLimitTerms,
  type StopTerms,
  type TimeInForce,
  type Trigger,
} from './order.ts';
export { checkOrderList, legsOf, type OrderListRefusal, ordersOf } from './order-list.ts';
export {
  applyEvent,
  BookedFills,
  type FillKey,
  type MergedOrder,
  newOrderRecord,
  type OrderConflict,
  type OrderEvent,
  type OrderRecord,
  recordOf,
} from './record.ts';
export {
  checkTerms,
  icebergQuantityOf,
  isStopLoss,
  limitPriceOf,
  pegOf,
  type StopType,
  stopTermsOf,
  type TermsRefusal,
  timeInForceOf,
  triggerOf,
  waitsAbove,
} from './terms.ts';
export { eventOfQueriedStatus, eventOfStatus, type UnknownStatus } from './venue-status.ts';
