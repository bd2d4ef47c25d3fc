/**
 * The server's process of a benchmark: `server.ts KIND` listens on a free port of this machine, tells its parent which, answers
 * every message of the parent's with the processor time used so far, and ends with it.
 */
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { Simulator, startServer } from '@tradewind/exchange-simulator';
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

const KINDS: Readonly<Record<string, () => Promise<number>>> = {
  simulator: serveSimulator,
  http: () => listen(bareHttp()),
  echo: () => listen(bareEcho()),
};

// As the command does.
raiseInliningBudget();
process.on('message', () => process.send?.(process.cpuUsage()));
process.on('disconnect', () => process.exit());
process.send?.(await KINDS[process.argv[2] ?? '']!());

async function serveSimulator(): Promise<number> {
  const ports = { clock: systemClock, timers: systemTimers };
  const simulator = new Simulator(ports, { exchangeInfo: exchangeInfo(), accounts: ACCOUNTS });
  const server = await startServer(simulator, { host: HOST, port: 0 });
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
function bareEcho() {
  const simulatorsOwn = createRequire(import.meta.resolve('@tradewind/exchange-simulator'));
  const { WebSocketServer } = simulatorsOwn('ws') as EchoPackage;
  const server = createServer();
  new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (socket) => {
    socket.on('message', (data) => socket.send(data.toString()));
  });
  return server;
}

function listen(server: ReturnType<typeof createServer>): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, HOST, () => resolve((server.address() as AddressInfo).port));
  });
}
