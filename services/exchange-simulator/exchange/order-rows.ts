import { fromUnits, type Price, unitsOf } from '@tradewind/core/money';
import {
  ORDER_TYPES,
  SELF_TRADE_PREVENTION_MODES,
  type Side,
  type TimeInForce,
} from '@tradewind/core/orders';
import type { ExpiryReason, OrderStatus, PegPriceType } from './model.ts';
import { OrderRecord } from './order-record.ts';
import { Rows } from './rows.ts';

const ORDER_ID = 0;
const ORDER_LIST_ID = 1;
const SIDE = 2;
const TYPE = 3;
const TIME_IN_FORCE = 4;
const SELF_TRADE_PREVENTION = 5;
const STATUS = 6;
const EXPIRY_REASON = 7;
const PEG_PRICE_TYPE = 8;
const FLAGS = 9;
const PRICE = 10;
const QUANTITY = 11;
const PLACED_QUANTITY = 12;
const QUOTE_ORDER_QUANTITY = 13;
const EXECUTED_QUANTITY = 14;
const EXECUTED_QUOTE = 15;
const STOP_PRICE = 16;
const ICEBERG_QUANTITY = 17;
const PLACED_ICEBERG_QUANTITY = 18;
const PREVENTED_QUANTITY = 19;
const PEGGED_PRICE = 20;
const TRAILING_DELTA = 21;
const TRAILING_TIME = 22;
const CREATED_AT = 23;
const UPDATED_AT = 24;
const WORKING_TIME = 25;
const AMENDMENTS = 26;
const TRADE_GROUP = 27;
const STRATEGY_ID = 28;
const STRATEGY_TYPE = 29;
const PEG_OFFSET_LEVELS = 30;
const PREVENTED_MATCH_ID = 31;
const WIDTH = 32;

const NAME = 0;
const PLACED_NAME = 1;
const FORMER_NAMES = 2;
const TEXTS = 3;
/** Between former names; none has one. */
const LINE = '\n';

const IS_BY_HAND = 1;
const IS_RESERVED = 2;
const IS_SHORT = 4;
const HAS_QUANTITY = 8;
const HAD_QUANTITY = 16;
const HAS_PEGGED_PRICE = 32;

const SIDES: readonly Side[] = ['BUY', 'SELL'];
const TIMES_IN_FORCE: readonly TimeInForce[] = ['GTC', 'IOC', 'FOK'];
const PEG_PRICE_TYPES: readonly (PegPriceType | undefined)[] = [undefined, 'PRIMARY_PEG', 'MARKET_PEG'];
const STATUSES: readonly OrderStatus[] = [
  'FILLED',
  'CANCELED',
  'EXPIRED',
  'EXPIRED_IN_MATCH',
  'REJECTED',
  'NEW',
  'PARTIALLY_FILLED',
  'PENDING_NEW',
];
const EXPIRY_REASONS: readonly ExpiryReason[] = [
  'NONE',
  'REJECTED',
  'EXCHANGE_CANCELED',
  'OCO_TRIGGER',
  'OTO_PHASE_ONE_EXPIRED',
  'UNFILLED_IOC_QUANTITY_EXPIRED',
  'UNFILLED_FOK_ORDER_EXPIRED',
  'INSUFFICIENT_LIQUIDITY',
  'EXECUTION_RULE_PRICE_RANGE_EXCEEDED',
];

/**
 * The orders of one account on one symbol, by id, as what is left of them when they are closed: an order gets its row when it begins, and
 * what it was is written there when it ends.
 */
export class OrderRows {
  readonly rows = new Rows(WIDTH, TEXTS);
  private readonly symbol: string;
  private readonly account: number;

  constructor(symbol: string, account: number) {
    this.symbol = symbol;
    this.account = account;
  }

  /** @param orderId  above all that are there */
  begin(orderId: number): void {
    const { rows } = this;
    rows.setNumber(rows.add(), ORDER_ID, orderId);
  }

  orderId(row: number): number {
    return this.rows.number(row, ORDER_ID);
  }

