import { inspect } from 'node:util';
import { price, quantity } from '@tradewind/core/money';
import type { Approved, OrderIntent } from '@tradewind/core/orders';
import { err, ok, type Result } from '@tradewind/core/result';
import { SeededRandom, VirtualTime } from '@tradewind/utils';
import { describe, expect, test } from 'vitest';
import { account, apiRestrictions, queryOrder } from '../calls/account.ts';
import { depth, ping } from '../calls/market.ts';
import { cancelOrder, placeOrder } from '../calls/trading.ts';
import { ServerClock } from '../clock/server-clock.ts';
import { SharedRateGate } from '../limits/shared-rate-gate.ts';
import examples from '../model/example-vectors.json' with { type: 'json' };
import type { Outcome } from '../outcome.ts';
import type { HttpFailure, HttpRequest, HttpResponse } from '../ports.ts';
import { makeSigner } from '../signing/make-signer.ts';
import golden from '../signing/signing-vectors.json' with { type: 'json' };
import { DEFAULT_REST_SETTINGS, RestClient } from './rest-client.ts';

const START = Date.UTC(2026, 0, 5, 12, 0, 0);
const { apiKey, secretKey } = golden.keys.hmac_docs;

type Answer = Result<HttpResponse, HttpFailure>;
const answered = (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  ok({ status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) });

/** A client in virtual time; the venue answers every request after 20 ms with what the script says. */
function clientWith(
  script: (request: HttpRequest, nth: number) => Answer,
  { aheadMs = 0, isSynchronized = true, hasKey = true } = {},
) {
  const time = new VirtualTime(START);
  const serverClock = new ServerClock(time);
  if (isSynchronized) serverClock.adjust([{ sentAtMs: 0, receivedAtMs: 0, serverTimeMs: START + aheadMs }]);
  const bans = { load: () => undefined, save: () => undefined };
  const gate = new SharedRateGate({ clock: serverClock, timers: time, random: new SeededRandom(1), bans });
  const requests: HttpRequest[] = [];
  const http = {
    send: (request: HttpRequest): Promise<Answer> => {
      requests.push(request);
      const nth = requests.length;
      return new Promise((answer) => time.after(20, () => answer(script(request, nth))));
    },
  };
  const signer = makeSigner({ apiKey, secret: secretKey });
  const outside = { http, gate, clock: time, serverClock };
  const client = new RestClient(hasKey && signer.ok ? { ...outside, signer: signer.value } : outside, {
    ...DEFAULT_REST_SETTINGS,
    baseUrl: 'https://venue.test',
  });
  const perform = async <T>(call: Parameters<typeof client.perform<T>>[0]): Promise<Outcome<T>> => {
    const outcome = client.perform(call);
    await time.advance(10_000);
    return outcome;
  };
  return { time, client, gate, requests, perform, serverClock };
}

const intent = {
  clientOrderId: 'my-order_1',
  strategy: 'test',
  symbol: 'BTCUSDT',
  side: 'BUY',
  terms: { type: 'LIMIT', timeInForce: 'GTC', quantity: quantity('1'), price: price('0.1') },
  tag: '',
  decidedAtMs: START,
} as const satisfies OrderIntent;
const order = intent as OrderIntent as Approved<OrderIntent>;

const timestampOf = ({ url, body = '' }: HttpRequest): number =>
  Number(/timestamp=(\d+)/.exec(url + body)?.[1] ?? Number.NaN);
const timeOr =
  (aheadMs: number, answer: (request: HttpRequest) => Answer, now: () => number) =>
  (request: HttpRequest): Answer =>
    request.url.endsWith('/time') ? answered(200, { serverTime: now() + aheadMs }) : answer(request);

