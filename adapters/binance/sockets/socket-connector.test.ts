import { SeededRandom, VirtualTime } from '@tradewind/utils';
import { describe, expect, test } from 'vitest';
import { ConnectionAttempts } from './connection-attempts.ts';
import type { Connection, ConnectorListener } from './connector.ts';
import type { ConnectorOptions } from './connector-options.ts';
import { ScriptedSockets } from './scripted-sockets.test-support.ts';
import { SocketConnector } from './socket-connector.ts';

const HOUR = 3_600_000;
const START = 1_700_000_000_000;

/** A line over scripted sockets; its listener makes a connection ready when `readyAtOnce` says so, and notes what it hears. */
function line(options: Partial<ConnectorOptions> & { seed?: number; readyAtOnce?: boolean } = {}) {
  const { seed = 1, readyAtOnce = true, ...others } = options;
  const time = new VirtualTime(START);
  const transport = new ScriptedSockets();
  const heard: string[] = [];
  const connections: Connection[] = [];
  const listener: ConnectorListener = {
    opened(connection) {
      connections.push(connection);
      heard.push(`opened ${connection.id}`);
      if (readyAtOnce) connection.ready();
    },
    message: (connection, bytes) => heard.push(`${connection.id} says ${new TextDecoder().decode(bytes)}`),
    closed: (connection, { isPlanned, reason }) =>
      heard.push(`closed ${connection.id}${isPlanned ? ' as planned' : ''}: ${reason}`),
    gapBegan: ({ fromMs, reason }) => heard.push(`gap from ${fromMs - START}: ${reason}`),
    gapEnded: ({ fromMs, toMs }) => heard.push(`gap ${fromMs - START} to ${toMs - START}`),
    quiet: (connection) => heard.push(`quiet ${connection.id}`),
  };
  const connector = new SocketConnector(
    {
      url: () => 'wss://exchange/ws',
      transport,
      clock: time,
      timers: time,
      random: new SeededRandom(seed),
      attempts: new ConnectionAttempts(time),
      ...others,
    },
    listener,
  );
  return { time, transport, heard, connections, connector };
}

describe('a line', () => {
  test('is preparing until its listener says ready: an open socket counts for nothing', () => {
    const { connector, transport, connections } = line({ readyAtOnce: false });
    expect(connector.state).toBe('idle');
    connector.start();
    expect(connector.state).toBe('connecting');
    transport.last.open();
    expect(connector.state).toBe('preparing');
    expect(connector.current).toBeUndefined();
    connections[0]!.ready();
    expect(connector.state).toBe('ready');
    expect(connector.current).toBe(connections[0]);
  });

  test('U2: a lost socket is a gap from the last sign of life to the next ready connection', async () => {
    const { connector, transport, time, heard } = line();
    connector.start();
    transport.last.open();
    await time.advance(1000);
    transport.last.say('a');
    await time.advance(500);
    transport.last.cut(1006, 'reset');
    expect(connector.state).toBe('connecting');
    await time.advance(2000);
    transport.last.open();
    expect(heard).toEqual([
      'opened 1',
      '1 says a',
      'closed 1: reset',
      'gap from 1000: reset',
      'opened 2',
      'gap 1000 to 3500',
    ]);
  });

  test.each([
    { title: '418 holds the attempts of all until its end', status: 418, after: '120', waitMs: 120_000 },
    { title: '429 without a time holds them for a minute', status: 429, after: undefined, waitMs: 60_000 },
    { title: '403 holds nobody longer than any failure', status: 403, after: '120', waitMs: 0 },
  ])('R2, R5: a socket refused with $title', async ({ status, after, waitMs }) => {
    const { connector, transport, time } = line();
    connector.start();
    transport.last.cut(1006, '', { status, headers: after === undefined ? {} : { 'retry-after': after } });
    await time.advance(Math.max(0, waitMs - 1));
    expect(transport.sockets).toHaveLength(1);
    await time.advance(1001);
    expect(transport.sockets).toHaveLength(2);
  });

  test('a socket that does not open, and one that is not made ready in time, is dropped and tried again', async () => {
    const { connector, transport, time, connections, heard } = line({ readyAtOnce: false });
    connector.start();
    const first = transport.last;
    await time.advance(10_000);
    expect(first.ended).toBe('terminated');
    await time.advance(2000);
    const second = transport.last;
    expect(second).not.toBe(first);
    second.open();
    await time.advance(20_000);
    expect(second.ended).toBe('terminated');
    connections[0]!.ready();
    expect(connector.current).toBeUndefined();
    expect(heard).toEqual(['opened 2', 'closed 2: not ready in time']);
  });

  test('what a dropped socket still says is not heard', async () => {
    const { connector, transport, time, connections, heard } = line();
    connector.start();
    const socket = transport.last;
    socket.open();
    connections[0]!.abandon('not understood');
    expect(() => socket.say('late')).toThrow('a closed socket says nothing');
    expect(connections[0]!.send('x')).toBe('not_open');
    await time.advance(0);
    expect(heard).toEqual(['opened 1', 'closed 1: not understood', 'gap from 0: not understood']);
  });

  test('stopping ends everything as planned and connects no more', async () => {
    const { connector, transport, time, heard } = line();
    connector.start();
    transport.last.open();
    connector.stop();
    connector.start();
    await time.advance(HOUR);
    expect(connector.state).toBe('stopped');
    expect(transport.sockets).toHaveLength(1);
    expect(heard).toEqual(['opened 1', 'closed 1 as planned: stopped']);
    expect(time.pending).toBe(0);
  });
});

