import type { rpcHandler, Session, SessionListener } from '@tradewind/rpc';
import type { Random, Timers } from '@tradewind/utils';
import type { Lifeline } from '../lifeline.ts';
import { Link } from '../link.ts';
import type { Peer } from '../peer.ts';
import { Answer, type Request } from './answer.ts';
import type { RpcConditions } from './conditions.ts';

/** A process that listens. */
export interface Served {
  readonly process: Peer;
  readonly handle: ReturnType<typeof rpcHandler>;
}

export interface RpcSessionParts {
  readonly time: Timers;
  readonly random: Random;
  readonly conditions: RpcConditions;
  /** Of the process that calls. */
  readonly lifeline: Lifeline;
  /** Who listens there at the moment, if anybody does. */
  readonly find: () => Served | undefined;
  readonly listener: SessionListener;
  /** Something of the service has come to the client. */
  readonly heard: (from: Served) => void;
  readonly ended: () => void;
}

/** What a connection takes in one direction before somebody has read it (RFC 9113, section 6.9.2). */
const WINDOW_BYTES = 65_535;

/** Made once: to abort without a reason makes an exception with its stack each time. */
const GONE = new Error('whoever asked has gone');

interface Stream {
  readonly answer: Answer;
  /** The service's end of it. */
  readonly abort: AbortController;
  unread: number;
  hasRoom: () => void;
}

/** One connection between two processes: messages take their time, none overtakes another, and it can break at any of them. */
export class RpcSession implements Session {
  private readonly parts: RpcSessionParts;
  private readonly up: Link;
  private readonly down: Link;
  private readonly streams = new Map<number, Stream>();
  private served: Served | undefined;
  private state: 'opening' | 'open' | 'ending' | 'closed' = 'opening';
  private requests = 0;

  constructor(parts: RpcSessionParts) {
    this.parts = parts;
    const { time, random, conditions } = parts;
    const drawLatencyMs = (): number => conditions.latencyMs + random.nextFraction() * conditions.jitterMs;
    this.up = new Link(time, drawLatencyMs);
    this.down = new Link(time, drawLatencyMs);
    if (conditions.isDown) this.silence();
    this.up.after(1, () => this.arrive());
  }

  /** Whether one of its ends is that process. */
  isOf(lifeline: Lifeline): boolean {
    return lifeline === this.parts.lifeline || lifeline === this.served?.process.lifeline;
  }

  readonly request: Session['request'] = async (request) => {
    const body = await bytesOf(request);
    const { random, conditions } = this.parts;
    if (this.state !== 'open') throw new Error('the connection is closed');
    this.requests += 1;
    const id = this.requests;
    const stream: Stream = {
      answer: new Answer({
        taken: (bytes) => this.took(stream, bytes),
        given: () => this.reset(id),
      }),
      abort: new AbortController(),
      unread: 0,
      hasRoom: () => undefined,
    };
    this.streams.set(id, stream);
    const { signal } = request;
    signal?.addEventListener('abort', () => {
      stream.answer.breakOff(signal.reason);
      this.reset(id);
    });
    if (random.nextFraction() < conditions.requestLoss) this.cut();
    else this.toService(() => void this.answer(id, stream, request, body));
    return stream.answer.response;
  };

  ping(answered: () => void): void {
    this.toService(() => this.toClient(answered));
  }

  destroy(detail = 'the connection was closed'): void {
    if (this.state === 'closed') return;
    this.breakAtService();
    this.close(detail);
  }

  /** Both sides learn of it, each after its time. */
  cut(): void {
    this.breakAtService();
    this.down.after(1, () => this.parts.lifeline.deliver(() => this.close('the connection was reset')));
  }

  /** Nothing passes any more, and nobody is told. */
  silence(): void {
    this.up.isSilent = true;
    this.down.isSilent = true;
  }

  /** The service takes nothing new; it ends when what is under way has. */
  goAway(): void {
    this.toClient(() => {
      if (this.state === 'open') this.state = 'ending';
      this.endIfIdle();
    });
  }

  private arrive(): void {
    const { find, lifeline, listener } = this.parts;
    const served = find();
    this.served = served;
    if (served === undefined)
      this.down.after(1, () => lifeline.deliver(() => this.close('connection refused')));
    else
      this.toClient(() => {
        if (this.state !== 'opening') return;
        this.state = 'open';
        listener.opened();
      });
  }

  /** At the service. */
  private async answer(id: number, stream: Stream, request: Request, body: Uint8Array): Promise<void> {
    const { url, method, header } = request;
    const { abort } = stream;
    const { random, conditions } = this.parts;
    try {
      const { handle } = this.served as Served;
      const response = await handle({
        httpVersion: '2.0',
        url,
        method,
        header,
        body: once(body),
        signal: abort.signal,
      });
      const pieces = response.body?.[Symbol.asyncIterator]();
      let next = await pieces?.next();
      if (random.nextFraction() < conditions.answerLoss) {
        this.cut();
        return;
      }
      this.toClient(() => stream.answer.begin(response.status, new Headers(response.header)));
      for (; next !== undefined && next.done !== true; next = await pieces?.next()) {
        const bytes: Uint8Array = next.value;
        stream.unread += bytes.length;
        this.toClient(() => stream.answer.piece(bytes));
        if (stream.unread > WINDOW_BYTES) await this.room(stream);
      }
      this.toClient(() => {
        stream.answer.end();
        this.ended(id);
      });
    } catch (error) {
      this.toClient(() => {
        stream.answer.breakOff(error);
        this.ended(id);
      });
    }
  }

  private room(stream: Stream): Promise<void> {
    return new Promise((resolve) => {
      stream.hasRoom = resolve;
      stream.abort.signal.addEventListener('abort', () => resolve());
    });
  }

  /** That there is room again is known at once, which is a little early. */
  private took(stream: Stream, bytes: Uint8Array): void {
    stream.unread -= bytes.length;
    if (stream.unread <= WINDOW_BYTES) stream.hasRoom();
  }

  private reset(id: number): void {
    const stream = this.streams.get(id);
    if (stream === undefined) return;
    this.toService(() => stream.abort.abort(GONE));
    this.ended(id);
  }

  private ended(id: number): void {
    this.streams.delete(id);
    this.endIfIdle();
  }

  private endIfIdle(): void {
    if (this.state === 'ending' && this.streams.size === 0) this.close('the service has ended');
  }

  private close(detail: string): void {
    if (this.state === 'closed') return;
    this.state = 'closed';
    const { time, lifeline, listener, ended } = this.parts;
    ended();
    for (const { answer } of this.streams.values()) answer.breakOff(new Error(detail));
    this.streams.clear();
    time.after(0, () => lifeline.deliver(() => listener.closed(detail)));
  }

  /** What has left before arrives there, nothing after it. */
  private breakAtService(): void {
    const streams = [...this.streams.values()];
    this.up.after(1, () => {
      this.up.isSilent = true;
      this.served?.process.lifeline.deliver(() => {
        for (const { abort } of streams) abort.abort(GONE);
      });
    });
  }

  private toService(act: () => void): void {
    if (!this.parts.lifeline.isAlive) return;
    this.up.after(1, () => this.served?.process.lifeline.deliver(act));
  }

  private toClient(act: () => void): void {
    const { served } = this;
    if (served === undefined || !served.process.lifeline.isAlive) return;
    this.down.after(1, () =>
      this.parts.lifeline.deliver(() => {
        if (this.state === 'closed') return;
        this.parts.heard(served);
        act();
      }),
    );
  }
}

async function bytesOf({ body }: Request): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  if (body !== undefined) for await (const piece of body) pieces.push(piece);
  return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