describe('requests', () => {
  test('a public question carries no key, and its query', async () => {
    const { perform, requests } = clientWith(() => answered(200, examples.restExamples.depth));
    await perform(depth('BTCUSDT', 5000));
    expect(requests).toEqual([
      {
        method: 'GET',
        url: 'https://venue.test/api/v3/depth?symbol=BTCUSDT&limit=5000',
        headers: { accept: 'application/json' },
        timeoutMs: 12_000,
      },
    ]);
  });

  test('a signed question ends with recvWindow, timestamp and signature', async () => {
    const { perform, requests } = clientWith(() => answered(200, examples.restExamples.queryOrder));
    await perform(queryOrder({ symbol: 'BTCUSDT', clientOrderId: 'my-order_1' }));
    const { url, headers, method } = requests[0]!;
    expect(method).toBe('GET');
    expect(url).toMatch(
      /^https:\/\/venue\.test\/api\/v3\/order\?symbol=BTCUSDT&origClientOrderId=my-order_1&recvWindow=5000&timestamp=\d{13}&signature=[0-9a-f]{64}$/,
    );
    expect(headers['x-mbx-apikey']).toBe(apiKey);
  });

  test('I11: an order stands in the body, signed there, and not in an address', async () => {
    const { perform, requests } = clientWith(() => answered(200, examples.restExamples.orderFull));
    await perform(placeOrder(order));
    const { url, body, headers } = requests[0]!;
    expect(url).toBe('https://venue.test/api/v3/order');
    expect(headers['content-type']).toBe('application/x-www-form-urlencoded');
    const [, payload, signature] = /^(.*)&signature=(.*)$/.exec(body ?? '') ?? [];
    const signer = makeSigner({ apiKey, secret: secretKey });
    expect(signer.ok && signer.value.sign(payload ?? '')).toBe(signature);
    expect(payload).toContain('newClientOrderId=my-order_1&newOrderRespType=FULL&recvWindow=5000&timestamp=');
  });

  test('C2: what waited for room is signed with the time at which it goes', async () => {
    const { time, client, gate, requests } = clientWith(() => answered(200, examples.restExamples.account));
    gate.observe({
      counts: [],
      silence: { untilMs: START + 3000, scope: 'everything', isBan: false },
    });
    const outcome = client.perform(account());
    await time.advance(2000);
    expect(requests).toHaveLength(0);
    await time.advance(2000);
    expect((await outcome).kind).toBe('done');
    expect(timestampOf(requests[0]!)).toBeGreaterThanOrEqual(START + 3000);
  });

  test('without a key nothing signed is sent', async () => {
    const { perform, requests } = clientWith(() => answered(200, {}), { hasKey: false });
    expect(await perform(account())).toMatchObject({ kind: 'failed', failure: { reason: 'not_sent' } });
    expect(await perform(ping())).toEqual({ kind: 'done', value: true });
    expect(requests).toHaveLength(1);
  });
});

describe('outcomes', () => {
  test.each([
    { title: 'O1: accepted, answer lost', answer: err({ kind: 'timed_out' }) as Answer, kind: 'unknown' },
    {
      title: 'O1: the connection was reset after the request',
      answer: err({ kind: 'connection_lost', detail: 'reset' }) as Answer,
      kind: 'unknown',
    },
    { title: 'O2: a gateway gave up', answer: answered(504, '<html></html>'), kind: 'unknown' },
    {
      title: 'O2: the engine was silent',
      answer: answered(503, { code: -1007, msg: 'Timeout waiting for response from backend server.' }),
      kind: 'unknown',
    },
    { title: 'an answer that is cut', answer: answered(200, '{"symbol":"BTC'), kind: 'unknown' },
    {
      title: 'O6: a refusal',
      answer: answered(400, { code: -2010, msg: 'Account has insufficient balance for requested action.' }),
      kind: 'failed',
    },
    {
      title: 'O6: a code in no document',
      answer: answered(400, { code: -2999, msg: 'Something new.' }),
      kind: 'unknown',
    },
    {
      title: 'nothing left this machine',
      answer: err({ kind: 'not_sent', detail: 'refused' }) as Answer,
      kind: 'failed',
    },
  ])('$title: $kind, and the order is sent once', async ({ answer, kind }) => {
    const { perform, requests } = clientWith(() => answer);
    expect((await perform(placeOrder(order))).kind).toBe(kind);
    expect(requests).toHaveLength(1);
  });

  test('S1: no outcome shows a secret, a signature or the key', async () => {
    const answers = [
      answered(400, { code: -1022, msg: 'Signature for this request is not valid.' }),
      answered(200, 'nonsense'),
      err({ kind: 'timed_out' }) as Answer,
    ];
    for (const answer of answers) {
      const { perform, requests } = clientWith(() => answer);
      const text = JSON.stringify(await perform(queryOrder({ symbol: 'BTCUSDT', orderId: 1 })));
      const signature = /signature=([0-9a-f]+)/.exec(requests[0]!.url)?.[1];
      for (const secret of [apiKey, secretKey, signature]) expect(text).not.toContain(secret);
    }
  });
});

test('S1: no print of a client shows its key', () => {
  const { client } = clientWith(() => answered(200, {}));
  for (const print of [inspect(client, { depth: 20, showHidden: true }), String(client)]) {
    expect(print).not.toContain(apiKey);
    expect(print).not.toContain(secretKey);
  }
});

