import {
  type Amount,
  amount,
  formatAmount,
  price,
  quantity,
  quoteAmount,
  ratio,
} from '@tradewind/core/money';
import type { Clock } from '@tradewind/utils';
import {
  type CommissionRates,
  Exchange,
  type ExchangeOptions,
  type ExecutionReport,
  type NewOrder,
  type Placed,
  type Refusal,
} from './index.ts';

const START_MS = Date.UTC(2026, 0, 5, 12, 0, 0);
export const MODES = ['NONE', 'EXPIRE_TAKER', 'EXPIRE_MAKER', 'EXPIRE_BOTH', 'DECREMENT', 'TRANSFER'];

const FREE_RATE = ratio('0');
export const NO_COMMISSION: CommissionRates = {
  maker: FREE_RATE,
  taker: FREE_RATE,
  buyer: FREE_RATE,
  seller: FREE_RATE,
};

/** An entry of exchangeInfo that allows everything, with a tick of 0.01 and a step of 0.00001, except for what is given. */
export function entry(symbol: string, given: Readonly<Record<string, unknown>> = {}) {
  const [, baseAsset, quoteAsset] = /^(\w+?)(USDT|BNB|BTC)$/.exec(symbol) ?? [];
  return {
    symbol,
    status: 'TRADING',
    baseAsset,
    baseAssetPrecision: 8,
    quoteAsset,
    quotePrecision: 8,
    quoteAssetPrecision: 8,
    baseCommissionPrecision: 8,
    quoteCommissionPrecision: 8,
    orderTypes: [
      'LIMIT',
      'LIMIT_MAKER',
      'MARKET',
      'STOP_LOSS',
      'STOP_LOSS_LIMIT',
      'TAKE_PROFIT',
      'TAKE_PROFIT_LIMIT',
    ],
    icebergAllowed: true,
    ocoAllowed: true,
    otoAllowed: true,
    opoAllowed: true,
    quoteOrderQtyMarketAllowed: true,
    allowTrailingStop: true,
    cancelReplaceAllowed: true,
    amendAllowed: true,
    pegInstructionsAllowed: true,
    isSpotTradingAllowed: true,
    filters: [
      { filterType: 'PRICE_FILTER', minPrice: '0.01', maxPrice: '1000000', tickSize: '0.01' },
      { filterType: 'LOT_SIZE', minQty: '0.00001', maxQty: '90000', stepSize: '0.00001' },
    ],
    permissions: [],
    permissionSets: [['SPOT']],
    defaultSelfTradePreventionMode: 'NONE',
    allowedSelfTradePreventionModes: MODES,
    ...given,
  };
}

export const exchangeInfo = (
  symbols: readonly unknown[],
  given: Readonly<Record<string, unknown>> = {},
): unknown => ({
  timezone: 'UTC',
  rateLimits: [
    { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: 100_000 },
    { rateLimitType: 'ORDERS', interval: 'DAY', intervalNum: 1, limit: 10_000_000 },
  ],
  exchangeFilters: [],
  symbols,
  ...given,
});

/** An order in words: amounts as texts. */
export interface Wish extends Omit<Partial<NewOrder>, Amounts> {
  readonly price?: string;
  readonly quantity?: string;
  readonly quoteOrderQuantity?: string;
  readonly stopPrice?: string;
  readonly icebergQuantity?: string;
}
type Amounts = 'price' | 'quantity' | 'quoteOrderQuantity' | 'stopPrice' | 'icebergQuantity';

/** A LIMIT BUY, except for what is given. */
export function orderOf(wish: Wish): NewOrder {
  const { price: limit, quantity: size, quoteOrderQuantity, stopPrice, icebergQuantity, ...rest } = wish;
  return {
    side: 'BUY',
    type: 'LIMIT',
    price: limit === undefined ? undefined : price(limit),
    quantity: size === undefined ? undefined : quantity(size),
    quoteOrderQuantity: quoteOrderQuantity === undefined ? undefined : quoteAmount(quoteOrderQuantity),
    stopPrice: stopPrice === undefined ? undefined : price(stopPrice),
    icebergQuantity: icebergQuantity === undefined ? undefined : quantity(icebergQuantity),
    ...rest,
  };
}

