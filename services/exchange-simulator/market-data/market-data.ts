import type { Clock } from '@tradewind/utils';
import type { ExchangeListener, MarketQueries, PublicTrade } from '../exchange/index.ts';
import type { PublicMarketData } from './shapes.ts';
import { SymbolData } from './symbol-data.ts';

/** Of the exchange: what market data is made from. */
export interface MarketSource extends MarketQueries {
  listen(listener: Partial<ExchangeListener>): () => void;
}

/**
 * The statistics of all symbols, kept by listening to the exchange. What an exchange remembers of its trades when this begins
 * is counted in.
 */
export class MarketData implements PublicMarketData {
  private readonly source: MarketSource;
  private readonly clock: Clock;
  private readonly bySymbol = new Map<string, SymbolData>();

  constructor(source: MarketSource, clock: Clock) {
    this.source = source;
    this.clock = clock;
    this.begin();
    source.listen({
      trade: (trade: PublicTrade) => this.bySymbol.get(trade.symbol)?.trade(trade),
      symbolChanged: (symbol: string) => this.bySymbol.get(symbol)?.followStatus(),
      wiped: () => this.begin(),
    });
  }

  symbol(name: string): SymbolData | undefined {
    return this.bySymbol.get(name);
  }

  get symbols(): readonly SymbolData[] {
    return [...this.bySymbol.values()];
  }

  private begin(): void {
    for (const { symbol } of this.source.symbols)
      this.bySymbol.set(symbol, new SymbolData(symbol, this.source, this.clock));
  }
}
