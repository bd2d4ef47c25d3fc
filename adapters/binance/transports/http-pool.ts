import { err, ok, type Result } from '@tradewind/core/result';
import type { Timer, Timers } from '@tradewind/utils';
import { Agent, type Dispatcher } from 'undici';
import type { HttpFailure, HttpRequest, HttpResponse, HttpTransport } from '../ports.ts';
import { plainHeaders } from './plain-headers.ts';

export interface HttpPoolOptions {
  readonly timers: Timers;
  /** How many connections to one host; more requests than these wait for one to be free, within their own time. */
  readonly connectionsMax?: number;
  /** How many requests may be under way or wait for a connection; one more is not sent. */
  readonly requestsMax?: number;
  /** A larger answer is given up. The answer to exchangeInfo for all symbols has about 15 MB. */
  readonly answerBytesMax?: number;
  readonly connectWithinMs?: number;
}

/**
 * HTTP over a pool of kept connections. Sends each request at most once: the library below would put a request back into its queue
 * when a connection ends in certain ways, and such a second start is refused here.
 */
export class HttpPool implements HttpTransport {
  private readonly timers: Timers;
  private readonly answerBytesMax: number;
  private readonly requestsMax: number;
  private readonly agent: Agent;
  private requests = 0;

  constructor(options: HttpPoolOptions) {
    this.timers = options.timers;
    this.answerBytesMax = options.answerBytesMax ?? 64 * 1024 * 1024;
    this.requestsMax = options.requestsMax ?? 1000;
    this.agent = new Agent({
      connections: options.connectionsMax ?? 16,
      // One request at a time on a connection: an answer that is lost takes no other request with it.
      pipelining: 1,
      connect: { timeout: options.connectWithinMs ?? 5_000 },
      // The request's own time bounds everything.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  send(request: HttpRequest): Promise<Result<HttpResponse, HttpFailure>> {
    const address = ADDRESS.exec(request.url);
    if (address === null) {
      return Promise.resolve(
        err({ kind: 'not_sent', detail: 'the address is not an absolute one over http or https' }),
      );
    }
    if (this.requests >= this.requestsMax) {
      return Promise.resolve(err({ kind: 'not_sent', detail: 'too many requests are under way' }));
    }
    this.requests += 1;
    return new Promise((resolve) => {
      const exchange = new Exchange(request.timeoutMs, this.timers, this.answerBytesMax, (result) => {
        this.requests -= 1;
        resolve(result);
      });
      try {
        this.agent.dispatch(
          {
            origin: address[1] as string,
            // As it was signed: a URL object would write some characters in another way.
            path: address[2] as string,
            method: request.method,
            headers: request.headers,
            body: request.body ?? null,
          },
          exchange,
        );
      } catch (error) {
        exchange.fail(error);
      }
    });
  }

  /** Ends every connection; what waits for an answer loses it. */
  async destroy(): Promise<void> {
    await this.agent.destroy();
  }
}

const ADDRESS = /^(https?:\/\/[^/?#]+)(\/[^#]*)$/;

/** One request and what comes back for it. */
class Exchange implements Dispatcher.DispatchHandler {
  private readonly resolve: (result: Result<HttpResponse, HttpFailure>) => void;
  private readonly bytesMax: number;
  private readonly timer: Timer;
  private readonly chunks: Buffer[] = [];
  private bytes = 0;
  private status = 0;
  private headers: Record<string, string> = {};
  private controller: Dispatcher.DispatchController | undefined;
  /** From here on bytes may have left, whatever the library says. */
  private started = false;
  private settled = false;

  constructor(
    timeoutMs: number,
    timers: Timers,
    bytesMax: number,
    resolve: (result: Result<HttpResponse, HttpFailure>) => void,
  ) {
    this.resolve = resolve;
    this.bytesMax = bytesMax;
    this.timer = timers.after(timeoutMs, () => this.timedOut());
  }

  /** Called right before the first byte is written; to throw here prevents it. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.settled || this.started) throw new Error('a request is sent once, and not after its time');
    this.started = true;
    this.controller = controller;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    this.status = status;
    this.headers = plainHeaders(headers);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.bytes += chunk.length;
    if (this.bytes > this.bytesMax) {
      controller.abort(new Error(`the answer has more than ${this.bytesMax} bytes`));
      return;
    }
    this.chunks.push(chunk);
  }

  onResponseEnd(): void {
    const body = Buffer.concat(this.chunks).toString('utf8');
    this.settle(ok({ status: this.status, headers: this.headers, body }));
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.fail(error);
  }

  fail(error: unknown): void {
    const detail = detailOf(error);
    this.settle(err(this.started ? { kind: 'connection_lost', detail } : { kind: 'not_sent', detail }));
  }

  private timedOut(): void {
    this.settle(
      err(this.started ? { kind: 'timed_out' } : { kind: 'not_sent', detail: 'no connection in time' }),
    );
    this.controller?.abort(new Error('timed out'));
  }

  private settle(result: Result<HttpResponse, HttpFailure>): void {
    if (this.settled) return;
    this.settled = true;
    this.timer.cancel();
    this.resolve(result);
  }
}

/** The code and nothing else of what the library knows: its messages may hold addresses, and those are signed. */
function detailOf(error: unknown): string {
  if (!(error instanceof Error)) return 'an unknown failure';
  const code = (error as NodeJS.ErrnoException).code;
  return code === undefined ? error.name : code;
}
