import { describe, expect, test } from 'vitest';
import type { Stream } from './stream.ts';
import { combined, makeStreams, tradeEvent } from './streams.test-support.ts';

const TRADES: Stream = { kind: 'trade', symbol: 'BTCUSDT' };
const QUOTES: Stream = { kind: 'bookTicker', symbol: 'BTCUSDT' };
const DEPTH: Stream = { kind: 'depth', symbol: 'BTCUSDT', speed: '100ms' };
const BARS: Stream = { kind: 'kline', symbol: 'BTCUSDT', interval: '1m' };
const tickers = (count: number): Stream[] =>
  Array.from({ length: count }, (_, i) => ({ kind: 'ticker', symbol: `S${i}` }));
const quoteEvent = (u: number) => ({ u, s: 'BTCUSDT', b: '1.00', B: '1', a: '2.00', A: '1' });

describe('subscriptions', () => {
  test('go out in lower case, are checked with the venue’s own list, and only then is the connection ready', async () => {
    const { venue, streams, heard, pass, open } = makeStreams();
    expect(streams.subscribe([TRADES, DEPTH, BARS])).toEqual([]);
    await pass(1000);
    const socket = venue.sockets.last;
    expect(socket.url).toBe('wss://stream.example/stream');
    venue.isAnswering = false;
    open(socket);
    await pass(1000);
    const names = ['btcusdt@trade', 'btcusdt@depth@100ms', 'btcusdt@kline_1m'];
    expect(venue.requests(socket)).toEqual([{ method: 'SUBSCRIBE', params: names, id: 1 }]);
    expect(streams.freshness(TRADES)).toEqual({ state: 'down' });
    venue.isAnswering = true;
    await pass(1000);
    expect(venue.requests(socket)[1]).toEqual({ method: 'LIST_SUBSCRIPTIONS', id: 2 });
    expect(heard()).toEqual(names.map((name) => `up ${name}`));
    expect(streams.freshness(TRADES)).toMatchObject({ state: 'unheard' });
  });

  test('a thousand and a half need two connections, few messages, and fewer than five of them a second', async () => {
    const { time, venue, streams, pass, connect } = makeStreams();
    streams.subscribe(tickers(1500));
    await connect();
    const [first, second] = venue.sockets.sockets;
    expect([venue.names(first!).size, venue.names(second!).size]).toEqual([1024, 476]);
    expect(venue.sockets.sockets).toHaveLength(2);
    let sent = first!.sent.length;
    for (let second_ = 0; second_ < 20; second_ += 1) {
      streams.subscribe(tickers(1500).slice(0, 0));
      streams.unsubscribe([{ kind: 'ticker', symbol: `S${second_}` }]);
      streams.subscribe([{ kind: 'ticker', symbol: `T${second_}` }]);
      await pass(1000);
      expect(first!.sent.length - sent).toBeLessThan(5);
      sent = first!.sent.length;
    }
    expect(time.elapsedMs()).toBeGreaterThan(20_000);
  });

  test('can be taken back, and the last one takes its connection with it', async () => {
    const { venue, streams, heard, pass, connect, time } = makeStreams();
    streams.subscribe([TRADES, QUOTES]);
    await connect();
    const socket = venue.sockets.last;
    heard();
    streams.unsubscribe([TRADES]);
    expect(heard(), 'whoever shows something made from it must stop').toEqual(['down btcusdt@trade']);
    await pass(2000);
    expect([...venue.names(socket)]).toEqual(['btcusdt@bookTicker']);
    expect(streams.freshness(TRADES)).toBeUndefined();
    socket.say(combined(TRADES, tradeEvent(1)));
    expect(heard(), 'what was still on its way is not told').toEqual([]);
    streams.unsubscribe([QUOTES]);
    expect(heard()).toEqual(['down btcusdt@bookTicker']);
    await pass(10_000);
    expect(socket.ended).toBeDefined();
    socket.cut();
    await pass(10_000);
    expect([heard(), time.pending]).toEqual([[], 0]);
  });

  test('one that is taken back while it is being asked for stays away', async () => {
    const { venue, streams, heard, pass, open } = makeStreams();
    streams.subscribe([TRADES, QUOTES]);
    await pass(1000);
    venue.isAnswering = false;
    open(venue.sockets.last);
    await pass(1000);
    streams.unsubscribe([TRADES]);
    venue.isAnswering = true;
    await pass(5000);
    expect([...venue.names(venue.sockets.last)]).toEqual(['btcusdt@bookTicker']);
    expect(heard()).toEqual(['up btcusdt@bookTicker']);
  });

  test('one that is asked for again while it is being taken back is up when the venue has it again', async () => {
    const { venue, streams, heard, pass, open } = makeStreams();
    streams.subscribe([TRADES, QUOTES]);
    await pass(1000);
    venue.isAnswering = false;
    open(venue.sockets.last);
    await pass(1000);
    streams.unsubscribe([TRADES]);
    streams.subscribe([TRADES]);
    await pass(1000);
    const socket = venue.sockets.last;
    socket.say({ result: null, id: 1 });
    expect(heard()).toEqual(['up btcusdt@bookTicker']);
    socket.say({ result: null, id: 2 });
    socket.say({ result: null, id: 3 });
    expect(heard()).toEqual(['up btcusdt@trade']);
  });

  test('taking one back while the list is being asked for does not keep the connection from being ready', async () => {
    const { venue, streams, heard, pass, open } = makeStreams();
    streams.subscribe([TRADES, QUOTES]);
    await pass(1000);
    const socket = venue.sockets.last;
    venue.isAnswering = false;
    open(socket);
    await pass(1000);
    venue.serve();
    socket.say({ result: null, id: 1 });
    streams.unsubscribe([TRADES]);
    await pass(1000);
    expect(venue.requests(socket).map(({ method }) => method)).toEqual([
      'SUBSCRIBE',
      'LIST_SUBSCRIPTIONS',
      'UNSUBSCRIBE',
    ]);
    socket.say({ result: ['btcusdt@trade', 'btcusdt@bookTicker'], id: 2 });
    socket.say({ result: null, id: 3 });
    await pass(1000);
    expect(venue.requests(socket)[3]).toEqual({ method: 'LIST_SUBSCRIPTIONS', id: 4 });
    socket.say({ result: ['btcusdt@bookTicker'], id: 4 });
    await pass(25_000, 1000, () => socket.ping());
    expect(socket.ended).toBeUndefined();
    expect(heard()).toEqual(['up btcusdt@trade', 'up btcusdt@bookTicker', 'down btcusdt@trade']);
  });

  test('what nobody can count, or asks for twice at two speeds, is refused before it is sent', () => {
    const { streams } = makeStreams();
    const unknown: Stream = { kind: 'trade', symbol: 'NONE' };
    const slow: Stream = { ...DEPTH, speed: '1000ms' };
    expect(streams.subscribe([DEPTH, DEPTH, unknown, slow])).toEqual([
      { reason: 'unknown_symbol', stream: unknown },
      { reason: 'other_speed_subscribed', stream: slow },
    ]);
    streams.stop();
  });

  test('an acknowledgement that does not come ends the connection, and the next one asks for everything again', async () => {
    const { venue, streams, heard, pass, connect } = makeStreams();
    streams.subscribe([TRADES, QUOTES]);
    venue.isAnswering = false;
    await connect();
    await pass(11_000);
    expect(venue.sockets.sockets[0]!.ended).toBe('terminated');
    venue.isAnswering = true;
    await connect();
    expect([...venue.names(venue.sockets.last)]).toEqual(['btcusdt@trade', 'btcusdt@bookTicker']);
    expect(heard()).toEqual(['up btcusdt@trade', 'up btcusdt@bookTicker']);
  });

  test('one that the venue has lost is told as down, and asked for again', async () => {
    const { venue, streams, heard, pass, connect } = makeStreams();
    streams.subscribe([TRADES, QUOTES]);
    await connect();
    heard();
    venue.names(venue.sockets.last).delete('btcusdt@trade');
    await pass(302_000, 1000, () => venue.sockets.last.ping());
    expect(heard().filter((one) => one.includes('@trade'))).toEqual([
      'down btcusdt@trade',
      'up btcusdt@trade',
    ]);
    expect(venue.names(venue.sockets.last).has('btcusdt@trade')).toBe(true);
  });

  test('a refusal of the venue is told for each name', async () => {
    const { venue, streams, heard, pass, open } = makeStreams();
    streams.subscribe([TRADES]);
    venue.isAnswering = false;
    await pass(1000);
    open(venue.sockets.last);
    await pass(1000);
    venue.sockets.last.say({ code: 2, msg: 'Invalid request', id: 1 });
    expect(heard()).toEqual(['subscription refused trade 2']);
  });
});

