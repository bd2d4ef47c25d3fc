import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { STREAMS_MAX } from './connection.ts';
import { START, streamWorld } from './streams.test-support.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const TRADE = (socket: { take(): { t: number }[] }): number[] => socket.take().map((event) => event.t);

describe('a client asks', () => {
  test('to subscribe, to list and to unsubscribe, with the answers of section 8.2', async () => {
    const { open, exchange, time } = streamWorld();
    const socket = open('/ws');
    expect(socket.ask({ method: 'SUBSCRIBE', params: ['btcusdt@trade', 'btcusdt@depth'], id: 1 })).toEqual({
      result: null,
      id: 1,
    });
    expect(socket.ask({ method: 'LIST_SUBSCRIPTIONS', id: 3 })).toEqual({
      result: ['btcusdt@trade', 'btcusdt@depth'],
      id: 3,
    });
    exchange.trade('BTCUSDT', START, '10', '1');
    expect(TRADE(socket)).toEqual([1]);
    expect(socket.ask({ method: 'UNSUBSCRIBE', params: ['btcusdt@trade', 'never@trade'], id: 312 })).toEqual({
      result: null,
      id: 312,
    });
    exchange.trade('BTCUSDT', START, '10', '1');
    expect(socket.take()).toEqual([]);
    await time.advance(SECOND);
    expect(socket.ask({ method: 'LIST_SUBSCRIPTIONS', id: 4 })).toEqual({ result: ['btcusdt@depth'], id: 4 });
  });

  test('for the property, and gets events in an envelope once it is true', () => {
    const { open, exchange } = streamWorld();
    const socket = open('/ws/btcusdt@trade');
    expect(socket.ask({ method: 'GET_PROPERTY', params: ['combined'], id: 2 })).toEqual({
      result: false,
      id: 2,
    });
    expect(socket.ask({ method: 'SET_PROPERTY', params: ['combined', true], id: 5 })).toEqual({
      result: null,
      id: 5,
    });
    expect(socket.ask({ method: 'GET_PROPERTY', params: ['combined'], id: 'x' })).toEqual({
      result: true,
      id: 'x',
    });
    exchange.trade('BTCUSDT', START, '10', '1');
    expect(socket.take()).toMatchObject([{ stream: 'btcusdt@trade', data: { e: 'trade', t: 1 } }]);
    expect(open('/stream').ask({ method: 'GET_PROPERTY', params: ['combined'], id: 2 })).toEqual({
      result: true,
      id: 2,
    });
  });

  for (const id of [
    '1',
    '-5',
    '"aZ09"',
    '"f47ac10b-58cc-4372-a567-0e02b2c3d479"',
    'null',
    '9223372036854775807',
    '-9223372036854775808',
  ])
    test(`with the id ${id}, and the answer has the same`, () => {
      const socket = streamWorld().open('/ws');
      socket.handler.message(`{"method":"LIST_SUBSCRIPTIONS","id":${id}}`);
      expect(socket.texts).toEqual([`{"result":[],"id":${id}}`]);
    });

  const WRONG: readonly (readonly [string, string, object])[] = [
    [
      'an unknown property',
      '{"method":"GET_PROPERTY","params":["speed"],"id":1}',
      { code: 0, msg: 'Unknown property', id: 1 },
    ],
    [
      'an unknown property to set',
      '{"method":"SET_PROPERTY","params":["speed",true],"id":1}',
      { code: 0, id: 1 },
    ],
    [
      'a value that is not Boolean',
      '{"method":"SET_PROPERTY","params":["combined","true"],"id":1}',
      { code: 1, id: 1 },
    ],
    [
      'a property name that is no string',
      '{"method":"GET_PROPERTY","params":[7],"id":1}',
      { code: 2, id: 1 },
    ],
    ['too many parameters', '{"method":"LIST_SUBSCRIPTIONS","params":["a"],"id":1}', { code: 2, id: 1 }],
    ['an unknown method', '{"method":"subscribe","params":[],"id":1}', { code: 2, id: 1 }],
    ['no method', '{"params":[],"id":1}', { code: 2, msg: 'Invalid request: missing field `method`', id: 1 }],
    [
      'no parameters',
      '{"method":"SUBSCRIBE","id":1}',
      { code: 2, msg: 'Invalid request: missing field `params`', id: 1 },
    ],
    ['stream names that are no strings', '{"method":"SUBSCRIBE","params":[1],"id":1}', { code: 2, id: 1 }],
    ['an id of 65 bits', '{"method":"LIST_SUBSCRIPTIONS","id":9223372036854775808}', { code: 2, id: null }],
    ['an id with a fraction', '{"method":"LIST_SUBSCRIPTIONS","id":1.5}', { code: 2, id: null }],
    [
      'an id of 37 characters',
      `{"method":"LIST_SUBSCRIPTIONS","id":"${'a'.repeat(37)}"}`,
      { code: 2, id: null },
    ],
    ['an object as id', '{"method":"LIST_SUBSCRIPTIONS","id":{}}', { code: 2, id: null }],
    ['a list', '[]', { code: 2, id: null }],
    ['no JSON', '{"method":', { code: 3 }],
  ];
  for (const [what, request, answer] of WRONG)
    test(`with ${what}, and is refused as section 8.2 says`, () => {
      const socket = streamWorld().open('/ws');
      expect(socket.ask(request)).toMatchObject(answer);
      expect(socket.end).toBeUndefined();
    });

  test('for streams and symbols that there are not, and hears nothing of them', async () => {
    const { open, exchange, time } = streamWorld();
    const params = [
      'nosuch@trade',
      'BTCUSDT@trade',
      'btcusdt@nothing',
      'btcusdt@kline_1mo',
      'btcusdt@depth7',
      '!x@arr',
      '@',
    ];
    const socket = open('/ws');
    expect(socket.ask({ method: 'SUBSCRIBE', params, id: 1 })).toEqual({ result: null, id: 1 });
    exchange.trade('BTCUSDT', START, '10', '1');
    exchange.change('BTCUSDT', START, [['BUY', '9', '1']]);
    await time.advance(3 * SECOND);
    expect(socket.take()).toEqual([]);
    expect(socket.ask({ method: 'LIST_SUBSCRIPTIONS', id: 2 })).toEqual({ result: params, id: 2 });
  });

  test('for more streams than a connection may have, and none of them is added', () => {
    const { open } = streamWorld();
    const names = Array.from({ length: STREAMS_MAX - 1 }, (_, index) => `s${index}@trade`);
    const socket = open('/ws');
    expect(socket.ask({ method: 'SUBSCRIBE', params: names, id: 1 })).toEqual({ result: null, id: 1 });
    expect(socket.ask({ method: 'SUBSCRIBE', params: ['a@trade', 'b@trade'], id: 2 })).toMatchObject({
      code: 2,
      id: 2,
    });
    expect(socket.ask({ method: 'SUBSCRIBE', params: [names[0], 'b@trade'], id: 3 })).toEqual({
      result: null,
      id: 3,
    });
  });
});

