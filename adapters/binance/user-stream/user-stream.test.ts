import { ok as assertOk } from 'node:assert';
import { quantity, zero } from '@tradewind/core/money';
import { InvariantViolation, ok } from '@tradewind/core/result';
import { SeededRandom, VirtualTime } from '@tradewind/utils';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { makeSigner } from '../signing/make-signer.ts';
import signing from '../signing/signing-vectors.json' with { type: 'json' };
import { ConnectionAttempts } from '../sockets/index.ts';
import { type ScriptedSocket, ScriptedSockets } from '../sockets/scripted-sockets.test-support.ts';
import { WebSocketApi } from '../websocket-api/index.ts';
import { OpenGate } from '../websocket-api/open-gate.test-support.ts';
import { ScriptedAccount } from './account.test-support.ts';
import type { TradesFrom } from './catch-up.ts';
import type { OrderChange } from './order-projection.ts';
import { rawReport } from './reports.test-support.ts';
import examples from './user-event-examples.json' with { type: 'json' };
import { UserStream, type UserStreamLimits } from './user-stream.ts';
import type { UserStreamListener } from './user-stream-listener.ts';

const START = 1_700_000_000_000;
const HMAC = { apiKey: signing.keys.hmac_docs.apiKey, secret: signing.keys.hmac_docs.secretKey };
const ED25519 = {
  apiKey: signing.keys.hmac_docs.apiKey,
  secret: `-----BEGIN PRIVATE KEY-----\n${signing.keys.ed25519_docs_fix_example.privateKeyPkcs8DerBase64}\n-----END PRIVATE KEY-----`,
};

interface Setting {
  readonly limits?: Partial<UserStreamLimits>;
  readonly listener?: Partial<UserStreamListener>;
  readonly bookedThrough?: ReadonlyMap<string, number>;
  readonly key?: { readonly apiKey: string; readonly secret: string };
  /** How far the venue's clock seems to be ahead; right, and so 0, when left out. */
  readonly aheadMs?: () => number;
}

/** A stream over a WebSocket API over scripted sockets, beside an account that answers questions. */
function stream({ limits, listener, bookedThrough, key = HMAC, aheadMs = () => 0 }: Setting = {}) {
  const time = new VirtualTime(START);
  const transport = new ScriptedSockets();
  const account = new ScriptedAccount(time);
  const changes: OrderChange[] = [];
  const log: string[] = [];
  const user = new UserStream(
    {
      clock: time,
      timers: time,
      random: new SeededRandom(1),
      serverClock: { nowMs: () => time.nowMs() + aheadMs() },
      catchUp: account,
      symbols: ['BTCUSDT'],
      ...(bookedThrough === undefined ? {} : { bookedThrough }),
      ...(limits === undefined ? {} : { limits }),
    },
    {
      orderChanged: (change) => {
        listener?.orderChanged?.(change);
        changes.push(change);
      },
      statusChanged: (status) => log.push(status.state),
      doubtChanged: ({ orderId, reason }, has) => log.push(`doubt ${orderId} ${reason} ${has}`),
      quarantined: ({ reason }) => log.push(`quarantined ${reason}`),
      sweepFailed: ({ step }) => log.push(`failed ${step}`),
      balancesChanged: (balances) => log.push(balances.map(({ asset, free }) => `${asset} ${free}`).join()),
      capitalMoved: (movement) => {
        listener?.capitalMoved?.(movement);
        log.push(`moved ${movement.asset} ${movement.delta}`);
      },
      caughtUp: ({ fromMs, toMs, reason }) =>
        log.push(`missed ${fromMs - START} to ${toMs - START}: ${reason}`),
      fillsLost: (count) => log.push(`lost ${count}`),
      listChanged: (list) => {
        listener?.listChanged?.(list);
        log.push(`list ${list.state}`);
      },
      ...(listener?.balancesChanged && { balancesChanged: listener.balancesChanged }),
    },
  );
  const signer = makeSigner(key);
  assertOk(signer.ok);
  const api = new WebSocketApi(
    {
      url: 'wss://exchange/ws-api/v3',
      transport,
      clock: time,
      timers: time,
      random: new SeededRandom(2),
      attempts: new ConnectionAttempts(time),
      gate: new OpenGate(),
      signer: signer.value,
      serverClock: time,
      synchronizer: {
        restoreTrust: () => Promise.resolve(),
        synchronize: () => Promise.resolve(ok({ offsetMs: 0, uncertaintyMs: 1 })),
      },
      logsOn: true,
    },
    user,
  );
  const told = (): number[] => changes.flatMap(({ fills }) => fills.map(({ tradeId }) => tradeId));
  return { time, transport, account, user, api, changes, log, told };
}