describe('connections that come and go', () => {
  test('after a cut everything is subscribed again, and what was missed is told by its ids', async () => {
    const { venue, streams, heard, pass, connect } = makeStreams();
    streams.subscribe([TRADES, QUOTES, DEPTH]);
    await connect();
    const say = (stream: Stream, data: object) => venue.sockets.last.say(combined(stream, data));
    say(TRADES, tradeEvent(7));
    say(QUOTES, quoteEvent(50));
    heard();
    venue.sockets.last.cut();
    expect(heard()).toEqual(['down btcusdt@trade', 'down btcusdt@bookTicker', 'down btcusdt@depth@100ms']);
    await pass(1000);
    await connect();
    expect(heard()).toEqual(['up btcusdt@trade', 'up btcusdt@bookTicker', 'up btcusdt@depth@100ms']);
    say(TRADES, tradeEvent(11));
    say(QUOTES, quoteEvent(60));
    expect(heard()).toEqual(['gap btcusdt@trade 8-10', 'trade 11', 'quote 60']);
  });

  test('M7, U8: when one connection takes over from another, what both deliver is told once and nothing is missing', async () => {
    const { venue, streams, heard, pass, open } = makeStreams({}, 60_000);
    streams.subscribe([TRADES, QUOTES, DEPTH]);
    await pass(500);
    open(venue.sockets.last);
    let id = 0;
    let depthId = 0;
    let overlaps = 0;
    const told: string[] = [];
    await pass(150_000, 100, () => {
      for (const socket of venue.sockets.sockets.slice(1)) if (socket.sent.length === 0) open(socket);
      id += 1;
      depthId += 3;
      const live = venue.sockets.sockets.filter(
        (one) => one.ended === undefined && venue.names(one).size === 3,
      );
      if (live.length > 1) overlaps += 1;
      for (const socket of live) {
        socket.say(combined(TRADES, tradeEvent(id)));
        socket.say(combined(QUOTES, quoteEvent(id)));
        const change = { e: 'depthUpdate', E: 1, s: 'BTCUSDT', U: depthId - 2, u: depthId, b: [], a: [] };
        socket.say(combined(DEPTH, change));
      }
      told.push(...heard());
    });
    expect(venue.sockets.sockets.length).toBeGreaterThan(2);
    expect(overlaps).toBeGreaterThan(20);
    const of = (kind: string) => told.filter((one) => one.startsWith(`${kind} `));
    const first = Number(of('trade')[0]!.split(' ')[1]);
    expect(of('trade')).toEqual(Array.from({ length: id - first + 1 }, (_, i) => `trade ${first + i}`));
    expect([of('quote').length, of('depth').length, of('gap').length, of('down').length]).toEqual([
      of('trade').length,
      of('trade').length,
      0,
      0,
    ]);
    expect(streams.lateCount(TRADES)).toBe(overlaps);
  });

  test.each([
    ['raw', { e: 'serverShutdown', E: 1 }],
    ['in the envelope', { stream: '!serverShutdown', data: { e: 'serverShutdown', E: 1 } }],
  ])('serverShutdown (%s) opens the successor first, and no stream goes down', async (_, message) => {
    const { venue, streams, heard, pass, connect } = makeStreams();
    streams.subscribe([TRADES]);
    await connect();
    await pass(70_000, 1000, () => venue.sockets.last.ping());
    const [old] = venue.sockets.sockets;
    heard();
    old!.say(message);
    await connect();
    expect(venue.sockets.sockets).toHaveLength(2);
    await pass(10_000, 1000, () => venue.sockets.last.ping());
    expect([old!.ended, heard()]).toEqual(['closed', []]);
  });
});

