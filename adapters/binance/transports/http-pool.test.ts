import { ok } from 'node:assert';
import { once } from 'node:events';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { type AddressInfo, createServer, type Socket, type Server as TcpServer } from 'node:net';
import { systemTimers } from '@tradewind/utils';
import { afterEach, describe, expect, test } from 'vitest';
import type { HttpRequest } from '../ports.ts';
import { HttpPool } from './http-pool.ts';

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function listening(server: Server | TcpServer): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  cleanUps.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const serving = (handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> =>
  listening(createHttpServer(handle));

function pool(options: Partial<ConstructorParameters<typeof HttpPool>[0]> = {}): HttpPool {
  const made = new HttpPool({ timers: systemTimers, ...options });
  cleanUps.push(() => made.destroy());
  return made;
}

const get = (url: string, others: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'GET',
  url,
  headers: {},
  timeoutMs: 10_000,
  ...others,
});

describe('an answer', () => {
  test('comes with its status, its headers in lower case, and its body as text', async () => {
    const origin = await serving((_request, response) => {
      response.writeHead(418, { 'Retry-After': '7', 'X-MBX-USED-WEIGHT-1M': '12' });
      response.end('<html>漢字</html>');
    });
    const answer = await pool().send(get(`${origin}/api/v3/time`));
    ok(answer.ok);
    expect(answer.value.status).toBe(418);
    expect(answer.value.headers).toMatchObject({ 'retry-after': '7', 'x-mbx-used-weight-1m': '12' });
    expect(answer.value.body).toBe('<html>漢字</html>');
  });

  test('comes for exactly the query, the headers and the body that were given', async () => {
    const origin = await serving((request, response) => {
      void request.toArray().then((chunks) => {
        const { method, url, headers } = request;
        response.end(JSON.stringify([method, url, headers['x-mbx-apikey'], chunks.join('')]));
      });
    });
    const path = `/api/v3/order?symbols=%5B%22BTCUSDT%22%5D&a='(x)*!&b=%EF%BC%91&c=a+b&signature=%2B%2F%3D`;
    const request = {
      method: 'POST',
      headers: { 'X-MBX-APIKEY': 'key' },
      body: 'quantity=1&price=0.1',
    } as const;
    const answer = await pool().send(get(origin + path, request));
    ok(answer.ok);
    expect(JSON.parse(answer.value.body)).toEqual(['POST', path, 'key', 'quantity=1&price=0.1']);
  });
});

describe('no answer', () => {
  test('because nobody listens: surely not sent', async () => {
    const origin = await serving(() => undefined);
    for (const cleanUp of cleanUps.splice(0)) await cleanUp();
    const answer = await pool().send(get(`${origin}/api/v3/order`));
    expect(answer).toEqual({ ok: false, error: { kind: 'not_sent', detail: 'ECONNREFUSED' } });
  });

  test('because the address is none: surely not sent', async () => {
    const answer = await pool().send(get('/api/v3/order'));
    expect(answer).toMatchObject({ ok: false, error: { kind: 'not_sent' } });
  });

  test('O1: because the request was read and its connection reset: lost, and sent exactly once', async () => {
    let requests = 0;
    const origin = await serving((request) => {
      requests += 1;
      request.socket.destroy();
    });
    const answer = await pool().send(get(`${origin}/api/v3/order`, { method: 'POST', body: 'a=1' }));
    expect(answer).toMatchObject({ ok: false, error: { kind: 'connection_lost' } });
    expect(requests).toBe(1);
  });

  test('O1: because a kept connection is closed as the next request goes out: lost, never sent a second time', async () => {
    let requests = 0;
    const server = createServer((socket) => {
      socket.on('data', () => {
        requests += 1;
        if (requests === 1) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}');
        else socket.end();
      });
    });
    const origin = await listening(server);
    const client = pool({ connectionsMax: 1 });
    expect((await client.send(get(`${origin}/api/v3/ping`))).ok).toBe(true);
    const second = await client.send(get(`${origin}/api/v3/order`, { method: 'DELETE' }));
    expect(second).toMatchObject({ ok: false, error: { kind: 'connection_lost' } });
    expect(requests).toBe(2);
  });

  test('O1: because the answer breaks off in the middle: lost', async () => {
    const origin = await serving((_request, response) => {
      response.writeHead(200, { 'Content-Length': '100' });
      response.write('{"orderId":');
      setImmediate(() => response.destroy());
    });
    const answer = await pool().send(get(`${origin}/api/v3/order`));
    expect(answer).toMatchObject({ ok: false, error: { kind: 'connection_lost' } });
  });

  test('O1: because the exchange is silent: timed out', async () => {
    const origin = await serving(() => undefined);
    const answer = await pool().send(get(`${origin}/api/v3/order`, { timeoutMs: 50 }));
    expect(answer).toEqual({ ok: false, error: { kind: 'timed_out' } });
  });

  test('because no connection became free in time: not sent, and not sent later either', async () => {
    const urls: string[] = [];
    const held: ServerResponse[] = [];
    const origin = await serving((request, response) => {
      urls.push(request.url ?? '');
      held.push(response);
    });
    const client = pool({ connectionsMax: 1 });
    const first = client.send(get(`${origin}/first`));
    const second = await client.send(get(`${origin}/second`, { timeoutMs: 60 }));
    expect(second).toEqual({ ok: false, error: { kind: 'not_sent', detail: 'no connection in time' } });
    held[0]!.end('{}');
    expect((await first).ok).toBe(true);
    const third = client.send(get(`${origin}/third`));
    while (held[1] === undefined) await new Promise((resolve) => setImmediate(resolve));
    held[1].end('{}');
    expect((await third).ok).toBe(true);
    expect(urls).toEqual(['/first', '/third']);
  });

  test('because too many requests are under way: not sent, until one of them has ended', async () => {
    const held: ServerResponse[] = [];
    const origin = await serving((_request, response) => held.push(response));
    const client = pool({ requestsMax: 1 });
    const first = client.send(get(`${origin}/first`));
    expect(await client.send(get(`${origin}/second`))).toEqual({
      ok: false,
      error: { kind: 'not_sent', detail: 'too many requests are under way' },
    });
    while (held[0] === undefined) await new Promise((resolve) => setImmediate(resolve));
    held[0].end('{}');
    expect((await first).ok).toBe(true);
    const third = client.send(get(`${origin}/third`));
    while (held[1] === undefined) await new Promise((resolve) => setImmediate(resolve));
    held[1].end('{}');
    expect((await third).ok).toBe(true);
  });

  test('because it is larger than agreed: lost', async () => {
    const origin = await serving((_request, response) => response.end('x'.repeat(2000)));
    const answer = await pool({ answerBytesMax: 1000 }).send(get(`${origin}/api/v3/exchangeInfo`));
    expect(answer).toMatchObject({ ok: false, error: { kind: 'connection_lost' } });
  });

  test('S1: because of anything, and its reason holds neither key nor signature', async () => {
    const origin = await serving((request) => request.socket.destroy());
    const answer = await pool().send(
      get(`${origin}/api/v3/order?signature=canary`, { headers: { 'X-MBX-APIKEY': 'canary' } }),
    );
    expect(JSON.stringify(answer)).not.toContain('canary');
  });
});
