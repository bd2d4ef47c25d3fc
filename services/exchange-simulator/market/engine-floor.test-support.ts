import { Grid, type Instrument, readInstrument } from '@tradewind/core/market';
import { MatchingEngine, type MatchingListener, type OrderRequest } from '@tradewind/core/matching/book';
import { type Price, priceToNumber } from '@tradewind/core/money';
import type { Side } from '@tradewind/core/orders';
import { ok } from '@tradewind/core/result';
import type {
  BookLevel,
  ExchangeListener,
  ExecutionReport,
  NewOrder,
  Order,
  SymbolView,
} from '../exchange/index.ts';
import type { TradingFloor } from './traders/desk.ts';

const ENTRY = {
  symbol: 'BTCUSDT',
  status: 'TRADING',
  baseAsset: 'BTC',
  quoteAsset: 'USDT',
  orderTypes: ['LIMIT', 'LIMIT_MAKER', 'MARKET'],
  filters: [
    { filterType: 'PRICE_FILTER', minPrice: '0.01', maxPrice: '1000000', tickSize: '0.01' },
    { filterType: 'LOT_SIZE', minQty: '0.00001', maxQty: '9000', stepSize: '0.00001' },
    {
      filterType: 'NOTIONAL',
      minNotional: '5',
      applyMinToMarket: true,
      maxNotional: '9000000',
      applyMaxToMarket: false,
      avgPriceMins: 5,
    },
  ],
};

export interface FloorTrade {
  readonly price: number;
  readonly lots: number;
  readonly takerSide: Side;
}

/** A matching engine with accounts that can pay for everything: what a crowd trades on in its tests. */
export class EngineFloor implements TradingFloor {
  readonly trades: FloorTrade[] = [];
  /** Orders asked for, taken or not. */
  placed = 0;
  readonly engine: MatchingEngine;
  private readonly grid = new Grid(2, 5);
  private readonly instrument: Instrument;
  private readonly listeners: Partial<ExchangeListener>[] = [];
  private readonly accountOf = new Map<number, number>();
  private accounts = 0;

  constructor() {
    const { instrument } = readInstrument(ENTRY);
    if (instrument === undefined) throw new Error('the instrument of the test cannot be read');
    this.instrument = instrument;
    this.engine = new MatchingEngine(this.listener());
  }

  openAccount(): number {
    this.accounts += 1;
    return this.accounts;
  }

  placeByHand(account: number, _symbol: string, order: NewOrder): ReturnType<TradingFloor['placeByHand']> {
    this.placed += 1;
    const placed = this.engine.place(this.requestOf(account, order));
    if (typeof placed === 'string') return { ok: false, error: { code: -2010, msg: placed } };
    this.accountOf.set(placed, account);
    const status = this.engine.isOpen(placed) ? 'NEW' : 'FILLED';
    const state = { orderId: placed, status, account } as Order;
    return ok({ order: state, timeMs: 0, fills: [], preventedMatches: [] });
  }

  cancelByHand(
    _account: number,
    { orderId }: { readonly orderId?: number | undefined },
  ): ReturnType<TradingFloor['cancelByHand']> {
    this.engine.cancel(orderId!);
    return { ok: false, error: { code: -2011, msg: 'the answer is not looked at' } };
  }

  transfer(): ReturnType<TradingFloor['transfer']> {
    return ok(null);
  }

  symbol(symbol: string): SymbolView {
    return { symbol, entry: ENTRY, instrument: this.instrument };
  }

  bestBid = (): BookLevel | undefined => this.levels('BUY', 1)[0];
  bestAsk = (): BookLevel | undefined => this.levels('SELL', 1)[0];

  levels(side: Side, limit: number): BookLevel[] {
    return this.engine.levels(side, limit).map(({ price, quantity }) => ({
      price: this.grid.priceOf(price),
      quantity: this.grid.quantityOf(quantity),
    }));
  }

  listen(listener: Partial<ExchangeListener>): () => void {
    this.listeners.push(listener);
    return () => undefined;
  }

  private requestOf(account: number, order: NewOrder): OrderRequest {
    return {
      account,
      tradeGroup: 0,
      side: order.side,
      type: order.type,
      timeInForce: order.timeInForce ?? 'GTC',
      selfTradePrevention: 'EXPIRE_MAKER',
      quantity: this.grid.lotsOf(order.quantity!)!,
      price: this.grid.ticksOf(order.price as Price)!,
      quoteAmount: 0,
      stopPrice: 0 as OrderRequest['stopPrice'],
      trailingDeltaBps: 0,
      icebergQuantity: 0 as OrderRequest['icebergQuantity'],
      pegPriceType: 'NONE',
      pegOffsetLevels: 0,
    };
  }

  private listener(): MatchingListener {
    const ended = (orderId: number): void => this.report(orderId);
    const ignore = (): void => undefined;
    return {
      accepted: ignore,
      activated: ignore,
      triggered: ignore,
      trailingStarted: ignore,
      pegged: ignore,
      sized: ignore,
      prevented: ignore,
      replaced: ignore,
      listStatus: ignore,
      canceled: ended,
      expired: ended,
      expiredInMatch: ended,
      trade: (_id, price, lots, takerSide, _taker, maker) => {
        this.trades.push({ price: priceToNumber(this.grid.priceOf(price)), lots, takerSide });
        const left = this.engine.quantitiesOf(maker);
        if (left === undefined || left.open <= lots) this.report(maker);
      },
    };
  }

  private report(orderId: number): void {
    const order = {
      orderId,
      account: this.accountOf.get(orderId),
      symbol: 'BTCUSDT',
      status: 'FILLED',
    } as Order;
    for (const listener of this.listeners) listener.executionReport?.({ order } as ExecutionReport);
  }
}
