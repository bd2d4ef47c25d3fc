import { fromUnits, unitsOf } from '@tradewind/core/money';
import type { Fill } from './model.ts';
import { RowLog } from './row-log.ts';

const TRADE_ID = 0;
const ORDER_ID = 1;
const ORDER_LIST_ID = 2;
const PRICE = 3;
const QUANTITY = 4;
const QUOTE_QUANTITY = 5;
const COMMISSION = 6;
const COMMISSION_ASSET = 7;
const TIME = 8;
const SIDES = 9;
const WIDTH = 10;

/** `SIDES` counts who bought and who made the price. */
const BUYER = 1;
const MAKER = 2;

/** The fills of one account on one symbol. */
export class FillLog extends RowLog<Fill> {
  private readonly symbol: string;
  private readonly account: number;
  /** Commissions are paid in the base, in the quote, or in what discounts are given for. */
  private readonly assets: string[] = [];

  constructor(symbol: string, account: number, kept: number) {
    super(WIDTH, kept);
    this.symbol = symbol;
    this.account = account;
  }

  protected write(row: number, fill: Fill): void {
    const { rows } = this;
    rows.setNumber(row, TRADE_ID, fill.tradeId);
    rows.setNumber(row, ORDER_ID, fill.orderId);
    rows.setNumber(row, ORDER_LIST_ID, fill.orderListId);
    rows.setAmount(row, PRICE, unitsOf(fill.price));
    rows.setAmount(row, QUANTITY, unitsOf(fill.quantity));
    rows.setAmount(row, QUOTE_QUANTITY, unitsOf(fill.quoteQuantity));
    rows.setAmount(row, COMMISSION, unitsOf(fill.commission));
    rows.setNumber(row, COMMISSION_ASSET, this.numberOf(fill.commissionAsset));
    rows.setNumber(row, TIME, fill.timeMs);
    rows.setNumber(row, SIDES, (fill.isBuyer ? BUYER : 0) + (fill.isMaker ? MAKER : 0));
  }

  protected read(row: number): Fill {
    const { rows } = this;
    const sides = rows.number(row, SIDES);
    return {
      symbol: this.symbol,
      account: this.account,
      tradeId: rows.number(row, TRADE_ID),
      orderId: rows.number(row, ORDER_ID),
      orderListId: rows.number(row, ORDER_LIST_ID),
      price: fromUnits(rows.amount(row, PRICE)),
      quantity: fromUnits(rows.amount(row, QUANTITY)),
      quoteQuantity: fromUnits(rows.amount(row, QUOTE_QUANTITY)),
      commission: fromUnits(rows.amount(row, COMMISSION)),
      commissionAsset: this.assets[rows.number(row, COMMISSION_ASSET)]!,
      timeMs: rows.number(row, TIME),
      isBuyer: (sides & BUYER) !== 0,
      isMaker: (sides & MAKER) !== 0,
    };
  }

  private numberOf(asset: string): number {
    const known = this.assets.indexOf(asset);
    return known === -1 ? this.assets.push(asset) - 1 : known;
  }
}