describe('limits', () => {
  test('R1: a 429 silences the client until the stated second', async () => {
    const { perform, requests, gate } = clientWith(() =>
      answered(429, { code: -1003, msg: 'Too much request weight used.' }, { 'retry-after': '30' }),
    );
    expect(await perform(ping())).toMatchObject({ failure: { reason: 'refused', retry: 'later' } });
    expect(gate.silentUntilMs()).toBeGreaterThanOrEqual(START + 30_000);
    expect(await perform(ping())).toMatchObject({
      kind: 'failed',
      failure: { reason: 'held_back', limiter: 'the silence after 429' },
    });
    expect(requests).toHaveLength(1);
  });

  test('R3: the headers of an answer correct what is left', async () => {
    const { perform, requests } = clientWith(() => answered(200, {}, { 'x-mbx-used-weight-1m': '1080' }));
    await perform(ping());
    expect(await perform(ping())).toMatchObject({ failure: { limiter: 'weight per 60 s' } });
    expect(requests).toHaveLength(1);
  });

  test('what was not sent costs nothing, and what was lost costs what it might have', async () => {
    const spent = async (answer: Answer): Promise<number> => {
      const { perform, requests } = clientWith(() => answer);
      for (let i = 0; i < 5; i++) await perform(depth('BTCUSDT', 5000));
      return requests.length;
    };
    expect(await spent(err({ kind: 'not_sent', detail: 'refused' }) as Answer)).toBe(5);
    // Four times 250 of the 1080 that are there.
    expect(await spent(err({ kind: 'timed_out' }) as Answer)).toBe(4);
  });

  test('R4: with the order count used up a cancel still goes', async () => {
    const { perform, requests } = clientWith(({ method }) =>
      method === 'POST'
        ? answered(429, {
            code: -1015,
            msg: 'Too many new orders; current limit is 160000 orders per 1 DAY.',
          })
        : answered(200, examples.restExamples.cancelOrder),
    );
    expect(await perform(placeOrder(order))).toMatchObject({ failure: { code: -1015, retry: 'later' } });
    expect(await perform(placeOrder(order))).toMatchObject({ failure: { reason: 'held_back' } });
    const cancel = cancelOrder({ symbol: 'LTCBTC', clientOrderId: 'myOrder1' }, 'cancelMyOrder1');
    expect((await perform(cancel)).kind).toBe('done');
    expect(requests).toHaveLength(2);
  });

  test('key permissions are asked for without touching the limits of trading', async () => {
    const { perform, requests } = clientWith(() => answered(200, { enableReading: true }));
    expect(await perform(apiRestrictions())).toMatchObject({ kind: 'done', value: { mayRead: true } });
    expect(requests[0]!.url).toMatch(
      /^https:\/\/venue\.test\/sapi\/v1\/account\/apiRestrictions\?recvWindow/,
    );
  });
});

describe('the clock', () => {
  const badTime = answered(400, {
    code: -1021,
    msg: 'Timestamp for this request is outside of the recvWindow.',
  });

  test('C1: -1021 is no execution: the time is asked for, and the same order goes again, signed anew', async () => {
    const AHEAD = -1500;
    const setup: ReturnType<typeof clientWith> = clientWith((request) =>
      timeOr(
        AHEAD,
        (signed) =>
          timestampOf(signed) < setup.time.nowMs() + AHEAD + 1000
            ? answered(200, examples.restExamples.orderFull)
            : badTime,
        () => setup.time.nowMs(),
      )(request),
    );
    expect((await setup.perform(placeOrder(order))).kind).toBe('done');
    const orders = setup.requests.filter(({ method }) => method === 'POST');
    expect(orders).toHaveLength(2);
    expect(timestampOf(orders[1]!)).toBeLessThan(timestampOf(orders[0]!));
    const idOf = ({ body }: HttpRequest) => /newClientOrderId=([^&]*)/.exec(body ?? '')?.[1];
    expect(orders.map(idOf)).toEqual(['my-order_1', 'my-order_1']);
  });

  test('C1: a second -1021 is the answer, and so is the first when the time cannot be had', async () => {
    const always: ReturnType<typeof clientWith> = clientWith((request) =>
      timeOr(
        0,
        () => badTime,
        () => setup(always),
      )(request),
    );
    expect(await always.perform(placeOrder(order))).toMatchObject({ failure: { code: -1021 } });
    expect(always.requests.filter(({ method }) => method === 'POST')).toHaveLength(2);
    const deaf = clientWith(({ url }) => (url.endsWith('/time') ? answered(502, '') : badTime));
    expect(await deaf.perform(placeOrder(order))).toMatchObject({ failure: { code: -1021 } });
    expect(deaf.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  test('an order whose second attempt is lost is in doubt', async () => {
    let orders = 0;
    const client: ReturnType<typeof clientWith> = clientWith((request) =>
      timeOr(
        0,
        () => {
          orders += 1;
          return orders === 1 ? badTime : (err({ kind: 'timed_out' }) as Answer);
        },
        () => setup(client),
      )(request),
    );
    expect((await client.perform(placeOrder(order))).kind).toBe('unknown');
    expect(orders).toBe(2);
  });

  test('C5: a clock that is not trusted is synchronized before anything is signed', async () => {
    const client: ReturnType<typeof clientWith> = clientWith(
      (request) =>
        timeOr(
          700,
          () => answered(200, examples.restExamples.account),
          () => setup(client),
        )(request),
      { isSynchronized: false },
    );
    expect((await client.perform(account())).kind).toBe('done');
    expect(client.requests.map(({ url }) => url.replace(/\?.*/, '').split('/').at(-1))).toEqual([
      ...['time', 'time', 'time', 'time', 'time'],
      'account',
    ]);
    expect(client.serverClock.isTrusted()).toBe(true);
  });

  const setup = ({ time }: { readonly time: VirtualTime }): number => time.nowMs();
});