type Made = ReturnType<typeof stream>;

const methodsOf = (socket: ScriptedSocket): string[] =>
  socket.sent.map((text) => (JSON.parse(text) as { method: string }).method);

/** Answers everything that waits on the newest socket: log-on, subscription, pings. */
async function answerAll({ time }: Made, socket: ScriptedSocket, from = 0): Promise<void> {
  for (let i = from; i < socket.sent.length; i += 1) {
    const { id } = JSON.parse(socket.sent[i] as string) as { id: number };
    socket.say({ id, status: 200, result: {} });
    await time.advance(0);
  }
}

async function open(made: Made): Promise<ScriptedSocket> {
  const socket = made.transport.last;
  socket.open();
  await made.time.advance(0);
  await answerAll(made, socket);
  return socket;
}

async function live(setting: Setting = {}, before?: (made: Made) => void) {
  const made = stream(setting);
  before?.(made);
  made.api.start();
  const socket = await open(made);
  await made.time.advance(0);
  expect(made.user.status).toEqual({ state: 'live' });
  made.log.length = 0;
  made.account.asked.length = 0;
  return { ...made, socket };
}

const event = (changes: Record<string, unknown>): object => ({
  subscriptionId: 0,
  event: rawReport(changes),
});
const NEW = event({ x: 'NEW', X: 'NEW', I: 1 });
const trade = (tradeId: number, z: number): object =>
  event({
    x: 'TRADE',
    X: z === 3 ? 'FILLED' : 'PARTIALLY_FILLED',
    I: tradeId,
    t: tradeId,
    l: '1',
    L: '10',
    Y: '10',
    z: `${z}`,
    Z: `${10 * z}`,
    n: '0.001',
    N: 'BTC',
  });
const MINE = { symbol: 'BTCUSDT', clientOrderId: 'mine-1', quantity: quantity('3') };

/** Lets time pass with pings, so that the line is not taken for dead. */
async function pass({ time, transport }: Made, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 20_000) {
    await time.advance(Math.min(20_000, left));
    if (transport.last.ended === undefined) transport.last.ping();
  }
}

describe('subscribing', () => {
  test('is signed for keys that cannot log on, and needs nothing in a session that is logged on', async () => {
    const signed = await live();
    expect(methodsOf(signed.socket)).toEqual(['userDataStream.subscribe.signature']);
    const { params } = JSON.parse(signed.socket.sent[0] as string) as { params: object };
    expect(Object.keys(params).sort()).toEqual(['apiKey', 'recvWindow', 'signature', 'timestamp']);
    const session = await live({ key: ED25519 });
    expect(methodsOf(session.socket)).toEqual(['session.logon', 'userDataStream.subscribe']);
    expect(JSON.parse(session.socket.sent[1] as string)).toMatchObject({ params: {} });
  });

  test('that is refused drops the connection and is tried over a new one; an active subscription is as good as a new one', async () => {
    const made = stream();
    made.api.start();
    made.transport.last.open();
    await made.time.advance(0);
    made.transport.last.say({ id: 1, status: 400, error: { code: -2015, msg: 'x' } });
    await made.time.advance(2000);
    expect(made.transport.sockets).toHaveLength(2);
    expect(made.user.status.state).toBe('idle');
    made.transport.last.open();
    await made.time.advance(0);
    made.transport.last.say({ id: 2, status: 400, error: { code: -2035, msg: 'x' } });
    await made.time.advance(0);
    expect(made.user.isLive).toBe(true);
  });
});

