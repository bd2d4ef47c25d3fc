import type { TimeUnit } from '../notation/time-unit.ts';

/** Source: binance-spot.md section 9. */
export type UserEventKind =
  | 'executionReport'
  | 'outboundAccountPosition'
  | 'balanceUpdate'
  | 'listStatus'
  | 'externalLockUpdate'
  | 'eventStreamTerminated';

/** Something that happened to one account, ready to be sent: it holds no reference to anything that can still change. */
export interface UserEvent {
  readonly kind: UserEventKind;
  /** The account that is told. */
  readonly account: number;
  /** The symbol it is about; undefined for what concerns balances. */
  readonly symbol: string | undefined;
  /** The event as JSON, without the envelope that carries the subscription. */
  text(unit: TimeUnit): string;
}

/** Where user events go: the WebSocket API, or something that delays, drops or repeats them first. */
export interface UserEventSink {
  tell(event: UserEvent): void;
}
