import type { Refusal, RejectReason } from './model.ts';

/*
 * Every text and code with which the exchange refuses, in one place. Sources: binance-spot.md sections 6, 7.2 and 7.3; where two codes
 * are possible the one listed first in binance-vectors.json is used.
 */

const newOrder = (msg: string, rejectReason: RejectReason = 'NONE'): Refusal => ({
  code: -2010,
  msg,
  rejectReason,
});
const cancel = (msg: string): Refusal => ({ code: -2011, msg });
const amend = (msg: string): Refusal => ({ code: -2038, msg });

export const filterFailure = (filter: string): Refusal => ({ code: -1013, msg: `Filter failure: ${filter}` });

export const UNKNOWN_SYMBOL: Refusal = { code: -1121, msg: 'Invalid symbol.' };
export const PREVENTION_NOT_ALLOWED: Refusal = {
  code: -1013,
  msg: 'This symbol does not allow the specified self-trade prevention mode.',
};
export const NO_ORDER_ID: Refusal = {
  code: -1102,
  msg: "Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null!",
};
export const NO_LIST_ID: Refusal = {
  code: -1102,
  msg: "Param 'orderListId' or 'listClientOrderId' must be sent, but both were empty/null!",
};
export const QUOTE_AMOUNT_OVERFLOW: Refusal = {
  code: -1108,
  msg: "Parameter 'quoteOrderQty' sent was too large.",
};

/** Of what the operator moves. */
export const AMOUNT_OVERFLOW: Refusal = { code: -1108, msg: 'More than a wallet can hold.' };

export const DUPLICATE = newOrder('Duplicate order sent.');
export const MARKET_CLOSED = newOrder('Market is closed.');
export const NOT_IN_THIS_PHASE = newOrder('This order type is not possible in this trading phase.');
export const INSUFFICIENT_BALANCE = newOrder(
  'Account has insufficient balance for requested action.',
  'INSUFFICIENT_BALANCES',
);
export const NOTIONAL_ZERO = newOrder('Price * QTY is zero or less.');
export const ICEBERG_EXCEEDS = newOrder('IcebergQty exceeds QTY.');
export const ACTION_DISABLED = newOrder('This action is disabled on this account.');
export const ACCOUNT_DISABLED = newOrder('This account may not place or cancel orders.');
export const CANCEL_ACCOUNT_DISABLED = cancel('This account may not place or cancel orders.');
export const NOT_PERMITTED = newOrder('This symbol is not permitted for this account.');
export const UNSUPPORTED_COMBINATION = newOrder('Unsupported order combination');
export const WOULD_TRIGGER = newOrder(
  'Order would trigger immediately.',
  'STOP_PRICE_WOULD_TRIGGER_IMMEDIATELY',
);
export const WOULD_MATCH = newOrder('Order would immediately match and take.', 'WOULD_MATCH_IMMEDIATELY');
export const OCO_BAD_PRICES = newOrder(
  'The relationship of the prices for the orders is not correct.',
  'OCO_BAD_PRICES',
);
export const PEG_WITHOUT_LIQUIDITY = newOrder('Order book liquidity is too low for this pegged order.');
export const PEG_NOT_FOR_TYPE = newOrder('This order type may not use pegged price.');
export const PEG_NOT_WITH_TYPE = newOrder('This price peg cannot be used with this order type.');
export const CANCEL_REPLACE_UNSUPPORTED = newOrder('Order cancel-replace is not supported for this symbol.');

export const unsupported = (what: string): Refusal => newOrder(`${what} are not supported for this symbol.`);
export const OCO_UNSUPPORTED = newOrder('OCO orders are not supported for this symbol');
export const QUOTE_AMOUNT_UNSUPPORTED = newOrder(
  'Quote order qty market orders are not support for this symbol.',
);
/** Of what a market order by quote amount could trade. */
export const liquidityBelow = (what: '`LOT_SIZE` filter' | '`MARKET_LOT_SIZE` filter' | 'symbol'): Refusal =>
  newOrder(`Order book liquidity is less than ${what} minimum quantity.`);

export const UNKNOWN_ORDER = cancel('Unknown order sent.');
export const CANCEL_RESTRICTED = cancel('Order was not canceled due to cancel restrictions.');

export const AMEND_UNSUPPORTED = amend('Order amend is not supported for this symbol.');
export const AMEND_INCREASE = amend('Order amend (quantity increase) is not supported.');
export const AMEND_NO_CHANGE = amend('The requested action would change no state; rejecting');
export const AMEND_PENDING_OPO = amend('Order amend (pending OPO order) is not supported.');
export const AMEND_TOO_MANY = amend('Filter failure: MAX_NUM_ORDER_AMENDS');
export const AMEND_MARKET_CLOSED = amend('Market is closed.');

export const NO_SUCH_ORDER: Refusal = { code: -2013, msg: 'Order does not exist.' };
export const NO_SUCH_LIST: Refusal = { code: -2013, msg: 'Order list does not exist.' };
export const ARCHIVED: Refusal = {
  code: -2026,
  msg: 'Order was canceled or expired with no executed qty over 90 days ago and has been archived.',
};
export const IDS_DIFFER: Refusal = {
  code: -2039,
  msg: 'Client order ID is not correct for this order ID.',
};

export const CANCEL_REPLACE_PARTLY_FAILED: Refusal = {
  code: -2021,
  msg: 'Order cancel-replace partially failed.',
};
export const CANCEL_REPLACE_FAILED: Refusal = { code: -2022, msg: 'Order cancel-replace failed.' };

/** Legs of a list that cannot stand there. Texts after the names in section 7.2. */
export const LIST_LEGS = {
  typeRejected: { code: -1158, msg: 'OrderType not supported in OCO.' },
  workingTypeRejected: { code: -1159, msg: 'OrderType not supported for working order.' },
  icebergNeedsGtc: { code: -1160, msg: "Parameter 'icebergQty' is not supported if timeInForce is not GTC." },
  buyLimitBelow: { code: -1165, msg: 'A limit order in a buy OCO must be below.' },
  sellLimitAbove: { code: -1166, msg: 'A limit order in a sell OCO must be above.' },
  bothLimit: { code: -1168, msg: 'At least one OCO order must be contingent.' },
  buyStopAbove: { code: -1196, msg: 'A stop loss order in a buy OCO must be above.' },
  sellStopBelow: { code: -1197, msg: 'A stop loss order in a sell OCO must be below.' },
  buyProfitBelow: { code: -1198, msg: 'A take profit order in a buy OCO must be below.' },
  sellProfitAbove: { code: -1199, msg: 'A take profit order in a sell OCO must be above.' },
  opoWorkingBuy: { code: -1222, msg: 'The working order in an OPO must be a buy.' },
  opoPendingSell: { code: -1223, msg: 'The pending orders in an OPO must be sells.' },
} as const satisfies Record<string, Refusal>;

export const tooManyOrders = (
  limit: number,
  intervalNum: number,
  interval: string,
  retryAtMs: number,
): Refusal => ({
  code: -1015,
  msg: `Too many new orders; current limit is ${limit} orders per ${intervalNum} ${interval}.`,
  retryAtMs,
});
