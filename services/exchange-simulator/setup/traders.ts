import { priceToNumber } from '@tradewind/core/money';
import { type Clock, SeededRandom, type Timers } from '@tradewind/utils';
import type { ExchangePort } from '../exchange/index.ts';
import { MadeUpMarket, type PricePath, RandomWalk, type TradingFloor } from '../market/index.ts';
import { MarketTime } from './market-time.ts';

/** What moves prices when nobody else trades: it acts on the exchange through accounts of its own. */
export interface Market {
  start(): void;
  /** Nobody in it acts until `resume`; its orders rest. */
  pause(): void;
  resume(): void;
  /** While it is paused: what would happen in so much time happens at once. A recording cannot be moved on so. */
  advance?(byMs: number): void;
  stop(): void;
  /** Of those who trade in it, to be saved: their orders are taken off the book before others take their place. */
  readonly accounts: readonly number[];
  /** Why nothing more will happen in it; undefined while something may. */
  ended?(): string | undefined;
}

/** Makes a market on an exchange that has its accounts. @param former  the accounts of the market before it, if the exchange was loaded */
export type MakeMarket = (
  exchange: ExchangePort,
  ports: { readonly clock: Clock; readonly timers: Timers },
  former: readonly number[],
) => Market;

export interface TradersOptions {
  readonly seed: number;
  /** Recorded prices to follow, by symbol; the others walk at random. */
  readonly paths?: ReadonlyMap<string, PricePath>;
  /** Per symbol, on average. */
  readonly ordersPerSecond?: number;
}

/** Market makers, noise, momentum and informed traders on every symbol of the exchange. */
export const traders =
  ({ seed, paths, ordersPerSecond }: TradersOptions): MakeMarket =>
  (exchange, { clock, timers }, former) => {
    cancelAllOf(exchange, former);
    const symbols = exchange.symbols.map(({ symbol }) => symbol);
    const accounts: number[] = [];
    const time = new MarketTime(clock, timers);
    const market = new MadeUpMarket({
      floor: notingAccounts(exchange, accounts),
      clock: time,
      timers: time,
      seed,
      symbols,
      paths: new Map([...walksFromLastPrices(exchange, symbols, seed), ...(paths ?? [])]),
      ...(ordersPerSecond === undefined ? {} : { ordersPerSecond }),
    });
    return {
      start: () => market.start(),
      pause: () => time.pause(),
      resume: () => time.resume(),
      advance: (byMs) => time.advance(byMs),
      stop() {
        market.stop();
        time.pause();
      },
      accounts,
    };
  };

function cancelAllOf(exchange: ExchangePort, accounts: readonly number[]): void {
  for (const account of accounts) {
    const open = exchange.openOrders(account);
    if (!open.ok) continue;
    for (const { symbol, orderId } of open.value) exchange.cancelByHand(account, { symbol, orderId });
  }
}

/** The exchange as traders see it, with a note of every account that they open. */
const notingAccounts = (exchange: ExchangePort, accounts: number[]): TradingFloor => ({
  openAccount: (account) => {
    const number = exchange.openAccount(account);
    accounts.push(number);
    return number;
  },
  placeByHand: (account, symbol, order) => exchange.placeByHand(account, symbol, order),
  cancelByHand: (account, request) => exchange.cancelByHand(account, request),
  transfer: (account, asset, delta) => exchange.transfer(account, asset, delta),
  bestBid: (symbol) => exchange.bestBid(symbol),
  bestAsk: (symbol) => exchange.bestAsk(symbol),
  symbol: (symbol) => exchange.symbol(symbol),
  listen: (listener) => exchange.listen(listener),
});

/** A symbol that has traded goes on from its last price. */
function walksFromLastPrices(
  exchange: ExchangePort,
  symbols: readonly string[],
  seed: number,
): [string, PricePath][] {
  return symbols.flatMap((symbol, index) => {
    const last = exchange.lastPrice(symbol);
    if (last === undefined) return [];
    const random = new SeededRandom(seed + index + 1);
    return [[symbol, new RandomWalk({ ...USUAL_WALK, startPrice: priceToNumber(last), random })]];
  });
}

const USUAL_WALK = { yearlyVolatility: 0.6, jumpsPerDay: 24, jumpDeviation: 0.004 };
