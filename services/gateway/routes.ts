import { formatAmount, parseQuantity } from '@tradewind/core/money';
import type { Result } from '@tradewind/core/result';
import type { StrategyProblem, StrategyStatus } from '@tradewind/proto';
import type { z } from 'zod';
import {
  AMEND,
  CANCEL,
  FORGET,
  HALT,
  NOTHING,
  PARAMETERS,
  RESOLVE_BREAK,
  RESUME,
  SCOPED,
  STRATEGY,
} from './commands.ts';
import type { Gateway } from './gateway.ts';
import { balanceViews, orderView, pnlViews, positionViews } from './views/books.ts';
import { describeScope } from './views/describe-event.ts';
import { describeIntent } from './views/describe-order.ts';
import { strategyView } from './views/strategies.ts';

/** One thing that can be asked or commanded over the API; the server checks the body before it gets here. */
export interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body: z.ZodType;
  handle(gateway: Gateway, body: unknown): Promise<Reply>;
}
export interface Reply {
  readonly status: 200 | 409 | 404;
  readonly body: object;
}

const done = (body: object): Reply => ({ status: 200, body });
const refused = (reason: string, detail: string): Reply => ({ status: 409, body: { reason, detail } });

const get = (path: string, handle: (gateway: Gateway) => Promise<object>): Route => ({
  method: 'GET',
  path: `/api/v1/${path}`,
  body: NOTHING,
  handle: async (gateway) => done(await handle(gateway)),
});
const post = <Body extends z.ZodType>(
  path: string,
  body: Body,
  handle: (gateway: Gateway, body: z.infer<Body>) => Promise<Reply>,
): Route => ({
  method: 'POST',
  path: `/api/v1/${path}`,
  body,
  handle: (gateway, checked) => handle(gateway, checked as z.infer<Body>),
});

export const ROUTES: readonly Route[] = [
  get('status', (gateway) => gateway.status()),
  get('orders', async ({ parts }) => ({ orders: (await parts.orderExecution.openOrders()).map(orderView) })),
  get('positions', async (gateway) => {
    const [state, markets] = await Promise.all([gateway.ledgerState(), gateway.markets()]);
    const marks = new Map(
      markets.map(({ instrument, referencePrice }) => [instrument.symbol, referencePrice]),
    );
    return {
      positions: positionViews(state, (symbol) => marks.get(symbol)),
      balances: balanceViews(state),
    };
  }),
  get('pnl', async (gateway) => ({ days: pnlViews(await gateway.ledgerState()) })),
  get('strategies', async ({ parts }) => ({
    strategies: (await parts.strategyEngine.list()).map(strategyView),
  })),

  post('halt', HALT, async ({ parts }, { scope, state, cancels_orders, by, why }) => {
    const result = await parts.riskManager.halt({ scope, state, cancelsOrders: cancels_orders, by, why });
    return done({
      trips: result.breakers.trips.map((trip) => ({ scope: describeScope(trip.scope), state: trip.state })),
      stored_in: result.storedIn,
      canceled: result.canceled,
      unproven: result.unproven,
    });
  }),
  post('resume', RESUME, async ({ parts }, order) => answerOf(await parts.riskManager.resume(order))),
  post('cancel-all', SCOPED, async (gateway, body) =>
    done(await gateway.parts.orderExecution.cancelAll(scopedBy(gateway, body))),
  ),
  post('flatten', SCOPED, async (gateway, body) => {
    const result = await gateway.parts.orderExecution.flatten(scopedBy(gateway, body));
    return done({
      ...result,
      kept: result.kept.map((each) => ({ ...each, quantity: formatAmount(each.quantity) })),
    });
  }),
  post('orders/cancel', CANCEL, async (gateway, { symbol, client_order_id, by }) =>
    answerOf(
      await gateway.parts.orderExecution.cancel({
        symbol,
        clientOrderId: client_order_id,
        by,
        correlationId: gateway.nextCorrelationId(),
      }),
    ),
  ),
  post('orders/forget', FORGET, async (gateway, { symbol, client_order_id, by, why }) =>
    answerOf(
      await gateway.parts.orderExecution.forget({
        symbol,
        clientOrderId: client_order_id,
        by,
        why,
        correlationId: gateway.nextCorrelationId(),
      }),
    ),
  ),
  post('orders/amend', AMEND, async (gateway, { symbol, client_order_id, new_quantity, by }) => {
    const newQuantity = parseQuantity(new_quantity);
    if (!newQuantity.ok) return refused('bad_quantity', new_quantity);
    return answerOf(
      await gateway.parts.orderExecution.amend({
        symbol,
        clientOrderId: client_order_id,
        newQuantity: newQuantity.value,
        by,
        correlationId: gateway.nextCorrelationId(),
      }),
    );
  }),
  post('strategies/start', STRATEGY, async ({ parts }, command) =>
    strategyAnswer(await parts.strategyEngine.start(command)),
  ),
  post('strategies/stop', STRATEGY, async ({ parts }, command) =>
    strategyAnswer(await parts.strategyEngine.stop(command)),
  ),
  post('strategies/parameters', PARAMETERS, async ({ parts }, command) =>
    strategyAnswer(await parts.strategyEngine.updateParameters(command)),
  ),
  post('strategies/signal', STRATEGY, async ({ parts }, { strategy }) => {
    const signals = await parts.strategyEngine.generateSignal(strategy);
    if (!signals.ok) return refused(signals.error.reason, signals.error.detail);
    return done({
      signals: signals.value.map((signal) =>
        signal.action === 'order' ? describeIntent(signal.intent) : `${signal.action} on ${signal.symbol}`,
      ),
    });
  }),
  post('breaks/resolve', RESOLVE_BREAK, async (gateway, body) =>
    answerOf(
      await gateway.parts.orderExecution.resolveBreak({
        ...body,
        correlationId: gateway.nextCorrelationId(),
      }),
    ),
  ),
  post('reconcile', NOTHING, async ({ parts }) => {
    const { kind, detail, breaks } = await parts.orderExecution.reconcile();
    return done({ kind, detail, breaks: breaks.map(({ name }) => name) });
  }),
];

const scopedBy = (gateway: Gateway, { symbol, strategy, by, why }: z.infer<typeof SCOPED>) => ({
  ...(symbol === undefined ? {} : { symbol }),
  ...(strategy === undefined ? {} : { strategy }),
  by,
  why,
  correlationId: gateway.nextCorrelationId(),
});

/** What is not known is no success: whoever commanded it has to look again. */
function answerOf(
  result:
    | { readonly kind: 'done' }
    | { readonly kind: 'refused'; readonly reason: string; readonly detail: string }
    | { readonly kind: 'unknown'; readonly detail: string },
): Reply {
  if (result.kind === 'done') return done({ outcome: 'done' });
  if (result.kind === 'unknown') return done({ outcome: 'unknown', detail: result.detail });
  return refused(result.reason, result.detail);
}

const strategyAnswer = (result: Result<StrategyStatus, StrategyProblem>): Reply =>
  result.ok ? done(strategyView(result.value)) : refused(result.error.reason, result.error.detail);