describe('M7: ids', () => {
  test('what comes again or too late is counted and not told; what is missing is', async () => {
    const { venue, streams, heard, connect } = makeStreams();
    streams.subscribe([TRADES]);
    await connect();
    heard();
    for (const id of [5, 6, 6, 8, 7, 9]) venue.sockets.last.say(combined(TRADES, tradeEvent(id)));
    expect(heard()).toEqual(['trade 5', 'trade 6', 'gap btcusdt@trade 7-7', 'trade 8', 'trade 9']);
    expect(streams.lateCount(TRADES)).toBe(2);
  });

  test('a venue that counts anew, as its testnet does every month, is believed in the end', async () => {
    const { venue, streams, heard, connect } = makeStreams();
    streams.subscribe([QUOTES]);
    await connect();
    venue.sockets.last.say(combined(QUOTES, quoteEvent(1_000_000)));
    heard();
    for (let u = 1; u <= 100_001; u += 1) venue.sockets.last.say(combined(QUOTES, quoteEvent(u)));
    expect(heard()).toEqual(['restarted btcusdt@bookTicker', 'quote 100000', 'quote 100001']);
  });
});

describe('M4: a feed that is frozen while pings go on', () => {
  test('one silent stream is told, subscribed anew ever more seldom, and told again when it speaks', async () => {
    const { venue, streams, heard, pass, connect } = makeStreams();
    streams.subscribe([QUOTES, { kind: 'bookTicker', symbol: 'ETHBTC' }]);
    await connect();
    heard();
    let u = 0;
    const alive = () => {
      u += 1;
      venue.sockets.last.ping();
      venue.sockets.last.say(
        combined({ kind: 'bookTicker', symbol: 'ETHBTC' }, { ...quoteEvent(u), s: 'ETHBTC' }),
      );
    };
    await pass(61_000, 1000, alive);
    const told = () => heard().filter((one) => one.includes('btcusdt'));
    expect(told()).toEqual(['silent btcusdt@bookTicker', 'down btcusdt@bookTicker', 'up btcusdt@bookTicker']);
    expect(streams.freshness(QUOTES)).toMatchObject({ state: 'unheard' });
    await pass(3_600_000, 1000, alive);
    const renewals = told();
    expect(renewals.filter((one) => one.startsWith('up')).length).toBeGreaterThan(2);
    expect(renewals.length).toBeLessThan(20);
    expect(renewals).not.toContain('silent btcusdt@bookTicker');
    expect(venue.sockets.sockets).toHaveLength(1);
    venue.sockets.last.say(combined(QUOTES, quoteEvent(1)));
    await pass(1000);
    expect(told()).toEqual(['heard btcusdt@bookTicker']);
    expect(streams.freshness(QUOTES)).toMatchObject({ state: 'fresh', lagMs: undefined });
  });

  test('when all streams of a connection stay silent, another connection is tried', async () => {
    const { venue, streams, pass, connect } = makeStreams();
    streams.subscribe([QUOTES, DEPTH]);
    await connect();
    const first = venue.sockets.last;
    for (let i = 0; i < 400 && first.ended === undefined; i += 1)
      await pass(1000, 1000, () => venue.sockets.last.ping());
    expect(first.ended).toBe('terminated');
    await connect();
    expect(venue.names(venue.sockets.last).size).toBe(2);
  });
});

