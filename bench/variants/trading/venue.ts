import { makeSigner } from '@tradewind/binance';
import { amount, price, quantity } from '@tradewind/core/money';
import {
  type AccountSetup,
  builtInExchangeInfo,
  hmacKey,
  Simulator,
  type SimulatorPorts,
} from '@tradewind/exchange-simulator';
import { VenueConnection, type VenueUrls, type VenueWire } from '@tradewind/trading-system';
import { SeededRandom, systemClock, systemTimers, type Telemetry } from '@tradewind/utils';

/** Ours, and two of the house that trade with one another and with us. */
const [OURS, MAKER, TAKER] = ['ours', 'maker', 'taker'].map((name) =>
  hmacKey(name.padEnd(64, '0'), `secret of ${name}`),
) as [Key, Key, Key];
type Key = ReturnType<typeof hmacKey>;

export const OUR_KEY = OURS;
/** The best prices of the house; its quantities never end. */
export const ASK = '60000';
export const BID = '59999';

const NO_LIMIT = 2 ** 31 - 1;

/** The built-in rules, but for what ends a flood of orders: the request limits, and how many orders may be open. */
export function exchangeInfoFor(symbols: readonly string[]): object {
  const builtIn = builtInExchangeInfo(symbols);
  if (!builtIn.ok) throw new Error(`${builtIn.error} is not built in`);
  const info = structuredClone(builtIn.value) as {
    rateLimits: { limit: number }[];
    symbols: { filters: { filterType: string }[] }[];
  };
  for (const limiter of info.rateLimits) limiter.limit = NO_LIMIT;
  for (const symbol of info.symbols) {
    symbol.filters = symbol.filters.filter(({ filterType }) => filterType !== 'MAX_NUM_ORDERS');
  }
  return info;
}

const accountOf = (key: Key): AccountSetup => ({
  balances: ['BTC', 'ETH', 'BNB', 'SOL', 'USDT'].map(
    (asset) => [asset, amount(asset, '10000000000')] as const,
  ),
  keys: [key],
});

/** Of the largest size that an order may have. */
const HOUSE_ORDERS = 20;
/** Of its trades; a strategy orders another one. */
const HOUSE_SIZE = '0.002';
const RECORDS_KEPT = 1_000_000;

/** An exchange with a deep book, whose house can make a trade of the market. */
export class BenchVenue {
  readonly simulator: Simulator;
  private readonly maker: number;
  private readonly taker: number;

  constructor(ports: SimulatorPorts, symbols: readonly string[]) {
    this.simulator = new Simulator(ports, {
      exchangeInfo: exchangeInfoFor(symbols),
      accounts: [OURS, MAKER, TAKER].map(accountOf),
      exchange: { recordsKept: RECORDS_KEPT },
    });
    this.maker = this.accountOf(MAKER);
    this.taker = this.accountOf(TAKER);
    for (const symbol of symbols) {
      for (let i = 0; i < HOUSE_ORDERS; i += 1) this.place(this.maker, symbol, 'SELL', ASK, '100');
      this.place(this.maker, symbol, 'BUY', BID, '100');
      // So that there is a price from the first moment on.
      this.trade(symbol);
    }
  }

  get ours(): number {
    return this.accountOf(OURS);
  }

  /** @returns the id of the trade */
  trade(symbol: string): number {
    this.place(this.taker, symbol, 'BUY', ASK, HOUSE_SIZE);
    return this.simulator.exchange.trades(symbol).at(-1)!.id;
  }

  private accountOf({ apiKey }: Key): number {
    return this.simulator.exchange.key(apiKey)!.account;
  }

  private place(account: number, symbol: string, side: 'BUY' | 'SELL', at: string, size: string): void {
    const placed = this.simulator.exchange.placeByHand(account, symbol, {
      side,
      type: 'LIMIT',
      timeInForce: 'GTC',
      price: price(at),
      quantity: quantity(size),
    });
    if (!placed.ok) throw new Error(JSON.stringify(placed.error));
  }
}

/** A connection as a configuration with the highest ceilings makes it. */
export function connectionOver({ metrics }: Telemetry, wire: VenueWire, urls: VenueUrls): VenueConnection {
  const signer = makeSigner({ apiKey: OURS.apiKey, secret: OURS.held });
  if (!signer.ok) throw new Error(signer.error.reason);
  return new VenueConnection(
    {
      clock: systemClock,
      timers: systemTimers,
      random: new SeededRandom(1),
      metrics,
      wire,
      bans: { load: () => undefined, save: () => undefined },
    },
    {
      urls,
      recvWindowMs: 5_000,
      route: 'websocket',
      signer: signer.value,
      ceilings: { weightPerMinute: NO_LIMIT, ordersPerSecond: NO_LIMIT },
    },
  );
}

export const urlsAt = (host: string): VenueUrls => ({
  rest: `http://${host}`,
  streams: `ws://${host}`,
  websocketApi: `ws://${host}/ws-api/v3`,
});
