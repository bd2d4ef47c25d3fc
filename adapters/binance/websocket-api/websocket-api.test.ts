import { ok as assertOk } from 'node:assert';
import { createHmac } from 'node:crypto';
import { err, ok } from '@tradewind/core/result';
import { SeededRandom, VirtualTime } from '@tradewind/utils';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Call } from '../calls/call.ts';
import type { Outcome } from '../outcome.ts';
import { makeSigner } from '../signing/make-signer.ts';
import signing from '../signing/signing-vectors.json' with { type: 'json' };
import { ConnectionAttempts } from '../sockets/index.ts';
import { type ScriptedSocket, ScriptedSockets } from '../sockets/scripted-sockets.test-support.ts';
import { OpenGate } from './open-gate.test-support.ts';
import {
  type ApiListener,
  type ApiTrouble,
  WebSocketApi,
  type WebSocketApiOptions,
} from './websocket-api.ts';
import examples from './websocket-api-examples.json' with { type: 'json' };

const START = 1_645_423_376_532;
const HMAC = { apiKey: signing.keys.hmac_docs.apiKey, secret: signing.keys.hmac_docs.secretKey };
const ED25519 = {
  apiKey: signing.keys.hmac_docs.apiKey,
  secret: `-----BEGIN PRIVATE KEY-----\n${signing.keys.ed25519_docs_fix_example.privateKeyPkcs8DerBase64}\n-----END PRIVATE KEY-----`,
};

/** The published ones that send a receive window, as the client always does. */
const GOLDEN = signing.vectors.filter(
  ({ id, params }) => id.startsWith('wsapi-hmac') && params && 'recvWindow' in params,
);

/** An order placement whose answer is a number under `orderId`. */
const PLACE: Call<number> = {
  method: 'POST',
  path: '/api/v3/order',
  socketMethod: 'order.place',
  security: 'signed',
  parameters: [
    ['symbol', 'BTCUSDT'],
    ['side', 'SELL'],
    ['type', 'LIMIT'],
    ['timeInForce', 'GTC'],
    ['quantity', '0.01000000'],
    ['price', '52000.00'],
  ],
  cost: { weight: 1, orders: 1 },
  priority: 'normal',
  hasEffect: true,
  read: (body) => {
    const id = (body as { orderId?: unknown } | undefined)?.orderId;
    return Number.isSafeInteger(id)
      ? ok(id as number)
      : err({ path: '$.orderId', expected: 'a number', found: 'nothing' });
  },
};

function api(
  options: Partial<WebSocketApiOptions> & {
    key?: { apiKey: string; secret: string };
    listener?: ApiListener;
  } = {},
) {
  const { key = HMAC, listener, ...others } = options;
  const time = new VirtualTime(START);
  const transport = new ScriptedSockets();
  const gate = new OpenGate();
  const troubles: ApiTrouble[] = [];
  const signer = makeSigner(key);
  assertOk(signer.ok);
  let resyncs = 0;
  const client = new WebSocketApi(
    {
      url: 'wss://exchange/ws-api/v3',
      transport,
      clock: time,
      timers: time,
      random: new SeededRandom(1),
      attempts: new ConnectionAttempts(time),
      gate,
      signer: signer.value,
      serverClock: time,
      synchronizer: {
        restoreTrust: () => Promise.resolve(),
        synchronize: () => {
          resyncs += 1;
          return Promise.resolve(ok({ offsetMs: 0, uncertaintyMs: 1 }));
        },
      },
      recvWindowMs: 100,
      ...others,
    },
    { ...listener, trouble: (trouble) => troubles.push(trouble) },
  );
  return { time, transport, gate, client, troubles, resyncs: () => resyncs };
}

async function connected(...options: Parameters<typeof api>) {
  const made = api(...options);
  made.client.start();
  made.transport.last.open();
  await made.time.advance(0);
  return { ...made, socket: made.transport.last };
}

interface Request {
  readonly id: number;
  readonly method: string;
  readonly params: Record<string, unknown>;
}
const requestsOf = (socket: ScriptedSocket): Request[] =>
  socket.sent.map((text) => JSON.parse(text) as Request);
const lastRequest = (socket: ScriptedSocket): Request => requestsOf(socket).at(-1) as Request;

/** Runs a call and answers it, if told to. */
async function called(
  made: Awaited<ReturnType<typeof connected>>,
  answer?: (request: Request) => object | string,
): Promise<Outcome<number>> {
  const outcome = made.client.perform(PLACE);
  await made.time.advance(0);
  if (answer !== undefined) made.socket.say(answer(lastRequest(made.socket)));
  return outcome;
}