describe('a gap', () => {
  test('U2: subscribes and keeps events back, asks the venue, then takes what it kept, and only then is live', async () => {
    const made = await live();
    made.user.account.orders.track(MINE);
    made.socket.say(NEW);
    made.socket.cut(1006, 'reset');
    expect(made.user.status).toMatchObject({ state: 'down', reason: 'reset' });
    // In the gap: two fills. After it, while the questions are under way: the third.
    made.account.orders = [
      { orderId: 7, clientOrderId: 'mine-1', status: 'PARTIALLY_FILLED', tradeIds: [101, 102] },
    ];
    made.account.delayMs = 50;
    await made.time.advance(1000);
    const next = await open(made);
    expect(made.user.status.state).toBe('catching_up');
    next.say(trade(103, 3));
    await made.time.advance(60);
    expect(made.told()).toEqual([]);
    await made.time.advance(100);
    expect(made.told()).toEqual([101, 102, 103]);
    expect(made.user.isLive).toBe(true);
    expect(made.account.asked).toEqual(['open', 'trades by time', 'account']);
    expect(made.user.account.orders.byClientOrderId('BTCUSDT', 'mine-1')?.record.state).toBe('filled');
    expect(made.log).toEqual(['down', 'down', 'catching_up', 'live', 'missed 0 to 1150: reset']);
  });

  test('U2: an order that we believe open and the venue does not is asked for by itself', async () => {
    const made = await live();
    made.user.account.orders.track(MINE);
    made.socket.say(NEW);
    made.account.orders = [{ orderId: 7, clientOrderId: 'mine-1', status: 'CANCELED', tradeIds: [101] }];
    made.socket.cut();
    await made.time.advance(1000);
    await open(made);
    await made.time.advance(0);
    expect(made.account.asked).toEqual(['open', 'order 7', 'trades by time', 'account']);
    expect(made.user.account.orders.byOrderId('BTCUSDT', 7)).toMatchObject({
      record: { state: 'canceled', executedQuantity: quantity('1') },
      unbooked: zero(),
    });
  });

  test('O1, U2: a placement in doubt is asked for by its own id, and then its trade is known to be ours', async () => {
    const made = await live();
    made.user.account.orders.track(MINE);
    made.user.account.orders.note('BTCUSDT', 'mine-1', 'sent');
    made.user.account.orders.note('BTCUSDT', 'mine-1', 'timed_out');
    made.account.orders = [
      { orderId: 7, clientOrderId: 'mine-1', status: 'FILLED', tradeIds: [101, 102, 103] },
    ];
    made.socket.cut();
    await made.time.advance(1000);
    await open(made);
    await made.time.advance(0);
    expect(made.account.asked).toContain('order mine-1');
    expect(made.changes.map(({ order }) => order.isTracked)).not.toContain(false);
    expect(made.told()).toEqual([101, 102, 103]);
  });

  test('U10: a trade of an order that nobody knows is asked for before it is taken, and is somebody else’s', async () => {
    const made = await live();
    made.account.orders = [{ orderId: 9, clientOrderId: 'by-phone', status: 'FILLED', tradeIds: [201] }];
    made.socket.cut();
    await made.time.advance(1000);
    await open(made);
    await made.time.advance(0);
    expect(made.account.asked).toEqual(['open', 'trades by time', 'order 9', 'account']);
    expect(
      made.changes.every(({ order }) => !order.isTracked && order.record.clientOrderId === 'by-phone'),
    ).toBe(true);
    expect(made.told()).toEqual([201]);
  });

  test('O3: an order that is not found stays in doubt; that nobody finds it proves nothing', async () => {
    const made = await live();
    made.user.account.orders.track(MINE);
    made.user.account.orders.note('BTCUSDT', 'mine-1', 'sent');
    made.user.account.orders.note('BTCUSDT', 'mine-1', 'timed_out');
    made.socket.cut();
    await made.time.advance(1000);
    await open(made);
    await made.time.advance(0);
    expect(made.user.isLive).toBe(true);
    expect(made.user.account.orders.byClientOrderId('BTCUSDT', 'mine-1')?.record.state).toBe('unknown');
  });

  test('a question without an answer is asked again, ever later, and nothing is live meanwhile', async () => {
    const made = await live();
    made.account.failing.set('account', 3);
    made.socket.cut();
    await made.time.advance(1000);
    await open(made);
    await made.time.advance(0);
    expect(made.log).toEqual(['down', 'down', 'catching_up', 'failed account']);
    await pass(made, 10_000);
    expect(made.log.slice(3)).toEqual([
      'failed account',
      'failed account',
      'failed account',
      'live',
      expect.stringMatching(/^missed 0 to/),
    ]);
  });

  test('a line that is lost again while catching up gives that up and begins anew', async () => {
    const made = await live();
    made.account.delayMs = 500;
    made.socket.cut();
    await made.time.advance(1000);
    const second = await open(made);
    second.cut();
    await made.time.advance(4000);
    await open(made);
    await made.time.advance(2000);
    expect(made.log).toEqual([
      'down',
      'down',
      'catching_up',
      'down',
      'down',
      'catching_up',
      'live',
      expect.stringMatching(/^missed 0 to/),
    ]);
  });

  test('P5: more events than can be kept back are dropped, and the questions are asked again', async () => {
    const made = stream({ limits: { bufferMax: 2 } });
    made.account.delayMs = 100;
    made.api.start();
    const socket = await open(made);
    made.account.orders = [
      { orderId: 7, clientOrderId: 'mine-1', status: 'FILLED', tradeIds: [101, 102, 103] },
    ];
    for (const z of [1, 2, 3]) socket.say(trade(100 + z, z));
    await made.time.advance(5000);
    expect(made.user.isLive).toBe(true);
    expect(made.account.asked.filter((question) => question === 'open')).toHaveLength(2);
    expect(made.told()).toEqual([101, 102, 103]);
  });
});

