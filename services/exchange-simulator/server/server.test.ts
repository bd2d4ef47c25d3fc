import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Answerer, Front } from '../front.ts';
import type { ServerSocket, SocketHandler, WireRequest, WireResponse } from '../wire.ts';
import { BODY_BYTES_MAX } from './body.ts';
import { describeListenProblem, type RunningServer, startServer } from './server.ts';

const SILENT: SocketHandler = { message() {}, pinged() {}, ponged() {}, closed() {} };
const json = (body: string): WireResponse => ({
  status: 200,
  headers: { 'content-type': 'application/json', 'x-mbx-used-weight-1m': '7' },
  body,
});

const running: RunningServer[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.stop();
});

async function started(front: Partial<Front>): Promise<RunningServer> {
  const whole: Front = {
    request: (_, answerer) => answerer.answer(json('{}')),
    upgrade: () => ({ kind: 'accepted', open: () => SILENT }),
    ...front,
  };
  const server = await startServer(whole, { host: '127.0.0.1', port: 0 });
  if (!server.ok) throw new Error(describeListenProblem(server.error));
  running.push(server.value);
  return server.value;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

function ask(port: number, method: string, path: string, body?: string): Promise<Answer | Error> {
  return new Promise((resolve) => {
    const request: ClientRequest = httpRequest({ port, method, path, host: '127.0.0.1' }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: text }),
      );
      response.on('error', resolve);
    });
    request.on('error', resolve);
    request.end(body);
  });
}

test('a request comes through as it was sent, its query and body undecoded', async () => {
  const seen: WireRequest[] = [];
  const { port } = await started({
    request(request, answerer) {
      seen.push(request);
      answerer.answer(json('{"a":"\u8fd9"}'));
    },
  });
  const path = '/api/v3/order?symbol=%E8%BF%99&price=0.1+%2B';
  expect(await ask(port, 'POST', path, 'signature=ab%3D%3D&x=\u8fd9')).toMatchObject({
    status: 200,
    headers: { 'content-type': 'application/json', 'x-mbx-used-weight-1m': '7' },
    body: '{"a":"\u8fd9"}',
  });
  expect(seen).toMatchObject([
    {
      method: 'POST',
      path: '/api/v3/order',
      query: 'symbol=%E8%BF%99&price=0.1+%2B',
      body: 'signature=ab%3D%3D&x=\u8fd9',
      remoteAddress: '127.0.0.1',
    },
  ]);
});

test('what is no HTTP is refused and handed on to nobody', async () => {
  let isAsked = false;
  const { port } = await started({
    request() {
      isAsked = true;
    },
  });
  const received = await new Promise<string>((resolve) => {
    let text = '';
    const socket = connect(port, '127.0.0.1');
    socket.write('GET /api/v3/depth?symbol=\u8fd9 HTTP/1.1\r\nhost: a\r\n\r\n');
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('close', () => resolve(text));
  });
  expect(received).toMatch(/^HTTP\/1\.1 400 /);
  expect(isAsked).toBe(false);
});

test('a body that is too long is refused, announced or not, and never handed on', async () => {
  let isAsked = false;
  const { port } = await started({
    request() {
      isAsked = true;
    },
  });
  const long = 'x'.repeat(BODY_BYTES_MAX + 1);
  const announced = await ask(port, 'POST', '/api/v3/order', long);
  expect(announced instanceof Error || announced.status === 413).toBe(true);
  const chunked = await new Promise<number | Error>((resolve) => {
    const request = httpRequest({ port, host: '127.0.0.1', method: 'POST', path: '/' }, (response) => {
      response.resume();
      resolve(response.statusCode!);
    });
    request.on('error', resolve);
    request.write(long.slice(1000));
    request.end(long.slice(0, 2000));
  });
  expect(chunked instanceof Error || chunked === 413).toBe(true);
  expect(isAsked).toBe(false);
});

test('a longer body is handed on where the front takes one', async () => {
  const long = 'x'.repeat(BODY_BYTES_MAX + 1);
  const { port } = await started({
    bodyBytesMax: 2 * BODY_BYTES_MAX,
    request: ({ body }, answerer) => answerer.answer(json(String(body.length))),
  });
  expect(await ask(port, 'PUT', '/state', long)).toMatchObject({ status: 200, body: String(long.length) });
});

test('an answer can be cut off, before its first byte or within it', async () => {
  const { port } = await started({
    request: ({ query }, answerer: Answerer) => answerer.cut(json('{"orderId":123456}'), Number(query)),
  });
  expect(await ask(port, 'GET', '/?0')).toMatchObject({ code: 'ECONNRESET' });
  const received = await new Promise<string>((resolve) => {
    let text = '';
    const socket = connect(port, '127.0.0.1');
    socket.write('GET /?20 HTTP/1.1\r\nhost: a\r\n\r\n');
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('close', () => resolve(text));
  });
  expect(received).toBe('HTTP/1.1 200 OK\r\ncon');
});

