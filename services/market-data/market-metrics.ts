import type { Counter, Gauge, Metrics } from '@tradewind/utils';
import type { FeedCounts, SymbolFeed } from './symbol-feed.ts';

const STATES = ['live', 'stale', 'gap', 'down', 'paused'] as const;
const EVENTS = [
  'trades',
  'quotes',
  'depths',
  'bars',
  'backfilledBars',
  'lateTrades',
  'missedTrades',
  'crossedQuotes',
  'badPrints',
] as const satisfies readonly (keyof FeedCounts)[];

/** What was counted, carried over into metrics now and then, so that an update costs no more than an addition. */
export class MarketMetrics {
  private readonly events: Counter<'symbol' | 'kind'>;
  private readonly refusals: Counter<'reason'>;
  private readonly states: Gauge<'symbol' | 'state'>;
  private readonly age: Gauge<'symbol'>;
  private readonly told = new Map<SymbolFeed, FeedCounts>();

  constructor(metrics: Metrics) {
    this.events = metrics.counter('market_data_events_total', 'What came of a symbol, by kind.', [
      'symbol',
      'kind',
    ]);
    this.refusals = metrics.counter(
      'market_data_refused_messages_total',
      'Messages of which nothing was taken.',
      ['reason'],
    );
    this.states = metrics.gauge('market_data_feed_state', '1 for the state that a symbol is in.', [
      'symbol',
      'state',
    ]);
    this.age = metrics.gauge(
      'market_data_price_age_seconds',
      'Age of the reference price by the worse clock.',
      ['symbol'],
    );
  }

  refused(reason: string): void {
    this.refusals.add({ reason });
  }

  update(feed: SymbolFeed): void {
    const { symbol, counts } = feed;
    const before = this.told.get(feed);
    for (const kind of EVENTS) {
      const more = counts[kind] - (before?.[kind] ?? 0);
      if (more > 0) this.events.add({ symbol, kind }, more);
    }
    this.told.set(feed, { ...counts });
    for (const state of STATES)
      this.states.set({ symbol, state }, feed.health.status.state === state ? 1 : 0);
    const { referencePriceAgeMs } = feed.snapshot();
    if (referencePriceAgeMs !== undefined) this.age.set({ symbol }, referencePriceAgeMs / 1000);
  }
}
