import type { Result } from '@tradewind/core/result';

/** One HTTP request as it goes out: nothing below this line may add, drop or re-encode anything of it. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Absolute, with its query exactly as it was signed. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** How long to wait for the whole answer before giving it up. */
  readonly timeoutMs: number;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Not always JSON: refusals of gateways and firewalls are HTML, or nothing. */
  readonly body: string;
}

/**
 * Why there is no answer. Only `not_sent` says that the exchange cannot have seen the request: no connection could be made.
 */
export type HttpFailure =
  | { readonly kind: 'not_sent'; readonly detail: string }
  | { readonly kind: 'timed_out' }
  | { readonly kind: 'connection_lost'; readonly detail: string };

export interface HttpTransport {
  /** Sends once, and never again by itself. Does not reject. */
  send(request: HttpRequest): Promise<Result<HttpResponse, HttpFailure>>;
}

/** What a socket tells. After `closed` it tells nothing more. */
export interface SocketListener {
  opened(): void;
  /** One text message, as the bytes that came; they are the listener's only during the call. */
  message(bytes: Uint8Array): void;
  /** The other side pinged; the transport has answered. A sign of life. */
  pinged(): void;
  /** @param refusal  what came instead of a socket, where the other side refused to open one: a ban is told so */
  closed(code: number, reason: string, refusal?: HandshakeRefusal): void;
}

/** An HTTP answer to an attempt to open a socket. */
export type HandshakeRefusal = Pick<HttpResponse, 'status' | 'headers'>;

export interface Socket {
  /** False when the socket is not open: then nothing has been sent. */
  send(text: string): boolean;
  /** Closes politely; `closed` follows. */
  close(): void;
  /** Drops the connection without waiting for the other side; `closed` follows. */
  terminate(): void;
}

export interface SocketTransport {
  /** Begins to connect. A connection that cannot be made tells `closed` without `opened`. */
  connect(url: string, listener: SocketListener): Socket;
}