describe('a request', () => {
  test.each(GOLDEN)(
    'is signed over its sorted parameters in raw UTF-8: golden vector $id',
    async ({ params, expectedSignature }) => {
      const { apiKey, recvWindow, timestamp, ...own } = params as Record<string, string>;
      expect(apiKey).toBe(HMAC.apiKey);
      const made = await connected({
        recvWindowMs: Number(recvWindow),
        serverClock: { nowMs: () => Number(timestamp) },
      });
      void made.client.perform({ ...PLACE, parameters: Object.entries(own) });
      await made.time.advance(0);
      expect(lastRequest(made.socket)).toEqual({
        id: 1,
        method: 'order.place',
        params: {
          ...own,
          apiKey,
          recvWindow: Number(recvWindow),
          timestamp: Number(timestamp),
          signature: expectedSignature,
        },
      });
    },
  );

  test('is signed with the time right before it leaves, after the wait for the gate', async () => {
    const made = await connected();
    const held = made.gate.acquire.bind(made.gate);
    made.gate.acquire = async (cost, priority) => {
      await new Promise<void>((resolve) => made.time.after(3000, resolve));
      return held(cost, priority);
    };
    void made.client.perform(PLACE);
    await made.time.advance(3000);
    expect(lastRequest(made.socket).params.timestamp).toBe(START + 3000);
  });

  test('that needs no key carries none', async () => {
    const made = await connected();
    void made.client.perform({
      ...PLACE,
      security: 'none',
      parameters: [['symbols', ['BTCUSDT', 'BNBUSDT']]],
    });
    await made.time.advance(0);
    expect(lastRequest(made.socket).params).toEqual({ symbols: ['BTCUSDT', 'BNBUSDT'] });
  });

  test('is not sent without a connection, a free gate, a method of its own, or room in flight', async () => {
    const idle = api();
    expect(await idle.client.perform(PLACE)).toMatchObject({
      kind: 'failed',
      failure: { reason: 'not_sent' },
    });
    expect(idle.gate.abandoned).toBe(1);

    const made = await connected({ inFlightMax: 1 });
    const waiting = made.client.perform(PLACE);
    expect(await made.client.perform(PLACE)).toMatchObject({
      kind: 'failed',
      failure: { reason: 'not_sent' },
    });
    const restOnly = { ...PLACE, socketMethod: undefined };
    expect(await made.client.perform(restOnly)).toMatchObject({
      kind: 'failed',
      failure: { reason: 'not_sent' },
    });
    made.gate.refuses = { reason: 'held_back', limiter: 'orders', retryAtMs: START + 10 };
    expect(await made.client.perform(PLACE)).toEqual({ kind: 'failed', failure: made.gate.refuses });
    expect(made.socket.sent).toHaveLength(1);
    made.socket.say({ id: 1, status: 200, result: { orderId: 7 } });
    expect(await waiting).toEqual({ kind: 'done', value: 7 });
    expect(made.gate.outstanding).toBe(0);
  });
});

