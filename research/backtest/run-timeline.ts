import type { StrategyHost } from '@tradewind/core/strategy';
import type { EquityCurve } from './equity-curve.ts';
import type { ExchangeDesk } from './exchange-desk.ts';
import type { LineLog } from './line-log.ts';
import type { MarketRun } from './market-run.ts';
import type { OrderGate } from './order-gate.ts';
import type { Timeline } from './timeline.ts';

export interface Stage {
  readonly timeline: Timeline;
  readonly host: StrategyHost;
  readonly desk: ExchangeDesk;
  readonly curve: EquityCurve;
  /** Told of every mark, where the run has limits. */
  readonly gate: OrderGate | undefined;
  /** Samples the chart lines at every instant, where they are wanted. */
  readonly lines: LineLog | undefined;
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

/** All markets open before any goes on inside its bar: what one earns inside it cannot pay at another's open. */
function playAll({ timeline, host, desk, curve, gate, lines }: Stage): void {
  const { markets, coarser, inputs } = timeline;
  let fills = 0;
  for (let now = timeline.nextMs(); now !== Number.POSITIVE_INFINITY; now = timeline.nextMs()) {
    const closing = markets.filter(({ cursor }) => cursor.nextCloseMs === now);
    for (const market of markets) market.freezePrice();
    for (const market of closing) market.nextBar();
    for (const market of closing) market.openBar();
    for (const market of closing) market.closeBar();
    for (const cursor of coarser) if (cursor.nextCloseMs === now) cursor.advance();
    if (closing.length > 0) curve.mark(now, desk.fills.length !== fills);
    // At every instant: prices grow old while no market closes a bar.
    gate?.mark(now);
    fills = desk.fills.length;
    host.advance(now);
    if (desk.hasUpdates) desk.deliver();
    host.fireTimers();
    for (const cursor of inputs) if (cursor.closeTimeMs === now) host.bar(cursor.view);
    if (desk.hasUpdates) desk.deliver();
    lines?.sample(now);
  }
}

/** The same for one market whose bars the strategy sees as they are, which is most runs: without looking for what closes. */
function playOneMarket({ host, desk, curve, gate, lines }: Stage, market: MarketRun): void {
  const { cursor } = market;
  const { view } = cursor;
  let fills = 0;
  let unmarked = cursor.index + 1;
  while (cursor.hasNext) {
    const hadOrders = market.advance();
    const now = cursor.closeTimeMs;
    const hasFills = hadOrders && desk.fills.length !== fills;
    if (hasFills || now > curve.dayEndMs) {
      curve.markStretch(market, unmarked, cursor.index);
      curve.mark(now, hasFills);
      fills = desk.fills.length;
      unmarked = cursor.index + 1;
    }
    if (gate !== undefined) gate.mark(now);
    host.advance(now);
    if (desk.hasUpdates) desk.deliver();
    host.fireTimers();
    host.bar(view);
    if (desk.hasUpdates) desk.deliver();
    lines?.sample(now);
  }
  curve.markStretch(market, unmarked, cursor.index + 1);
}
