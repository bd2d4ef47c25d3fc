import { invariant, ok } from '@tradewind/core/result';
import { SeededRandom, VirtualTime } from '@tradewind/utils';
import { makeSigner } from '../signing/make-signer.ts';
import signing from '../signing/signing-vectors.json' with { type: 'json' };
import { ConnectionAttempts } from '../sockets/index.ts';
import { type ScriptedSocket, ScriptedSockets } from '../sockets/scripted-sockets.test-support.ts';
import { WebSocketApi } from '../websocket-api/index.ts';
import { OpenGate } from '../websocket-api/open-gate.test-support.ts';
import { ScriptedAccount } from './account.test-support.ts';
import { UserStream } from './user-stream.ts';
import type { UserStreamListener } from './user-stream-listener.ts';

const signer = makeSigner({
  apiKey: signing.keys.hmac_docs.apiKey,
  secret: signing.keys.hmac_docs.secretKey,
});
invariant(signer.ok, 'the key of the documents signs');
const { value: SIGNER } = signer;

export interface LiveStream {
  readonly time: VirtualTime;
  readonly api: WebSocketApi;
  readonly user: UserStream;
  readonly gate: OpenGate;
  readonly socket: ScriptedSocket;
}

/** A user stream that is live, over a WebSocket API over a scripted socket. The account behind it is empty. */
export async function liveStream(startMs: number, listener: UserStreamListener): Promise<LiveStream> {
  const time = new VirtualTime(startMs);
  const transport = new ScriptedSockets();
  const gate = new OpenGate();
  const user = new UserStream(
    {
      clock: time,
      timers: time,
      random: new SeededRandom(1),
      serverClock: time,
      catchUp: new ScriptedAccount(time),
      symbols: ['BTCUSDT'],
    },
    listener,
  );
  const api = new WebSocketApi(
    {
      url: 'wss://exchange/ws-api/v3',
      transport,
      clock: time,
      timers: time,
      random: new SeededRandom(2),
      attempts: new ConnectionAttempts(time),
      gate,
      signer: SIGNER,
      serverClock: time,
      synchronizer: {
        restoreTrust: () => Promise.resolve(),
        synchronize: () => Promise.resolve(ok({ offsetMs: 0, uncertaintyMs: 1 })),
      },
      logsOn: true,
    },
    user,
  );
  api.start();
  const socket = transport.last;
  socket.onSent = (text) => {
    const { id, method } = JSON.parse(text) as { readonly id: number; readonly method: string };
    if (method !== 'order.place') socket.say({ id, status: 200, result: {} });
  };
  socket.open();
  while (!user.isLive) await time.advance(0);
  return { time, api, user, gate, socket };
}
