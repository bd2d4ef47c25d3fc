/**
 * The market's process of a benchmark: serves the public side of an exchange on a free port, tells its parent which, and ends with it.
 * Messages go out when they are due, whatever became of those before.
 */
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { raiseInliningBudget } from '../../../cli/inlining-budget.ts';
import { MarketLine } from './market-line.ts';

/** What of the package `ws` is needed. */
interface SocketPackage {
  WebSocketServer: new (
    options: object,
  ) => {
    on(event: 'connection', listener: (socket: ServerSocket) => void): void;
  };
}
interface ServerSocket {
  on(event: 'message', listener: (data: Buffer) => void): void;
  send(text: string): void;
}

/** Sends so many messages at a rate; the answer says when the first of them was due. */
export interface LineQuestion {
  readonly count: number;
  readonly perSecond: number;
}
export interface LineAnswer {
  /** Epoch ms with fractions. */
  readonly beganAtMs: number;
  /** The place of the first message in the line. */
  readonly firstPlace: number;
}

/** From the answer to the first message: whoever hears it has to know by then what it belongs to. */
const BEGINS_AFTER_MS = 100;
/** Those that are due are sent together, at most so often; a clock that is looked at more often takes the processor from the others. */
const TICK_MS = 1;

const line = new MarketLine(JSON.parse(process.argv[2] ?? '[]') as string[]);
raiseInliningBudget();
let connection: ServerSocket | undefined;
let sent = 0;
const server = createServer((request, response) => {
  const { pathname, search } = new URL(request.url!, 'http://line');
  response.end(line.answer(pathname, search));
});
const { WebSocketServer } = createRequire(import.meta.resolve('@tradewind/exchange-simulator'))(
  'ws',
) as SocketPackage;
new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (socket) => {
  connection = socket;
  socket.on('message', (data) => socket.send(line.reply(data.toString())));
});
process.on('message', (question: LineQuestion) => void run(question));
process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));

async function run({ count, perSecond }: LineQuestion): Promise<void> {
  const beganMs = performance.now() + BEGINS_AFTER_MS;
  process.send?.({ beganAtMs: performance.timeOrigin + beganMs, firstPlace: sent } satisfies LineAnswer);
  for (const last = sent + count, first = sent; sent < last; ) {
    // Below `first` until it begins.
    const due = Math.min(last, first + Math.floor(((performance.now() - beganMs) * perSecond) / 1000));
    for (; sent < due; sent += 1) {
      // Taken from the line also when nobody is there yet: its place is what ages are counted from.
      const message = line.next();
      connection?.send(message);
    }
    await pause(TICK_MS);
  }
}