describe('an answer', () => {
  test('that succeeds is read, and its limits go to the gate', async () => {
    const made = await connected();
    const outcome = await called(made, ({ id }) => ({ ...examples.responseOk, id }));
    expect(outcome).toEqual({ kind: 'done', value: 12510053279 });
    expect(made.gate.reports.at(-1)).toEqual({
      counts: [
        { kind: 'orders', intervalMs: 10_000, limit: 50, count: 12 },
        { kind: 'orders', intervalMs: 86_400_000, limit: 160_000, count: 4043 },
        { kind: 'weight', intervalMs: 60_000, limit: 6000, count: 321 },
      ],
    });
  });

  test('that refuses is a refusal with its code', async () => {
    const made = await connected();
    const outcome = await called(made, ({ id }) => ({ ...examples.responseError, id }));
    expect(outcome).toMatchObject({
      kind: 'failed',
      failure: { reason: 'refused', code: -2010, status: 400 },
    });
  });

  test('comes in any order', async () => {
    const made = await connected();
    const outcomes = [1, 2, 3].map(() => made.client.perform(PLACE));
    await made.time.advance(0);
    for (const id of [3, 1, 2]) made.socket.say({ id, status: 200, result: { orderId: id * 10 } });
    expect(await Promise.all(outcomes)).toEqual([10, 20, 30].map((value) => ({ kind: 'done', value })));
  });

  test('that cannot be read is unknown, not failed', async () => {
    const made = await connected();
    expect(await called(made, ({ id }) => ({ id, status: 200, result: { order: 'x' } }))).toMatchObject({
      kind: 'unknown',
      cause: { reason: 'unreadable_answer', status: 200 },
    });
  });

  test.each([
    { code: -1007, status: 504 },
    { code: -1006, status: 500 },
    { code: -9999, status: 400 },
  ])('O2: $code leaves open whether it was done', async ({ code, status }) => {
    const made = await connected();
    const outcome = await called(made, ({ id }) => ({ id, status, error: { code, msg: 'x' } }));
    expect(outcome).toMatchObject({ kind: 'unknown', cause: { reason: 'server_error', status, code } });
  });

  test('O5: a duplicate is a refusal that says so, for the caller to ask by its id', async () => {
    const made = await connected();
    const outcome = await called(made, ({ id }) => ({
      id,
      status: 400,
      error: { code: -2010, msg: 'Duplicate order sent.' },
    }));
    expect(outcome).toMatchObject({
      kind: 'failed',
      failure: { code: -2010, message: 'Duplicate order sent.' },
    });
    expect(made.socket.sent).toHaveLength(1);
  });

  test.each([
    { code: -1013, msg: 'Filter failure: LOT_SIZE' },
    { code: -2010, msg: 'Account has insufficient balance for requested action.' },
    { code: -1111, msg: 'Parameter quantity has too much precision.' },
  ])(
    'O6: a definitive reject ($code) is a refusal, and the same request is not sent again',
    async (error) => {
      const made = await connected();
      const outcome = await called(made, ({ id }) => ({ id, status: 400, error }));
      expect(outcome).toMatchObject({
        kind: 'failed',
        failure: { reason: 'refused', code: error.code, retry: 'after_change' },
      });
      await made.time.advance(20_000);
      expect(made.socket.sent).toHaveLength(1);
    },
  );

  test('O9: -2011 to a cancel is no proof of anything, and is not repeated', async () => {
    const made = await connected();
    const outcome = await called(made, ({ id }) => ({
      id,
      status: 400,
      error: { code: -2011, msg: 'Unknown order sent.' },
    }));
    expect(outcome).toMatchObject({ kind: 'failed', failure: { code: -2011, retry: 'never' } });
    expect(made.socket.sent).toHaveLength(1);
  });

  test('R2: a 418 silences everybody until its instant by the clock of the venue, and nobody connects before it', async () => {
    const { retryAfter, serverTime } = examples.banned418.error.data;
    const behindMs = serverTime - START;
    const made = await connected({ serverClock: { nowMs: () => START + behindMs } });
    const outcome = await called(made, ({ id }) => ({ ...examples.banned418, id }));
    expect(outcome).toMatchObject({
      kind: 'failed',
      failure: { reason: 'refused', code: -1003, status: 418 },
    });
    expect(made.gate.reports.at(-1)).toMatchObject({
      silence: { untilMs: retryAfter, scope: 'everything', isBan: true },
    });
    made.socket.cut();
    await made.time.advance(retryAfter - serverTime - 1);
    expect(made.transport.sockets).toHaveLength(1);
    await made.time.advance(501);
    expect(made.transport.sockets).toHaveLength(2);
  });

  test('R2: a ban that is told without the id of a request is obeyed all the same', async () => {
    const { retryAfter, serverTime } = examples.banned418.error.data;
    const made = await connected({ serverClock: { nowMs: () => serverTime } });
    made.socket.say({ ...examples.banned418, id: null });
    expect(made.gate.reports.at(-1)).toMatchObject({
      silence: { untilMs: retryAfter, scope: 'everything', isBan: true },
    });
    expect(made.troubles).toEqual([{ kind: 'answer_to_nobody', id: null, status: 418 }]);
  });

  test('R2: a ban that others were told of, or that was there at the start, is waited for before connecting', async () => {
    const made = api({ serverClock: { nowMs: () => START + 5000 } });
    // By the clock of the venue, which is 5 s ahead of ours.
    made.gate.silentUntil = START + 5000 + 120_000;
    made.client.start();
    await made.time.advance(119_999);
    expect(made.transport.sockets).toHaveLength(0);
    made.gate.silentUntil = undefined;
    await made.time.advance(501);
    expect(made.transport.sockets).toHaveLength(1);
    made.transport.last.open();
    await made.time.advance(0);
    made.gate.silentUntil = START + 5000 + 3_600_000;
    made.transport.last.cut();
    await made.time.advance(3_600_000 - 121_000);
    expect(made.transport.sockets).toHaveLength(1);
  });

  test('R2: a ban that refuses the socket itself is kept to, and everybody is told', async () => {
    const made = api({ serverClock: { nowMs: () => START + 5000 } });
    made.client.start();
    made.transport.last.cut(1006, 'refused', { status: 418, headers: { 'retry-after': '3600' } });
    expect(made.gate.reports).toEqual([
      { counts: [], silence: { untilMs: START + 5000 + 3_600_000, scope: 'everything', isBan: true } },
    ]);
    await made.time.advance(3_599_999);
    expect(made.transport.sockets).toHaveLength(1);
    await made.time.advance(501);
    expect(made.transport.sockets).toHaveLength(2);
  });

  test.each([
    {
      code: -1015,
      msg: 'Too many new orders; current limit is 50 orders per 10 SECOND.',
      status: 429,
      scope: 'orders',
      afterMs: 10_000 - (START % 10_000),
    },
    { code: -1003, msg: 'Too many requests.', status: 429, scope: 'everything', afterMs: 60_000 },
    { code: -1003, msg: `IP banned until ${START + 5000}.`, status: 418, scope: 'everything', afterMs: 5000 },
    { code: -1003, msg: 'Banned.', status: 418, scope: 'everything', afterMs: 120_000 },
  ])(
    'R1, R4: $status/$code without an instant is silence all the same: $scope',
    async ({ afterMs, scope, ...error }) => {
      const made = await connected();
      await called(made, ({ id }) => ({ id, status: error.status, error }));
      expect(made.gate.reports.at(-1)?.silence).toEqual({
        untilMs: START + afterMs,
        scope,
        isBan: error.status === 418,
      });
    },
  );

  test.each([
    { when: 'at once', afterMs: 0, signedAt: START },
    { when: 'within moments', afterMs: 100, signedAt: START },
    { when: 'later', afterMs: 101, signedAt: START + 101 },
  ])('that was prepared and is made $when is signed for $signedAt', async ({ afterMs, signedAt }) => {
    const made = await connected();
    const prepared = made.client.prepare(PLACE);
    await made.time.advance(afterMs);
    expect(requestsOf(made.socket)).toEqual([]);
    void made.client.perform(prepared);
    await made.time.advance(0);
    const { signature, ...params } = lastRequest(made.socket).params;
    expect(params).toMatchObject({ ...Object.fromEntries(PLACE.parameters), timestamp: signedAt });
    const text = Object.entries(params)
      .sort()
      .map(([name, value]) => `${name}=${value}`)
      .join('&');
    expect(signature).toBe(createHmac('sha256', HMAC.secret).update(text).digest('hex'));
  });

  test('that was prepared with a time that the venue refuses is signed anew', async () => {
    let offsetMs = 5000;
    const clock = new VirtualTime(START);
    const made = await connected({ serverClock: { nowMs: () => clock.nowMs() + offsetMs } });
    void made.client.perform(made.client.prepare(PLACE));
    await made.time.advance(0);
    expect(lastRequest(made.socket).params.timestamp).toBe(START + 5000);
    offsetMs = 0;
    made.socket.say({ id: 1, status: 400, error: { code: -1021, msg: 'x' } });
    await made.time.advance(0);
    expect(lastRequest(made.socket)).toMatchObject({ id: 2, params: { timestamp: START } });
  });

  test('C1: a refused timestamp is healed by one new measurement, and the same order is sent once more', async () => {
    const made = await connected();
    const outcome = made.client.perform(PLACE);
    await made.time.advance(0);
    made.socket.say({ id: 1, status: 400, error: { code: -1021, msg: 'x' } });
    await made.time.advance(0);
    expect(made.resyncs()).toBe(1);
    made.socket.say({ id: 2, status: 400, error: { code: -1021, msg: 'x' } });
    expect(await outcome).toMatchObject({ kind: 'failed', failure: { code: -1021 } });
    expect(made.socket.sent).toHaveLength(2);
  });

  test('to nobody is told, and changes nothing but the limits', async () => {
    const made = await connected();
    made.socket.say({ id: 99, status: 200, result: {} });
    made.socket.say({ id: 'of another', status: 200, result: {} });
    made.socket.say({ id: null, status: 400, error: {} });
    expect(made.troubles).toEqual([
      { kind: 'answer_to_nobody', id: 99, status: 200 },
      { kind: 'answer_to_nobody', id: 'of another', status: 200 },
      { kind: 'answer_to_nobody', id: null, status: 400 },
    ]);
  });

  test.each(['', '{', '[]', 'null', '<html>', '{"id":null,"error":{}}', '{"a":1}', '\u0000'])(
    'that is no answer (%j) is told, and the one awaited still counts',
    async (text) => {
      const made = await connected();
      const outcome = made.client.perform(PLACE);
      await made.time.advance(0);
      made.socket.say(text);
      expect(made.troubles).toMatchObject([{ kind: 'unreadable_frame' }]);
      made.socket.say({ id: 1, status: 200, result: { orderId: 1 } });
      expect(await outcome).toEqual({ kind: 'done', value: 1 });
    },
  );
});

