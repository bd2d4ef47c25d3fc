import { ok as assertOk } from 'node:assert';
import { quantity } from '@tradewind/core/money';
import { ok } from '@tradewind/core/result';
import { SeededRandom, VirtualTime } from '@tradewind/utils';
import { expect, test } from 'vitest';
import type { OrderStatus } from '../model/enums.ts';
import { makeSigner } from '../signing/make-signer.ts';
import signing from '../signing/signing-vectors.json' with { type: 'json' };
import { ConnectionAttempts } from '../sockets/index.ts';
import { type ScriptedSocket, ScriptedSockets } from '../sockets/scripted-sockets.test-support.ts';
import { WebSocketApi } from '../websocket-api/index.ts';
import { OpenGate } from '../websocket-api/open-gate.test-support.ts';
import { ScriptedAccount } from './account.test-support.ts';
import type { OrderChange } from './order-projection.ts';
import { rawReport } from './reports.test-support.ts';
import { UserStream } from './user-stream.ts';

const START = 1_700_000_000_000;
const STEPS = 120;

/**
 * An account that trades by chance while its stream loses, repeats, delays and garbles events, its sockets are cut, subscriptions
 * end and questions go unanswered. What is true is written down as it happens; it is what the stream must know in the end.
 */
class FaultyVenue {
  readonly transport = new ScriptedSockets();
  readonly account: ScriptedAccount;
  private readonly time: VirtualTime;
  private readonly random: SeededRandom;
  private readonly subscribed = new Set<ScriptedSocket>();
  private executions = 0;
  private trades = 0;
  hasFaults = true;

  constructor(time: VirtualTime, random: SeededRandom) {
    this.time = time;
    this.random = random;
    this.account = new ScriptedAccount(time);
    this.account.tradedAtMs = START;
    this.account.onAsked = (question) => {
      this.account.delayMs = this.below(400);
      if (this.chance(0.05)) this.account.failing.set(question.split(' ')[0] as string, 1);
    };
    this.transport.onConnect = (socket) => {
      this.time.after(1 + this.below(50), () => {
        if (socket.isGone) return;
        if (this.chance(0.2)) socket.cut();
        else socket.open();
      });
      socket.onSent = (text) => this.serve(socket, text);
    };
  }

  place(orderId: number): void {
    this.account.orders.push({ orderId, clientOrderId: `mine-${orderId}`, status: 'NEW', tradeIds: [] });
    this.tell(orderId, { x: 'NEW', X: 'NEW' });
  }

  /** Something happens to an order that is still open, or nothing. */
  happen(): void {
    const open = this.account.orders.filter(
      ({ status }) => status === 'NEW' || status === 'PARTIALLY_FILLED',
    );
    const order = open[this.below(open.length)];
    if (order === undefined) return;
    if (this.chance(0.25)) return this.change(order.orderId, 'CANCELED', order.tradeIds, {});
    this.trades += 1;
    const tradeIds = [...order.tradeIds, this.trades];
    const fill = { t: this.trades, l: '1', L: '10', Y: '10', n: '0.001', N: 'BTC' };
    this.change(order.orderId, tradeIds.length === 3 ? 'FILLED' : 'PARTIALLY_FILLED', tradeIds, fill);
  }

  /** What only happens to a stream. */
  disturb(): void {
    const [socket] = [...this.subscribed].filter(({ isGone }) => !isGone);
    if (socket === undefined) return;
    const what = this.below(6);
    if (what === 0) socket.cut();
    else if (what === 1) socket.say({ event: { e: 'serverShutdown', E: START } });
    else if (what === 2) {
      this.subscribed.delete(socket);
      socket.say({ subscriptionId: 0, event: { e: 'eventStreamTerminated', E: START } });
    }
  }

  /** Every socket is pinged, as the venue does. */
  ping(): void {
    for (const socket of this.transport.sockets) if (socket.isOpened && !socket.isGone) socket.ping();
  }

  private change(orderId: number, status: OrderStatus, tradeIds: readonly number[], fields: object): void {
    this.account.orders = this.account.orders.map((order) =>
      order.orderId === orderId ? { ...order, status, tradeIds } : order,
    );
    const executed = { z: `${tradeIds.length}`, Z: `${10 * tradeIds.length}` };
    const isCancel = status === 'CANCELED';
    const names = isCancel ? { c: `cancel-${orderId}`, C: `mine-${orderId}` } : {};
    this.tell(orderId, { x: isCancel ? 'CANCELED' : 'TRADE', X: status, ...executed, ...names, ...fields });
  }

