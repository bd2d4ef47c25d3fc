import type { ServerSocket } from './wire.ts';

/** A WebSocket that is open, as the operator sees it. */
export interface OpenSocket {
  /** `/ws-api/v3`, `/ws`, `/stream`, or a stream's own address: `/ws/btcusdt@trade`. */
  readonly path: string;
  readonly socket: ServerSocket;
}

/** The WebSockets that are open now, oldest first. */
export class OpenSockets {
  private readonly all = new Set<OpenSocket>();

  add(socket: OpenSocket): void {
    this.all.add(socket);
  }

  remove(socket: OpenSocket): void {
    this.all.delete(socket);
  }

  /** A copy: closing one takes it out of the list. */
  list(): OpenSocket[] {
    return [...this.all];
  }
}
