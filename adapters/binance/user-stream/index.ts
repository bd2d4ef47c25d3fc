export type { DatedBalance } from './balance-projection.ts';
export { type CatchUp, catchUpOver } from './catch-up.ts';
export type { Doubt } from './doubts.ts';
export type { VenueFill } from './finding.ts';
export type { ListRecord } from './list-projection.ts';
export type { OrderChange, OrderView, TrackedOrder } from './order-projection.ts';
export type { Quarantined } from './quarantine.ts';
export { UserStream, type UserStreamLimits, type UserStreamOptions } from './user-stream.ts';
export type { StopReason, StreamStatus, UserStreamListener } from './user-stream-listener.ts';
