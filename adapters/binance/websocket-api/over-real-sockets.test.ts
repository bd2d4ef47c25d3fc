import { ok as assertOk } from 'node:assert';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { ok } from '@tradewind/core/result';
import { SeededRandom, systemClock, systemTimers } from '@tradewind/utils';
import { expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { queryOrder } from '../calls/account.ts';
import { serverTime } from '../calls/market.ts';
import { makeSigner } from '../signing/make-signer.ts';
import signing from '../signing/signing-vectors.json' with { type: 'json' };
import { ConnectionAttempts } from '../sockets/index.ts';
import { WebSockets } from '../transports/index.ts';
import { OpenGate } from './open-gate.test-support.ts';
import { type ApiListener, WebSocketApi } from './websocket-api.ts';

/** An exchange that tells the time, pushes an event after each answer, and hangs up when asked for an order. */
async function exchange(): Promise<{ url: string; close: () => void }> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  server.on('connection', (socket: WebSocket) => {
    socket.on('message', (data) => {
      const { id, method } = JSON.parse(String(data)) as { id: number; method: string };
      if (method === 'order.status') return socket.terminate();
      socket.send(JSON.stringify({ id, status: 200, result: { serverTime: 1_700_000_000_000 } }));
      socket.send(JSON.stringify({ subscriptionId: 0, event: { e: 'told', after: method } }));
    });
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `ws://127.0.0.1:${port}/ws-api/v3`,
    close: () => {
      for (const client of server.clients) client.terminate();
      server.close();
    },
  };
}

test('over real sockets a call is answered, events are heard, a cut is unknown, and the line comes back', async () => {
  const { url, close } = await exchange();
  const events: unknown[] = [];
  const waiting: (() => void)[] = [];
  const wake = (): void => {
    for (const each of waiting.splice(0)) each();
  };
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo()) await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const listener: ApiListener = {
    prepare: () => {
      // Ready as soon as this has returned.
      setImmediate(wake);
      return Promise.resolve(true);
    },
    event: (_link, event) => {
      events.push(event);
      wake();
    },
    gapEnded: wake,
  };
  const signer = makeSigner({
    apiKey: signing.keys.hmac_docs.apiKey,
    secret: signing.keys.hmac_docs.secretKey,
  });
  assertOk(signer.ok);
  const api = new WebSocketApi(
    {
      url,
      transport: new WebSockets(),
      clock: systemClock,
      timers: systemTimers,
      random: new SeededRandom(1),
      attempts: new ConnectionAttempts(systemClock),
      gate: new OpenGate(),
      signer: signer.value,
      serverClock: systemClock,
      synchronizer: {
        restoreTrust: () => Promise.resolve(),
        synchronize: () => Promise.resolve(ok({ offsetMs: 0, uncertaintyMs: 1 })),
      },
      times: { firstDelayMs: 1 },
    },
    listener,
  );
  try {
    api.start();
    await until(() => api.state === 'ready');
    expect(await api.perform(serverTime())).toEqual({ kind: 'done', value: 1_700_000_000_000 });
    await until(() => events.length === 1);
    expect(events).toEqual([{ e: 'told', after: 'time' }]);
    const lost = await api.perform(queryOrder({ symbol: 'BTCUSDT', clientOrderId: 'mine' }));
    expect(lost).toMatchObject({ kind: 'unknown', cause: { reason: 'connection_lost' } });
    await until(() => api.state === 'ready');
    expect(await api.perform(serverTime())).toMatchObject({ kind: 'done' });
  } finally {
    api.stop();
    close();
  }
});
