import { type Instrument, readInstrument } from '@tradewind/core/market';
import { notional, type Price, price, type Quantity, quantity, settle } from '@tradewind/core/money';
import type { Side } from '@tradewind/core/orders';
import type {
  AggregateTrade,
  AveragePrice,
  BookLevel,
  BookSnapshot,
  ExchangeListener,
  PublicTrade,
  ReferencePrice,
  SymbolView,
} from '../exchange/index.ts';
import type { MarketSource } from './market-data.ts';

const FILTERS = [
  { filterType: 'PRICE_FILTER', minPrice: '0.01', maxPrice: '1000000', tickSize: '0.01' },
  { filterType: 'LOT_SIZE', minQty: '0.00001', maxQty: '9000', stepSize: '0.00001' },
];

const entryOf = (symbol: string): Record<string, unknown> => ({
  symbol,
  status: 'TRADING',
  baseAsset: 'BTC',
  baseAssetPrecision: 8,
  quoteAsset: 'USDT',
  quotePrecision: 8,
  quoteAssetPrecision: 8,
  orderTypes: ['LIMIT', 'MARKET'],
  filters: FILTERS,
});

function instrumentOf(entry: Record<string, unknown>): Instrument {
  const { instrument } = readInstrument(entry);
  if (instrument === undefined) throw new Error('the instrument of the test cannot be read');
  return instrument;
}

/** What market data hears and asks of an exchange, told by hand: trades and levels as a test says them, and nothing else. */
export class RecordedExchange implements MarketSource {
  readonly exchangeInfo = {};
  readonly symbols: readonly SymbolView[];
  private readonly listeners: Partial<ExchangeListener>[] = [];
  private readonly states = new Map<string, SymbolState>();

  constructor(names: readonly string[]) {
    this.symbols = names.map((symbol) => {
      const entry = entryOf(symbol);
      this.states.set(symbol, new SymbolState());
      return { symbol, entry, instrument: instrumentOf(entry) };
    });
  }

  /** A trade of the next id. */
  trade(symbol: string, timeMs: number, at: string, amount: string, isBuyerMaker = false): PublicTrade {
    const state = this.state(symbol);
    const trade: PublicTrade = {
      symbol,
      id: state.trades.length + 1,
      price: price(at),
      quantity: quantity(amount),
      quoteQuantity: settle(notional(price(at), quantity(amount)), 'receive'),
      timeMs,
      isBuyerMaker,
      takerOrderId: undefined,
    };
    state.trades.push(trade);
    for (const listener of this.listeners) listener.trade?.(trade);
    return trade;
  }

  aggregate(trade: AggregateTrade): void {
    this.state(trade.symbol).aggregates.push(trade);
    for (const listener of this.listeners) listener.aggregateTrade?.(trade);
  }

  /** Changes of levels that one command made: side, price, quantity. */
  change(symbol: string, timeMs: number, changes: readonly (readonly [Side, string, string])[]): void {
    const state = this.state(symbol);
    const first = state.updateId + 1;
    for (const [side, at, amount] of changes) state.set(side, price(at), quantity(amount));
    changes.forEach(([side, at, amount], index) => {
      const level = { side, price: price(at), quantity: quantity(amount) };
      for (const listener of this.listeners)
        listener.bookChange?.({ symbol, ...level, updateId: first + index, timeMs });
    });
  }

  setStatus(symbol: string, status: string): void {
    (this.symbol(symbol)!.entry as Record<string, unknown>).status = status;
    for (const listener of this.listeners) listener.symbolChanged?.(symbol);
  }

  setAverage(symbol: string, average: AveragePrice): void {
    this.state(symbol).average = average;
  }

  setReference(symbol: string, reference: ReferencePrice): void {
    this.state(symbol).reference = reference;
  }

  wipe(): void {
    for (const symbol of this.states.keys()) this.states.set(symbol, new SymbolState());
    for (const listener of this.listeners) listener.wiped?.();
  }

  listen(listener: Partial<ExchangeListener>): () => void {
    this.listeners.push(listener);
    return () => void this.listeners.splice(this.listeners.indexOf(listener), 1);
  }

  symbol(symbol: string): SymbolView | undefined {
    return this.symbols.find((view) => view.symbol === symbol);
  }

  lastPrice = (symbol: string): Price | undefined => this.state(symbol).trades.at(-1)?.price;
  averagePrice = (symbol: string): AveragePrice | undefined => this.state(symbol).average;
  depth = (symbol: string, limit: number): BookSnapshot => this.state(symbol).depth(limit);
  bestBid = (symbol: string): BookLevel | undefined => this.depth(symbol, 1).bids[0];
  bestAsk = (symbol: string): BookLevel | undefined => this.depth(symbol, 1).asks[0];
  lastUpdateId = (symbol: string): number => this.state(symbol).updateId;
  trades = (symbol: string): readonly PublicTrade[] => this.state(symbol).trades;
  aggregateTrades = (symbol: string): readonly AggregateTrade[] => this.state(symbol).aggregates;
  priceRangeRule = (): undefined => undefined;
  referencePrice = (symbol: string): ReferencePrice | undefined => this.state(symbol).reference;

  private state(symbol: string): SymbolState {
    return this.states.get(symbol)!;
  }
}

class SymbolState {
  readonly trades: PublicTrade[] = [];
  readonly aggregates: AggregateTrade[] = [];
  average: AveragePrice | undefined;
  reference: ReferencePrice | undefined;
  updateId = 0;
  private readonly levels = { BUY: new Map<Price, Quantity>(), SELL: new Map<Price, Quantity>() };

  set(side: Side, at: Price, amount: Quantity): void {
    if (amount === quantity('0')) this.levels[side].delete(at);
    else this.levels[side].set(at, amount);
    this.updateId += 1;
  }

  depth(limit: number): BookSnapshot {
    const sorted = (side: Side): BookLevel[] =>
      [...this.levels[side]]
        .map(([at, amount]) => ({ price: at, quantity: amount }))
        .sort((a, b) => (a.price < b.price === (side === 'SELL') ? -1 : 1))
        .slice(0, limit);
    return { lastUpdateId: this.updateId, bids: sorted('BUY'), asks: sorted('SELL') };
  }
}