describe('no answer', () => {
  test('O1, O10: in time is unknown; what comes later is told as an answer to nobody', async () => {
    const made = await connected();
    const outcome = made.client.perform(PLACE);
    await made.time.advance(11_999);
    expect(made.gate.outstanding).toBe(1);
    await made.time.advance(1);
    expect(await outcome).toEqual({ kind: 'unknown', cause: { reason: 'timed_out' } });
    made.socket.say({ id: 1, status: 200, result: { orderId: 1 } });
    expect(made.troubles).toEqual([{ kind: 'answer_to_nobody', id: 1, status: 200 }]);
  });

  test('O1: because the socket went is unknown for every request in flight', async () => {
    const made = await connected();
    const outcomes = [made.client.perform(PLACE), made.client.perform(PLACE)];
    await made.time.advance(0);
    made.socket.cut(1006, 'reset');
    for (const outcome of await Promise.all(outcomes)) {
      expect(outcome).toEqual({ kind: 'unknown', cause: { reason: 'connection_lost', detail: 'reset' } });
    }
    expect(made.gate.outstanding).toBe(0);
  });

  test('U8: a request answered over the old connection during a planned replacement is done', async () => {
    const made = await connected();
    const old = made.socket;
    while (made.transport.sockets.length === 1) {
      await made.time.advance(20_000);
      old.ping();
    }
    const late = made.client.perform(PLACE);
    await made.time.advance(0);
    made.transport.last.open();
    await made.time.advance(0);
    const next = made.client.perform(PLACE);
    await made.time.advance(0);
    expect(requestsOf(made.transport.last)).toHaveLength(1);
    old.say({ id: lastRequest(old).id, status: 200, result: { orderId: 2 } });
    made.transport.last.say({ id: lastRequest(made.transport.last).id, status: 200, result: { orderId: 3 } });
    expect(await Promise.all([late, next])).toEqual([2, 3].map((value) => ({ kind: 'done', value })));
    await made.time.advance(13_000);
    expect(old.ended).toBe('closed');
  });

  test('for a while: a quiet connection is asked by a ping, and the answer keeps it', async () => {
    const made = await connected();
    await made.time.advance(30_000);
    expect(lastRequest(made.socket).method).toBe('ping');
    made.socket.say({ id: lastRequest(made.socket).id, status: 200, result: {} });
    await made.time.advance(20_000);
    expect(made.socket.ended).toBeUndefined();
    await made.time.advance(25_000);
    expect(made.socket.ended).toBe('terminated');
  });
});

