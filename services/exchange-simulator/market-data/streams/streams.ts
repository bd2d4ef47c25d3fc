import type { Clock, Timers } from '@tradewind/utils';
import { INVALID_TIME_UNIT, readTimeUnit } from '../../notation/time-unit.ts';
import type { ServerSocket, SocketHandler, WireResponse } from '../../wire.ts';
import type { MarketData, MarketSource } from '../market-data.ts';
import { Channel, EventTexts, type Subscriber } from './channel.ts';
import { type Interceptor, STREAMS_MAX, StreamConnection, type Subscriptions } from './connection.ts';
import type { Feed } from './feed.ts';
import { makeMarketFeed, makeSymbolFeed } from './make-feed.ts';
import { parseStreamName, type StreamName } from './stream-name.ts';
import { Ticking } from './ticking.ts';

export interface StreamsOptions {
  readonly source: MarketSource;
  readonly data: MarketData;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Sees every message before it is sent; without one, messages go straight to their sockets. */
  readonly intercept?: Interceptor;
}

interface OpenChannel {
  readonly channel: Channel;
  readonly name: StreamName;
  feed: Feed;
}

/** The market streams: connections in, events of the exchange out. Source: binance-spot.md section 8. */
export class Streams implements Subscriptions {
  readonly intercept: Interceptor | undefined;
  private readonly options: StreamsOptions;
  private readonly ticking: Ticking;
  private readonly channels = new Map<string, OpenChannel>();
  /** The feeds that hear of a symbol. */
  private readonly feedsOf = new Map<string, Set<Feed>>();
  private readonly connections = new Set<StreamConnection>();

  constructor(options: StreamsOptions) {
    this.options = options;
    this.intercept = options.intercept;
    this.ticking = new Ticking(options.clock, options.timers);
    options.source.listen({
      trade: (trade) => {
        for (const feed of this.feedsOf.get(trade.symbol) ?? []) feed.trade?.(trade);
      },
      aggregateTrade: (trade) => {
        for (const feed of this.feedsOf.get(trade.symbol) ?? []) feed.aggregateTrade?.(trade);
      },
      bookChange: (change) => {
        for (const feed of this.feedsOf.get(change.symbol) ?? []) feed.bookChange?.(change);
      },
      wiped: () => this.beginAnew(),
    });
  }

  /** Asked before a socket is opened. @param query  what followed the question mark, undecoded */
  refuse(path: string, query: string): WireResponse | undefined {
    const asked = readTarget(path, query);
    switch (asked) {
      case 'unknown_path':
        return { status: 404, headers: {}, body: '' };
      case 'malformed':
      case 'too_many_streams':
        return { status: 400, headers: {}, body: '' };
      case 'bad_time_unit': {
        const { status, code, message } = INVALID_TIME_UNIT;
        return {
          status,
          headers: { 'content-type': 'application/json;charset=UTF-8' },
          body: JSON.stringify({ code, msg: message }),
        };
      }
      default:
        return undefined;
    }
  }

  /** Takes over a socket that `refuse` let through: pings, its life of 24 h and its limits are kept here. */
  open(socket: ServerSocket, path: string, query: string): SocketHandler {
    const asked = readTarget(path, query);
    if (typeof asked === 'string') {
      socket.close(POLICY_VIOLATION, asked.replaceAll('_', ' '));
      return DEAF;
    }
    const { clock, timers } = this.options;
    const connection = new StreamConnection(socket, this, clock, timers, asked.isCombined, asked.unit);
    this.connections.add(connection);
    connection.subscribe(asked.names);
    return connection;
  }

  get connectionCount(): number {
    return this.connections.size;
  }

  /** Tells every connection `serverShutdown`; when they are closed is up to the caller. */
  announceShutdown(): void {
    const now = this.options.clock.nowMs();
    const event = new EventTexts('!serverShutdown', (time) => ({ e: 'serverShutdown', E: time(now) }));
    for (const connection of this.connections) connection.announceShutdown(event);
  }

  subscribe(name: string, subscriber: Subscriber): void {
    const open = this.channels.get(name) ?? this.openChannel(name);
    open?.channel.add(subscriber);
  }

  unsubscribe(name: string, subscriber: Subscriber): void {
    const open = this.channels.get(name);
    if (open === undefined) return;
    open.channel.remove(subscriber);
    if (!open.channel.isEmpty) return;
    this.channels.delete(name);
    this.silence(open);
  }

  ended(connection: StreamConnection): void {
    this.connections.delete(connection);
  }

  /** Undefined for a name that nothing is told of. */
  private openChannel(name: string): OpenChannel | undefined {
    const parsed = parseStreamName(name);
    if (parsed === undefined) return undefined;
    const channel = new Channel(name);
    const feed = this.makeFeed(parsed, channel);
    if (feed === undefined) return undefined;
    const open: OpenChannel = { channel, name: parsed, feed };
    this.channels.set(name, open);
    this.voice(open);
    return open;
  }

  private makeFeed(name: StreamName, channel: Channel): Feed | undefined {
    const { source, data, clock } = this.options;
    if (name.of === 'market') return makeMarketFeed(name.stream, channel, data, clock);
    const symbol = data.symbol(name.symbol);
    if (symbol === undefined) return undefined;
    return makeSymbolFeed(name.stream, { channel, data: symbol, exchange: source, clock });
  }

  private voice({ feed, name }: OpenChannel): void {
    this.ticking.add(feed);
    if (name.of === 'market') return;
    const feeds = this.feedsOf.get(name.symbol);
    if (feeds === undefined) this.feedsOf.set(name.symbol, new Set([feed]));
    else feeds.add(feed);
  }

  private silence({ feed, name }: OpenChannel): void {
    this.ticking.remove(feed);
    if (name.of === 'market') return;
    const feeds = this.feedsOf.get(name.symbol);
    feeds?.delete(feed);
    if (feeds?.size === 0) this.feedsOf.delete(name.symbol);
  }

  /** Books and statistics have begun anew; who is subscribed stays so. */
  private beginAnew(): void {
    for (const open of this.channels.values()) {
      this.silence(open);
      open.feed = this.makeFeed(open.name, open.channel) ?? open.feed;
      this.voice(open);
    }
  }
}

const POLICY_VIOLATION = 1008;
const DEAF: SocketHandler = { message() {}, pinged() {}, ponged() {}, closed() {} };

interface Target {
  readonly isCombined: boolean;
  readonly unit: 'MILLISECOND' | 'MICROSECOND';
  readonly names: readonly string[];
}

/** `/ws`, `/ws/<stream>` and `/stream?streams=a/b/c`, percent-encoded or not. */
function readTarget(
  path: string,
  query: string,
): Target | 'unknown_path' | 'malformed' | 'bad_time_unit' | 'too_many_streams' {
  const match = /^\/(ws|stream)(?:\/(.*))?$/.exec(path);
  if (match === null) return 'unknown_path';
  const [, root, rest = ''] = match;
  const isCombined = root === 'stream';
  if (isCombined && rest !== '') return 'unknown_path';
  const parameters = new Map(query.split('&').map(splitAtEquals));
  const unitText = parameters.get('timeUnit');
  const unit = unitText === undefined ? 'MILLISECOND' : readTimeUnit(unitText);
  if (unit === undefined) return 'bad_time_unit';
  const list = decode(isCombined ? (parameters.get('streams') ?? '') : rest);
  if (list === undefined) return 'malformed';
  const names = list.split('/').filter((name) => name !== '');
  return names.length > STREAMS_MAX ? 'too_many_streams' : { isCombined, unit, names };
}

function splitAtEquals(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

/** A plus stays a plus: names hold time zones. */
function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