test('several requests come over one connection, and an answer may come later', async () => {
  const { port } = await started({
    request: ({ path }, answerer) => {
      if (path === '/late') setImmediate(() => answerer.answer(json('"late"')));
      else answerer.answer(json('"now"'));
    },
  });
  const received = await new Promise<string>((resolve) => {
    let text = '';
    const socket = connect(port, '127.0.0.1');
    socket.write(
      'GET /late HTTP/1.1\r\nhost: a\r\n\r\nGET /now HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n',
    );
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('close', () => resolve(text));
  });
  expect(received.match(/"late"|"now"/g)).toEqual(['"late"', '"now"']);
});

test('a socket carries texts both ways, pings and the end', async () => {
  const heard: string[] = [];
  const ponged = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  let server: ServerSocket | undefined;
  const { port } = await started({
    upgrade: ({ path, query }) => ({
      kind: 'accepted',
      open(socket) {
        server = socket;
        heard.push(`open ${path}?${query} ${socket.remoteAddress}`);
        return {
          message(text) {
            heard.push(text);
            for (const part of ['one', 'two']) socket.send(`${part} ${text}`);
            socket.ping();
          },
          pinged: () => heard.push('pinged'),
          ponged() {
            heard.push('ponged');
            ponged.resolve();
          },
          closed() {
            heard.push('closed');
            closed.resolve();
          },
        };
      },
    }),
  });
  const client = new WebSocket(`ws://127.0.0.1:${port}/stream?streams=a/b`);
  const received: string[] = [];
  client.on('message', (data) => received.push(String(data)));
  await new Promise((resolve) => client.on('open', resolve));
  client.ping();
  client.send('\u8fd9');
  await ponged.promise;
  expect(server!.bufferedBytes).toBe(0);
  const code = await new Promise<number>((resolve) => {
    client.on('close', resolve);
    server!.close(1008, 'too many messages');
  });
  expect(code).toBe(1008);
  await closed.promise;
  expect(received).toEqual(['one \u8fd9', 'two \u8fd9']);
  expect(heard).toEqual(['open /stream?streams=a/b 127.0.0.1', 'pinged', '\u8fd9', 'ponged', 'closed']);
  server!.send('nobody is there');
});

test('texts of every length arrive whole: their header grows with them', async () => {
  const lengths = [0, 1, 125, 126, 127, 65_535, 65_536, 200_000];
  const texts = lengths.map((length) => 'x'.repeat(length));
  // Three bytes each, so that it is not characters that are counted.
  const wide = ['\u8fd9'.repeat(42), '\u8fd9'.repeat(21_846)];
  const { port } = await started({
    upgrade: () => ({
      kind: 'accepted',
      open: (socket) => ({
        ...SILENT,
        message() {
          for (const text of [...texts, ...wide]) socket.send(text);
          socket.close(1000, 'all is said');
        },
      }),
    }),
  });
  const client = new WebSocket(`ws://127.0.0.1:${port}/ws`);
  const received: string[] = [];
  client.on('message', (data, isBinary) => received.push(isBinary ? 'binary' : String(data)));
  client.on('open', () => client.send('go'));
  await new Promise((resolve) => client.on('close', resolve));
  expect(received.map(({ length }) => length)).toEqual([...lengths, 42, 21_846]);
  expect(received).toEqual([...texts, ...wide]);
});

test('a handshake can be refused with an answer of the exchange', async () => {
  const { port } = await started({
    upgrade: () => ({
      kind: 'refused',
      response: { status: 418, headers: { 'retry-after': '120' }, body: '{"code":-1003,"msg":"banned"}' },
    }),
  });
  const client = new WebSocket(`ws://127.0.0.1:${port}/ws`);
  client.on('error', () => undefined);
  const response = await new Promise<IncomingMessage>((resolve) =>
    client.on('unexpected-response', (_, incoming) => resolve(incoming)),
  );
  expect(response).toMatchObject({ statusCode: 418, headers: { 'retry-after': '120' } });
  client.terminate();
});

test('stopping ends every connection', async () => {
  const server = await started({ request: () => undefined });
  const pending = ask(server.port, 'GET', '/never-answered');
  const client = new WebSocket(`ws://127.0.0.1:${server.port}/ws`);
  await new Promise((resolve) => client.on('open', resolve));
  const isClosed = new Promise((resolve) => client.on('close', resolve));
  await server.stop();
  expect(await isClosed).toBe(1001);
  expect(await pending).toBeInstanceOf(Error);
  expect(await ask(server.port, 'GET', '/')).toMatchObject({ code: 'ECONNREFUSED' });
});

test('a port in use and a host that is not here are told with what to do', async () => {
  const { port } = await started({});
  const front: Front = { request() {}, upgrade: () => ({ kind: 'accepted', open: () => SILENT }) };
  const inUse = await startServer(front, { host: '127.0.0.1', port });
  const elsewhere = await startServer(front, { host: '192.0.2.1', port: 0 });
  if (inUse.ok || elsewhere.ok) throw new Error('listens where it cannot');
  expect(describeListenProblem(inUse.error)).toBe(
    `127.0.0.1:${port}: another program listens there; choose another port, or 0 for any that is free`,
  );
  expect(describeListenProblem(elsewhere.error)).toMatch(/^192\.0\.2\.1: is no address of this machine; /);
});
