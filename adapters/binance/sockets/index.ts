export { ConnectionAttempts } from './connection-attempts.ts';
export type {
  Closure,
  Connection,
  Connector,
  ConnectorListener,
  ConnectorState,
  Gap,
  OpenGap,
  Retry,
} from './connector.ts';
export {
  type ConnectorOptions,
  type ConnectorTimes,
  STREAM_PACE,
} from './connector-options.ts';
export { SocketConnector } from './socket-connector.ts';