describe('M8: the venue’s time and ours', () => {
  test.each([
    ['just now', 0, 'fresh'],
    ['30 s behind', -30_000, 'late'],
    ['30 s ahead', 30_000, 'ahead'],
    ['within what clocks differ', 900, 'fresh'],
  ])('an event time %s is judged %s', async (_, shiftMs, state) => {
    const { venue, streams, time, connect } = makeStreams();
    streams.subscribe([TRADES]);
    await connect();
    venue.sockets.last.say(combined(TRADES, tradeEvent(1, time.nowMs() + shiftMs)));
    expect(streams.freshness(TRADES)).toMatchObject({ state, lagMs: 0 - shiftMs });
    // Waiting makes it older, not later.
    await time.advance(4_000);
    expect(streams.freshness(TRADES)).toMatchObject({ state, lagMs: 0 - shiftMs });
  });

  test('a correction of our clock is taken into account', async () => {
    const { venue, streams, time, connect } = makeStreams({ venueNowMs: () => time.nowMs() + 30_000 });
    streams.subscribe([TRADES]);
    await connect();
    venue.sockets.last.say(combined(TRADES, tradeEvent(1, time.nowMs() + 30_000)));
    expect(streams.freshness(TRADES)).toEqual({ state: 'fresh', silentMs: 0, lagMs: 0 });
  });
});

