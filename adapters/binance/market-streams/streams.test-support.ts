import { SeededRandom, VirtualTime } from '@tradewind/utils';
import { ConnectionAttempts, SocketConnector, STREAM_PACE } from '../sockets/index.ts';
import { type ScriptedSocket, ScriptedSockets } from '../sockets/scripted-sockets.test-support.ts';
import type { MarketListener } from './market-listener.ts';
import { MarketStreams, type MarketStreamsOptions } from './market-streams.ts';
import { market } from './plain-reading.test-support.ts';
import { nameOf, type Stream } from './stream.ts';

interface Control {
  readonly method: string;
  readonly params?: readonly string[];
  readonly id: number;
}

/**
 * The venue's side of stream sockets, as binance-spot.md section 8.2 says: it keeps a list of subscriptions for each socket
 * and answers what is asked, when the test lets it.
 */
class ScriptedVenue {
  readonly sockets = new ScriptedSockets();
  /** Whether requests are answered when `serve` is called. */
  isAnswering = true;
  private readonly served = new Map<ScriptedSocket, number>();
  private readonly subscribed = new Map<ScriptedSocket, Set<string>>();

  /** What the venue believes a socket is subscribed to. */
  names(socket: ScriptedSocket): Set<string> {
    let names = this.subscribed.get(socket);
    if (names === undefined) {
      names = new Set();
      this.subscribed.set(socket, names);
    }
    return names;
  }

  /** Every request of a socket so far. */
  requests(socket: ScriptedSocket): Control[] {
    return socket.sent.map((text) => JSON.parse(text) as Control);
  }

  /** Answers what has been asked and not been answered. @returns whether there was anything */
  serve(): boolean {
    let hasServed = false;
    for (const socket of this.sockets.sockets) {
      const requests = this.requests(socket);
      for (let i = this.served.get(socket) ?? 0; i < requests.length && this.isAnswering; i += 1) {
        this.served.set(socket, i + 1);
        hasServed = true;
        this.answer(socket, requests[i]!);
      }
    }
    return hasServed;
  }

  private answer(socket: ScriptedSocket, { method, params = [], id }: Control): void {
    const names = this.names(socket);
    if (method === 'SUBSCRIBE') for (const name of params) names.add(name);
    if (method === 'UNSUBSCRIBE') for (const name of params) names.delete(name);
    if (socket.ended === undefined)
      socket.say({ result: method === 'LIST_SUBSCRIPTIONS' ? [...names] : null, id });
  }
}

export const MARKETS = [market('BTCUSDT', 2, 8), market('ETHBTC', 6, 4), market('BNBBTC', 7, 3)];

/** Streams over real connectors and scripted sockets in virtual time, and all that they told. */
export function makeStreams(
  more: Partial<MarketStreamsOptions> & { readonly tell?: MarketListener } = {},
  replaceAfterMs = 23 * 3_600_000,
) {
  const time = new VirtualTime(1_700_000_000_000);
  const venue = new ScriptedVenue();
  const attempts = new ConnectionAttempts(time);
  const told: string[] = [];
  const note = (what: string) => (stream: Stream) => void told.push(`${what} ${nameOf(stream)}`);
  const streams = new MarketStreams({
    markets: MARKETS,
    clock: time,
    timers: time,
    connect: (listener) =>
      new SocketConnector(
        {
          url: () => 'wss://stream.example/stream',
          transport: venue.sockets,
          clock: time,
          timers: time,
          random: new SeededRandom(1),
          attempts,
          pace: STREAM_PACE,
          times: { replaceAfterMs },
        },
        listener,
      ),
    listener: {
      up: note('up'),
      down: note('down'),
      silent: note('silent'),
      heard: note('heard'),
      restarted: note('restarted'),
      gap: ({ stream, firstMissingId, lastMissingId }) =>
        void told.push(`gap ${nameOf(stream)} ${firstMissingId}-${lastMissingId}`),
      trade: ({ id }) => void told.push(`trade ${id}`),
      aggTrade: ({ id }) => void told.push(`aggTrade ${id}`),
      quote: ({ updateId }) => void told.push(`quote ${updateId}`),
      depth: ({ firstUpdateId, lastUpdateId }) => void told.push(`depth ${firstUpdateId}-${lastUpdateId}`),
      event: (event) => void told.push(`event ${event.kind}`),
      barMissing: ({ openTimeMs }) => void told.push(`missing ${openTimeMs}`),
      messageRefused: (refusal) => void told.push(`refused ${JSON.stringify(refusal)}`),
      subscriptionRefused: ({ kind }, { code }) => void told.push(`subscription refused ${kind} ${code}`),
      ...more.tell,
    },
    ...more,
  });
  /** Lets time pass in small steps, the venue answering in between; `whileItPasses` says what else it does. */
  const pass = async (ms: number, stepMs = 250, whileItPasses?: () => void): Promise<void> => {
    for (let passed = 0; passed < ms; passed += stepMs) {
      await time.advance(Math.min(stepMs, ms - passed));
      whileItPasses?.();
      while (venue.serve()) await time.advance(0);
    }
  };
  /** Connects the sockets that wait to be opened, and lets subscriptions settle. */
  const connect = async (): Promise<void> => {
    await pass(1000);
    for (const socket of venue.sockets.sockets) if (!opened.has(socket)) open(socket);
    await pass(5000);
  };
  const opened = new Set<ScriptedSocket>();
  const open = (socket: ScriptedSocket): void => {
    opened.add(socket);
    socket.open();
  };
  const heard = (): string[] => told.splice(0);
  return { time, venue, streams, told, heard, pass, connect, open };
}

export const combined = (stream: Stream, data: object): object => ({ stream: nameOf(stream), data });

export const tradeEvent = (id: number, eventTimeMs = 1_700_000_000_000) => ({
  e: 'trade',
  E: eventTimeMs,
  s: 'BTCUSDT',
  t: id,
  p: '30000.01',
  q: '0.5',
  T: eventTimeMs,
  m: true,
  M: true,
});
