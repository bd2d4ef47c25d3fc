import type { Fee } from '@tradewind/core/orders';
import type { Result } from '@tradewind/core/result';
import type { Balance } from './account.ts';
import {
  CONTINGENCY_TYPES,
  EXECUTION_TYPES,
  EXPIRY_REASONS,
  LIST_ORDER_STATUSES,
  LIST_STATUS_TYPES,
  ORDER_STATUSES,
  ORDER_TYPES,
  PEG_PRICE_TYPES,
  REJECT_REASONS,
  SELF_TRADE_PREVENTION_MODES,
  SIDES,
  TIMES_IN_FORCE,
  WORKING_FLOORS,
} from './enums.ts';
import type { ReadingFailure } from './failure.ts';
import type { LegReference, VenuePeg } from './order.ts';
import { type FieldReader, readObject } from './reader.ts';
import {
  type AccountPosition,
  type BalanceUpdate,
  type ExecutionReport,
  type ExternalLock,
  type ListStatus,
  NO_ORDER_ID,
  type Prevention,
  type UserEvent,
} from './user-event.ts';

/**
 * Reads what stands in the envelope's `event` (binance-spot.md section 9), after JSON.parse. Never throws; an event of a name that
 * is in no document is read as such.
 */
export const readUserEvent = (event: unknown): Result<UserEvent, ReadingFailure> =>
  readObject(event, userEvent);

function userEvent(fields: FieldReader): UserEvent {
  const name = fields.text('e');
  switch (name) {
    case 'executionReport':
      return executionReport(fields);
    case 'outboundAccountPosition':
      return accountPosition(fields);
    case 'balanceUpdate':
      return balanceUpdate(fields);
    case 'listStatus':
      return listStatus(fields);
    case 'externalLockUpdate':
      return externalLock(fields);
    case 'eventStreamTerminated':
      return { kind: 'stream_terminated', eventTimeMs: fields.whole('E') };
    case 'serverShutdown':
      return { kind: 'server_shutdown', eventTimeMs: fields.whole('E') };
    default:
      return { kind: 'unknown_event', name };
  }
}

/** The id that names the order an event is about: on a cancel, `c` is the cancel's own (faults.md O11). */
export const orderClientIdOf = (report: ExecutionReport): string =>
  report.originalClientOrderId ?? report.clientOrderId;

const executionReport = (fields: FieldReader): ExecutionReport => ({
  kind: 'execution_report',
  eventTimeMs: fields.whole('E'),
  transactTimeMs: fields.whole('T'),
  symbol: fields.text('s'),
  orderId: fields.text('x') === 'REJECTED' ? (fields.optionalWhole('i') ?? NO_ORDER_ID) : fields.whole('i'),
  orderListId: fields.optionalWhole('g'),
  clientOrderId: fields.text('c'),
  originalClientOrderId: fields.optionalText('C'),
  side: fields.kept('S', SIDES),
  type: fields.kept('o', ORDER_TYPES),
  timeInForce: fields.kept('f', TIMES_IN_FORCE),
  executionType: fields.kept('x', EXECUTION_TYPES),
  status: fields.kept('X', ORDER_STATUSES),
  rejectReason: fields.kept('r', REJECT_REASONS),
  expiryReason: fields.optionalKept('eR', EXPIRY_REASONS),
  executionId: fields.whole('I'),
  quantity: fields.positiveQuantity('q'),
  quoteAmount: fields.positiveQuoteAmount('Q'),
  price: fields.positivePrice('p'),
  stopPrice: fields.positivePrice('P'),
  icebergQuantity: fields.positiveQuantity('F'),
  trailingDeltaBps: fields.optionalWhole('d'),
  trailingTimeMs: fields.optionalWhole('D'),
  executedQuantity: fields.quantity('z'),
  executedQuoteAmount: fields.quoteAmount('Z'),
  lastQuantity: fields.quantity('l'),
  lastPrice: fields.price('L'),
  lastQuoteAmount: fields.quoteAmount('Y'),
  tradeId: fields.optionalWhole('t'),
  fee: feeOfReport(fields),
  isMaker: fields.flag('m'),
  isOnBook: fields.flag('w'),
  createdTimeMs: fields.whole('O'),
  workingTimeMs: fields.optionalWhole('W'),
  selfTradePrevention: fields.optionalKept('V', SELF_TRADE_PREVENTION_MODES),
  prevention: preventionOf(fields),
  strategyId: fields.optionalWhole('j'),
  strategyType: fields.optionalWhole('J'),
  matchType: fields.optionalText('b'),
  allocationId: fields.optionalWhole('a'),
  workingFloor: fields.optionalKept('k', WORKING_FLOORS),
  usedSor: fields.optionalFlag('uS'),
  peg: pegOfReport(fields),
});

