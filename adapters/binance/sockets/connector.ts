/**
 * What a `SocketConnector` is to those who talk over it.
 *
 * A connector keeps one logical line to the exchange up. Underneath, sockets come and go: each is a `Connection` of its own, so
 * that whoever talks over the line always knows which socket a message came from. Being connected is not being subscribed: a
 * connection counts only from the moment its listener has called `ready`.
 */
export interface Connector {
  readonly state: ConnectorState;
  /** The connection to send over: the newest one that is ready. */
  readonly current: Connection | undefined;
  /** Begins to connect; does nothing when already begun. */
  start(): void;
  /** Closes every socket for good. `closed` is told for each; no gap is told, and the connector cannot be started again. */
  stop(): void;
}

/**
 * idle: not started. connecting: no socket is open. preparing: a socket is open, but not ready. ready: one is ready.
 * replacing: one is ready, and its successor is on its way. stopped: for good.
 */
export type ConnectorState = 'idle' | 'connecting' | 'preparing' | 'ready' | 'replacing' | 'stopped';

/** One socket from its opening to its end. */
export interface Connection {
  /** Counts the connections of one connector from 1. */
  readonly id: number;
  readonly isOpen: boolean;
  /** Sends, or keeps the text until the pace allows it; what is kept when the socket closes is dropped with it. */
  send(text: string): SendAnswer;
  /** To be called when everything that makes it useful is done (subscribed, logged on). It then takes over from an older one. */
  ready(): void;
  /** The other side has announced its end (`serverShutdown`): a successor is opened first, then this one is closed. */
  retire(reason: string): void;
  /** It is of no use any more: it is dropped at once and, if it was in use, a gap begins. */
  abandon(reason: string): void;
}

/** `queued` will be sent as soon as the pace allows. Nothing has left, nor will, after `queue_full` and `not_open`. */
export type SendAnswer = 'sent' | 'queued' | 'queue_full' | 'not_open';

export interface ConnectorListener {
  /** A socket is open: subscribe over it, then call `connection.ready()`. Until then it counts for nothing. */
  opened(connection: Connection): void;
  /**
   * One text message; the bytes are the listener's only during the call. During a planned replacement the old and the new
   * connection both deliver, so the same event may come twice.
   */
  message(connection: Connection, bytes: Uint8Array): void;
  /** An opened connection has gone. */
  closed(connection: Connection, closure: Closure): void;
  /** From here on nothing is ready: what the exchange says now is lost. Told once per gap, before `gapEnded`. */
  gapBegan(gap: OpenGap): void;
  /** A connection is ready again: whatever happened between the two instants has to be fetched. */
  gapEnded(gap: Gap): void;
  /** Nothing has been heard for some time: a question that the other side must answer tells a quiet line from a dead one. */
  quiet?(connection: Connection): void;
  /** An attempt to connect has failed, or a connection has gone; the next attempt begins after `delayMs`. */
  retrying?(attempt: Retry): void;
}

export interface Retry {
  /** How many in a row, including connections that did not last. */
  readonly failures: number;
  readonly delayMs: number;
  readonly reason: string;
}

export interface Closure {
  readonly code: number;
  readonly reason: string;
  /** It had been replaced, or the connector was stopped: nothing is missing. */
  readonly isPlanned: boolean;
}

export interface OpenGap {
  /** The last sign of life of the connection that was lost, epoch ms. */
  readonly fromMs: number;
  readonly reason: string;
}

export interface Gap extends OpenGap {
  /** When the next connection was ready, epoch ms. */
  readonly toMs: number;
}
