import { describe, expect, test } from 'vitest';
import type { UserEvent, UserEventKind } from '../user-events/index.ts';
import { FaultBench } from './fault-bench.test-support.ts';
import { UserEvents } from './user-events.ts';

describe('user events', () => {
  const event = (fields: object, account = 1, kind: UserEventKind = 'executionReport'): UserEvent => ({
    kind,
    account,
    symbol: 'BTCUSDT',
    text: (unit) => JSON.stringify({ e: kind, ...(unit === 'MICROSECOND' ? { unit } : {}), ...fields }),
  });

  function told(faults: readonly object[]): { bench: FaultBench; events: UserEvents; came: string[] } {
    const bench = new FaultBench(faults);
    const came: string[] = [];
    const events = new UserEvents(bench.engine, {
      tell: (one) => came.push(`${one.text('MILLISECOND')} to ${one.account}@${bench.nowMs}`),
    });
    return { bench, events, came };
  }
  const fill = (i: number, account = 1): UserEvent => event({ i, X: 'FILLED' }, account);
  const line = (i: number, atMs = 0, account = 1): string =>
    `{"e":"executionReport","i":${i},"X":"FILLED"} to ${account}@${atMs}`;

  test('without a plan the very events pass', () => {
    const { events, came } = told([]);
    events.tell(fill(1));
    expect(came).toEqual([line(1)]);
  });

  test("U1: some of an account's order events are lost, those of others are not", () => {
    const { events, came } = told([{ fault: 'drop_event', where: { account: 1, fields: { X: 'FILLED' } } }]);
    events.tell(fill(1));
    events.tell(event({ i: 2, X: 'NEW' }));
    events.tell(fill(3, 2));
    expect(came).toEqual(['{"e":"executionReport","i":2,"X":"NEW"} to 1@0', line(3, 0, 2)]);
  });

  test('U4: an event comes again at once, and minutes later', async () => {
    const { bench, events, came } = told([
      { fault: 'duplicate_event', when: { nth: 1 } },
      { fault: 'duplicate_event', times: 2, gap_ms: 60_000, when: { nth: 2 } },
    ]);
    events.tell(fill(1));
    events.tell(fill(2));
    await bench.time.advance(300_000);
    expect(came).toEqual([line(1), line(1), line(2), line(2, 60_000), line(2, 120_000)]);
  });

  test('U5, U9: events change places, within their account', () => {
    const { events, came } = told([{ fault: 'reorder_event', by: 2, where: { fields: { i: 1 } } }]);
    for (const [i, account] of [
      [1, 1],
      [2, 2],
      [3, 1],
      [4, 1],
    ] as const) {
      events.tell(fill(i, account));
    }
    expect(came).toEqual([line(2, 0, 2), line(3), line(4), line(1)]);
  });

  test('U6: an event is late', async () => {
    const { bench, events, came } = told([{ fault: 'delay_event', ms: [1000, 5000] }]);
    for (let i = 0; i < 50; i += 1) events.tell(fill(i));
    await bench.time.advance(999);
    expect(came).toEqual([]);
    await bench.time.advance(4001);
    expect(came).toHaveLength(50);
  });

  test('U11, O16: fields of an event become what nobody knows, in every unit of time', () => {
    const { bench, events, came } = told([
      {
        fault: 'edit_event',
        set: { X: 'MOON', 'Y.Z': 1 },
        remove: ['i'],
        where: { event: 'executionReport' },
      },
    ]);
    events.tell(fill(1));
    events.tell(event({ a: 'BTC' }, 1, 'balanceUpdate'));
    expect(came).toEqual([
      '{"e":"executionReport","X":"MOON","Y":{"Z":1}} to 1@0',
      '{"e":"balanceUpdate","a":"BTC"} to 1@0',
    ]);
    bench.engine.clear();
    events.tell(fill(2));
    expect(came.at(-1)).toBe(line(2));
  });
});

