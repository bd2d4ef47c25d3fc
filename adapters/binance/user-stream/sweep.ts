import { isInDoubt } from '@tradewind/core/orders';
import type { OrderReference } from '../calls/order-parameters.ts';
import { NO_SUCH_ORDER } from '../errors/error-table.ts';
import type { AccountState, VenueTrade } from '../model/account.ts';
import type { VenueOrder } from '../model/order.ts';
import type { Outcome } from '../outcome.ts';
import { type CatchUp, TRADES_PER_PAGE, type TradesFrom } from './catch-up.ts';
import type { Doubts } from './doubts.ts';
import { type Finding, findingOfOrder, findingOfTrade } from './finding.ts';
import type { OrderProjection, OrderView } from './order-projection.ts';

export interface SweepParts {
  readonly catchUp: CatchUp;
  readonly orders: OrderProjection;
  readonly doubts: Doubts;
  /** False when the finding could not be taken. */
  readonly take: (finding: Finding) => boolean;
  /** False when the balances could not be taken. */
  readonly takeAccount: (account: AccountState) => boolean;
  /** Of which symbols trades are asked for, besides those of the orders. */
  readonly symbols: readonly string[];
  /** The last trade of each symbol that is booked for sure; what is missing here is asked for from `sinceMs()` on. */
  readonly bookedThrough: ReadonlyMap<string, number>;
  /** Epoch ms by the venue's clock; asked for anew each time, because that clock may be set right in between. */
  readonly sinceMs: () => number;
  readonly venueNowMs: () => number;
}

export type SweepResult =
  | { readonly kind: 'done' }
  /** Something newer has made it pointless. */
  | { readonly kind: 'abandoned' }
  | { readonly kind: 'failed'; readonly step: string; readonly outcome?: Outcome<unknown> };

/**
 * Asks the venue for everything that the stream should have told: open orders, each order that we believe open and it does not,
 * trades since the last booked one, balances (binance-spot.md section 9.5; faults.md U1, U2, R6). One at a time, bulk first.
 */
export class Sweep {
  private readonly parts: SweepParts;
  private readonly through: Map<string, number>;

  constructor(parts: SweepParts) {
    this.parts = parts;
    this.through = new Map(parts.bookedThrough);
    for (const [symbol, tradeId] of this.through) parts.orders.forgetFillsThrough(symbol, tradeId);
  }

  /** @param isAbandoned  asked after every answer: true ends it there */
  async run(isAbandoned: () => boolean): Promise<SweepResult> {
    const startedMs = this.parts.venueNowMs();
    for (const step of [
      () => this.sweepOrders(isAbandoned),
      () => this.sweepTrades(startedMs, isAbandoned),
      () => this.sweepAccount(),
    ]) {
      const failure = await step();
      if (isAbandoned()) return { kind: 'abandoned' };
      if (failure !== undefined) return failure;
    }
    return { kind: 'done' };
  }

  private async sweepOrders(isAbandoned: () => boolean): Promise<SweepResult | undefined> {
    const { catchUp, orders, doubts } = this.parts;
    const before = orders.unsettled();
    const open = await catchUp.openOrders();
    if (isAbandoned()) return undefined;
    if (open.kind !== 'done') return { kind: 'failed', step: 'open orders', outcome: open };
    const seen = new Set<string>();
    for (const order of open.value) {
      seen.add(`${order.symbol} ${order.orderId}`);
      if (!this.takeOrder(order, before.find(isAbout(order)))) return HANDLER_THREW;
    }
    const isSeen = ({ symbol, orderId }: { symbol: string; orderId?: number | undefined }): boolean =>
      orderId !== undefined && seen.has(`${symbol} ${orderId}`);
    for (const view of before) {
      const { symbol, venueOrderId, state } = view.record;
      const isUnasked =
        state === 'created' || state === 'in_flight' || isSeen({ symbol, orderId: venueOrderId });
      if (isUnasked) continue;
      const failure = await this.ask(referenceOf(view), isAbandoned, view);
      if (failure !== undefined || isAbandoned()) return failure;
    }
    for (const { symbol, orderId } of doubts.all) {
      if (isSeen({ symbol, orderId }) || before.some(isAbout({ symbol, orderId }))) continue;
      const failure = await this.ask({ symbol, orderId }, isAbandoned);
      if (failure !== undefined || isAbandoned()) return failure;
    }
    return undefined;
  }

  /** Asks for one order. That it is not found proves nothing (faults.md O3): it is a doubt, and not for us to settle. */
  private async ask(
    reference: OrderReference,
    isAbandoned: () => boolean,
    before?: OrderView,
  ): Promise<SweepResult | undefined> {
    const answer = await this.parts.catchUp.order(reference);
    if (isAbandoned()) return undefined;
    if (answer.kind === 'done') return this.takeOrder(answer.value, before) ? undefined : HANDLER_THREW;
    if (
      answer.kind === 'failed' &&
      answer.failure.reason === 'refused' &&
      answer.failure.code === NO_SUCH_ORDER
    ) {
      if (reference.orderId !== undefined)
        this.parts.doubts.add({ symbol: reference.symbol, orderId: reference.orderId, reason: 'not_found' });
      return undefined;
    }
    return { kind: 'failed', step: 'order', outcome: answer };
  }

