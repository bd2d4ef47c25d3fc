import { fromUnits, unitsOf } from '@tradewind/core/money';
import type { AggregateTrade, PublicTrade } from './model.ts';
import { RowLog } from './row-log.ts';

const ID = 0;
const PRICE = 1;
const QUANTITY = 2;
const TIME = 3;
const IS_BUYER_MAKER = 4;

const QUOTE_QUANTITY = 5;
/** 0 where nobody here took part; orders count from 1. */
const TAKER_ORDER_ID = 6;
const TRADE_WIDTH = 7;

/** The public trades of one symbol. */
export class TradeLog extends RowLog<PublicTrade> {
  private readonly symbol: string;

  constructor(symbol: string, kept: number) {
    super(TRADE_WIDTH, kept);
    this.symbol = symbol;
  }

  protected write(row: number, trade: PublicTrade): void {
    const { rows } = this;
    rows.setNumber(row, ID, trade.id);
    rows.setAmount(row, PRICE, unitsOf(trade.price));
    rows.setAmount(row, QUANTITY, unitsOf(trade.quantity));
    rows.setNumber(row, TIME, trade.timeMs);
    rows.setNumber(row, IS_BUYER_MAKER, trade.isBuyerMaker ? 1 : 0);
    rows.setAmount(row, QUOTE_QUANTITY, unitsOf(trade.quoteQuantity));
    rows.setNumber(row, TAKER_ORDER_ID, trade.takerOrderId ?? 0);
  }

  protected read(row: number): PublicTrade {
    const { rows } = this;
    const takerOrderId = rows.number(row, TAKER_ORDER_ID);
    return {
      symbol: this.symbol,
      id: rows.number(row, ID),
      price: fromUnits(rows.amount(row, PRICE)),
      quantity: fromUnits(rows.amount(row, QUANTITY)),
      quoteQuantity: fromUnits(rows.amount(row, QUOTE_QUANTITY)),
      timeMs: rows.number(row, TIME),
      isBuyerMaker: rows.number(row, IS_BUYER_MAKER) === 1,
      takerOrderId: takerOrderId === 0 ? undefined : takerOrderId,
    };
  }
}

const FIRST_TRADE_ID = 5;
const LAST_TRADE_ID = 6;
const AGGREGATE_WIDTH = 7;

/** The aggregate trades of one symbol. */
export class AggregateLog extends RowLog<AggregateTrade> {
  private readonly symbol: string;

  constructor(symbol: string, kept: number) {
    super(AGGREGATE_WIDTH, kept);
    this.symbol = symbol;
  }

  protected write(row: number, trade: AggregateTrade): void {
    const { rows } = this;
    rows.setNumber(row, ID, trade.id);
    rows.setAmount(row, PRICE, unitsOf(trade.price));
    rows.setAmount(row, QUANTITY, unitsOf(trade.quantity));
    rows.setNumber(row, TIME, trade.timeMs);
    rows.setNumber(row, IS_BUYER_MAKER, trade.isBuyerMaker ? 1 : 0);
    rows.setNumber(row, FIRST_TRADE_ID, trade.firstTradeId);
    rows.setNumber(row, LAST_TRADE_ID, trade.lastTradeId);
  }

  protected read(row: number): AggregateTrade {
    const { rows } = this;
    return {
      symbol: this.symbol,
      id: rows.number(row, ID),
      price: fromUnits(rows.amount(row, PRICE)),
      quantity: fromUnits(rows.amount(row, QUANTITY)),
      firstTradeId: rows.number(row, FIRST_TRADE_ID),
      lastTradeId: rows.number(row, LAST_TRADE_ID),
      timeMs: rows.number(row, TIME),
      isBuyerMaker: rows.number(row, IS_BUYER_MAKER) === 1,
    };
  }
}