describe('messages of market streams', () => {
  const depth = (u: number): object => ({
    e: 'depthUpdate',
    E: 1000 + u,
    s: 'BTCUSDT',
    U: u,
    u,
    b: [['1.0', '2.0']],
    a: [],
  });
  const trade = (t: number, s = 'BTCUSDT'): object => ({ e: 'trade', E: 1000, s, t, p: '100.00', q: '1' });

  function published(
    faults: readonly object[],
    messages: readonly (readonly [string, object])[],
    exchange = {},
  ) {
    const bench = new FaultBench(faults, exchange);
    const socket = bench.socket('/ws');
    for (const [stream, body] of messages) socket.publish(stream, body);
    return { bench, received: socket.received.map((text) => JSON.parse(text)), socket };
  }
  const trades = (...ids: number[]) => ids.map((t) => ['btcusdt@trade', trade(t)] as const);

  test('without a plan the very texts pass, and answers to control messages always do', () => {
    expect(published([], trades(1)).socket.received).toEqual([JSON.stringify(trade(1))]);
    const bench = new FaultBench([{ fault: 'drop_message' }]);
    const socket = bench.socket('/ws');
    socket.exchangeEnd.send('{"result":null,"id":1}');
    expect(socket.received).toEqual(['{"result":null,"id":1}']);
  });

  test('M1: a depth event is missing', () => {
    const updates = [1, 2, 3, 4].map((u) => ['btcusdt@depth@100ms', depth(u)] as const);
    const { received } = published(
      [{ fault: 'drop_message', where: { stream: '*@depth*' }, when: { nth: [2, 3] } }],
      updates,
    );
    expect(received.map(({ u }) => u)).toEqual([1, 4]);
  });

  test('M3: a difference, a whole book and a best bid and ask become crossed', () => {
    const bestAsk = () => ({ price: 10_050_000_000n, quantity: 300_000_000n });
    const { received } = published(
      [{ fault: 'cross_book_message' }],
      [
        ['btcusdt@depth', depth(1)],
        ['btcusdt@depth5', { lastUpdateId: 7, bids: [['99', '1']], asks: [['101', '2']] }],
        ['btcusdt@bookTicker', { u: 1, s: 'BTCUSDT', b: '99', B: '1', a: '101', A: '2' }],
      ],
      { bestAsk },
    );
    expect(received).toEqual([
      {
        ...depth(1),
        b: [
          ['100.50000000', '3.00000000'],
          ['1.0', '2.0'],
        ],
      },
      { lastUpdateId: 7, bids: [['101', '2']], asks: [['99', '1']] },
      { u: 1, s: 'BTCUSDT', b: '101', B: '2', a: '99', A: '1' },
    ]);
  });

  test('M3: books of REST become crossed', () => {
    const bench = new FaultBench([
      { fault: 'edit_answer', set: { bids: [['99', '1']], asks: [['101', '1']] } },
      { fault: 'cross_book_answer' },
    ]);
    const [seen] = bench.ask('GET', '/api/v3/depth?symbol=BTCUSDT');
    const body = JSON.parse((seen as { response: { body: string } }).response.body);
    expect(body).toMatchObject({ bids: [['101', '1']], asks: [['99', '1']] });
  });

  test('M4: the feed of one symbol freezes for a while, pings go on', async () => {
    const { bench, socket } = published(
      [{ fault: 'drop_message', where: { symbol: 'BTCUSDT' }, when: { from_ms: 0, for_ms: 1000 } }],
      [
        ['btcusdt@trade', trade(1)],
        ['ethusdt@trade', trade(2, 'ETHUSDT')],
      ],
    );
    socket.exchangeEnd.ping();
    await bench.time.advance(1000);
    socket.publish('btcusdt@trade', trade(3));
    expect(socket.received.map((text) => /"t":(\d)|ping/.exec(text)?.[0])).toEqual([
      '"t":2',
      'ping',
      '"t":3',
    ]);
  });

  test('M5, M6: the end of a candle comes late, or twice', async () => {
    const kline = (t: number, x: boolean) =>
      ['btcusdt@kline_1m', { e: 'kline', s: 'BTCUSDT', k: { t, x } }] as const;
    const { bench, socket } = published(
      [
        {
          fault: 'delay_message',
          ms: 30_000,
          where: { event: 'kline', fields: { 'k.x': true } },
          when: { nth: 1 },
        },
        { fault: 'duplicate_message', where: { event: 'kline', fields: { 'k.x': true, 'k.t': 2 } } },
      ],
      [kline(1, false), kline(1, true), kline(2, true)],
    );
    await bench.time.advance(30_000);
    expect(socket.received.map((text) => text.replace(/.*"k":/, ''))).toEqual([
      '{"t":1,"x":false}}',
      '{"t":2,"x":true}}',
      '{"t":2,"x":true}}',
      '{"t":1,"x":true}}@30000',
    ]);
  });

  test('M7: trades come twice and in another order', () => {
    const { received } = published(
      [
        { fault: 'duplicate_message', when: { nth: 1 } },
        { fault: 'reorder_message', when: { nth: 2 } },
      ],
      trades(1, 2, 3, 4),
    );
    expect(received.map(({ t }) => t)).toEqual([1, 1, 3, 2, 4]);
  });

  test('M8, M11, M15: event times are skewed, prices are odd, also inside the envelope of combined streams', () => {
    const { received } = published(
      [{ fault: 'edit_message', add: { E: -30_000 }, set: { p: '0.00' } }],
      [
        ['btcusdt@trade', trade(1)],
        ['btcusdt@trade', { stream: 'btcusdt@trade', data: trade(2) }],
      ],
    );
    const odd = (t: number) => ({ ...trade(t), E: -29_000, p: '0.00' });
    expect(received).toEqual([odd(1), { stream: 'btcusdt@trade', data: odd(2) }]);
  });

  test('the same seed loses the same messages', () => {
    const ids = (seed: number): unknown[] => {
      const bench = new FaultBench();
      bench.install([{ fault: 'drop_message', when: { rate: 0.2 } }], seed);
      const socket = bench.socket('/stream');
      for (let t = 0; t < 100; t += 1) socket.publish('btcusdt@trade', trade(t));
      return socket.received;
    };
    expect(ids(1)).toEqual(ids(1));
    expect(ids(1)).not.toEqual(ids(2));
  });
});

