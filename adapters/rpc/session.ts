import type { UniversalClientFn } from '@connectrpc/connect/protocol';

/** One connection to one service, for as long as it lasts. */
export interface Session {
  readonly request: UniversalClientFn;
  /** Asks for a sign of life, and calls back when it comes. */
  ping(answered: () => void): void;
  /** Ends it at once, with what is under way. */
  destroy(detail?: string): void;
}

export interface SessionListener {
  opened(): void;
  /** Comes once, whether it had been opened or not; `detail` says why, for people. */
  closed(detail: string): void;
}

/** Begins to connect. HTTP/2 in life (`http2-session.ts`), messages that take their time in simulations. */
export type OpenSession = (
  place: { readonly host: string; readonly port: number },
  listener: SessionListener,
) => Session;
