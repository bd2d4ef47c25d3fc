import type { ServerSocket, SocketHandler, WireRequest, WireResponse } from './wire.ts';

/**
 * The exchange as a transport sees it: a real server, or connections in virtual time. Nothing behind it knows which.
 */
export interface Front {
  /** A longer body is refused before it is handed on; undefined for what any request of the exchange fits into. */
  readonly bodyBytesMax?: number;
  /** Takes one request. The answer comes once, at once or later, or never when the connection is to stay silent. */
  request(request: WireRequest, answerer: Answerer): void;
  /** Somebody asks for a WebSocket; `request` is the handshake, a GET without a body. */
  upgrade(request: WireRequest): Upgrade;
}

/** Where the answer to one request goes; only the first call counts. */
export interface Answerer {
  answer(response: WireResponse): void;
  /** Ends the connection after the first `bytes` bytes of the answer; with 0 the connection is reset. */
  cut(response: WireResponse, bytes: number): void;
}

export type Upgrade =
  | { readonly kind: 'accepted'; readonly open: (socket: ServerSocket) => SocketHandler }
  | { readonly kind: 'refused'; readonly response: WireResponse };