describe('bars', () => {
  // 1,700,000,040,000 is on a full minute.
  const OPEN = 1_700_000_040_000;
  const barEvent = (openTimeMs: number, isClosed: boolean, eventTimeMs: number) => ({
    e: 'kline',
    E: eventTimeMs,
    s: 'BTCUSDT',
    k: {
      t: openTimeMs,
      T: openTimeMs + 59_999,
      s: 'BTCUSDT',
      i: '1m',
      f: -1,
      L: -1,
      o: '1',
      c: '1',
      h: '1',
      l: '1',
      v: '0',
      n: 0,
      x: isClosed,
      q: '0',
      V: '0',
      Q: '0',
      B: '0',
    },
  });

  test('M6: a closed bar is told once, an open one is not taken for it, and nothing is told about it afterwards', async () => {
    const seen: unknown[] = [];
    const { venue, streams, connect } = makeStreams({
      tell: { event: (event) => seen.push(event.kind === 'kline' && [event.bar.openTimeMs, event.isClosed]) },
    });
    streams.subscribe([BARS]);
    await connect();
    const say = (openTimeMs: number, isClosed: boolean, eventTimeMs: number) =>
      venue.sockets.last.say(combined(BARS, barEvent(openTimeMs, isClosed, eventTimeMs)));
    say(OPEN, false, OPEN + 2000);
    say(OPEN, false, OPEN + 2000);
    say(OPEN, false, OPEN + 1000);
    say(OPEN + 60_000, false, OPEN + 60_100);
    say(OPEN, true, OPEN + 60_050);
    say(OPEN, true, OPEN + 60_050);
    say(OPEN, false, OPEN + 70_000);
    expect(seen).toEqual([
      [OPEN, false],
      [OPEN + 60_000, false],
      [OPEN, true],
    ]);
  });

  test('M5: a bar that does not close in time is told as missing, once, with or without a stream', async () => {
    const { venue, streams, heard, pass, connect } = makeStreams();
    streams.subscribe([BARS]);
    await connect();
    const missing = () => heard().filter((one) => one.startsWith('missing'));
    // Connected at OPEN - 34 s: the bar that is open then is the first to be expected.
    await pass(45_000, 1000, () => venue.sockets.last.ping());
    expect(missing()).toEqual([`missing ${OPEN - 60_000}`]);
    venue.sockets.last.say(combined(BARS, barEvent(OPEN, true, OPEN + 60_000)));
    venue.sockets.last.cut();
    await pass(180_000, 1000);
    expect(missing()).toEqual([`missing ${OPEN + 60_000}`, `missing ${OPEN + 120_000}`]);
  });

  test('M5: a bar that is stepped over is missing too', async () => {
    const { venue, streams, heard, pass, connect } = makeStreams();
    streams.subscribe([BARS]);
    await connect();
    venue.sockets.last.say(combined(BARS, barEvent(OPEN + 60_000, true, OPEN + 120_000)));
    await pass(1000);
    expect(heard().filter((one) => one.startsWith('missing'))).toEqual([
      `missing ${OPEN - 60_000}`,
      `missing ${OPEN}`,
    ]);
  });
});

describe('messages that say nothing', () => {
  test('are told with their reason, and disturb nothing else', async () => {
    const { venue, streams, heard, connect } = makeStreams();
    streams.subscribe([TRADES, BARS]);
    await connect();
    heard();
    const say = (message: object | string) => venue.sockets.last.say(message);
    say('{"stream":');
    say(combined(TRADES, { ...tradeEvent(1), p: '1.001' }));
    say(combined(BARS, { e: 'kline', E: 1, s: 'BTCUSDT' }));
    say(combined({ kind: 'ticker', symbol: 'BTCUSDT' }, {}));
    say({ result: null, id: 99 });
    say(combined(TRADES, tradeEvent(2)));
    expect(heard()).toEqual([
      'refused {"reason":"not_json"}',
      'refused {"reason":"not_on_grid","symbol":"BTCUSDT","field":"p","text":"1.001"}',
      'refused {"reason":"bad_field","message":"kline","field":"k"}',
      'refused {"reason":"unasked"}',
      'refused {"reason":"unasked"}',
      'trade 2',
    ]);
  });
});
