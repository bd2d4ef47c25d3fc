import type { HttpTransport, SocketListener, SocketTransport } from '@tradewind/binance';
import { ok } from '@tradewind/core/result';
import type { MarketLine } from './market-line.ts';

/** A market line in this process: what it is given is with the client in the same instant. */
export class LineWire implements HttpTransport, SocketTransport {
  private readonly line: MarketLine;
  private listener: SocketListener | undefined;

  constructor(line: MarketLine) {
    this.line = line;
  }

  send: HttpTransport['send'] = async ({ url }) => {
    const { pathname, search } = new URL(url);
    return ok({ status: 200, headers: {}, body: this.line.answer(pathname, search) });
  };

  connect: SocketTransport['connect'] = (_url, listener) => {
    this.listener = listener;
    setImmediate(() => listener.opened());
    return {
      send: (text) => {
        setImmediate(() => listener.message(Buffer.from(this.line.reply(text))));
        return true;
      },
      close: () => undefined,
      terminate: () => undefined,
    };
  };

  deliver(message: Uint8Array): void {
    this.listener?.message(message);
  }
}
