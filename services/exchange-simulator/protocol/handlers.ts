import type { UserEvent } from '../user-events/index.ts';
import type { ServerSocket, SocketHandler, WireRequest, WireResponse } from '../wire.ts';

/** The REST side of the exchange; whoever owns a listening socket hands it complete requests. */
export interface RestHandler {
  /**
   * Answers one request, and has done all that it asked for when it returns.
   * @param receivedAtMs  when the request arrived: the first check of its timestamp, and its rate limit buckets
   * @param forwardedAtMs  when it reaches the engine, `receivedAtMs` unless something held it up: the second and third
   *   check of the timestamp, and the time of all that it does (binance-spot.md section 2.4)
   */
  handle(request: WireRequest, receivedAtMs: number, forwardedAtMs?: number): WireResponse;
}

/** The WebSocket API: requests on sockets, and the user data events of their subscriptions. */
export interface WebSocketApiHandler {
  /**
   * Asked before the upgrade is answered: a refusal of the address (429, 418) or of the URL (400), or undefined.
   * @param query  what followed the question mark, undecoded: `timeUnit`, `returnRateLimits`
   */
  refuse(remoteAddress: string, query: string): WireResponse | undefined;
  /** Takes over a socket that `refuse` let through. The socket's life of 24 h and its pings are its server's business. */
  open(socket: ServerSocket, query: string): SocketHandler;
  /** Sends an event to every session that is subscribed to its account. */
  deliver(event: UserEvent): void;
  /** Tells every session `serverShutdown`; the closing follows from whoever shuts down. */
  announceShutdown(): void;
}