describe('an address', () => {
  test('names streams, percent-encoded or not, and the unit of times', () => {
    const { open, exchange, streams } = streamWorld();
    const raw = open('/ws/btcusdt%40trade');
    const combined = open('/stream', 'streams=btcusdt@trade/ethusdt%40trade&timeUnit=microsecond');
    exchange.trade('BTCUSDT', START, '10', '1');
    exchange.trade('ETHUSDT', START, '10', '1');
    expect(raw.take()).toMatchObject([{ s: 'BTCUSDT', T: START }]);
    expect(combined.take()).toMatchObject([
      { stream: 'btcusdt@trade', data: { s: 'BTCUSDT', E: START * 1000, T: START * 1000 } },
      { stream: 'ethusdt@trade', data: { s: 'ETHUSDT' } },
    ]);
    expect(streams.refuse('/ws', 'timeUnit=second')).toMatchObject({
      status: 400,
      body: expect.stringContaining('-1194'),
    });
    expect(streams.refuse('/ws/%', '')).toMatchObject({ status: 400 });
    expect(streams.refuse('/ws-api/v3', '')).toMatchObject({ status: 404 });
    expect(streams.refuse('/stream/a@trade', '')).toMatchObject({ status: 404 });
    expect(streams.refuse('/stream', 'streams=a@trade')).toBeUndefined();
    expect(open('/other').end).toBe('closed 1008 unknown path');
  });

  test('with a symbol of other letters than Latin ones works', () => {
    const { open, exchange } = streamWorld(['这是测试币456']);
    const socket = open(`/ws/${encodeURIComponent('这是测试币456@trade')}`);
    exchange.trade('这是测试币456', START, '10', '1');
    expect(socket.take()).toMatchObject([{ s: '这是测试币456' }]);
  });
});

