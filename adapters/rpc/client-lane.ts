import { type ClientHttp2Session, type ClientHttp2Stream, constants } from 'node:http2';
import type { UniversalClientRequest, UniversalClientResponse } from '@connectrpc/connect/protocol';
import { MESSAGE_BYTES_MAX } from './bounds.ts';
import { headOf, pathOf } from './http2-messages.ts';
import {
  answerHeadOf,
  FrameReader,
  frameBytes,
  LANE_IS_FULL,
  LANE_PATH,
  type LaneFrame,
} from './lane-frames.ts';
import { OnePiece } from './pieces.ts';

/** A call with a message of this many bytes, or more calls than this at once, take streams of their own. */
const BODY_BYTES_MAX = 64 * 1024;
const WAITING_MAX = 128;

interface Waiting {
  readonly answered: (response: UniversalClientResponse | 'refused') => void;
  readonly failed: (error: Error) => void;
}

/**
 * One stream of HTTP/2 for all small calls of a session, as long as that lasts. A stream that is opened for a call and closed after it
 * takes 0.4 ms longer, because of all that Node does for it.
 */
export class ClientLane {
  private readonly stream: ClientHttp2Stream;
  private readonly header: Headers;
  private readonly reader = new FrameReader(MESSAGE_BYTES_MAX);
  private readonly waiting = new Map<number, Waiting>();
  private calls = 0;
  private state: 'open' | 'retired' | 'closed' = 'open';

  /** @param header  of every call on it */
  constructor(session: ClientHttp2Session, header: Headers) {
    this.header = header;
    this.stream = session.request({ ...headOf(header, undefined), ':method': 'POST', ':path': LANE_PATH });
    this.stream.on('response', (head) => {
      if (head[':status'] !== constants.HTTP_STATUS_OK) this.refuse();
    });
    this.stream.on('data', (piece: Buffer) => this.hear(piece));
    this.stream.on('end', () => this.stream.end());
    this.stream.on('error', (error: Error) => this.close(error));
    this.stream.on('close', () => {
      const isCut = this.reader.isWithinFrame;
      this.close(new Error(isCut ? 'the answer broke off' : 'the connection was closed before the answer'));
    });
  }

  /**
   * @returns 'refused' when it is none for here, or the service has no lanes, or too much under way on this one: it has not begun it, and
   *   it may go another way
   */
  async call({
    url,
    header,
    body,
    signal,
  }: UniversalClientRequest): Promise<UniversalClientResponse | 'refused'> {
    const isTaken =
      this.state === 'open' &&
      header === this.header &&
      body instanceof OnePiece &&
      body.bytes.length < BODY_BYTES_MAX &&
      this.waiting.size < WAITING_MAX &&
      signal?.aborted !== true;
    return isTaken ? this.send(pathOf(url), body.bytes, signal) : 'refused';
  }

  private send(
    path: string,
    body: Uint8Array,
    signal: AbortSignal | undefined,
  ): Promise<UniversalClientResponse | 'refused'> {
    this.calls += 1;
    const number = this.calls;
    return new Promise((resolve, reject) => {
      const cancel = (): void => {
        end();
        reject(signal?.reason);
      };
      const end = (): void => {
        signal?.removeEventListener('abort', cancel);
        this.waiting.delete(number);
        this.endIfIdle();
      };
      this.waiting.set(number, {
        answered: (response) => {
          end();
          resolve(response);
        },
        failed: (error) => {
          end();
          reject(error);
        },
      });
      signal?.addEventListener('abort', cancel);
      this.stream.write(frameBytes({ number, head: path, body }));
    });
  }

  /** The session is about to end: what waits may still be answered, nothing new is begun. */
  retire(): void {
    if (this.state === 'open') this.state = 'retired';
    this.endIfIdle();
  }

  private hear(piece: Buffer): void {
    try {
      const frames = this.reader.take(piece);
      if (frames === undefined) throw new Error('these are no answers');
      for (const frame of frames) this.waiting.get(frame.number)?.answered(answerOf(frame));
    } catch (error) {
      this.stream.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  }

  private refuse(): void {
    this.state = 'closed';
    for (const { answered } of [...this.waiting.values()]) answered('refused');
  }

  private close(error: Error): void {
    this.state = 'closed';
    for (const { failed } of [...this.waiting.values()]) failed(error);
  }

  private endIfIdle(): void {
    if (this.state === 'retired' && this.waiting.size === 0) this.stream.end();
  }
}

function answerOf({ head, body }: LaneFrame): UniversalClientResponse | 'refused' {
  const answer = answerHeadOf(head);
  // Calls that were given up here go on there, and must not keep out those that come after them.
  if (answer.status === LANE_IS_FULL) return 'refused';
  return { ...answer, trailer: NO_TRAILER, body: new OnePiece(body) };
}
const NO_TRAILER = new Headers();
