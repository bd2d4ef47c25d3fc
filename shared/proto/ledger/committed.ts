import type { CommittedEvent, TradingEvent } from '../contracts/event.ts';

/**
 * An event as the ledger has it. An order leaves after three of these, and V8 copies five times as slowly where events of all kinds go
 * through one place: the kinds that an order waits for have places of their own.
 */
export function committed(event: TradingEvent, seq: number): CommittedEvent {
  switch (event.kind) {
    case 'signal':
      return { ...event, seq };
    case 'verdict':
      return { ...event, seq };
    case 'intent':
      return { ...event, seq };
    default:
      return { ...event, seq };
  }
}
