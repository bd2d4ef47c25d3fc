/**
 * The server's process of a benchmark: `server.ts KIND` listens on a free port of this machine, tells its parent which, answers the
 * parent's message `cpu` with the processor time used so far and `handling` with how long it had messages in hand since it was asked
 * that the last time, and ends with it.
 */
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { createHistogram } from 'node:perf_hooks';
import { type Front, Simulator, startServer } from '@tradewind/exchange-simulator';
import { systemClock, systemTimers } from '@tradewind/utils';
import { raiseInliningBudget } from '../../../cli/inlining-budget.ts';
import { ACCOUNTS, exchangeInfo } from './orders.ts';

/** About as long as the answer to an order that was filled. */
const FIXED_BODY = JSON.stringify({ answer: 'x'.repeat(500) });
const HOST = '127.0.0.1';

/** What of the package `ws` the echo needs. */
interface EchoPackage {
  WebSocketServer: new (
    options: object,
  ) => {
    on(event: 'connection', listener: (socket: EchoSocket) => void): void;
  };
}
interface EchoSocket {
  on(event: 'message', listener: (data: Buffer) => void): void;
  send(text: string): void;
}

/** Nanoseconds from a message that the server's package has read to what was written because of it. */
const handling = createHistogram();
const untimed = (work: () => void): void => work();
/** What is sent in a turn of the event loop leaves at its end, and so before what is asked for here. */
const timed = (work: () => void): void => {
  const start = process.hrtime.bigint();
  work();
  process.nextTick(() => handling.record(process.hrtime.bigint() - start));
};
type Timing = typeof timed;

const KINDS: Readonly<Record<string, () => Promise<number>>> = {
  simulator: () => serveSimulator(untimed),
  'timed-simulator': () => serveSimulator(timed),
  http: () => listen(bareHttp()),
  echo: () => listen(bareEcho(untimed)),
  'timed-echo': () => listen(bareEcho(timed)),
};

// As the command does.
raiseInliningBudget();
process.on('message', (asked) => process.send?.(asked === 'cpu' ? process.cpuUsage() : takeHandling()));
process.on('disconnect', () => process.exit());
process.send?.(await KINDS[process.argv[2] ?? '']!());

function takeHandling() {
  const ms = (percentile: number): number => handling.percentile(percentile) / 1e6;
  const taken = { handlingP50: ms(50), handlingP99: ms(99), handlingP999: ms(99.9) };
  handling.reset();
  return taken;
}

async function serveSimulator(timing: Timing): Promise<number> {
  const ports = { clock: systemClock, timers: systemTimers };
  const simulator = new Simulator(ports, { exchangeInfo: exchangeInfo(), accounts: ACCOUNTS });
  const front: Front = {
    request: (request, answerer) => simulator.request(request, answerer),
    upgrade(request) {
      const upgrade = simulator.upgrade(request);
      if (upgrade.kind === 'refused') return upgrade;
      return {
        kind: 'accepted',
        open(socket) {
          const handler = upgrade.open(socket);
          return {
            message: (text) => timing(() => handler.message(text)),
            pinged: () => handler.pinged(),
            ponged: () => handler.ponged(),
            closed: () => handler.closed(),
          };
        },
      };
    },
  };
  const server = await startServer(front, { host: HOST, port: 0 });
  if (!server.ok) throw new Error(server.error.detail);
  return server.value.port;
}

/** The floor of REST: reads a body, says always the same. */
function bareHttp() {
  const headers = { 'content-type': 'application/json', 'content-length': FIXED_BODY.length };
  return createServer((request, response) => {
    request.on('data', () => undefined);
    request.on('end', () => {
      response.writeHead(200, headers);
      response.end(FIXED_BODY);
    });
  });
}

/** The floor of WebSockets: sends back what it got, by the same package as the simulator. */
function bareEcho(timing: Timing) {
  const simulatorsOwn = createRequire(import.meta.resolve('@tradewind/exchange-simulator'));
  const { WebSocketServer } = simulatorsOwn('ws') as EchoPackage;
  const server = createServer();
  new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (socket) => {
    socket.on('message', (data) => timing(() => socket.send(data.toString())));
  });
  return server;
}

function listen(server: ReturnType<typeof createServer>): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, HOST, () => resolve((server.address() as AddressInfo).port));
  });
}
