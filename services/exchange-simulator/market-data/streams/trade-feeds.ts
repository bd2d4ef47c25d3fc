import { unitsOf } from '@tradewind/core/money';
import type { AggregateTrade, PublicTrade } from '../../exchange/index.ts';
import type { Feed, FeedContext } from './feed.ts';

export class TradeFeed implements Feed {
  private readonly context: FeedContext;

  constructor(context: FeedContext) {
    this.context = context;
  }

  trade(trade: PublicTrade): void {
    const { channel, data, clock } = this.context;
    const now = clock.nowMs();
    channel.publish((time) => ({
      e: 'trade',
      E: time(now),
      s: trade.symbol,
      t: trade.id,
      p: data.format.price(unitsOf(trade.price)),
      q: data.format.quantity(unitsOf(trade.quantity)),
      T: time(trade.timeMs),
      m: trade.isBuyerMaker,
      M: true,
    }));
  }
}

export class AggregateTradeFeed implements Feed {
  private readonly context: FeedContext;

  constructor(context: FeedContext) {
    this.context = context;
  }

  aggregateTrade(trade: AggregateTrade): void {
    const { channel, data, clock } = this.context;
    const now = clock.nowMs();
    channel.publish((time) => ({
      e: 'aggTrade',
      E: time(now),
      s: trade.symbol,
      a: trade.id,
      p: data.format.price(unitsOf(trade.price)),
      q: data.format.quantity(unitsOf(trade.quantity)),
      f: trade.firstTradeId,
      l: trade.lastTradeId,
      T: time(trade.timeMs),
      m: trade.isBuyerMaker,
      M: true,
    }));
  }
}