describe('a subscription', () => {
  test('U3: that ends on a healthy socket is no stream any more, and is made anew with a catch-up', async () => {
    const made = await live();
    made.socket.say(examples.eventStreamTerminated);
    expect(made.user.status).toMatchObject({ state: 'down', reason: 'eventStreamTerminated' });
    expect(made.api.state).toBe('ready');
    await made.time.advance(0);
    await answerAll(made, made.socket, 1);
    expect(methodsOf(made.socket)).toEqual(Array(2).fill('userDataStream.subscribe.signature'));
    expect(made.log).toEqual(['down', 'catching_up', 'live', 'missed 0 to 0: eventStreamTerminated']);
  });

  test('U3: that cannot be made anew drops the connection', async () => {
    const made = await live();
    made.socket.say(examples.eventStreamTerminated);
    await made.time.advance(0);
    made.socket.say({ id: 2, status: 400, error: { code: -1008, msg: 'x' } });
    await made.time.advance(0);
    expect(made.socket.ended).toBe('terminated');
  });

  test('U8: on serverShutdown the next link is subscribed before the old one closes, and the stream never stops being live', async () => {
    const made = await live();
    await pass(made, 80_000);
    made.user.account.orders.track(MINE);
    made.socket.say(NEW);
    made.socket.say({ event: { e: 'serverShutdown', E: 1_770_123_456_789 } });
    const next = await open(made);
    // Both deliver the burst (U4), one of them not all of it.
    for (const z of [1, 2]) made.socket.say(trade(100 + z, z));
    for (const z of [1, 2, 3]) next.say(trade(100 + z, z));
    made.socket.cut(1001, 'going away');
    await pass(made, 20_000);
    expect(made.told()).toEqual([101, 102, 103]);
    expect(made.log).toEqual([]);
    expect(made.user.isLive).toBe(true);
    expect(made.account.asked[0]).toBe('open');
  });
});

