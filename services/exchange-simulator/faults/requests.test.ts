import { describe, expect, test } from 'vitest';
import { type BenchSocket, FaultBench, type Seen } from './fault-bench.test-support.ts';

const ORDER = '/api/v3/order?symbol=BTCUSDT&side=BUY';
const bodyOf = (seen: Seen | undefined): unknown =>
  seen !== undefined && 'response' in seen ? JSON.parse(seen.response.body) : seen;

describe('requests over HTTP', () => {
  test('without a plan the answer is the very one of the exchange', () => {
    const bench = new FaultBench();
    expect(bench.ask('POST', ORDER)).toEqual([
      {
        atMs: 0,
        response: {
          status: 200,
          headers: { 'x-mbx-used-weight-1m': '1' },
          body: '{"orderId":1,"status":"NEW","lag":0}',
        },
      },
    ]);
  });

  test('O1: a request is lost before it reaches the exchange, or its answer after it was carried out', () => {
    const bench = new FaultBench([
      { fault: 'lose_request', when: { nth: 1 } },
      { fault: 'lose_answer', when: { nth: 2 } },
      { fault: 'lose_answer', after_bytes: 12, when: { nth: 3 } },
    ]);
    expect([bench.ask('POST', ORDER), bench.done.length]).toEqual([[{ atMs: 0, cutAfter: 0 }], 0]);
    expect([bench.ask('POST', ORDER), bench.done.length]).toEqual([[{ atMs: 0, cutAfter: 0 }], 1]);
    expect([bench.ask('POST', ORDER), bench.done.length]).toEqual([[{ atMs: 0, cutAfter: 12 }], 2]);
  });

  test('O1: an answer comes up to 60 s late, or never, while the order was placed at once', async () => {
    const bench = new FaultBench([
      { fault: 'delay_answer', ms: 60_000, when: { nth: 1 } },
      { fault: 'lose_answer', silent: true, when: { nth: 2 } },
    ]);
    const late = bench.ask('POST', ORDER);
    const never = bench.ask('POST', ORDER);
    expect(bench.done).toHaveLength(2);
    await bench.time.advance(120_000);
    expect(late).toMatchObject([{ atMs: 60_000, response: { status: 200 } }]);
    expect(never).toEqual([]);
  });

  test('C2: a request that is held up reaches the engine later than it was received', async () => {
    const bench = new FaultBench([{ fault: 'delay_request', ms: 6000 }]);
    const seen = bench.ask('POST', ORDER);
    expect(bench.done).toEqual([]);
    await bench.time.advance(6000);
    expect(seen[0]).toMatchObject({ atMs: 6000 });
    expect(bodyOf(seen[0])).toMatchObject({ lag: 6000 });
  });

  test.each([
    { error: 'timeout', status: 504, body: { code: -1007 } },
    { error: 'unexpected_response', status: 500, body: { code: -1006 } },
    { error: 'unknown', status: 500, body: { code: -1000 } },
    { error: 'busy', status: 503, body: { code: -1008 } },
    { error: { status: 502, code: -1001, msg: 'odd' }, status: 502, body: { code: -1001, msg: 'odd' } },
  ])('O2: $error says nothing of whether the order exists', ({ error, status, body }) => {
    const bench = new FaultBench([
      { fault: 'fail_request', error, executed: 1, when: { nth: 1 } },
      { fault: 'fail_request', error, when: { nth: 2 } },
    ]);
    const [first] = bench.ask('POST', ORDER);
    expect([first, bench.done.length]).toMatchObject([{ response: { status } }, 1]);
    expect(bodyOf(first)).toMatchObject(body);
    expect([bench.place(), bench.done.length]).toEqual([status, 1]);
  });

  test('O2: of many unknown outcomes about as many exist as the plan says', () => {
    const bench = new FaultBench([{ fault: 'fail_request', error: 'timeout', executed: 0.5 }]);
    for (let count = 0; count < 1000; count += 1) bench.place();
    // 500 expected, five deviations of sqrt(1000 / 4) = 16 on either side.
    expect(bench.done.length).toBeGreaterThan(421);
    expect(bench.done.length).toBeLessThan(579);
  });

  test('R1, R2: 429 says when to come again, 418 until when the address is banned', () => {
    const bench = new FaultBench([
      { fault: 'fail_request', error: 'too_many_requests', retry_after_s: 7, when: { nth: 1 } },
      { fault: 'fail_request', error: 'banned', retry_after_s: 120, when: { nth: 2 } },
      { fault: 'fail_request', error: 'too_many_orders', when: { nth: 3 } },
    ]);
    const [slower] = bench.ask('GET', '/api/v3/time');
    expect(slower).toMatchObject({ response: { status: 429, headers: { 'retry-after': '7' } } });
    expect(bodyOf(slower)).toMatchObject({ code: -1003 });
    const [banned] = bench.ask('GET', '/api/v3/time');
    expect(banned).toMatchObject({ response: { status: 418, headers: { 'retry-after': '120' } } });
    expect(bodyOf(banned)).toMatchObject({
      code: -1003,
      msg: expect.stringContaining('banned until 1700000120000'),
    });
    expect(bodyOf(bench.ask('POST', ORDER)[0])).toMatchObject({ code: -1015 });
    expect(bench.done).toEqual([]);
  });

  test('R2, R3: the address is banned, or somebody else uses up its weight', () => {
    const bench = new FaultBench([
      { fault: 'burn_weight', weight: 5000, when: { nth: 1 } },
      { fault: 'ban_address', ms: 120_000, when: { nth: 2 } },
    ]);
    bench.place();
    bench.place();
    expect(bench.done).toEqual([
      'burn 5000 of 192.0.2.1',
      'POST /api/v3/order',
      'ban 192.0.2.1 for 120000',
      'POST /api/v3/order',
    ]);
  });

  test.each([
    { error: 'forbidden_html', status: 403 },
    { error: 'gone_html', status: 410 },
    { error: 'bad_gateway_html', status: 502 },
  ])('an answer may be a page: $status', ({ error, status }) => {
    const [seen] = new FaultBench([{ fault: 'fail_request', error }]).ask('GET', '/api/v3/time');
    expect(seen).toMatchObject({
      response: { status, headers: { 'content-type': 'text/html' }, body: expect.stringMatching(/^<html>/) },
    });
  });

  test('M10, M13, M14: fields of an answer become others, new ones come, and known ones go', () => {
    const bench = new FaultBench([
      {
        fault: 'edit_answer',
        set: { status: 'MOON', extra: { a: 1 } },
        add: { orderId: 1 },
        remove: ['lag'],
      },
    ]);
    expect(bodyOf(bench.ask('POST', ORDER)[0])).toEqual({ orderId: 2, status: 'MOON', extra: { a: 1 } });
  });

  test('M2: an answer comes again until it has its age', async () => {
    const bench = new FaultBench([{ fault: 'stale_answer', ms: 1000, where: { endpoint: '*/depth' } }]);
    const ids = async (...waitsMs: number[]): Promise<unknown[]> => {
      const bodies: unknown[] = [];
      for (const waitMs of waitsMs) {
        await bench.time.advance(waitMs);
        bodies.push(bodyOf(bench.ask('GET', '/api/v3/depth?symbol=BTCUSDT')[0]));
      }
      return bodies.map((body) => (body as { orderId: number }).orderId);
    };
    expect(await ids(0, 500, 499, 1, 999)).toEqual([1, 1, 1, 4, 4]);
  });

  test('a fault strikes only whom it is for', () => {
    const bench = new FaultBench([
      {
        fault: 'lose_answer',
        where: { endpoint: 'POST *', symbol: 'ETH*', account: 2, fields: { side: 'BUY' } },
      },
    ]);
    expect([
      bench.place('BTCUSDT', '2'),
      bench.place('ETHUSDT', '1'),
      bench.place('ETHUSDT', '2'),
      bench.place('ETHUSDT', 'none'),
    ]).toEqual([200, 200, 'cut', 200]);
  });

  test('the same seed strikes the same requests, and another one others', () => {
    const outcomes = (seed: number): unknown[] => {
      const bench = new FaultBench();
      bench.install([{ fault: 'lose_answer', when: { rate: 0.3 } }], seed);
      return Array.from({ length: 200 }, () => bench.place());
    };
    expect(outcomes(7)).toEqual(outcomes(7));
    expect(outcomes(7)).not.toEqual(outcomes(8));
  });

  test('the status says how often each fault struck', () => {
    const bench = new FaultBench([{ fault: 'lose_answer', name: 'acks', when: { every: 2 } }]);
    for (let count = 0; count < 5; count += 1) bench.place();
    expect(bench.engine.status()).toEqual([{ name: 'acks', fault: 'lose_answer', seen: 5, struck: 2 }]);
    bench.engine.clear();
    expect([bench.place(), bench.engine.status()]).toEqual([200, []]);
  });
});

