import type { Lots, Ticks } from '@tradewind/core/market';
import type { BarMarket, BarOrder, BarOrderEnd } from '@tradewind/core/matching/bars';
import type { Tally } from '@tradewind/core/money';
import {
  type Fill,
  type Liquidity,
  legsOf,
  type OrderIntent,
  type OrderListIntent,
  pegOf,
} from '@tradewind/core/orders';
import type { AssetBook } from '@tradewind/core/portfolio';
import { err } from '@tradewind/core/result';
import { describeRefusal } from '@tradewind/core/risk';
import type { OrderDesk, OrderUpdate, Strategy } from '@tradewind/core/strategy';
import { FillLog } from './fill-log.ts';
import type { MarketDesk, MarketRun } from './market-run.ts';
import { FiltersGate, type OrderGate } from './order-gate.ts';
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
  private readonly tradesAfterMs: number;
  private gate: OrderGate = new FiltersGate();
  /** Whether the gate has to be told of fills: one that holds no reservations has not, and making the figures costs time. */
  private isGateHearing = false;
  private isHeard = false;
  private tradeId = 0;
  /** The market of the latest order: most orders of a run go to the same one. */
  private latest: MarketRun | undefined;

  /**
   * @param log  keeps every order, where they are wanted in the result
   * @param tradesAfterMs  orders that are decided up to then, epoch ms, are refused like those of the warm-up
   */
  constructor(log: OrderLog | undefined, tradesAfterMs = Number.NEGATIVE_INFINITY) {
    this.log = log;
    this.tradesAfterMs = tradesAfterMs;
  }

  /** From now on every order must pass this gate, too. */
  guard(gate: OrderGate): void {
    this.gate = gate;
    this.isGateHearing = true;
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
    const market = this.marketOf(intent);
    const unready = this.unreadyFor(intent);
    const verdict = unready === undefined ? this.gate.review(intent, market) : err(unready);
    if (!verdict.ok) {
      this.refuse(intent, verdict.error);
      return;
    }
    // The one door to the exchange.
    const placed = market.exchange.place(verdict.value);
    if (placed.ok) {
      this.accept(intent);
    } else {
      this.gate.ended(intent);
      this.refuse(intent, placed.error);
    }
  }

  submitList(list: OrderListIntent): void {
    const legs = legsOf(list);
    this.orders += legs.length;
    const market = this.marketOf(legs[0]!);
    const unready = firstOf(legs, (leg) => this.unreadyFor(leg));
    const verdict = unready === undefined ? this.gate.reviewList(list, market) : err(unready);
    if (!verdict.ok) {
      for (const leg of legs) this.refuse(leg, verdict.error);
      return;
    }
    const placed = market.exchange.placeList(verdict.value);
    for (const leg of legs) {
      if (placed.ok) {
        this.accept(leg);
      } else {
        this.gate.ended(leg);
        this.refuse(leg, placed.error);
      }
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
    market: MarketRun,
    order: BarOrder,
    lots: Lots,
    price: Ticks,
    fee: Tally,
    feeBook: AssetBook,
    liquidity: Liquidity,
  ): void {
    const { intent } = order;
    const { place, exchange } = market;
    const { openTimeMs, grid } = exchange;
    this.fills.append(openTimeMs, place, intent.side, lots, price, fee, feeBook.asset, liquidity, intent.tag);
    this.log?.filled(intent, lots, price, exchange);
    if (feeBook !== exchange.accounts.base && feeBook !== exchange.accounts.quote) this.feePaidFrom(feeBook);
    if (this.isGateHearing) this.gate.filled(market, intent, grid.quantityOf(lots), grid.priceOf(price));
    if (this.isHeard) {
      const fill = this.fillOf(order, exchange, lots, price, fee, feeBook, liquidity);
      this.tell(intent, openTimeMs, { kind: 'filled', fill });
    }
  }

  /** A fee in a third asset may have come out of a position in it. */
  private feePaidFrom(feeBook: AssetBook): void {
    for (const market of this.markets.values()) {
      if (market.exchange.accounts.base === feeBook) market.judgePosition();
    }
  }

  canceled({ intent }: BarOrder): void {
    this.gate.ended(intent);
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
    this.gate.ended(intent);
    this.log?.ended(intent, isRefusal ? 'refused' : 'expired', word, timeMs);
    if (!this.isHeard) return;
    this.tell(
      intent,
      timeMs,
      isRefusal ? { kind: 'refused', reason: word, explanation: word } : { kind: 'expired', reason: word },
    );
  }

  /** What a backtest on bars cannot do yet, or at all. */
  private unreadyFor(intent: OrderIntent): OwnRefusal | undefined {
    if (!this.client!.isWarm || this.client!.nowMs <= this.tradesAfterMs) return { reason: 'warming_up' };
    return pegOf(intent.terms) === undefined ? undefined : { reason: 'needs_order_book' };
  }

  private accept(intent: OrderIntent): void {
    this.log?.submitted(intent);
    if (this.isHeard) this.tell(intent, this.client!.nowMs, { kind: 'accepted' });
  }

  private refuse(intent: OrderIntent, refusal: { readonly reason: string }): void {
    const { reason } = refusal;
    this.count(reason);
    this.log?.submitted(intent);
    this.log?.ended(intent, 'refused', describeRefusal(refusal), this.client!.nowMs);
    if (this.isHeard)
      this.tell(intent, this.client!.nowMs, {
        kind: 'refused',
        reason,
        explanation: describeRefusal(refusal),
      });
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
  | { readonly kind: 'refused'; readonly reason: string; readonly explanation: string }
  | { readonly kind: 'expired'; readonly reason: string };

type OwnRefusal = { readonly reason: 'warming_up' | 'needs_order_book' };

function firstOf<T, Found>(items: readonly T[], find: (item: T) => Found | undefined): Found | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