describe('loss without a sign', () => {
  test('U1: a fill that the stream never told is found by the next sweep, and told once', async () => {
    const made = await live();
    made.user.account.orders.track(MINE);
    made.socket.say(NEW);
    made.account.orders = [
      { orderId: 7, clientOrderId: 'mine-1', status: 'PARTIALLY_FILLED', tradeIds: [101] },
    ];
    await pass(made, 300_000);
    expect(made.told()).toEqual([101]);
    // The stream that lost it is believed no longer, and replaced without a gap.
    expect(made.transport.sockets).toHaveLength(2);
    const next = await open(made);
    expect(methodsOf(next)).toEqual(['userDataStream.subscribe.signature']);
    made.socket.say(trade(101, 1));
    await pass(made, 300_000);
    expect(made.told()).toEqual([101]);
    expect(made.log).toEqual(['lost 1']);
    expect(made.user.isLive).toBe(true);
  });

  test('U1, U2: while no stream can be had the sweep goes on, and what it finds is told once', async () => {
    const made = await live({ limits: { sweepEveryMs: 30_000 } });
    made.socket.cut();
    made.account.orders = [{ orderId: 7, clientOrderId: 'x', status: 'FILLED', tradeIds: [1] }];
    await made.time.advance(30_000);
    expect(made.user.status).toMatchObject({ state: 'down' });
    expect(made.told()).toEqual([1]);
    // It knows of no fill whether the stream would have told it.
    expect(made.log.filter((line) => line.startsWith('lost'))).toEqual([]);
    made.account.orders = [{ orderId: 7, clientOrderId: 'x', status: 'FILLED', tradeIds: [1, 2] }];
    await made.time.advance(30_000);
    expect(made.told()).toEqual([1, 2]);
    while (made.transport.last.isGone) await made.time.advance(100);
    await open(made);
    await made.time.advance(0);
    expect(made.user.status).toEqual({ state: 'live' });
    await made.time.advance(60_000);
    expect(made.told()).toEqual([1, 2]);
  });

  test('U1, U2: a stream that is refused from the beginning does not keep the sweep from finding fills', async () => {
    const made = stream({ limits: { sweepEveryMs: 30_000 } });
    made.account.tradedAtMs = START;
    made.account.orders = [{ orderId: 7, clientOrderId: 'x', status: 'FILLED', tradeIds: [1] }];
    made.api.start();
    made.transport.last.cut();
    await made.time.advance(30_000);
    expect(made.user.status).toEqual({ state: 'idle' });
    expect(made.told()).toEqual([1]);
  });

  test('U2: a sweep whose answer is still out when the stream is back is given up for the catch-up', async () => {
    const made = await live({ limits: { sweepEveryMs: 30_000 } });
    made.socket.cut();
    made.account.orders = [{ orderId: 7, clientOrderId: 'x', status: 'FILLED', tradeIds: [1] }];
    made.account.delayMs = 1_000;
    await made.time.advance(30_500);
    made.account.asked.length = 0;
    await open(made);
    await made.time.advance(10_000);
    expect(made.user.status).toEqual({ state: 'live' });
    expect(made.told()).toEqual([1]);
    expect(made.account.asked.filter((question) => question === 'open')).toHaveLength(1);
  });

  test('fills that a sweep has settled are remembered by one number, and older ones are not asked for again', async () => {
    const made = await live({ bookedThrough: new Map([['BTCUSDT', 100]]) }, ({ account }) => {
      account.tradedAtMs = START - 60_000;
      account.orders = [{ orderId: 7, clientOrderId: 'old', status: 'FILLED', tradeIds: [99, 101, 102] }];
    });
    expect(made.told()).toEqual([101, 102]);
    expect(made.user.account.orders.rememberedFills).toBe(0);
    await pass(made, 300_000);
    expect(made.account.asked).toContain('trades 103');
    expect(made.told()).toEqual([101, 102]);
  });

  test('C1: trades are asked for from a minute before the beginning, though our clock was wrong then', async () => {
    let aheadMs = 3_600_000;
    const asked: TradesFrom[] = [];
    const made = stream({ aheadMs: () => aheadMs });
    const trades = made.account.trades.bind(made.account);
    made.account.trades = (symbol, from) => {
      asked.push(from);
      return trades(symbol, from);
    };
    await made.time.advance(5000);
    aheadMs = 0;
    made.api.start();
    await open(made);
    await made.time.advance(0);
    expect(asked).toEqual([{ timeMs: START - 60_000 }]);
  });

  test('I3: the two fills of a trade with oneself are told though a page of trades ends between them', async () => {
    const made = await live({ bookedThrough: new Map([['BTCUSDT', 0]]) }, ({ account }) => {
      account.tradedAtMs = START - 60_000;
      const upTo = (last: number): number[] => Array.from({ length: last }, (_, i) => i + 1);
      account.orders = [
        { orderId: 7, clientOrderId: 'buy', status: 'FILLED', tradeIds: upTo(1000) },
        { orderId: 8, clientOrderId: 'sell', status: 'FILLED', tradeIds: [1000, 1001] },
      ];
    });
    const fills = made.changes.flatMap((change) => change.fills);
    expect(fills).toHaveLength(1002);
    expect(fills.filter(({ tradeId }) => tradeId === 1000).map(({ orderId }) => orderId)).toEqual([7, 8]);
    expect(made.user.account.orders.rememberedFills).toBe(0);
  });

  test('an answer that is older than a doubt does not settle it', async () => {
    const made = await live();
    const { orders } = made.user.account;
    orders.track(MINE);
    made.socket.say(NEW);
    made.account.orders = [{ orderId: 7, clientOrderId: 'mine-1', status: 'NEW', tradeIds: [] }];
    made.account.delayMs = 1000;
    made.account.onAsked = (question) => {
      if (question !== 'open') return;
      // After the question has left: a cancel, and no answer to it.
      made.time.after(500, () => {
        orders.note('BTCUSDT', 'mine-1', 'cancel_sent');
        orders.note('BTCUSDT', 'mine-1', 'timed_out');
      });
      made.account.onAsked = undefined;
    };
    await pass(made, 301_500);
    expect(orders.byOrderId('BTCUSDT', 7)?.record.state).toBe('cancel_unknown');
    await pass(made, 305_000);
    expect(orders.byOrderId('BTCUSDT', 7)?.record.state).toBe('working');
  });
});