describe('requests over the WebSocket API', () => {
  const PLACE = '{"id":"a","method":"order.place","params":{"apiKey":"1","symbol":"BTCUSDT"}}';
  const EVENT = '{"subscriptionId":0,"event":{"e":"executionReport"}}';
  const ANSWER = '{"id":"a","status":200,"result":{"orderId":7}}';

  function placed(faults: readonly object[]): { bench: FaultBench; socket: BenchSocket } {
    const bench = new FaultBench(faults);
    const socket = bench.socket('/ws-api/v3');
    socket.client.message(PLACE);
    return { bench, socket };
  }

  test('without a plan everything passes as it is', () => {
    expect(placed([]).socket.received).toEqual([EVENT, ANSWER]);
  });

  test('O1: a request or its answer is lost with the socket, in the middle of the request', () => {
    const before = placed([{ fault: 'lose_request' }]);
    expect([before.bench.done, before.socket.received]).toEqual([[], ['cut']]);
    const after = placed([{ fault: 'lose_answer' }]);
    expect([after.bench.done, after.socket.received]).toEqual([['order.place'], [EVENT, 'cut']]);
    expect(placed([{ fault: 'lose_answer', silent: true }]).socket.received).toEqual([EVENT]);
  });

  test('U6: events come before the answer', async () => {
    const { bench, socket } = placed([{ fault: 'delay_answer', ms: 500 }]);
    await bench.time.advance(1000);
    expect(socket.received).toEqual([EVENT, `${ANSWER}@500`]);
  });

  test('O2: an error stands in for the answer, with and without execution', () => {
    const done = placed([{ fault: 'fail_request', error: 'timeout', executed: 1 }]);
    expect(done.bench.done).toEqual(['order.place']);
    expect(done.socket.received.map((text) => JSON.parse(text))).toMatchObject([
      { subscriptionId: 0 },
      { id: 'a', status: 504, error: { code: -1007 } },
    ]);
    const not = placed([{ fault: 'fail_request', error: 'too_many_requests', retry_after_s: 3 }]);
    expect(not.bench.done).toEqual([]);
    expect(not.socket.received.map((text) => JSON.parse(text))).toMatchObject([
      { id: 'a', status: 429, error: { code: -1003, data: { retryAfter: 1_700_000_003_000 } } },
    ]);
  });

  test('M10: what a result says is changed', () => {
    const { socket } = placed([
      { fault: 'edit_answer', set: { status: 'MOON' }, where: { endpoint: 'order.*' } },
    ]);
    expect(socket.received).toEqual([
      EVENT,
      '{"id":"a","status":200,"result":{"orderId":7,"status":"MOON"}}',
    ]);
  });

  test('a session that is logged on has its account', () => {
    const bench = new FaultBench([
      { fault: 'lose_answer', silent: true, where: { account: 2, endpoint: 'order.*' } },
    ]);
    const socket = bench.socket('/ws-api/v3');
    socket.client.message('{"id":"a","method":"session.logon","params":{"apiKey":"2"}}');
    socket.client.message('{"id":"b","method":"order.place","params":{}}');
    socket.client.message('{"id":"c","method":"session.logout","params":{}}');
    socket.client.message('{"id":"d","method":"order.place","params":{}}');
    const answers = socket.received.filter((text) => text.startsWith('{"id"'));
    expect(answers.map((text) => JSON.parse(text).id)).toEqual(['a', 'c', 'd']);
  });

  test('what is no request passes to the exchange', () => {
    const { socket } = placed([{ fault: 'lose_request', when: { nth: 2 } }]);
    socket.client.message('{');
    socket.client.message('[]');
    expect(socket.heard.slice(1)).toEqual(['{', '[]']);
  });
});
