import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { inspect } from 'node:util';
import { parseAmount, parsePrice, parseQuantity } from '@tradewind/core/money';
import type { Side } from '@tradewind/core/orders';
import { invariant, type Result } from '@tradewind/core/result';
import { VirtualTime } from '@tradewind/utils';
import { EXCHANGE_INFO } from '../conformance/exchange-info.test-support.ts';
import { Exchange } from '../exchange/index.ts';
import { MarketData } from '../market-data/index.ts';
import { UserEvents } from '../user-events/index.ts';
import type { ServerSocket, SocketHandler, WireResponse } from '../wire.ts';
import { AddressLimits, BAN_RULES } from './limits/address-limits.ts';
import { readRateLimits } from './limits/read-rate-limits.ts';
import { RestApi } from './rest/rest-api.ts';
import { WebSocketApi } from './websocket-api/websocket-api.ts';

export type Sent = Readonly<Record<string, string | number>>;

/** A key as its owner holds it. */
export interface Holder {
  readonly apiKey: string;
  readonly account: number;
  readonly signature: (text: string) => string;
}

/** 2023-11-14T22:14:00Z: a whole minute. */
export const START_MS = 1_700_000_040_000;
export const ADDRESS = '127.0.0.1';
const ED25519 = generateKeyPairSync('ed25519');
const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 });

export interface VenueOptions {
  readonly exchangeInfo?: object;
  readonly refusalsBeforeBan?: number;
}

/** Both APIs in front of an exchange of their own, asked and answered in virtual time. */
export class Venue {
  readonly time = new VirtualTime(START_MS);
  readonly exchange: Exchange;
  readonly limits: AddressLimits;
  readonly rest: RestApi;
  readonly webSocket: WebSocketApi;
  readonly trader: Holder;
  readonly house: Holder;

  constructor(options: VenueOptions = {}) {
    const exchangeInfo = { ...EXCHANGE_INFO, ...options.exchangeInfo };
    this.exchange = new Exchange({ clock: this.time, exchangeInfo });
    const marketData = new MarketData(this.exchange, this.time);
    this.limits = new AddressLimits(readRateLimits(this.exchange.exchangeInfo), {
      ...BAN_RULES,
      refusalsBeforeBan: options.refusalsBeforeBan ?? BAN_RULES.refusalsBeforeBan,
    });
    const services = { exchange: this.exchange, marketData, limits: this.limits, clock: this.time };
    this.rest = new RestApi(services);
    this.webSocket = new WebSocketApi(services);
    const sink = { tell: this.webSocket.deliver.bind(this.webSocket) };
    this.exchange.listen(new UserEvents(sink, this.webSocket, this.time));
    this.trader = this.hmac(this.openAccount({ BTC: '10', ETH: '100', USDT: '1000000' }));
    this.house = this.hmac(this.openAccount({ BTC: '1000', ETH: '1000', USDT: '100000000' }));
    this.trade('BTCUSDT', '60000', '0.01');
  }

  openAccount(balances: Readonly<Record<string, string>>): number {
    return this.exchange.openAccount({
      balances: Object.entries(balances).map(([asset, text]) => [asset, unwrap(parseAmount(asset, text))]),
    });
  }

  /** The house meets itself at a price, so that there is a last price. */
  trade(symbol: string, price: string, quantity: string): void {
    const other = this.openAccount({ BTC: '1000', ETH: '1000', USDT: '100000000' });
    this.byHand(other, symbol, 'SELL', price, quantity);
    this.byHand(this.house.account, symbol, 'BUY', price, quantity);
  }

  /** A limit order that is not counted, priced or asked for over the wire. */
  byHand(account: number, symbol: string, side: Side, price: string, quantity: string): number {
    const placed = this.exchange.placeByHand(account, symbol, {
      side,
      type: 'LIMIT',
      timeInForce: 'GTC',
      price: unwrap(parsePrice(price)),
      quantity: unwrap(parseQuantity(quantity)),
    });
    return unwrap(placed).order.orderId;
  }

  private keys = 0;

  /** 64 characters, as keys have. */
  private nextApiKey(): string {
    this.keys += 1;
    return `key${this.keys}`.padEnd(64, 'x');
  }

  hmac(account: number, rights: Partial<Rights> = {}, allowedAddresses?: readonly string[]): Holder {
    const apiKey = this.nextApiKey();
    const secret = `secret of ${apiKey}`;
    this.addKey(apiKey, account, 'HMAC', secret, rights, allowedAddresses);
    return { apiKey, account, signature: (text) => createHmac('sha256', secret).update(text).digest('hex') };
  }

  ed25519(account: number): Holder {
    return this.asymmetric(account, 'ED25519', ED25519, null);
  }

  rsa(account: number): Holder {
    return this.asymmetric(account, 'RSA', RSA, 'sha256');
  }

  private asymmetric(
    account: number,
    kind: 'ED25519' | 'RSA',
    pair: { publicKey: KeyObject; privateKey: KeyObject },
    digest: 'sha256' | null,
  ): Holder {
    const apiKey = this.nextApiKey();
    const pem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    this.addKey(apiKey, account, kind, pem, {}, undefined);
    const signature = (text: string): string =>
      sign(digest, Buffer.from(text), pair.privateKey).toString('base64');
    return { apiKey, account, signature };
  }

