/**
 * The exchange's process of a benchmark: listens on a free port, tells its parent which, does what the parent asks, and ends with it.
 * Trades of the house come when they are due, whatever became of those before.
 */
import { startServer } from '@tradewind/exchange-simulator';
import { systemClock, systemTimers } from '@tradewind/utils';
import { raiseInliningBudget } from '../../../cli/inlining-budget.ts';
import { BenchVenue } from './venue.ts';

export type VenueQuestion =
  | {
      readonly ask: 'trades';
      readonly symbols: readonly string[];
      readonly count: number;
      readonly perSecond: number;
    }
  | { readonly ask: 'orders'; readonly symbols: readonly string[] };

/** When each trade was made, epoch ms with fractions, by its correlation id. */
export interface TradesMade {
  readonly atMs: Readonly<Record<string, number>>;
  /** How late the latest was. */
  readonly lateMsMax: number;
}
/** What the exchange has of our account. */
export interface OrdersTaken {
  readonly clientOrderIds: readonly string[];
  readonly executedQuantity: string;
  readonly open: number;
}

const PAGE = 1000;
const symbols = JSON.parse(process.argv[2] ?? '[]') as string[];
// As the command does.
raiseInliningBudget();
const venue = new BenchVenue({ clock: systemClock, timers: systemTimers }, symbols);
const server = await startServer(venue.simulator, { host: '127.0.0.1', port: 0 });
if (!server.ok) throw new Error(server.error.detail);
process.on('message', (question: VenueQuestion) => {
  if (question.ask === 'orders') process.send?.(ordersTaken());
  else void makeTrades(question).then((made) => process.send?.(made));
});
process.on('disconnect', () => process.exit());
process.send?.(server.value.port);

async function makeTrades({
  symbols: traded,
  count,
  perSecond,
}: Extract<VenueQuestion, { ask: 'trades' }>): Promise<TradesMade> {
  const atMs: Record<string, number> = {};
  const beginMs = performance.now();
  let lateMsMax = 0;
  for (let made = 0; made < count; ) {
    const dueMs = beginMs + (made * 1000) / perSecond;
    const nowMs = performance.now();
    if (nowMs < dueMs) {
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, Math.floor(dueMs - nowMs))));
      continue;
    }
    lateMsMax = Math.max(lateMsMax, nowMs - dueMs);
    const symbol = traded[made % traded.length]!;
    atMs[`${symbol}-t${venue.trade(symbol)}`] = performance.timeOrigin + performance.now();
    made += 1;
    // What has come over the sockets in between has its turn.
    if (made % 8 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return { atMs, lateMsMax };
}

function ordersTaken(): OrdersTaken {
  const { exchange } = venue.simulator;
  const clientOrderIds: string[] = [];
  let executed = 0n;
  let open = 0;
  for (const symbol of symbols) {
    for (let orderId = 1; ; ) {
      const page = exchange.allOrders(venue.ours, symbol, { orderId, limit: PAGE });
      if (!page.ok) throw new Error(page.error.msg);
      for (const order of page.value) {
        clientOrderIds.push(order.placedClientOrderId);
        executed += BigInt(order.executedQuantity as unknown as bigint);
        if (order.status === 'NEW' || order.status === 'PARTIALLY_FILLED') open += 1;
      }
      if (page.value.length < PAGE) break;
      orderId = page.value.at(-1)!.orderId + 1;
    }
  }
  return { clientOrderIds, executedQuantity: String(executed), open };
}