describe('what cannot be taken', () => {
  test('U11: an event whose handler throws is kept, its order is in doubt, the others go on, and it is told again', async () => {
    let broken = true;
    const made = await live({
      listener: {
        orderChanged: ({ fills }) => {
          if (broken && fills[0]?.tradeId === 101) throw new Error('the books are closed');
        },
      },
    });
    made.user.account.orders.track(MINE);
    made.socket.say(NEW);
    made.socket.say(trade(101, 1));
    made.socket.say(event({ i: 8, c: 'another' }));
    expect(made.user.account.orders.byOrderId('BTCUSDT', 8)?.record.state).toBe('working');
    expect(made.log).toEqual(['quarantined handler_threw', 'doubt 7 handler_threw arisen']);
    expect(made.user.account.quarantine.events[0]?.text).toContain('"t":101');
    broken = false;
    made.account.orders = [
      { orderId: 7, clientOrderId: 'mine-1', status: 'PARTIALLY_FILLED', tradeIds: [101] },
    ];
    await made.time.advance(3000);
    expect(made.told()).toEqual([101]);
    expect(made.log).toContain('doubt 7 handler_threw ended');
  });

  test('U11: balances whose handler throws are asked for soon, and told again', async () => {
    let broken = true;
    const told: string[] = [];
    const made = await live({
      listener: {
        balancesChanged: (balances) => {
          if (broken) throw new Error('the books are closed');
          told.push(...balances.map(({ asset, free }) => `${asset} ${free}`));
        },
      },
    });
    const position = { e: 'outboundAccountPosition', E: 30, u: 30, B: [{ a: 'BTC', f: '3', l: '0' }] };
    made.socket.say({ subscriptionId: 0, event: position });
    expect(made.user.account.balances.of('BTC')).toBeUndefined();
    broken = false;
    made.account.balances = { BTC: '3' };
    made.account.updatedTimeMs = 30;
    await made.time.advance(3000);
    expect(told).toEqual([`BTC ${quantity('3')}`]);
  });

  test('U11: a catch-up is not done while its balances are not taken', async () => {
    let broken = true;
    const made = stream({
      listener: {
        balancesChanged: () => {
          if (broken) throw new Error('the books are closed');
        },
      },
    });
    made.account.balances = { BTC: '3' };
    made.api.start();
    await open(made);
    await made.time.advance(0);
    expect(made.user.isLive).toBe(false);
    broken = false;
    await made.time.advance(3000);
    expect(made.user.isLive).toBe(true);
    expect(made.user.account.balances.of('BTC')?.free).toBe(quantity('3'));
  });

  test('U11, B4: a deposit and a list whose handlers throw are told again when they come again', async () => {
    const throwOnce = () => {
      let broken = true;
      return (): void => {
        if (!broken) return;
        broken = false;
        throw new Error('the books are closed');
      };
    };
    const made = await live({
      listener: { capitalMoved: throwOnce(), listChanged: throwOnce() },
    });
    for (const frame of [examples.balanceUpdate, examples.listStatus]) {
      made.log.length = 0;
      for (let i = 0; i < 3; i += 1) made.socket.say(frame);
      expect(made.log).toEqual([
        'quarantined handler_threw',
        frame === examples.listStatus ? 'list executing' : `moved BTC ${quantity('100')}`,
      ]);
    }
  });

  test('U11: a handler that throws again and again stops the stream, loudly', async () => {
    const made = await live({
      listener: {
        orderChanged: () => {
          throw new Error('the books are closed');
        },
      },
    });
    for (const i of [1, 2, 3, 4]) made.socket.say(event({ i, c: `mine-${i}` }));
    expect(made.user.status).toEqual({ state: 'stopped', reason: 'handlers_throw' });
    expect(made.log.filter((line) => line === 'quarantined handler_threw')).toHaveLength(3);
  });

  test('U11: a broken assumption is kept for a look and not carried on with', async () => {
    const made = await live({
      listener: {
        orderChanged: () => {
          throw new InvariantViolation('the books balance');
        },
      },
    });
    expect(() => made.socket.say(NEW)).toThrow(InvariantViolation);
    expect(made.user.account.quarantine.count).toBe(1);
  });

  test('U11: an event that cannot be read puts its order in doubt, and the venue is asked soon', async () => {
    const made = await live();
    made.user.account.orders.track(MINE);
    made.socket.say(NEW);
    made.account.orders = [
      { orderId: 7, clientOrderId: 'mine-1', status: 'PARTIALLY_FILLED', tradeIds: [101] },
    ];
    made.socket.say(event({ x: 'TRADE', X: 'PARTIALLY_FILLED', t: 101, l: 'one', z: '1' }));
    expect(made.log).toEqual(['quarantined unreadable', 'doubt 7 unreadable_event arisen']);
    await made.time.advance(3000);
    expect(made.told()).toEqual([101]);
    expect(made.log.at(-1)).toBe('doubt 7 unreadable_event ended');
  });

  test('M10: an event of an unknown name is kept for a look, and nothing else happens', async () => {
    const made = await live();
    made.socket.say({ event: { e: 'somethingNew', E: 1 } });
    expect(made.log).toEqual(['quarantined unknown_event']);
    expect(made.user.isLive).toBe(true);
  });

  test('a steady flow of what cannot be read does not put off asking the venue', async () => {
    const made = await live();
    for (let i = 0; i < 4; i += 1) {
      made.socket.say('{');
      await made.time.advance(900);
    }
    expect(made.account.asked[0]).toBe('open');
  });

  test('too many orders in doubt stop the stream', async () => {
    const made = await live({ limits: { doubtsMax: 2 } });
    for (const i of [1, 2, 3]) made.socket.say(event({ i, q: 'much' }));
    expect(made.user.status).toEqual({ state: 'stopped', reason: 'too_many_doubts' });
  });
});

