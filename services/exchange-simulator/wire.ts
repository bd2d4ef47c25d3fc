/** What comes in over HTTP, byte for byte as it was received: signatures are checked over the raw texts. */
export interface WireRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** What followed the question mark, undecoded; '' when there was none. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly remoteAddress: string;
}

export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The exchange's end of a WebSocket: of a real server, or of a connection in virtual time. */
export interface ServerSocket {
  readonly remoteAddress: string;
  send(text: string): void;
  ping(): void;
  close(code: number, reason: string): void;
  /** Cuts the connection without a closing handshake. */
  cut(): void;
  /** Bytes that wait to be written: who does not read is disconnected. */
  readonly bufferedBytes: number;
}

/** Whoever serves a socket hears this of it. After `closed` nothing more comes. */
export interface SocketHandler {
  message(text: string): void;
  pinged(): void;
  ponged(): void;
  closed(): void;
}
