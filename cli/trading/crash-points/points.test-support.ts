import type { HttpTransport, Socket, SocketTransport } from '@tradewind/binance';
import type { Ledger } from '@tradewind/proto';

/**
 * Counts every passage between this process and the world by what passes, and ends the process at one of them as `kill -9` does. The
 * name of a point is the same in every run that does the same: 'trade: during commit intent verdict #2'.
 */
export class CrashPoints {
  readonly passed: string[] = [];
  /** What the process is about: points of its start are others than those of trading. */
  phase = 'start';
  private readonly dieAt: string | undefined;
  private readonly counts = new Map<string, number>();

  constructor(dieAt?: string) {
    this.dieAt = dieAt;
  }

  pass(what: string): void {
    const name = `${this.phase}: ${what}`;
    const count = (this.counts.get(name) ?? 0) + 1;
    this.counts.set(name, count);
    const point = `${name} #${count}`;
    this.passed.push(point);
    if (point === this.dieAt) process.kill(process.pid, 'SIGKILL');
  }

  /** When what has just been begun is on its way, and nothing has come back. */
  passSoon(what: string): void {
    setImmediate(() => this.pass(what));
  }

  /** Before, during and after one exchange of words. */
  async around<T>(what: string, act: () => Promise<T>): Promise<T> {
    this.pass(`before ${what}`);
    const answer = act();
    this.passSoon(`during ${what}`);
    const result = await answer;
    this.pass(`after ${what}`);
    return result;
  }
}

export const ledgerWith = (points: CrashPoints, inner: Ledger): Ledger => ({
  commit: (events, conditions) =>
    points.around(`commit ${[...new Set(events.map(({ kind }) => kind))].join(' ')}`, () =>
      inner.commit(events, conditions),
    ),
  load: () => points.around('load', () => inner.load()),
  read: (query) => inner.read(query),
  lastSeq: () => inner.lastSeq(),
  acquireLease: (request) => points.around('lease', () => inner.acquireLease(request)),
  releaseLease: (epoch) => points.around('release', () => inner.releaseLease(epoch)),
});

/** Requests that are signed are those of the order path; the others are about prices. */
export const httpWith = (points: CrashPoints, inner: HttpTransport): HttpTransport => ({
  send(request) {
    if (!`${request.url} ${request.body}`.includes('signature=')) return inner.send(request);
    const { pathname } = new URL(request.url);
    return points.around(`${request.method} ${pathname}`, () => inner.send(request));
  },
});

/** What is said over the WebSocket API, and each event of the user stream. */
export const socketsWith = (points: CrashPoints, inner: SocketTransport): SocketTransport => ({
  connect(url, listener) {
    if (!url.includes('/ws-api/')) return inner.connect(url, listener);
    const asked = new Map<string, string>();
    const socket = inner.connect(url, {
      opened: () => listener.opened(),
      pinged: () => listener.pinged(),
      closed: (...why) => listener.closed(...why),
      message(bytes) {
        const { id, event } = JSON.parse(new TextDecoder().decode(bytes));
        const what = event === undefined ? `answer to ${asked.get(id)}` : `event ${event.e} ${event.x ?? ''}`;
        points.pass(`before ${what}`);
        listener.message(bytes);
        points.pass(`after ${what}`);
      },
    });
    return {
      send(text) {
        const { id, method } = JSON.parse(text);
        asked.set(id, method);
        points.pass(`before ${method}`);
        const isSent = socket.send(text);
        points.pass(`after ${method}`);
        points.passSoon(`soon after ${method}`);
        return isSent;
      },
      close: () => socket.close(),
      terminate: () => socket.terminate(),
    } satisfies Socket;
  },
});