describe('a session', () => {
  const logOnAnswer = (request: Request): object => ({ ...examples.sessionLogonResponse, id: request.id });

  test('with an Ed25519 key is logged on once; then calls carry a timestamp and neither key nor signature', async () => {
    const made = await connected({ key: ED25519, logsOn: true });
    const [logOn] = requestsOf(made.socket);
    expect(logOn?.method).toBe('session.logon');
    expect(Object.keys(logOn?.params ?? {}).sort()).toEqual([
      'apiKey',
      'recvWindow',
      'signature',
      'timestamp',
    ]);
    expect(await made.client.perform(PLACE)).toMatchObject({ failure: { reason: 'not_sent' } });
    made.socket.say(logOnAnswer(logOn as Request));
    await made.time.advance(0);
    void made.client.perform(PLACE);
    await made.time.advance(0);
    expect(lastRequest(made.socket).params).toEqual({
      ...Object.fromEntries(PLACE.parameters),
      recvWindow: 100,
      timestamp: START,
    });
  });

  test('C1: that is refused for its timestamp measures the time anew and is asked for once more', async () => {
    const made = await connected({ key: ED25519, logsOn: true });
    made.socket.say({ id: 1, status: 400, error: { code: -1021, msg: 'x' } });
    await made.time.advance(0);
    expect(made.resyncs()).toBe(1);
    made.socket.say(logOnAnswer(lastRequest(made.socket)));
    await made.time.advance(0);
    expect(made.client.state).toBe('ready');
    expect(requestsOf(made.socket).map(({ method }) => method)).toEqual(['session.logon', 'session.logon']);
  });

  test('is not for keys of another kind: each call is signed', async () => {
    const made = await connected({ key: HMAC, logsOn: true });
    void made.client.perform(PLACE);
    await made.time.advance(0);
    expect(requestsOf(made.socket).map(({ method }) => method)).toEqual(['order.place']);
    expect(lastRequest(made.socket).params.signature).toMatch(/^[0-9a-f]{64}$/);
  });

  test('G4: that is refused is told, and tried again over a new connection, ever more slowly', async () => {
    const made = await connected({ key: ED25519, logsOn: true });
    made.socket.say({
      id: 1,
      status: 401,
      error: { code: -2015, msg: 'Invalid API-key, IP, or permissions for action.' },
    });
    await made.time.advance(0);
    expect(made.troubles).toMatchObject([{ kind: 'log_on_failed', outcome: { kind: 'failed' } }]);
    expect(made.socket.ended).toBe('terminated');
    expect(made.client.state).toBe('connecting');
    await made.time.advance(2000);
    expect(made.transport.sockets).toHaveLength(2);
  });

  test('G4: that is revoked leaves every request in flight unknown and drops the connection', async () => {
    const made = await connected({ key: ED25519, logsOn: true });
    made.socket.say(logOnAnswer(lastRequest(made.socket)));
    await made.time.advance(0);
    const outcome = made.client.perform(PLACE);
    await made.time.advance(0);
    made.socket.say(examples.sessionRevoked);
    expect(await outcome).toMatchObject({ kind: 'unknown', cause: { reason: 'connection_lost' } });
    expect(made.troubles).toMatchObject([{ kind: 'session_revoked' }]);
    expect(made.socket.ended).toBe('terminated');
  });

  test('hears events between answers', async () => {
    const events: unknown[] = [];
    const made = await connected({ listener: { event: (_link, event) => events.push(event) } });
    const outcome = made.client.perform(PLACE);
    await made.time.advance(0);
    made.socket.say(examples.eventEnvelope);
    made.socket.say({ id: 1, status: 200, result: { orderId: 1 } });
    made.socket.say(examples.serverShutdown);
    expect(events).toEqual([examples.eventEnvelope.event, examples.serverShutdown.event]);
    expect(await outcome).toEqual({ kind: 'done', value: 1 });
  });
});

