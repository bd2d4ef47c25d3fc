import { createHash, generateKeyPairSync, type KeyPairKeyObjectResult } from 'node:crypto';
import { inspect } from 'node:util';
import { amount, price, quantity } from '@tradewind/core/money';
import type { Side } from '@tradewind/core/orders';
import { invariant, type Result } from '@tradewind/core/result';
import { type Clock, systemClock, systemTimers } from '@tradewind/utils';
import type { ExchangePort, KeyKind, NewOrder } from '../exchange/index.ts';
import { startServer } from '../server/server.ts';
import { Simulator } from '../simulator.ts';
import { EXCHANGE_INFO } from './exchange-info.test-support.ts';

/** A simulator that listens on this machine, and the means to trade against its clients. */
export interface Venue {
  readonly httpUrl: string;
  readonly webSocketUrl: string;
  readonly house: House;
  stop(): Promise<void>;
}

/** @param clock  the exchange's; a client that signs needs one that agrees with this machine's */
export async function startVenue(clock: Clock = systemClock): Promise<Venue> {
  const ports = { clock, timers: systemTimers };
  const simulator = new Simulator(ports, { exchangeInfo: EXCHANGE_INFO, accounts: [] });
  const house = new House(simulator.exchange);
  const server = accepted(await startServer(simulator, { host: '127.0.0.1', port: 0 }));
  const address = `127.0.0.1:${server.port}`;
  return {
    httpUrl: `http://${address}`,
    webSocketUrl: `ws://${address}`,
    house,
    stop: () => server.stop(),
  };
}

/** An account with a key, as its owner holds it: `secret` is the shared secret, or the private key in PEM. */
export interface Trader {
  readonly account: number;
  readonly apiKey: string;
  readonly secret: string;
}

/**
 * What every test begins with, apart from alice's own balances: one trade of 0.01 at 60000.00 (3000.00 for ETH), and this book,
 * all of it bob's.
 */
const BOOK = {
  BTCUSDT: {
    last: '60000.00',
    asks: [
      ['60020.00', '2'],
      ['60010.00', '1'],
    ],
    bids: [
      ['59990.00', '1'],
      ['59980.00', '2'],
    ],
  },
  ETHUSDT: { last: '3000.00', asks: [['3001.00', '10']], bids: [['2999.00', '10']] },
} as const;
/** Alice pays fees of 0.1 %, as maker and as taker, out of what she receives. */
const ALICE = { BTC: '2', ETH: '10', USDT: '100000' };
const HOUSE = { BTC: '1000', ETH: '10000', USDT: '100000000' };

/** The exchange's inside as the tests use it: who trades against the client, without a wire. */
export class House {
  readonly exchange: ExchangePort;
  readonly alice: Trader;
  private readonly bob: number;
  private readonly carol: number;
  private keys = 0;

  constructor(exchange: ExchangePort) {
    this.exchange = exchange;
    this.alice = this.addKey(this.openAccount(ALICE), 'HMAC');
    this.bob = this.openAccount(HOUSE);
    this.carol = this.openAccount(HOUSE);
    for (const [symbol, { last, asks, bids }] of Object.entries(BOOK)) {
      this.ask(symbol, last, '0.01');
      this.buy(symbol, last, '0.01');
      for (const [at, lots] of asks) this.ask(symbol, at, lots);
      for (const [at, lots] of bids) this.bid(symbol, at, lots);
    }
  }

  openAccount(balances: Readonly<Record<string, string>>): number {
    return this.exchange.openAccount({
      balances: Object.entries(balances).map(([asset, text]) => [asset, amount(asset, text)]),
    });
  }

  addKey(account: number, kind: KeyKind): Trader {
    this.keys += 1;
    // Keys have 64 characters (binance-spot.md section 2.5).
    const apiKey = createHash('sha256').update(`key ${this.keys}`).digest('hex');
    const { secret, held } = makeSecret(kind, this.keys);
    const permissions = { read: true, trade: true, withdraw: false };
    this.exchange.addKey({ apiKey, account, kind, secret, permissions, allowedAddresses: undefined });
    return { account, apiKey, secret: held };
  }

  /** A limit order of bob's that rests. */
  bid(symbol: string, at: string, lots: string): void {
    this.limit(this.bob, symbol, 'BUY', at, lots, 'GTC');
  }
  ask(symbol: string, at: string, lots: string): void {
    this.limit(this.bob, symbol, 'SELL', at, lots, 'GTC');
  }

  /** Carol takes what she finds down to, or up to, a price. */
  sell(symbol: string, at: string, lots: string): void {
    this.limit(this.carol, symbol, 'SELL', at, lots, 'IOC');
  }
  buy(symbol: string, at: string, lots: string): void {
    this.limit(this.carol, symbol, 'BUY', at, lots, 'IOC');
  }

  /** How many of bob's orders rest. */
  get openOrders(): number {
    return accepted(this.exchange.openOrders(this.bob)).length;
  }

  /** Takes one of bob's resting orders back. @param share  which one, from 0 (the oldest) to 1 */
  cancelSome(share: number): void {
    const open = accepted(this.exchange.openOrders(this.bob));
    const { symbol, orderId } = open[Math.floor(share * open.length)]!;
    accepted(this.exchange.cancelByHand(this.bob, { symbol, orderId }));
  }

  deposit(account: number, asset: string, text: string): void {
    accepted(this.exchange.transfer(account, asset, amount(asset, text)));
  }

  place(account: number, symbol: string, order: NewOrder): void {
    accepted(this.exchange.placeByHand(account, symbol, order));
  }

  private limit(
    account: number,
    symbol: string,
    side: Side,
    at: string,
    lots: string,
    timeInForce: 'GTC' | 'IOC',
  ): void {
    this.place(account, symbol, {
      side,
      type: 'LIMIT',
      timeInForce,
      price: price(at),
      quantity: quantity(lots),
    });
  }
}

/** `secret` is what the exchange keeps, `held` what its owner signs with. */
function makeSecret(kind: KeyKind, seed: number): { readonly secret: string; readonly held: string } {
  if (kind === 'HMAC') {
    const secret = createHash('sha256').update(`secret ${seed}`).digest('hex');
    return { secret, held: secret };
  }
  const { publicKey, privateKey } = kind === 'ED25519' ? generateKeyPairSync('ed25519') : makeRsaPair();
  return {
    secret: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    held: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

let rsaPair: KeyPairKeyObjectResult | undefined;
/** Always the same: making one takes longer than a test. */
const makeRsaPair = (): KeyPairKeyObjectResult =>
  (rsaPair ??= generateKeyPairSync('rsa', { modulusLength: 2048 }));

function accepted<T>(result: Result<T, unknown>): T {
  invariant(result.ok, `not refused: ${inspect(result)}`);
  return result.value;
}