describe('a connection', () => {
  test('is closed when more than five messages come within a second, pings and pongs included', async () => {
    const { open, time, streams } = streamWorld();
    const list = { method: 'LIST_SUBSCRIPTIONS', id: 1 };
    const calm = open('/ws');
    for (let round = 0; round < 3; round += 1) {
      for (let i = 0; i < 5; i += 1) calm.ask(list);
      await time.advance(SECOND);
    }
    expect(calm.end).toBeUndefined();
    for (let i = 0; i < 3; i += 1) calm.handler.pinged();
    for (let i = 0; i < 2; i += 1) calm.handler.ponged();
    expect(calm.end).toBeUndefined();
    calm.ask(list);
    expect(calm.end).toBe('closed 1008 Too many requests');
    expect(streams.connectionCount).toBe(0);
  });

  test('is pinged every 20 s, lives while it answers, and is cut a minute after the first unanswered ping', async () => {
    const { open, time } = streamWorld();
    const socket = open('/ws');
    await time.advance(30 * 20 * SECOND);
    expect([socket.pings, socket.end]).toEqual([30, undefined]);
    socket.answersPings = false;
    await time.advance(20 * SECOND + 59 * SECOND);
    expect(socket.end).toBeUndefined();
    await time.advance(SECOND);
    expect(socket.end).toBe('cut');
    expect(time.pending).toBe(0);
  });

  test('is closed after 24 hours', async () => {
    const { open, time } = streamWorld();
    const socket = open('/ws');
    await time.advance(24 * 60 * MINUTE - SECOND);
    expect(socket.end).toBeUndefined();
    await time.advance(SECOND);
    expect(socket.end).toMatch(/^closed 1001/);
  });

  test('is told serverShutdown in its own form', () => {
    const { open, streams } = streamWorld();
    const raw = open('/ws');
    const combined = open('/stream', 'timeUnit=MICROSECOND');
    streams.announceShutdown();
    expect(raw.take()).toEqual([{ e: 'serverShutdown', E: START }]);
    expect(combined.take()).toEqual([
      { stream: '!serverShutdown', data: { e: 'serverShutdown', E: START * 1000 } },
    ]);
  });

  test('that does not read is cut, and hears nothing more', () => {
    const { open, exchange } = streamWorld();
    const slow = open('/ws/btcusdt@trade');
    const quick = open('/ws/btcusdt@trade');
    slow.bufferedBytes = 9 << 20;
    exchange.trade('BTCUSDT', START, '10', '1');
    exchange.trade('BTCUSDT', START, '10', '1');
    expect([slow.end, slow.texts.length, quick.end, quick.texts.length]).toEqual(['cut', 1, undefined, 2]);
  });

  test('that has gone leaves no timer behind', async () => {
    const { open, time } = streamWorld();
    const socket = open('/stream', 'streams=btcusdt@depth@100ms/btcusdt@kline_1m');
    await time.advance(MINUTE / 3);
    socket.handler.closed();
    expect(time.pending).toBe(0);
  });
});

test('one event is made into text once for each form, however many connections want it', () => {
  const { open, exchange } = streamWorld();
  const sockets = Array.from({ length: 50 }, () => open('/ws/btcusdt@trade'));
  exchange.trade('BTCUSDT', START, '10', '1');
  const [first] = sockets[0]!.texts;
  for (const socket of sockets) expect(Object.is(socket.texts[0], first)).toBe(true);
});

test('messages can be held back, repeated and changed on their way', () => {
  const kept: (() => void)[] = [];
  const { open, exchange } = streamWorld(['BTCUSDT'], ({ stream, text }, send) => {
    if (stream === 'btcusdt@trade') kept.push(() => send(text));
    else send(text);
  });
  const socket = open('/ws/btcusdt@trade');
  exchange.trade('BTCUSDT', START, '10', '1');
  expect(socket.take()).toEqual([]);
  for (const send of [...kept, ...kept]) send();
  expect(TRADE(socket)).toEqual([1, 1]);
});

test('whatever comes is answered once, in JSON, with a result or a code from 0 to 3', () => {
  const field = fc.oneof(
    fc.constantFrom('SUBSCRIBE', 'SET_PROPERTY', 'combined', 'btcusdt@depth', true, null, -1),
    fc.jsonValue(),
  );
  const request = fc.record(
    { method: field, params: fc.oneof(fc.array(field), field), id: field },
    { requiredKeys: [] },
  );
  const text = fc.oneof(
    request.map((value) => JSON.stringify(value)),
    fc.string({ unit: 'binary' }),
    request.map((value) => JSON.stringify(value).slice(0, -3)),
  );
  const { open, streams } = streamWorld();
  fc.assert(
    fc.property(text, (message) => {
      const socket = open('/ws');
      socket.handler.message(message);
      const [answer, ...others] = socket.take<{ readonly result?: unknown; readonly code?: number }>();
      expect(others).toEqual([]);
      if (answer!.result === undefined) expect([0, 1, 2, 3]).toContain(answer!.code);
      socket.handler.closed();
      expect(streams.connectionCount).toBe(0);
    }),
    { numRuns: 2000 },
  );
});
