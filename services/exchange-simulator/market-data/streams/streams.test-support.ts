import { VirtualTime } from '@tradewind/utils';
import type { ServerSocket, SocketHandler } from '../../wire.ts';
import { MarketData } from '../market-data.ts';
import { RecordedExchange } from '../recorded-exchange.test-support.ts';
import type { Interceptor } from './connection.ts';
import { Streams } from './streams.ts';

export const START = Date.UTC(2026, 5, 1, 12);

/** The client's side of a connection, as the server's socket shows it. */
export class TestSocket implements ServerSocket {
  readonly remoteAddress = '127.0.0.1';
  readonly texts: string[] = [];
  pings = 0;
  answersPings = true;
  bufferedBytes = 0;
  end: string | undefined;
  handler!: SocketHandler;

  send(text: string): void {
    this.texts.push(text);
  }

  ping(): void {
    this.pings += 1;
    if (this.answersPings) this.handler.ponged();
  }

  close(code: number, reason: string): void {
    this.end = `closed ${code} ${reason}`;
    this.handler?.closed();
  }

  cut(): void {
    this.end = 'cut';
    this.handler?.closed();
  }

  /** What came since the last look; the caller says what it looks for in it. */
  take<Event = unknown>(): Event[] {
    return this.texts.splice(0).map((text) => JSON.parse(text) as Event);
  }

  ask(request: unknown): unknown {
    this.handler.message(typeof request === 'string' ? request : JSON.stringify(request));
    return this.take().at(-1);
  }
}

export interface StreamWorld {
  readonly time: VirtualTime;
  readonly exchange: RecordedExchange;
  readonly data: MarketData;
  readonly streams: Streams;
  open(path: string, query?: string): TestSocket;
}

export function streamWorld(
  symbols: readonly string[] = ['BTCUSDT', 'ETHUSDT'],
  intercept?: Interceptor,
): StreamWorld {
  const time = new VirtualTime(START);
  const exchange = new RecordedExchange(symbols);
  const data = new MarketData(exchange, time);
  const streams = new Streams({
    source: exchange,
    data,
    clock: time,
    timers: time,
    ...(intercept === undefined ? {} : { intercept }),
  });
  return {
    time,
    exchange,
    data,
    streams,
    open(path, query = '') {
      const socket = new TestSocket();
      socket.handler = streams.open(socket, path, query);
      return socket;
    },
  };
}