describe('sockets', () => {
  test('U2, R5: all sockets of a path are cut at a time, and again', async () => {
    const bench = new FaultBench([
      { fault: 'cut_sockets', where: { path: '/ws*' }, when: { from_ms: 100, every_ms: 100, count: 2 } },
    ]);
    const [one, other] = [bench.socket('/ws/btcusdt@trade'), bench.socket('/stream')];
    await bench.time.advance(150);
    const third = bench.socket('/ws-api/v3');
    await bench.time.advance(1000);
    expect([one.received, other.received, third.received]).toEqual([['cut@100'], [], ['cut@200']]);
    expect(bench.sockets.list()).toHaveLength(1);
  });

  test('U8: a shutdown is announced, and the sockets close after the notice', async () => {
    const bench = new FaultBench([{ fault: 'shut_down', notice_ms: 500, when: { from_ms: 100 } }]);
    const socket = bench.socket('/stream');
    await bench.time.advance(1000);
    expect([bench.done, socket.received]).toEqual([['shutdown announced'], ['closed 1001@600']]);
  });

  test('U8: sockets live shorter', async () => {
    const bench = new FaultBench([{ fault: 'limit_socket_life', ms: 60_000, code: 1001 }]);
    await bench.time.advance(5);
    const socket = bench.socket('/ws-api/v3');
    await bench.time.advance(100_000);
    expect(socket.received).toEqual(['closed 1001@60005']);
    expect(socket.heard).toEqual(['closed']);
    expect(bench.time.pending).toBe(0);
  });

  test('pings stay away', () => {
    const bench = new FaultBench([{ fault: 'withhold_pings', where: { path: '/stream' } }]);
    const [streams, api] = [bench.socket('/stream'), bench.socket('/ws-api/v3')];
    for (const socket of [streams, api]) socket.exchangeEnd.ping();
    expect([streams.received, api.received]).toEqual([[], ['ping']]);
  });

  test('U3: subscriptions silently go, until the client subscribes again', () => {
    const bench = new FaultBench([{ fault: 'mute_socket', when: { nth: 2 } }]);
    const socket = bench.socket('/ws');
    for (const t of [1, 2, 3]) socket.publish('btcusdt@trade', { t });
    socket.client.message('{"method":"SUBSCRIBE","params":["btcusdt@trade"],"id":1}');
    socket.publish('btcusdt@trade', { t: 4 });
    expect(socket.received).toEqual(['{"t":1}', '{"t":4}']);
  });

  test('U3: the end of a user data subscription is announced, or not', () => {
    const subscribed = (announce: boolean): string[] => {
      const bench = new FaultBench([{ fault: 'mute_socket', announce, when: { nth: 2 } }]);
      const socket = bench.socket('/ws-api/v3');
      // Each request brings one event before its answer.
      for (const id of ['a', 'b', 'c']) {
        socket.client.message(
          `{"id":"${id}","method":"${id === 'a' ? 'userDataStream.subscribe.signature' : 'ping'}"}`,
        );
      }
      return socket.received.filter((text) => text.includes('"event"'));
    };
    const report = '{"subscriptionId":0,"event":{"e":"executionReport"}}';
    expect(subscribed(false)).toEqual([report]);
    expect(subscribed(true)).toEqual([
      report,
      '{"subscriptionId":0,"event":{"e":"eventStreamTerminated","E":1700000000000}}',
    ]);
  });
});
