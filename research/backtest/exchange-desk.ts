import type { Lots, Ticks } from '@tradewind/core/market';
import type { BarMarket, BarOrder, BarOrderEnd } from '@tradewind/core/matching/bars';
import type { Tally } from '@tradewind/core/money';
import {
  checkOrderList,
  checkTerms,
  type Fill,
  type Liquidity,
  legsOf,
  type OrderIntent,
  type OrderListIntent,
  pegOf,
} from '@tradewind/core/orders';
import type { AssetBook } from '@tradewind/core/portfolio';
import { checkFilters, checkListSupport } from '@tradewind/core/risk';
import type { OrderDesk, OrderUpdate, Strategy } from '@tradewind/core/strategy';
import { FillLog } from './fill-log.ts';
import type { MarketDesk, MarketRun } from './market-run.ts';
import type { OrderGate } from './order-gate.ts';
import type { OrderLog } from './order-log.ts';

/** What the desk must know of the strategy whose orders it takes. */
export interface Client {
  readonly strategy: Strategy;
  readonly isWarm: boolean;
  readonly nowMs: number;
  order(update: OrderUpdate): void;
}

/** A strategy that answers every refusal with a new order would never come to an end. */
const ROUNDS_MAX = 1000;

/**
 * The way of an order in a backtest: checks, then the simulated exchange, then the books and the log. It is the strategy's
 * desk on one side and hears the exchange on the other; what the strategy must be told waits in `updates`.
 */
export class ExchangeDesk implements OrderDesk, MarketDesk {
  readonly fills = new FillLog();
  /** Refused orders by reason. */
  readonly refusals = new Map<string, number>();
  orders = 0;
  /** Orders that still waited when the data ended, in the order of their markets. */
  readonly unfilled: OrderIntent[] = [];
  private hasDataEnded = false;
  private client: Client | undefined;
  private updates: OrderUpdate[] = [];
  private readonly markets = new Map<string, MarketRun>();
  private readonly log: OrderLog | undefined;
  private gate: OrderGate | undefined;
  private isHeard = false;
  private tradeId = 0;
  /** The market of the latest order: most orders of a run go to the same one. */
  private latest: MarketRun | undefined;

  /** @param log  keeps every order, where they are wanted in the result */
  constructor(log: OrderLog | undefined) {
    this.log = log;
  }

  /** From now on every order must pass the gate. */
  guard(gate: OrderGate): void {
    this.gate = gate;
  }

  /** From now on takes the orders of this strategy. */
  serve(client: Client): void {
    this.client = client;
    this.isHeard = client.strategy.onOrder !== undefined;
  }

  /** Tells the strategy what has become of its orders, and of those that it places while being told. */
  deliver(): void {
    for (let rounds = 0; this.updates.length > 0; rounds += 1) {
      if (rounds === ROUNDS_MAX)
        throw new Error(`places orders in onOrder without end (${ROUNDS_MAX} times at one instant)`);
      const updates = this.updates;
      this.updates = [];
      for (const update of updates) this.client!.order(update);
    }
  }

  get hasUpdates(): boolean {
    return this.updates.length > 0;
  }

  add(run: MarketRun): void {
    this.markets.set(run.instrument.symbol, run);
  }

  submit(intent: OrderIntent): void {
    this.orders += 1;
    const reason = this.refusalOf(intent) ?? this.gate?.refusalOf(intent);
    if (reason !== undefined) {
      this.refuse(intent, reason);
    } else if (this.marketOf(intent).exchange.place(intent) === undefined) {
      this.gate?.ended(intent);
      this.refuse(intent, 'insufficient_balance');
    } else {
      this.accept(intent);
    }
  }

  submitList(list: OrderListIntent): void {
    const legs = legsOf(list);
    this.orders += legs.length;
    const reason = this.listRefusalOf(list, legs) ?? this.gate?.listRefusalOf(list);
    if (reason !== undefined) {
      for (const leg of legs) this.refuse(leg, reason);
    } else if (this.marketOf(legs[0]!).exchange.placeList(list) === undefined) {
      for (const leg of legs) this.gate?.ended(leg);
      for (const leg of legs) this.refuse(leg, 'insufficient_balance');
    } else {
      for (const leg of legs) this.accept(leg);
    }
  }

  cancel(symbol: string, clientOrderId: string): void {
    this.markets.get(symbol)!.exchange.cancel(clientOrderId);
  }

  openOrders(symbol: string): readonly OrderIntent[] {
    return this.markets.get(symbol)!.exchange.openOrders.map(({ intent }) => intent);
  }

  /** An order of a market has been filled and booked. */
  filled(
    { place, exchange }: MarketRun,
    order: BarOrder,
    lots: Lots,
    price: Ticks,
    fee: Tally,
    feeBook: AssetBook,
    liquidity: Liquidity,
  ): void {
    const { intent } = order;
    const { openTimeMs, grid } = exchange;
    this.fills.append(openTimeMs, place, intent.side, lots, price, fee, feeBook.asset, liquidity, intent.tag);
    this.log?.filled(intent, lots, price, exchange);
    this.gate?.filled(place, intent, grid.quantityOf(lots), grid.priceOf(price));
    if (this.isHeard) {
      const fill = this.fillOf(order, exchange, lots, price, fee, feeBook, liquidity);
      this.tell(intent, openTimeMs, { kind: 'filled', fill });
    }
  }

