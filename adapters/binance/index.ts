export {
  type BookDifference,
  BookKeeper,
  type BookKeeperOptions,
  type BookTrouble,
  type BookView,
  DEFAULT_BOOK_TIMES,
  LocalBook,
  type LocalBookListener,
  type LocalBookOptions,
  type LocalBookTimes,
  type SideView,
  type SnapshotProblem,
  SnapshotQueue,
  type SnapshotQueueOptions,
  type SnapshotSource,
} from './book/index.ts';
export type { HistoryRange, PreventedMatchesOf, TradesOf } from './calls/account.ts';
export type { Call, Caller } from './calls/call.ts';
export type { CancelReplaceOptions } from './calls/cancel-replace.ts';
/** Every call of the venue, made by whatever `Caller`: `caller.perform(calls.placeOrder(order))`. */
export * as calls from './calls/every-call.ts';
export { judgeKey, type KeyJudgement, type KeyObjection, type KeyWarning } from './calls/judge-key.ts';
export type { VenueRules } from './calls/market.ts';
export type { OrderListReference, OrderReference, PendingQuantity } from './calls/order-parameters.ts';
export { type TradeHistory, tradesFrom } from './calls/trade-history.ts';
export type { CancelRestriction } from './calls/trading.ts';
export { ClockSynchronizer, type SynchronizationFailure } from './clock/clock-synchronizer.ts';
export {
  type ClockReading,
  type ClockRefusal,
  DEFAULT_SERVER_CLOCK_SETTINGS,
  ServerClock,
  type ServerClockSettings,
} from './clock/server-clock.ts';
export { describeFailure, describeOutcome, describeUnknown } from './errors/describe-outcome.ts';
export { type ErrorClass, KNOWN_ERRORS, type KnownError } from './errors/error-table.ts';
export { type RefusalReason, refusalReasonOf } from './errors/refusal-reason.ts';
export type { BanStore, CallCost, HeldBack, LimitKind, Permit, Priority, RateGate } from './limits/limits.ts';
export { type PatientCallerOptions, patientCaller } from './limits/patient-caller.ts';
export {
  DEFAULT_RATE_GATE_SETTINGS,
  type RateGateOutside,
  type RateGateSettings,
  SharedRateGate,
} from './limits/shared-rate-gate.ts';
export {
  type AveragePriceEvent,
  aggregateTradeOf,
  type BlockTradeEvent,
  DEFAULT_STREAM_LIMITS,
  type Freshness,
  type KlineEvent,
  type MarketEvent,
  type MarketListener,
  MarketStreams,
  type MarketStreamsOptions,
  type MessageKind,
  type MessageRefusal,
  MessageScanner,
  type MiniTickerEvent,
  type MissingBar,
  nameOf,
  type OtherMessage,
  type PartialDepthEvent,
  quoteOf,
  type ReferencePriceEvent,
  type RollingTickerEvent,
  type ScannedDepth,
  type ScannedQuote,
  type ScannedTrade,
  type Stream,
  type StreamGap,
  type StreamLimits,
  type StreamMarket,
  type StreamRefusal,
  type SubscribeRefusal,
  type SubscriptionRefusal,
  type TickerEvent,
  type TickerWindow,
  tradeOf,
  type UpdateSpeed,
} from './market-streams/index.ts';
export type {
  AccountFilters,
  AccountState,
  Balance,
  Commission,
  CommissionRates,
  KeyPermissions,
  RateLimit,
  VenueTrade,
} from './model/account.ts';
export type { CapitalMovement } from './model/capital.ts';
export {
  type ExecutionType,
  type ExpiryReason,
  isKnown,
  type Kept,
  type OrderStatus,
  type RejectReason,
} from './model/enums.ts';
export type {
  AggregateTrade,
  AveragePrice,
  BookTicker,
  DayTicker,
  DepthSnapshot,
  Kline,
  PriceTicker,
  PublicTrade,
} from './model/market.ts';
export type {
  Amendment,
  AmendmentRecord,
  CanceledOrders,
  CancelReplace,
  Half,
  OrderFill,
  OrderListState,
  PlacedOrder,
  PreventedMatch,
  TestedOrder,
  VenueOrder,
} from './model/order.ts';
export { orderClientIdOf } from './model/read-user-event.ts';
export type {
  AccountPosition,
  BalanceUpdate,
  ExecutionReport,
  ExternalLock,
  ListStatus,
  UserEvent,
} from './model/user-event.ts';
export { type OrderEntry, type OrderEntryRoute, orderEntryOver } from './order-entry.ts';
export { type CallFailure, done, type Outcome, type UnknownCause } from './outcome.ts';
export type {
  HandshakeRefusal,
  HttpFailure,
  HttpRequest,
  HttpResponse,
  HttpTransport,
  Socket,
  SocketListener,
  SocketTransport,
} from './ports.ts';
export {
  DEFAULT_REST_SETTINGS,
  RestClient,
  type RestOutside,
  type RestSettings,
} from './rest/rest-client.ts';
export { type KeyMaterial, type KeyRefusal, makeSigner } from './signing/make-signer.ts';
export type { Signer } from './signing/signer.ts';
export {
  type Closure,
  type Connection,
  ConnectionAttempts,
  type Connector,
  type ConnectorListener,
  type ConnectorOptions,
  type ConnectorState,
  type ConnectorTimes,
  type Gap,
  type OpenGap,
  type Retry,
  SocketConnector,
  STREAM_PACE,
} from './sockets/index.ts';
export {
  BanFile,
  type BanFileProblem,
  HttpPool,
  type HttpPoolOptions,
  WebSockets,
} from './transports/index.ts';
export {
  type CatchUp,
  catchUpOver,
  type DatedBalance,
  type Doubt,
  type ListRecord,
  type OrderChange,
  type OrderView,
  type Quarantined,
  type StopReason,
  type StreamStatus,
  type TrackedOrder,
  UserStream,
  type UserStreamLimits,
  type UserStreamListener,
  type UserStreamOptions,
  type VenueFill,
} from './user-stream/index.ts';
export {
  type ApiListener,
  type ApiTrouble,
  WebSocketApi,
  type WebSocketApiOptions,
} from './websocket-api/index.ts';
