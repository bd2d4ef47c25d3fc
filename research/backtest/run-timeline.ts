import type { StrategyHost } from '@tradewind/core/strategy';
import type { EquityCurve } from './equity-curve.ts';
import type { ExchangeDesk } from './exchange-desk.ts';
import type { MarketRun } from './market-run.ts';
import type { Timeline } from './timeline.ts';

export interface Stage {
  readonly timeline: Timeline;
  readonly host: StrategyHost;
  readonly desk: ExchangeDesk;
  readonly curve: EquityCurve;
}

/**
 * Plays the whole timeline. At each instant at which bars close: match them, value the account, then tell the strategy:
 * first what became of its orders, then timers that are due, then the closed bars. What it orders can trade from the next
 * bar on; what still waits when the data end expires.
 */
export function runTimeline(stage: Stage): void {
  const { timeline, host, desk, curve } = stage;
  const [market] = timeline.markets;
  host.start(timeline.startMs);
  if (timeline.isOneMarketAsItIs) playOneMarket(stage, market!);
  else playAll(stage);
  curve.finish(host.nowMs);
  host.stop(host.nowMs);
  // Nothing that happens in a market: the strategy is not told, or it would answer with orders that no bar can fill.
  desk.endOfData();
}

function playAll({ timeline, host, desk, curve }: Stage): void {
  const { markets, coarser, inputs } = timeline;
  let fills = 0;
  for (let now = timeline.nextMs(); now !== Number.POSITIVE_INFINITY; now = timeline.nextMs()) {
    let hasMarketClosed = false;
    for (let i = 0; i < markets.length; i += 1) {
      const market = markets[i]!;
      if (market.cursor.nextCloseMs !== now) continue;
      market.advance();
      hasMarketClosed = true;
    }
    for (let i = 0; i < coarser.length; i += 1) {
      const cursor = coarser[i]!;
      if (cursor.nextCloseMs === now) cursor.advance();
    }
    if (hasMarketClosed) curve.mark(now, desk.fills.length !== fills);
    fills = desk.fills.length;
    host.advance(now);
    if (desk.hasUpdates) desk.deliver();
    host.fireTimers();
    for (let i = 0; i < inputs.length; i += 1) {
      const cursor = inputs[i]!;
      if (cursor.closeTimeMs === now) host.bar(cursor.view);
    }
    if (desk.hasUpdates) desk.deliver();
  }
}

/** The same for one market whose bars the strategy sees as they are, which is most runs: without looking for what closes. */
function playOneMarket({ host, desk, curve }: Stage, market: MarketRun): void {
  const { cursor } = market;
  const { view } = cursor;
  let fills = 0;
  for (let now = cursor.nextCloseMs; now !== Number.POSITIVE_INFINITY; now = cursor.nextCloseMs) {
    market.advance();
    curve.mark(now, desk.fills.length !== fills);
    fills = desk.fills.length;
    host.advance(now);
    if (desk.hasUpdates) desk.deliver();
    host.fireTimers();
    host.bar(view);
    if (desk.hasUpdates) desk.deliver();
  }
}
