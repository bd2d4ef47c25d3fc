import { ordersOf } from '@tradewind/core/orders';
import { type BreakerScope, isSameScope } from '@tradewind/core/risk';
import type { MakeCheck } from './check.ts';

interface Stop {
  readonly scope: BreakerScope;
  readonly state: 'reducing' | 'halted';
  readonly toldAtMs: number;
  /** The same by the clock of the machine. */
  readonly clockMs: number;
}
interface Decided {
  readonly strategy: string;
  readonly symbol: string;
  /** By the machine's clock, when it was approved. */
  readonly approvedAtMs: number;
  readonly writtenAtMs: number;
}

/**
 * I8: once a person was told that a scope is stopped, and it is stored anywhere, nothing that takes risk there leaves any process,
 * whatever dies or is lost, until a person asks for the scope to be let go. What had been approved before may still go out.
 */
export const haltSticky: MakeCheck = ({ time, clock }, fail) => {
  let stops: readonly Stop[] = [];
  const decided = new Map<string, Decided>();
  return {
    name: 'I8 a halt stays',
    halted({ scope, state }, { storedIn }) {
      if (storedIn.length > 0)
        stops = [...stops, { scope, state, toldAtMs: time.nowMs(), clockMs: clock.nowMs() }];
    },
    resuming(scope) {
      stops = stops.filter((stop) => !isSameScope(stop.scope, scope));
    },
    committed(events) {
      for (const event of events) {
        if (event.kind !== 'intent') continue;
        for (const { clientOrderId, strategy, symbol } of ordersOf(event.wanted))
          decided.set(clientOrderId, {
            strategy,
            symbol,
            approvedAtMs: event.atMs,
            writtenAtMs: time.nowMs(),
          });
      }
    },
    placing({ name }, { clientOrderId, side }) {
      const order = decided.get(clientOrderId);
      if (order === undefined) return;
      for (const stop of stops) {
        const isMeant = binds(stop.scope, order) && (stop.state === 'halted' || side === 'BUY');
        const isFromBefore = order.writtenAtMs <= stop.toldAtMs || order.approvedAtMs <= stop.clockMs;
        if (isMeant && !isFromBefore)
          fail(
            `${name} sends ${clientOrderId}, a ${side}, though ${JSON.stringify(stop.scope)} is ${stop.state} since ${stop.toldAtMs}`,
          );
      }
    },
  };
};

function binds(scope: BreakerScope, { strategy, symbol }: Decided): boolean {
  if (scope.kind === 'strategy') return scope.name === strategy;
  return scope.kind === 'symbol' ? scope.name === symbol : true;
}