/** The asset is null where nothing was charged. */
function feeOfReport(fields: FieldReader): Fee | undefined {
  const asset = fields.optionalText('N');
  return asset === undefined ? undefined : { asset, amount: fields.amount('n') };
}

/** The documents' own example of an order without any prevention has `v`, so `v` alone does not say that there was one. */
function preventionOf(fields: FieldReader): Prevention | undefined {
  const isPrevented = ['A', 'B', 'u', 'U', 'pl'].some((name) => fields.has(name));
  if (!isPrevented) return undefined;
  return {
    matchId: fields.optionalWhole('v'),
    quantity: fields.positiveQuantity('A'),
    lastQuantity: fields.positiveQuantity('B'),
    tradeGroupId: fields.optionalWhole('u'),
    counterOrderId: fields.optionalWhole('U'),
    counterSymbol: fields.optionalText('Cs'),
    executionQuantity: fields.positiveQuantity('pl'),
    executionPrice: fields.positivePrice('pL'),
    executionQuoteAmount: fields.positiveQuoteAmount('pY'),
  };
}

function pegOfReport(fields: FieldReader): VenuePeg | undefined {
  if (!fields.has('gP')) return undefined;
  return {
    priceType: fields.kept('gP', PEG_PRICE_TYPES),
    offsetLevels: fields.optionalWhole('gOV'),
    price: fields.positivePrice('gp'),
  };
}

const accountPosition = (fields: FieldReader): AccountPosition => ({
  kind: 'account_position',
  eventTimeMs: fields.whole('E'),
  updatedTimeMs: fields.whole('u'),
  balances: fields.list('B', changedBalance),
});

const changedBalance = (fields: FieldReader): Balance => ({
  asset: fields.text('a'),
  free: fields.amount('f'),
  locked: fields.amount('l'),
});

const balanceUpdate = (fields: FieldReader): BalanceUpdate => ({
  kind: 'balance_update',
  eventTimeMs: fields.whole('E'),
  asset: fields.text('a'),
  delta: fields.signedAmount('d'),
  clearTimeMs: fields.whole('T'),
});

const externalLock = (fields: FieldReader): ExternalLock => ({
  kind: 'external_lock',
  eventTimeMs: fields.whole('E'),
  asset: fields.text('a'),
  delta: fields.signedAmount('d'),
  transactTimeMs: fields.whole('T'),
});

const listStatus = (fields: FieldReader): ListStatus => ({
  kind: 'list_status',
  eventTimeMs: fields.whole('E'),
  transactTimeMs: fields.whole('T'),
  symbol: fields.text('s'),
  orderListId: fields.whole('g'),
  contingencyType: fields.kept('c', CONTINGENCY_TYPES),
  listStatusType: fields.kept('l', LIST_STATUS_TYPES),
  listOrderStatus: fields.kept('L', LIST_ORDER_STATUSES),
  rejectReason: fields.kept('r', REJECT_REASONS),
  listClientOrderId: fields.text('C'),
  legs: fields.list('O', legOfEvent),
});

const legOfEvent = (fields: FieldReader): LegReference => ({
  symbol: fields.text('s'),
  orderId: fields.whole('i'),
  clientOrderId: fields.text('c'),
});