  /** Of a closed order. */
  orderListId(row: number): number {
    return this.rows.number(row, ORDER_LIST_ID);
  }

  /** undefined when it is not there. */
  rowOf(orderId: number): number | undefined {
    const { rows } = this;
    const row = rows.firstFrom(ORDER_ID, orderId);
    return row < rows.end && this.orderId(row) === orderId ? row : undefined;
  }

  /** Every client order id that a closed order has or had. */
  names(row: number): string[] {
    const { rows } = this;
    const former = rows.text(row, FORMER_NAMES);
    const names = former === '' ? [] : former.split(LINE);
    return [rows.text(row, PLACED_NAME), ...names, rows.text(row, NAME)];
  }

  write(row: number, record: OrderRecord): void {
    const { rows } = this;
    const { start } = record;
    rows.setNumber(row, ORDER_LIST_ID, record.orderListId);
    rows.setNumber(row, SIDE, SIDES.indexOf(start.side));
    rows.setNumber(row, TYPE, ORDER_TYPES.indexOf(start.type));
    rows.setNumber(row, TIME_IN_FORCE, TIMES_IN_FORCE.indexOf(start.timeInForce));
    rows.setNumber(
      row,
      SELF_TRADE_PREVENTION,
      SELF_TRADE_PREVENTION_MODES.indexOf(start.selfTradePrevention),
    );
    rows.setNumber(row, STATUS, STATUSES.indexOf(record.status));
    rows.setNumber(row, EXPIRY_REASON, EXPIRY_REASONS.indexOf(record.expiryReason));
    rows.setNumber(row, PEG_PRICE_TYPE, PEG_PRICE_TYPES.indexOf(start.pegPriceType));
    rows.setNumber(row, FLAGS, flagsOf(record));
    rows.setAmount(row, PRICE, unitsOf(start.price));
    rows.setAmount(row, QUANTITY, record.quantity === undefined ? 0n : unitsOf(record.quantity));
    rows.setAmount(row, PLACED_QUANTITY, start.quantity === undefined ? 0n : unitsOf(start.quantity));
    rows.setAmount(row, QUOTE_ORDER_QUANTITY, unitsOf(start.quoteOrderQuantity));
    rows.setAmount(row, EXECUTED_QUANTITY, unitsOf(record.executedQuantity));
    rows.setAmount(row, EXECUTED_QUOTE, unitsOf(record.executedQuote));
    rows.setAmount(row, STOP_PRICE, unitsOf(start.stopPrice));
    rows.setAmount(row, ICEBERG_QUANTITY, unitsOf(record.icebergQuantity));
    rows.setAmount(row, PLACED_ICEBERG_QUANTITY, unitsOf(start.icebergQuantity));
    rows.setAmount(row, PREVENTED_QUANTITY, unitsOf(record.preventedQuantity));
    rows.setAmount(row, PEGGED_PRICE, record.peggedPrice === undefined ? 0n : unitsOf(record.peggedPrice));
    rows.setNumber(row, TRAILING_DELTA, start.trailingDelta);
    rows.setNumber(row, TRAILING_TIME, record.trailingTimeMs);
    rows.setNumber(row, CREATED_AT, start.createdAtMs);
    rows.setNumber(row, UPDATED_AT, record.updatedAtMs);
    rows.setNumber(row, WORKING_TIME, record.workingTimeMs);
    rows.setNumber(row, AMENDMENTS, record.amendments);
    rows.setNumber(row, TRADE_GROUP, start.tradeGroup);
    rows.setNumber(row, STRATEGY_ID, start.strategyId ?? Number.NaN);
    rows.setNumber(row, STRATEGY_TYPE, start.strategyType ?? Number.NaN);
    rows.setNumber(row, PEG_OFFSET_LEVELS, start.pegOffsetLevels ?? Number.NaN);
    rows.setNumber(row, PREVENTED_MATCH_ID, record.preventedMatchId ?? Number.NaN);
    rows.setText(row, NAME, record.clientOrderId);
    rows.setText(row, PLACED_NAME, start.clientOrderId);
    rows.setText(row, FORMER_NAMES, record.formerNames.join(LINE));
  }