  private addKey(
    apiKey: string,
    account: number,
    kind: 'HMAC' | 'ED25519' | 'RSA',
    secret: string,
    rights: Partial<Rights>,
    allowedAddresses: readonly string[] | undefined,
  ): void {
    const permissions = { read: true, trade: true, withdraw: false, ...rights };
    this.exchange.addKey({ apiKey, account, kind, secret, permissions, allowedAddresses });
  }

  /** A request as it is, without a signature. */
  raw(method: string, path: string, query = '', more: RawOptions = {}): WireResponse {
    return this.rest.handle(
      {
        method,
        path,
        query,
        headers: more.headers ?? {},
        body: more.body ?? '',
        remoteAddress: more.address ?? ADDRESS,
      },
      this.time.nowMs(),
      this.time.nowMs() + (more.delayMs ?? 0),
    );
  }

  /** A public request, its answer parsed. */
  get(path: string, sent: Sent = {}, more: RawOptions = {}): Answered {
    return answered(this.raw('GET', path, queryOf(sent), more));
  }

  /** A signed request, its answer parsed. The timestamp is of now unless it is sent. */
  signed(
    method: string,
    path: string,
    sent: Sent = {},
    holder = this.trader,
    more: RawOptions = {},
  ): Answered {
    const text = queryOf({ ...sent, timestamp: sent.timestamp ?? this.time.nowMs() });
    const query = `${text}&signature=${encodeURIComponent(holder.signature(text))}`;
    const headers = { 'x-mbx-apikey': holder.apiKey, ...more.headers };
    return answered(this.raw(method, path, query, { ...more, headers }));
  }

  open(query = '', address = ADDRESS): Client {
    return new Client(this, query, address);
  }
}

interface Rights {
  read: boolean;
  trade: boolean;
  withdraw: boolean;
}

export interface RawOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly address?: string;
  readonly delayMs?: number;
}

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

const answered = (response: WireResponse): Answered => ({
  status: response.status,
  headers: response.headers,
  body: JSON.parse(response.body) as unknown,
});

export const queryOf = (sent: Sent): string =>
  Object.entries(sent)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
    .join('&');

/** A client of the WebSocket API: what it sends is answered before the call returns. */
export class Client {
  readonly frames: string[] = [];
  closed: string | undefined;
  bufferedBytes = 0;
  private readonly venue: Venue;
  private readonly handler: SocketHandler;
  private requests = 0;

  constructor(venue: Venue, query: string, address: string) {
    this.venue = venue;
    const client = this;
    const socket: ServerSocket = {
      remoteAddress: address,
      send: (text) => void this.frames.push(text),
      ping() {},
      close: (_code, reason) => {
        this.closed = reason;
        this.handler.closed();
      },
      cut: () => {
        this.closed = 'cut';
        this.handler.closed();
      },
      get bufferedBytes() {
        return client.bufferedBytes;
      },
    };
    this.handler = venue.webSocket.open(socket, query);
  }

  /** The last frame that answers it. */
  send(text: string): Answered {
    this.handler.message(text);
    const frame = this.frames.findLast((it) => it.startsWith('{"id"'));
    invariant(frame !== undefined, 'every request is answered');
    const body = JSON.parse(frame) as { status: number };
    return { status: body.status, headers: {}, body };
  }

  call(method: string, params: Readonly<Record<string, unknown>> = {}): Answered {
    this.requests += 1;
    return this.send(JSON.stringify({ id: this.requests, method, params }));
  }

  signed(method: string, sent: Sent = {}, holder = this.venue.trader): Answered {
    const params: Record<string, string | number> = {
      apiKey: holder.apiKey,
      timestamp: this.venue.time.nowMs(),
      ...sent,
    };
    const text = Object.keys(params)
      .toSorted()
      .map((name) => `${name}=${params[name]}`)
      .join('&');
    return this.call(method, { ...params, signature: holder.signature(text) });
  }

  /** Events of the user data stream so far, in their envelopes. */
  get events(): { subscriptionId?: number; event: Record<string, unknown> }[] {
    return this.frames
      .filter((it) => !it.startsWith('{"id"'))
      .map((it) => JSON.parse(it) as { event: Record<string, unknown> });
  }

  hangUp(): void {
    this.handler.closed();
  }
}

/** A member of a parsed answer, by its path: `fieldOf(answer, 'orders', 0, 'orderId')`. */
export function fieldOf(answer: Answered, ...path: readonly (string | number)[]): unknown {
  let value: unknown = answer.body;
  for (const step of path) value = (value as Record<string | number, unknown> | undefined)?.[step];
  return value;
}

export const numberOf = (answer: Answered, ...path: readonly (string | number)[]): number => {
  const value = fieldOf(answer, ...path);
  invariant(typeof value === 'number', `a number at ${path.join('.')} of ${JSON.stringify(answer.body)}`);
  return value;
};

export function unwrap<T>(result: Result<T, unknown>): T {
  invariant(result.ok, `not refused: ${inspect(result)}`);
  return result.value;
}

export const LIMIT_BUY: Sent = {
  symbol: 'BTCUSDT',
  side: 'BUY',
  type: 'LIMIT',
  timeInForce: 'GTC',
  quantity: '0.1',
  price: '50000',
};