  canceled({ intent }: BarOrder): void {
    this.gate?.ended(intent);
    this.log?.ended(intent, 'canceled', '', this.client!.nowMs);
    if (this.isHeard) this.tell(intent, this.client!.nowMs, { kind: 'canceled' });
  }

  /** No bar is left: what still waits expires. */
  endOfData(): void {
    this.hasDataEnded = true;
    for (const { exchange } of this.markets.values()) exchange.expireAll('END_OF_DATA');
  }

  expired({ exchange }: MarketRun, { intent }: BarOrder, reason: BarOrderEnd): void {
    if (this.hasDataEnded) {
      // The legs of a list drag one another along, each with a reason of its own, but the end of the data is the cause.
      reason = 'END_OF_DATA';
      this.unfilled.push(intent);
    }
    const word = reason.toLowerCase();
    const timeMs = reason === 'END_OF_DATA' ? this.client!.nowMs : exchange.openTimeMs;
    // The exchange judges these when it comes to trade; for the owner they are refusals like those at placement.
    const isRefusal = reason === 'INSUFFICIENT_BALANCE' || reason === 'REJECTED';
    if (isRefusal) this.count(word);
    this.gate?.ended(intent);
    this.log?.ended(intent, isRefusal ? 'refused' : 'expired', word, timeMs);
    if (this.isHeard) this.tell(intent, timeMs, { kind: isRefusal ? 'refused' : 'expired', reason: word });
  }

  private refusalOf(intent: OrderIntent): string | undefined {
    return this.termsRefusalOf(intent) ?? this.marketOf(intent).exchange.refusalOf(intent);
  }

  /** Everything but where the price stands: a leg that waits for another is compared with the price when its turn comes. */
  private termsRefusalOf(intent: OrderIntent): string | undefined {
    if (!this.client!.isWarm) return 'warming_up';
    const { instrument, load, lastPrice } = this.marketOf(intent);
    return (
      checkTerms(intent.terms)?.reason ??
      (pegOf(intent.terms) === undefined ? undefined : 'needs_order_book') ??
      checkFilters(intent, instrument, lastPrice, load)?.reason
    );
  }

  private listRefusalOf(list: OrderListIntent, legs: readonly OrderIntent[]): string | undefined {
    const unfit = checkOrderList(list) ?? checkListSupport(list, this.marketOf(legs[0]!).instrument);
    if (unfit !== undefined) return unfit.reason;
    const [first, ...others] = legs as readonly [OrderIntent, ...OrderIntent[]];
    const isPair = list.kind === 'OCO';
    let refusal = this.refusalOf(first);
    for (const leg of others) refusal ??= isPair ? this.refusalOf(leg) : this.termsRefusalOf(leg);
    return refusal;
  }

  private accept(intent: OrderIntent): void {
    this.log?.accepted(intent);
    if (this.isHeard) this.tell(intent, this.client!.nowMs, { kind: 'accepted' });
  }

  private refuse(intent: OrderIntent, reason: string): void {
    this.count(reason);
    this.log?.accepted(intent);
    this.log?.ended(intent, 'refused', reason, this.client!.nowMs);
    if (this.isHeard) this.tell(intent, this.client!.nowMs, { kind: 'refused', reason });
  }

  private count(reason: string): void {
    this.refusals.set(reason, (this.refusals.get(reason) ?? 0) + 1);
  }

  private marketOf({ symbol }: OrderIntent): MarketRun {
    if (this.latest?.instrument.symbol !== symbol) this.latest = this.markets.get(symbol)!;
    return this.latest;
  }

  private tell({ clientOrderId, symbol, side, tag }: OrderIntent, timeMs: number, what: Happening): void {
    this.updates.push({ clientOrderId, symbol, side, tag, timeMs, ...what });
  }

  private fillOf(
    { intent }: BarOrder,
    market: BarMarket,
    lots: Lots,
    price: Ticks,
    fee: Tally,
    feeBook: AssetBook,
    liquidity: Liquidity,
  ): Fill {
    const { clientOrderId, strategy, symbol, side, tag } = intent;
    this.tradeId += 1;
    return {
      clientOrderId,
      strategy,
      symbol,
      side,
      quantity: market.grid.quantityOf(lots),
      price: market.grid.priceOf(price),
      fee: { asset: feeBook.asset, amount: fee.toAmount() },
      liquidity,
      tradeId: this.tradeId,
      timeMs: market.openTimeMs,
      tag,
    };
  }
}

type Happening =
  | { readonly kind: 'accepted' | 'canceled' }
  | { readonly kind: 'filled'; readonly fill: Fill }
  | { readonly kind: 'refused' | 'expired'; readonly reason: string };