describe('silence', () => {
  test('pings and messages are signs of life; a quiet line is asked once, and a dead one is replaced', async () => {
    const { connector, transport, time, heard } = line();
    connector.start();
    const socket = transport.last;
    socket.open();
    for (let i = 0; i < 10; i += 1) {
      await time.advance(20_000);
      socket.ping();
    }
    expect(heard).toEqual(['opened 1']);
    await time.advance(30_000);
    expect(heard).toEqual(['opened 1', 'quiet 1']);
    await time.advance(10_000);
    socket.say('still here');
    await time.advance(30_000);
    expect(heard).toEqual(['opened 1', 'quiet 1', '1 says still here', 'quiet 1']);
    await time.advance(14_999);
    expect(socket.ended).toBeUndefined();
    await time.advance(1);
    expect(socket.ended).toBe('terminated');
    expect(heard.slice(4)).toEqual(['closed 1: silent', 'gap from 240000: silent']);
  });
});

describe('a planned end (faults.md U8)', () => {
  test('U8: before 24 h the next connection is ready before the old one closes, both deliver, and there is no gap', async () => {
    const { connector, transport, time, heard } = line();
    connector.start();
    const old = transport.last;
    old.open();
    for (let ms = 0; ms < 23 * HOUR && transport.sockets.length === 1; ms += 20_000) {
      old.ping();
      await time.advance(20_000);
    }
    expect(time.elapsedMs()).toBeGreaterThan(20 * HOUR);
    expect(connector.state).toBe('replacing');
    const next = transport.last;
    next.open();
    expect(connector.state).toBe('ready');
    old.say('burst');
    next.say('burst');
    await time.advance(4_999);
    expect(old.ended).toBeUndefined();
    await time.advance(1);
    expect(old.ended).toBe('closed');
    old.cut(1000, 'bye');
    expect(heard).toEqual([
      'opened 1',
      'opened 2',
      '1 says burst',
      '2 says burst',
      'closed 1 as planned: bye',
    ]);
  });

  test('U8: an announced shutdown opens the successor at once; if the old one is cut first, the gap ends with the successor', async () => {
    const { connector, transport, time, connections, heard } = line();
    connector.start();
    const old = transport.last;
    old.open();
    for (let i = 0; i < 4; i += 1) {
      await time.advance(20_000);
      old.ping();
    }
    connections[0]!.retire('serverShutdown');
    connections[0]!.retire('serverShutdown');
    expect(transport.sockets).toHaveLength(2);
    expect(connector.current).toBe(connections[0]);
    await time.advance(100);
    old.cut(1001, 'going away');
    expect(transport.sockets).toHaveLength(2);
    await time.advance(100);
    transport.last.open();
    expect(heard).toEqual([
      'opened 1',
      'closed 1: going away',
      'gap from 80000: going away',
      'opened 2',
      'gap 80000 to 80200',
    ]);
  });

  test('U8: a successor that cannot be opened is tried again while the old connection lives', async () => {
    const { connector, transport, time, connections } = line();
    connector.start();
    const old = transport.last;
    old.open();
    for (let i = 0; i < 4; i += 1) {
      await time.advance(20_000);
      old.ping();
    }
    connections[0]!.retire('serverShutdown');
    transport.last.cut();
    expect(connector.state).toBe('replacing');
    await time.advance(1000);
    expect(transport.sockets).toHaveLength(3);
    transport.last.open();
    expect(connector.current).toBe(connections[1]);
  });

  test('an exchange that announces its end to every newcomer is not stormed', async () => {
    const { transport, time, connections, connector } = line();
    transport.onConnect = (socket) =>
      time.after(1, () => {
        socket.open();
        connections.at(-1)!.retire('serverShutdown');
      });
    connector.start();
    await time.advance(60_000);
    expect(transport.sockets.length).toBeLessThan(12);
  });

  test('an old connection that does not close when asked to is dropped', async () => {
    const { connector, transport, time, connections } = line();
    connector.start();
    const old = transport.last;
    old.open();
    for (let i = 0; i < 4; i += 1) {
      await time.advance(20_000);
      old.ping();
    }
    connections[0]!.retire('serverShutdown');
    transport.last.open();
    await time.advance(10_000);
    expect(connections[0]!.isOpen).toBe(false);
    expect(connector.state).toBe('ready');
    old.cut();
  });
});