  /** A closed order. */
  read(row: number): OrderRecord {
    const { rows } = this;
    const flags = rows.number(row, FLAGS);
    const former = rows.text(row, FORMER_NAMES);
    const optional = (field: number): number | undefined => {
      const value = rows.number(row, field);
      return Number.isNaN(value) ? undefined : value;
    };
    const record = new OrderRecord({
      symbol: this.symbol,
      account: this.account,
      clientOrderId: rows.text(row, PLACED_NAME),
      side: SIDES[rows.number(row, SIDE)]!,
      type: ORDER_TYPES[rows.number(row, TYPE)]!,
      timeInForce: TIMES_IN_FORCE[rows.number(row, TIME_IN_FORCE)]!,
      price: fromUnits(rows.amount(row, PRICE)),
      quantity: (flags & HAD_QUANTITY) === 0 ? undefined : fromUnits(rows.amount(row, PLACED_QUANTITY)),
      quoteOrderQuantity: fromUnits(rows.amount(row, QUOTE_ORDER_QUANTITY)),
      stopPrice: fromUnits(rows.amount(row, STOP_PRICE)),
      icebergQuantity: fromUnits(rows.amount(row, PLACED_ICEBERG_QUANTITY)),
      trailingDelta: rows.number(row, TRAILING_DELTA),
      strategyId: optional(STRATEGY_ID),
      strategyType: optional(STRATEGY_TYPE),
      selfTradePrevention: SELF_TRADE_PREVENTION_MODES[rows.number(row, SELF_TRADE_PREVENTION)]!,
      pegPriceType: PEG_PRICE_TYPES[rows.number(row, PEG_PRICE_TYPE)],
      pegOffsetLevels: optional(PEG_OFFSET_LEVELS),
      tradeGroup: rows.number(row, TRADE_GROUP),
      createdAtMs: rows.number(row, CREATED_AT),
      isByHand: (flags & IS_BY_HAND) !== 0,
    });
    record.orderId = this.orderId(row);
    record.orderListId = this.orderListId(row);
    record.clientOrderId = rows.text(row, NAME);
    record.quantity = (flags & HAS_QUANTITY) === 0 ? undefined : fromUnits(rows.amount(row, QUANTITY));
    record.icebergQuantity = fromUnits(rows.amount(row, ICEBERG_QUANTITY));
    record.executedQuantity = fromUnits(rows.amount(row, EXECUTED_QUANTITY));
    record.executedQuote = fromUnits(rows.amount(row, EXECUTED_QUOTE));
    record.preventedQuantity = fromUnits(rows.amount(row, PREVENTED_QUANTITY));
    record.preventedMatchId = optional(PREVENTED_MATCH_ID);
    record.status = STATUSES[rows.number(row, STATUS)]!;
    record.expiryReason = EXPIRY_REASONS[rows.number(row, EXPIRY_REASON)]!;
    if ((flags & HAS_PEGGED_PRICE) !== 0)
      record.peggedPrice = fromUnits<Price>(rows.amount(row, PEGGED_PRICE));
    record.trailingTimeMs = rows.number(row, TRAILING_TIME);
    record.updatedAtMs = rows.number(row, UPDATED_AT);
    record.workingTimeMs = rows.number(row, WORKING_TIME);
    record.amendments = rows.number(row, AMENDMENTS);
    if (former !== '') record.formerNames = former.split(LINE);
    record.isReserved = (flags & IS_RESERVED) !== 0;
    record.isShort = (flags & IS_SHORT) !== 0;
    return record;
  }
}

const flagsOf = (record: OrderRecord): number =>
  (record.start.isByHand ? IS_BY_HAND : 0) |
  (record.isReserved ? IS_RESERVED : 0) |
  (record.isShort ? IS_SHORT : 0) |
  (record.quantity === undefined ? 0 : HAS_QUANTITY) |
  (record.start.quantity === undefined ? 0 : HAD_QUANTITY) |
  (record.peggedPrice === undefined ? 0 : HAS_PEGGED_PRICE);