describe('balances', () => {
  const position = (u: number, balances: Record<string, string>): object => ({
    subscriptionId: 0,
    event: {
      e: 'outboundAccountPosition',
      E: u,
      u,
      B: Object.entries(balances).map(([a, f]) => ({ a, f, l: '0.00000000' })),
    },
  });

  test('U9: are merged per asset by the time of the update: what is not named stays, what is older is ignored', async () => {
    const made = await live({}, ({ account }) => {
      account.balances = { BTC: '1', USDT: '1000' };
      account.updatedTimeMs = 10;
    });
    made.socket.say(position(30, { BTC: '3' }));
    made.socket.say(position(20, { BTC: '2', USDT: '900' }));
    const { balances } = made.user.account;
    expect(balances.of('BTC')?.free).toBe(quantity('3'));
    expect(balances.of('USDT')?.free).toBe(quantity('900'));
    expect(made.log).toEqual([`BTC ${quantity('3')}`, `USDT ${quantity('900')}`]);
  });

  test('U9: any order of position events ends in the same balances', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(
          fc.record({ u: fc.nat(50), asset: fc.constantFrom('A', 'B', 'C'), free: fc.nat(99) }),
          {
            selector: ({ u, asset }) => `${u} ${asset}`,
            maxLength: 12,
          },
        ),
        fc.integer(),
        (events, seed) => {
          const random = new SeededRandom(seed);
          const order = events.map((each) => ({ each, at: random.nextUint32() })).sort((a, b) => a.at - b.at);
          const { user } = stream();
          const { balances } = user.account;
          for (const { each } of order)
            balances.merge([{ asset: each.asset, free: quantity(`${each.free}`), locked: zero() }], each.u);
          for (const asset of ['A', 'B', 'C']) {
            const newest = events.filter((each) => each.asset === asset).sort((a, b) => b.u - a.u)[0];
            expect(balances.of(asset)?.free).toBe(newest && quantity(`${newest.free}`));
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  test('B4, U4: a deposit is told once, though it comes twice, and changes no balance by itself', async () => {
    const made = await live();
    made.socket.say(examples.balanceUpdate);
    made.socket.say(examples.balanceUpdate);
    expect(made.log).toEqual([`moved BTC ${quantity('100')}`]);
    expect(made.user.account.balances.of('BTC')).toBeUndefined();
  });
});

describe('order lists', () => {
  const list = (changes: object): object => ({
    subscriptionId: 0,
    event: { ...examples.listStatus.event, s: 'BTCUSDT', ...changes },
  });
  const leg = (i: number, c: string, changes: object): object => event({ i, c, g: 2, ...changes });
  const filled = {
    x: 'TRADE',
    X: 'FILLED',
    t: 5,
    l: '3',
    L: '10',
    Y: '30',
    z: '3',
    Z: '30',
    n: '0',
    N: null,
  };
  const STORY = [
    list({ l: 'EXEC_STARTED', L: 'EXECUTING' }),
    leg(17, 'take', { x: 'NEW', X: 'NEW', I: 1 }),
    leg(18, 'stop', { x: 'NEW', X: 'NEW', I: 2, w: false }),
    leg(18, 'stop', { x: 'EXPIRED', X: 'EXPIRED', I: 3, eR: 'OCO_TRIGGER' }),
    leg(17, 'take', { ...filled, I: 4 }),
    list({ l: 'ALL_DONE', L: 'ALL_DONE' }),
  ];

  test('O15: whatever order the events of a pair come in, one leg is filled once, the other expired, and the list is done', async () => {
    const made = await live();
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(STORY, { minLength: STORY.length }),
        fc.nat(STORY.length - 1),
        async (events, again) => {
          const { user, socket, told, changes } = await live();
          user.account.orders.track({ symbol: 'BTCUSDT', clientOrderId: 'take', quantity: quantity('3') });
          user.account.orders.track({ symbol: 'BTCUSDT', clientOrderId: 'stop', quantity: quantity('3') });
          for (const each of [...events, STORY[again] as object]) socket.say(each);
          expect(user.account.orders.byOrderId('BTCUSDT', 17)?.record).toMatchObject({
            state: 'filled',
            executedQuantity: quantity('3'),
          });
          expect(user.account.orders.byOrderId('BTCUSDT', 18)?.record).toMatchObject({
            state: 'expired',
            executedQuantity: zero(),
          });
          expect(user.account.lists.of('BTCUSDT', 2)).toMatchObject({ state: 'done', orderIds: [17, 18] });
          expect(told()).toEqual([5]);
          expect(changes.filter(({ conflict }) => conflict !== undefined)).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
    expect(made.user.isLive).toBe(true);
  });
});

test('stopping is for good: nothing is heard, asked or told any more', async () => {
  const made = await live();
  made.user.stop();
  made.socket.say(NEW);
  await pass(made, 400_000);
  expect(made.log).toEqual(['stopped']);
  expect(made.changes).toEqual([]);
  expect(made.account.asked).toEqual([]);
});

const RUNS = Number(process.env.FUZZ_RUNS ?? 300);

test(`mutated events neither crash the stream nor book what was not traded (${RUNS} runs)`, async () => {
  const frames = [
    NEW,
    trade(101, 1),
    trade(102, 2),
    trade(103, 3),
    examples.outboundAccountPosition,
    examples.listStatus,
    examples.balanceUpdate,
  ].map((frame) => JSON.stringify(frame));
  const mutation = fc.record({
    frame: fc.nat(frames.length - 1),
    at: fc.nat(700),
    remove: fc.nat(10),
    insert: fc.oneof(
      fc.string({ maxLength: 3 }),
      fc.constantFrom('"', '{', '}', ',', 'null', '-', '1e400', '"__proto__":{},'),
    ),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(mutation, { maxLength: 8 }), async (mutations) => {
      const made = await live({ limits: { doubtsMax: 100 } });
      made.user.account.orders.track(MINE);
      for (const { frame, at, remove, insert } of mutations) {
        const text = frames[frame] as string;
        if (made.socket.ended === undefined)
          made.socket.say(text.slice(0, at) + insert + text.slice(at + remove));
      }
      await made.time.advance(5000);
      // No fill twice, and no order executes more than its fills and the venue's own figure say.
      const names = made.changes.flatMap(({ fills }) =>
        fills.map(({ symbol, tradeId }) => `${symbol} ${tradeId}`),
      );
      expect(new Set(names).size).toBe(names.length);
      for (const { order } of made.changes) expect(order.record.executedQuantity >= zero()).toBe(true);
      if (made.user.isLive) {
        made.socket.say(event({ i: 4_000_000_000, c: 'after-all-that' }));
        const after = made.user.account.orders.byOrderId('BTCUSDT', 4_000_000_000);
        expect(after?.record).toMatchObject({ state: 'working', executedQuantity: zero() });
      } else expect(made.user.status.state).not.toBe('idle');
      made.api.stop();
    }),
    { numRuns: RUNS },
  );
});
