import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Socket } from '../ports.ts';
import { WebSockets } from './web-sockets.ts';

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0).reverse()) cleanUp();
});

/** A socket to a server that hands over its own end; every event is a line in `heard`, and `until` waits for one. */
async function pair(options: { messageBytesMax?: number } = {}) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: true });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const accepted = once(server, 'connection');
  const mine = listen(`ws://127.0.0.1:${port}/ws`, options);
  const [theirs, request] = (await accepted) as [WebSocket, { headers: Record<string, string> }];
  cleanUps.push(() => {
    theirs.terminate();
    server.close();
  });
  await mine.until('opened');
  return { ...mine, theirs, request };
}

function listen(url: string, options: { messageBytesMax?: number } = {}) {
  const heard: string[] = [];
  const waiting: (() => void)[] = [];
  const note = (line: string): void => {
    heard.push(line);
    for (const wake of waiting.splice(0)) wake();
  };
  const socket: Socket = new WebSockets(options).connect(url, {
    opened: () => note('opened'),
    message: (bytes) => note(`message ${new TextDecoder().decode(bytes)}`),
    pinged: () => note('pinged'),
    closed: (code, reason, refusal) =>
      note(`closed ${code} ${reason}${refusal === undefined ? '' : ` ${JSON.stringify(refusal)}`}`),
  });
  cleanUps.push(() => socket.terminate());
  const until = async (beginning: string): Promise<string> => {
    for (;;) {
      const line = heard.find((text) => text.startsWith(beginning));
      if (line !== undefined) return line;
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  };
  return { socket, heard, until };
}

test('texts go both ways as they are, without compression', async () => {
  const { socket, theirs, request, until } = await pair();
  expect(request.headers['sec-websocket-extensions']).toBeUndefined();
  const received = once(theirs, 'message');
  expect(socket.send('{"id":1,"symbol":"这是测试币456"}')).toBe(true);
  expect(String((await received)[0])).toBe('{"id":1,"symbol":"这是测试币456"}');
  theirs.send('{"result":"１２３"}');
  expect(await until('message')).toBe('message {"result":"１２３"}');
});

test('a ping is answered with its payload, and told', async () => {
  const { theirs, until } = await pair();
  const pong = once(theirs, 'pong');
  theirs.ping('1645423376532');
  expect(String((await pong)[0])).toBe('1645423376532');
  expect(await until('pinged')).toBe('pinged');
});

test('the other side closes: told with its code and reason, and nothing can be sent', async () => {
  const { socket, theirs, until } = await pair();
  theirs.close(1008, 'disconnected');
  expect(await until('closed')).toBe('closed 1008 disconnected');
  expect(socket.send('x')).toBe(false);
});

test('we close politely, or drop it: both are told', async () => {
  const polite = await pair();
  polite.socket.close();
  expect(await polite.until('closed')).toMatch(/^closed 1005 /);
  const dropped = await pair();
  dropped.socket.terminate();
  expect(await dropped.until('closed')).toMatch(/^closed 1006 /);
});

test('a connection that cannot be made is told as closed without opened, with the reason', async () => {
  const server: Server = createServer((_request, response) => {
    response.sendDate = false;
    response.writeHead(418, { 'Retry-After': '120', Connection: 'close', 'Content-Length': '0' }).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUps.push(() => server.close());
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws`;
  const { until, heard } = listen(url);
  const refusal = {
    status: 418,
    headers: { 'retry-after': '120', connection: 'close', 'content-length': '0' },
  };
  expect(await until('closed')).toBe(`closed 1006 refused with status 418 ${JSON.stringify(refusal)}`);
  expect(heard).toHaveLength(1);
});

test('a socket that is dropped before it has opened tells closed only', async () => {
  const { until, heard, socket } = listen('ws://127.0.0.1:9/ws');
  socket.terminate();
  await until('closed');
  expect(heard).toHaveLength(1);
});

test('a message longer than agreed ends its socket', async () => {
  const { theirs, until } = await pair({ messageBytesMax: 100 });
  theirs.send('x'.repeat(101));
  expect(await until('closed')).toMatch(/^closed 1009 |^closed 1006 /);
});