  private tell(orderId: number, fields: object): void {
    this.executions += 1;
    const raw = rawReport({ i: orderId, c: `mine-${orderId}`, I: this.executions, ...fields });
    const text = JSON.stringify({ subscriptionId: 0, event: raw });
    for (const socket of this.subscribed) {
      if (this.chance(0.15)) continue;
      const copies = this.chance(0.2) ? 2 : 1;
      for (let i = 0; i < copies; i += 1) {
        this.time.after(this.chance(0.3) ? this.below(3000) : 0, () => {
          if (socket.isGone || !socket.isOpened) return;
          socket.say(this.chance(0.03) ? text.slice(0, this.below(text.length)) : text);
        });
      }
    }
  }

  /** Answers subscriptions and pings a little later. */
  private serve(socket: ScriptedSocket, text: string): void {
    const { id, method } = JSON.parse(text) as { id: number; method: string };
    this.time.after(5, () => {
      if (socket.isGone) return;
      if (method.startsWith('userDataStream')) this.subscribed.add(socket);
      socket.say({ id, status: 200, result: { subscriptionId: 0 } });
    });
  }

  private chance(probability: number): boolean {
    return this.hasFaults && this.random.nextFraction() < probability;
  }

  private below(limit: number): number {
    return Math.floor(this.random.nextFraction() * limit);
  }
}

async function run(seed: number): Promise<void> {
  const time = new VirtualTime(START);
  const random = new SeededRandom(seed);
  const venue = new FaultyVenue(time, random);
  const changes: OrderChange[] = [];
  const user = new UserStream(
    {
      clock: time,
      timers: time,
      random: new SeededRandom(seed + 1),
      serverClock: time,
      catchUp: venue.account,
      symbols: ['BTCUSDT'],
    },
    { orderChanged: (change) => changes.push(change) },
  );
  const signer = makeSigner({
    apiKey: signing.keys.hmac_docs.apiKey,
    secret: signing.keys.hmac_docs.secretKey,
  });
  assertOk(signer.ok);
  const api = new WebSocketApi(
    {
      url: 'wss://exchange/ws-api/v3',
      transport: venue.transport,
      clock: time,
      timers: time,
      random: new SeededRandom(seed + 2),
      attempts: new ConnectionAttempts(time),
      gate: new OpenGate(),
      signer: signer.value,
      serverClock: time,
      synchronizer: {
        restoreTrust: () => Promise.resolve(),
        synchronize: () => Promise.resolve(ok({ offsetMs: 0, uncertaintyMs: 1 })),
      },
    },
    user,
  );
  api.start();
  const { orders } = user.account;
  for (let step = 1; step <= STEPS; step += 1) {
    if (step % 4 === 0) {
      orders.track({ symbol: 'BTCUSDT', clientOrderId: `mine-${step}`, quantity: quantity('3') });
      orders.note('BTCUSDT', `mine-${step}`, 'sent');
      // The answer is lost each time: only the stream or a question can tell.
      orders.note('BTCUSDT', `mine-${step}`, 'timed_out');
      venue.place(step);
    } else venue.happen();
    if (step % 10 === 0) venue.disturb();
    venue.ping();
    await time.advance(Math.floor(random.nextFraction() * 8000));
  }
  venue.hasFaults = false;
  for (let i = 0; i < 40; i += 1) {
    venue.ping();
    await time.advance(20_000);
  }
  expect(user.status).toEqual({ state: 'live' });
  const trueStates: Partial<Record<OrderStatus, string>> = {
    NEW: 'working',
    PARTIALLY_FILLED: 'working',
    FILLED: 'filled',
    CANCELED: 'canceled',
  };
  for (const { orderId, status, tradeIds } of venue.account.orders) {
    expect(orders.byClientOrderId('BTCUSDT', `mine-${orderId}`)).toMatchObject({
      isTracked: true,
      unbooked: quantity('0'),
      record: {
        state: trueStates[status],
        venueOrderId: orderId,
        executedQuantity: quantity(`${tradeIds.length}`),
      },
    });
  }
  const told = changes.flatMap(({ fills }) => fills.map(({ tradeId }) => tradeId)).sort((a, b) => a - b);
  expect(told).toEqual(venue.account.orders.flatMap(({ tradeIds }) => tradeIds).sort((a, b) => a - b));
  expect(changes.filter(({ order, conflict }) => !order.isTracked || conflict !== undefined)).toEqual([]);
  expect(user.account.doubts.all).toEqual([]);
  api.stop();
}

/** More through FUZZ_RUNS, a hundredth as many runs as of the smaller tests. */
const SEEDS = Math.max(20, Math.floor(Number(process.env.FUZZ_RUNS ?? 0) / 100));

test.each(Array.from({ length: SEEDS }, (_, seed) => seed))(
  'U1-U8, O1, O11: after lost, repeated, late and garbled events, cuts and silence, every order and fill is what it truly is (seed %i)',
  async (seed) => run(seed),
);
