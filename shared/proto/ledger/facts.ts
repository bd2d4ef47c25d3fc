import { type OrderIntent, type OrderListIntent, ordersOf } from '@tradewind/core/orders';
import { unreachable } from '@tradewind/core/result';
import type { BreakerScope } from '@tradewind/core/risk';
import type { EventBody, Signal, TradingEvent } from '../contracts/event.ts';
import type { JournalQuery } from '../contracts/ledger.ts';

/** What an event is found by, besides its head. */
export interface EventFacts {
  readonly symbol?: string;
  readonly strategy?: string;
  /** Of orders and of lists. */
  readonly clientOrderIds: readonly string[];
}

export function factsOf(event: EventBody): EventFacts {
  switch (event.kind) {
    case 'evaluation':
      return { symbol: event.symbol, strategy: event.strategy, clientOrderIds: [] };
    case 'signal':
      return {
        symbol: event.signal.symbol,
        strategy: event.signal.strategy,
        clientOrderIds: idsOfSignal(event.signal),
      };
    case 'verdict':
      return { symbol: event.symbol, strategy: event.strategy, clientOrderIds: [event.clientOrderId] };
    case 'intent': {
      const [{ symbol, strategy }] = ordersOf(event.wanted);
      return { symbol, strategy, clientOrderIds: idsOf(event.wanted) };
    }
    case 'order':
      return {
        symbol: event.record.symbol,
        strategy: event.strategy,
        clientOrderIds: [event.record.clientOrderId],
      };
    case 'answer':
      return { symbol: event.symbol, clientOrderIds: [event.clientOrderId] };
    case 'fill':
      return {
        symbol: event.fill.symbol,
        strategy: event.fill.strategy,
        clientOrderIds: [event.fill.clientOrderId],
      };
    case 'balance':
      if (event.position === undefined) return NOTHING;
      return { symbol: event.position.symbol, strategy: event.position.strategy, clientOrderIds: [] };
    case 'control':
      return factsOfScope(event.scope);
    case 'strategy':
      return { strategy: event.strategy, clientOrderIds: [] };
    case 'valuation':
    case 'break':
    case 'configuration':
    case 'leader':
    case 'alert':
      return NOTHING;
    default:
      return unreachable(event);
  }
}
const NOTHING: EventFacts = { clientOrderIds: [] };

/** Every id that is used up with it: of a list first the list's own. */
export function idsOf(wanted: OrderIntent | OrderListIntent): readonly string[] {
  const ids = ordersOf(wanted).map(({ clientOrderId }) => clientOrderId);
  return 'kind' in wanted ? [wanted.listClientOrderId, ...ids] : ids;
}

function idsOfSignal(signal: Signal): readonly string[] {
  switch (signal.action) {
    case 'order':
      return idsOf(signal.intent);
    case 'list':
      return idsOf(signal.list);
    case 'cancel':
      return [signal.clientOrderId];
    default:
      return unreachable(signal);
  }
}

function factsOfScope(scope: BreakerScope): EventFacts {
  if (scope.kind === 'symbol') return { symbol: scope.name, clientOrderIds: [] };
  return scope.kind === 'strategy' ? { strategy: scope.name, clientOrderIds: [] } : NOTHING;
}

/** Whether a journal query asks for an event with this head and these facts; `afterSeq` and `limit` apart. */
export function isAskedFor(
  query: JournalQuery,
  { kind, correlationId, atMs }: Pick<TradingEvent, 'kind' | 'correlationId' | 'atMs'>,
  facts: EventFacts,
): boolean {
  return (
    (query.kinds === undefined || query.kinds.includes(kind)) &&
    (query.correlationId === undefined || query.correlationId === correlationId) &&
    (query.clientOrderId === undefined || facts.clientOrderIds.includes(query.clientOrderId)) &&
    (query.symbol === undefined || query.symbol === facts.symbol) &&
    (query.strategy === undefined || query.strategy === facts.strategy) &&
    (query.fromMs === undefined || query.fromMs <= atMs) &&
    (query.toMs === undefined || atMs < query.toMs)
  );
}