/** A clock that stands until it is set on. */
export class HandClock implements Clock {
  private now = START_MS;

  nowMs(): number {
    return this.now;
  }
  elapsedMs(): number {
    return this.now - START_MS;
  }
  advance(durationMs: number): void {
    this.now += durationMs;
  }
}

/** An exchange with rich accounts and what it told since it was last asked. */
export class World {
  readonly time = new HandClock();
  readonly exchange: Exchange;
  readonly symbol: string;
  readonly options: ExchangeOptions;
  private reports: ExecutionReport[] = [];
  private lines: string[] = [];

  constructor(
    symbols: readonly ReturnType<typeof entry>[] = [entry('BTCUSDT')],
    options: Partial<ExchangeOptions> = {},
    info: Readonly<Record<string, unknown>> = {},
  ) {
    this.symbol = symbols[0]!.symbol;
    this.options = {
      clock: this.time,
      exchangeInfo: exchangeInfo(symbols, info),
      standardCommission: NO_COMMISSION,
      ...options,
    };
    this.exchange = new Exchange(this.options);
    this.exchange.listen({
      executionReport: (report) => {
        this.reports.push(report);
        const { executionType, order } = report;
        this.lines.push(`${order.account}/${order.orderId} ${executionType} ${order.status}`);
      },
      accountPosition: ({ account, balances }) => {
        const texts = balances.map(
          ({ asset, free, locked }) => `${asset} ${formatAmount(free)}+${formatAmount(locked)}`,
        );
        this.lines.push(`${account} has ${texts.join(', ')}`);
      },
      listStatus: ({ list }) =>
        this.lines.push(`list ${list.orderListId} ${list.listStatusType} ${list.listOrderStatus}`),
    });
  }

  account(balances: Readonly<Record<string, string>> = { BTC: '100000', USDT: '100000000' }): number {
    return this.exchange.openAccount({
      balances: Object.entries(balances).map(([asset, text]) => [asset, amount(asset, text)] as const),
    });
  }

  place(account: number, wish: Wish, symbol = this.symbol): Placed {
    const placed = this.exchange.placeOrder(account, symbol, orderOf(wish));
    if (!placed.ok) throw new Error(`refused: ${placed.error.code} ${placed.error.msg}`);
    return placed.value;
  }

  refusal(account: number, wish: Wish, symbol = this.symbol): Refusal {
    const placed = this.exchange.placeOrder(account, symbol, orderOf(wish));
    if (placed.ok) throw new Error('was not refused');
    return placed.error;
  }

  /** Two accounts trade a little at a price, which becomes the last one. Both start and end without open orders. */
  tradeAt(maker: number, taker: number, at: string, size = '0.001', symbol = this.symbol): void {
    this.place(maker, { side: 'SELL', price: at, quantity: size }, symbol);
    this.place(taker, { side: 'BUY', price: at, quantity: size, timeInForce: 'IOC' }, symbol);
  }

  status(account: number, orderId: number, symbol = this.symbol): string {
    return this.order(account, orderId, symbol).status;
  }

  order(account: number, orderId: number, symbol = this.symbol) {
    const order = this.exchange.order(account, { symbol, orderId });
    if (!order.ok) throw new Error(order.error.msg);
    return order.value;
  }

  /** Free and locked, as plain decimals. */
  balance(account: number, asset: string): [string, string] {
    const found = this.exchange.balances(account).find((one) => one.asset === asset);
    return [text(found?.free), text(found?.locked)];
  }

  takeReports(): ExecutionReport[] {
    const { reports } = this;
    this.reports = [];
    return reports;
  }

  takeLines(): string[] {
    const { lines } = this;
    this.lines = [];
    return lines;
  }
}

export const text = (value: Amount | undefined): string => (value === undefined ? '0' : formatAmount(value));