const RUNS = Number(process.env.FUZZ_RUNS ?? 300);

test(`mutated frames neither crash the client nor end a call wrongly (${RUNS} runs)`, async () => {
  const frames = [
    JSON.stringify({ ...examples.responseOk, id: 1 }),
    JSON.stringify({ ...examples.responseError, id: 1 }),
    JSON.stringify({ ...examples.banned418, id: 1 }),
    JSON.stringify(examples.sessionRevoked),
    JSON.stringify(examples.eventEnvelope),
  ];
  const mutation = fc.record({
    frame: fc.constantFrom(...frames),
    at: fc.nat(400),
    remove: fc.nat(12),
    insert: fc.oneof(
      fc.string({ maxLength: 4 }),
      fc.constantFrom('"', '{', '}', 'null', '-1', '1e400', '__proto__'),
    ),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(mutation, { maxLength: 6 }), async (mutations) => {
      const made = await connected();
      const outcome = made.client.perform(PLACE);
      await made.time.advance(0);
      for (const { frame, at, remove, insert } of mutations) {
        if (made.socket.ended === undefined)
          made.socket.say(frame.slice(0, at) + insert + frame.slice(at + remove));
      }
      await made.time.advance(12_000);
      const ended = await outcome;
      // Whatever came: done only with the number that a well-formed answer carried, and every permit is settled.
      if (ended.kind === 'done') expect(Number.isSafeInteger(ended.value)).toBe(true);
      expect(['done', 'failed', 'unknown']).toContain(ended.kind);
      expect(made.gate.outstanding).toBe(0);
      made.client.stop();
    }),
    { numRuns: RUNS },
  );
});