  /** An answer settles a doubt only if its question was asked after the doubt arose. */
  private takeOrder(order: VenueOrder, before: OrderView | undefined): boolean {
    const now = this.parts.orders.byOrderId(order.symbol, order.orderId);
    const isDoubtNewer =
      now !== undefined && isInDoubt(now.record.state) && now.record.state !== before?.record.state;
    return this.parts.take(findingOfOrder(order, !isDoubtNewer));
  }

  private async sweepTrades(startedMs: number, isAbandoned: () => boolean): Promise<SweepResult | undefined> {
    const symbols = new Set(this.parts.symbols);
    for (const symbol of this.through.keys()) symbols.add(symbol);
    for (const { record } of this.parts.orders.unsettled()) symbols.add(record.symbol);
    for (const { symbol } of this.parts.doubts.all) symbols.add(symbol);
    for (const symbol of symbols) {
      const failure = await this.sweepTradesOf(symbol, startedMs, isAbandoned);
      if (failure !== undefined || isAbandoned()) return failure;
    }
    return undefined;
  }

  private async sweepTradesOf(
    symbol: string,
    startedMs: number,
    isAbandoned: () => boolean,
  ): Promise<SweepResult | undefined> {
    const through = this.through.get(symbol);
    let from: TradesFrom =
      through === undefined ? { timeMs: this.parts.sinceMs() } : { tradeId: through + 1 };
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const trades = await this.parts.catchUp.trades(symbol, from);
      if (isAbandoned()) return undefined;
      if (trades.kind !== 'done') return { kind: 'failed', step: 'trades', outcome: trades };
      for (const trade of trades.value) {
        const failure = await this.takeTrade(trade, isAbandoned);
        if (failure !== undefined || isAbandoned()) return failure;
      }
      const last = trades.value.at(-1);
      if (last === undefined || trades.value.length < TRADES_PER_PAGE) {
        this.settleThrough(symbol, trades.value, startedMs);
        return undefined;
      }
      if ('tradeId' in from && last.tradeId <= from.tradeId)
        return { kind: 'failed', step: 'trades that do not rise' };
      // A trade with oneself has two rows, and the second of the last trade may be on the next page.
      const whole = trades.value.filter(({ tradeId }) => tradeId < last.tradeId);
      this.settleThrough(symbol, whole, startedMs);
      from = { tradeId: last.tradeId };
    }
    return { kind: 'failed', step: 'more trades than one sweep reads' };
  }

  /** A trade names only the venue's order id; whose it is, an order that nobody knows has to be asked for first. */
  private async takeTrade(trade: VenueTrade, isAbandoned: () => boolean): Promise<SweepResult | undefined> {
    const { orders, take } = this.parts;
    if (orders.isBooked(trade)) return undefined;
    if (orders.byOrderId(trade.symbol, trade.orderId) === undefined) {
      const failure = await this.ask({ symbol: trade.symbol, orderId: trade.orderId }, isAbandoned);
      if (failure !== undefined || isAbandoned()) return failure;
      // The trade may be of an order of ours that is in doubt: booked now, it would be somebody else's.
      if (orders.byOrderId(trade.symbol, trade.orderId) === undefined)
        return { kind: 'failed', step: 'the order of a trade is not found' };
    }
    return take(findingOfTrade(trade)) ? undefined : HANDLER_THREW;
  }

  /** The list may lag behind the engine, so the newest trades are read again by the next sweep. */
  private settleThrough(symbol: string, trades: readonly VenueTrade[], startedMs: number): void {
    const settled = trades.findLast(({ timeMs }) => timeMs <= startedMs - SETTLED_AFTER_MS);
    if (settled === undefined) return;
    this.through.set(symbol, settled.tradeId);
    this.parts.orders.forgetFillsThrough(symbol, settled.tradeId);
  }

  private async sweepAccount(): Promise<SweepResult | undefined> {
    const account = await this.parts.catchUp.account();
    if (account.kind !== 'done') return { kind: 'failed', step: 'account', outcome: account };
    return this.parts.takeAccount(account.value) ? undefined : HANDLER_THREW;
  }
}

const HANDLER_THREW: SweepResult = { kind: 'failed', step: 'a handler threw' };
/** A million trades of one symbol. */
const PAGES_MAX = 1000;
/** The processing limit of the venue (binance-spot.md section 1). */
const SETTLED_AFTER_MS = 10_000;

const isAbout =
  ({ symbol, orderId }: { readonly symbol: string; readonly orderId: number }) =>
  ({ record }: OrderView): boolean =>
    record.symbol === symbol && record.venueOrderId === orderId;

const referenceOf = ({ record: { symbol, venueOrderId, clientOrderId } }: OrderView): OrderReference =>
  venueOrderId === undefined ? { symbol, clientOrderId } : { symbol, orderId: venueOrderId };