describe('reconnecting (faults.md R5)', () => {
  /** The instants of the attempts in the first minutes of an exchange that refuses everybody. */
  async function refusedAttempts(seed: number, minutes: number): Promise<number[]> {
    const { connector, transport, time } = line({ seed });
    const at: number[] = [];
    transport.onConnect = (socket) => {
      at.push(time.elapsedMs());
      time.after(5, () => socket.cut(1006, 'refused'));
    };
    connector.start();
    await time.advance(minutes * 60_000);
    return at;
  }

  test('R5: the delay doubles up to 30 s, and each is 50-100 % of that by chance', async () => {
    const at = await refusedAttempts(7, 10);
    const delays = at.slice(1).map((ms, i) => ms - (at[i] as number) - 5);
    delays.forEach((delay, i) => {
      const longest = Math.min(30_000, 500 * 2 ** (i + 1));
      expect(delay).toBeGreaterThanOrEqual(longest / 2);
      expect(delay).toBeLessThanOrEqual(longest);
    });
    expect(delays.length).toBeGreaterThan(20);
  });

  test('R5: two lines that are cut at the same instant do not come back at the same instant', async () => {
    expect((await refusedAttempts(1, 1))[1]).not.toBe((await refusedAttempts(2, 1))[1]);
  });

  test('R5: all connectors together stay within the attempts of one IP, at most 300 in any 5 minutes', async () => {
    const time = new VirtualTime(START);
    const transport = new ScriptedSockets();
    const attempts = new ConnectionAttempts(time);
    const at: number[] = [];
    transport.onConnect = (socket) => {
      at.push(time.elapsedMs());
      time.after(1, () => socket.cut());
    };
    const connectors = Array.from(
      { length: 40 },
      (_, seed) =>
        line({ seed, transport, attempts, clock: time, timers: time, times: { longestDelayMs: 1000 } })
          .connector,
    );
    for (const connector of connectors) connector.start();
    await time.advance(660_000);
    const inWindow = at.map((from) => at.filter((ms) => ms >= from && ms < from + 300_000).length);
    expect(Math.max(...inWindow)).toBeLessThanOrEqual(300);
    expect(at.length).toBeGreaterThan(500);
    for (const connector of connectors) connector.stop();
  });

  test('a connection that has been ready for a minute makes earlier failures forgotten', async () => {
    const { connector, transport, time } = line();
    connector.start();
    for (let i = 0; i < 6; i += 1) {
      transport.last.cut();
      await time.advance(30_000);
    }
    transport.last.open();
    for (let i = 0; i < 4; i += 1) {
      await time.advance(20_000);
      transport.last.ping();
    }
    const before = transport.sockets.length;
    transport.last.cut();
    await time.advance(500);
    expect(transport.sockets).toHaveLength(before + 1);
  });

  test('R2: nobody connects before the end of a ban', async () => {
    const time = new VirtualTime(START);
    const attempts = new ConnectionAttempts(time);
    const { connector, transport } = line({ attempts, clock: time, timers: time });
    attempts.holdUntil(START + 120_000);
    attempts.holdUntil(START + 60_000);
    connector.start();
    await time.advance(119_999);
    expect(transport.sockets).toHaveLength(0);
    await time.advance(1000);
    expect(transport.sockets).toHaveLength(1);
  });
});

describe('the pace of a stream socket', () => {
  const pace = { messagesPerSecond: 4, waitingMax: 8 };

  test('no second holds more than four texts, in their order, and what does not fit is refused', async () => {
    const { connector, transport, time, connections } = line({ pace });
    connector.start();
    transport.last.open();
    const connection = connections[0]!;
    const answers = Array.from({ length: 14 }, (_, i) => connection.send(`${i}`));
    expect(answers.slice(0, 4)).toEqual(['sent', 'sent', 'sent', 'sent']);
    expect(answers.slice(4, 12)).toEqual(Array(8).fill('queued'));
    expect(answers.slice(12)).toEqual(['queue_full', 'queue_full']);
    await time.advance(999);
    expect(transport.last.sent).toHaveLength(4);
    await time.advance(1);
    expect(transport.last.sent).toHaveLength(8);
    await time.advance(1000);
    expect(transport.last.sent).toEqual(Array.from({ length: 12 }, (_, i) => `${i}`));
  });

  test('what waits when the socket closes is dropped with it', async () => {
    const { connector, transport, time, connections } = line({ pace });
    connector.start();
    transport.last.open();
    for (let i = 0; i < 6; i += 1) connections[0]!.send(`${i}`);
    const first = transport.last;
    first.cut();
    await time.advance(5000);
    transport.last.open();
    await time.advance(5000);
    expect(first.sent).toHaveLength(4);
    expect(transport.last.sent).toEqual([]);
  });
});
