import type { Instrument } from '@tradewind/core/market';
import { tickOf } from '@tradewind/core/market';
import { isPositive, type Price, subtract, toMultiple } from '@tradewind/core/money';
import { isFinal, type LimitTerms } from '@tradewind/core/orders';
import type { LedgerOrder, MarketData } from '@tradewind/proto';
import { type Clock, forgetOldest, type Telemetry, type Timer, type Timers } from '@tradewind/utils';
import type { Watcher } from './bookkeeper.ts';
import type { CanceledScopes } from './canceled-scopes.ts';
import type { Cancels } from './cancels.ts';
import type { EventMaker } from './event-maker.ts';
import type { OrderPath } from './order-path.ts';
import type { Orders } from './orders.ts';
import type { StrategyExecution, UnfilledPolicy } from './settings.ts';

export interface UnfilledParts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly telemetry: Telemetry;
  readonly marketData: Pick<MarketData, 'snapshot'>;
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly strategies: ReadonlyMap<string, StrategyExecution>;
  readonly orders: Orders;
  readonly cancels: Cancels;
  readonly canceled: CanceledScopes;
  readonly path: OrderPath;
  readonly events: EventMaker;
  /** Resolves when the risk manager has heard of what has ended by now and holds nothing back for it any more, or after a while. */
  readonly heard: () => Promise<unknown>;
}

/** How long a new price is worth sending. */
const EXPIRES_MS = 5_000;
/** The name of an order that was priced anew says how often: it survives a restart. */
const REPRICED = /^r(\d+)-/;
/** Far more than rest at a time; of an older one nobody knows here what took its place. */
const SUCCESSORS_MAX = 10_000;

/** Limit orders that rest for too long are canceled, or what remains of them is priced anew (faults.md O7). */
export class Unfilled {
  private readonly parts: UnfilledParts;
  private readonly timers = new Map<string, Timer>();
  /** Canceled by us to be priced anew, and when that was begun; acted on when the cancel is proven and the price is known. */
  private readonly repricing = new Map<string, number>();
  /** By client order id, the id of the order that took its place. */
  private readonly successors = new Map<string, string>();

  constructor(parts: UnfilledParts) {
    this.parts = parts;
  }

  /** To be told of every change. */
  readonly watch: Watcher = ({ order, before }) => {
    const { clientOrderId, state } = order.record;
    if (isFinal(state)) {
      this.timers.get(clientOrderId)?.cancel();
      this.timers.delete(clientOrderId);
      if (state !== 'canceled') this.repricing.delete(clientOrderId);
      else if (this.repricing.has(clientOrderId) && !isFinal(before.state)) void this.reprice(order);
    } else this.follow(order);
  };

  /** An order that rests, from before a restart or from now on. */
  follow(order: LedgerOrder): void {
    const { clientOrderId, state } = order.record;
    const policy = this.policyOf(order);
    if (policy.kind === 'rest' || state !== 'working' || this.timers.has(clientOrderId)) return;
    const { clock, timers } = this.parts;
    const dueMs = Math.max(0, order.createdAtMs + policy.afterMs - clock.nowMs());
    this.timers.set(
      clientOrderId,
      timers.after(dueMs, () => void this.due(clientOrderId, policy)),
    );
  }

  /**
   * Somebody cancels it and wants no other for it.
   * @returns the client order id of the one that stands in its place by now, which may still be on its way: its own while there is none
   */
  giveUp(clientOrderId: string): string {
    this.repricing.delete(clientOrderId);
    const successor = this.successors.get(clientOrderId);
    return successor === undefined ? clientOrderId : this.giveUp(successor);
  }

  end(): void {
    for (const timer of this.timers.values()) timer.cancel();
    this.timers.clear();
    this.repricing.clear();
  }

  private async due(clientOrderId: string, policy: Exclude<UnfilledPolicy, { kind: 'rest' }>): Promise<void> {
    this.timers.delete(clientOrderId);
    const { canceled, cancels, orders, telemetry } = this.parts;
    const order = orders.of(clientOrderId);
    // Somebody else cancels it, or it is in doubt: what comes of that decides.
    if (order?.record.state !== 'working') return;
    if (policy.kind === 'reprice' && timesPriced(clientOrderId) < policy.times)
      this.repricing.set(clientOrderId, canceled.moment);
    telemetry.log.write('info', 'order_unfilled', { order_id: clientOrderId }, order.correlationId);
    await cancels.cancel(order.record.symbol, clientOrderId);
  }

  /** Only what is proven not to have been executed is ordered again. */
  private async reprice({ intent, record, correlationId }: LedgerOrder): Promise<void> {
    const { clock, events, heard, instruments, marketData, path, telemetry } = this.parts;
    const { strategy, symbol, side, terms, tag } = intent;
    const instrument = instruments.get(symbol);
    await heard();
    const snapshot = await Promise.resolve(marketData.snapshot(symbol)).catch(() => undefined);
    const begun = this.repricing.get(record.clientOrderId);
    this.repricing.delete(record.clientOrderId);
    if (begun === undefined || record.quantity === undefined || instrument === undefined) return;
    const quantity = subtract(record.quantity, record.executedQuantity);
    const best = side === 'BUY' ? snapshot?.quote?.bid?.price : snapshot?.quote?.ask?.price;
    if (!isPositive(quantity) || best === undefined || snapshot?.feed.state !== 'live') {
      telemetry.log.write(
        'warn',
        'order_not_repriced',
        { order_id: record.clientOrderId, symbol },
        correlationId,
      );
      return;
    }
    const price: Price = toMultiple(best, tickOf(instrument), side === 'BUY' ? 'floor' : 'ceiling');
    const decidedAtMs = clock.nowMs();
    const clientOrderId = events.nextName(`r${timesPriced(record.clientOrderId) + 1}`);
    this.successors.set(record.clientOrderId, clientOrderId);
    forgetOldest(this.successors, SUCCESSORS_MAX);
    const signal = {
      action: 'order',
      strategy,
      symbol,
      decidedAtMs,
      expiresAtMs: decidedAtMs + EXPIRES_MS,
    } as const;
    await path.submit(
      {
        ...signal,
        intent: {
          ...intent,
          clientOrderId,
          decidedAtMs,
          tag,
          terms: { ...(terms as LimitTerms), quantity, price },
        },
      },
      correlationId,
      { begun },
    );
  }

  /** Legs of lists protect or wait for one another, and stops wait for their price: they rest for as long as they like. */
  private policyOf({ intent, listClientOrderId }: LedgerOrder): UnfilledPolicy {
    const isPlainLimit = intent.terms.type === 'LIMIT' || intent.terms.type === 'LIMIT_MAKER';
    if (!isPlainLimit || listClientOrderId !== undefined) return RESTS;
    return this.parts.strategies.get(intent.strategy)?.unfilled ?? RESTS;
  }
}

const RESTS: UnfilledPolicy = { kind: 'rest' };

const timesPriced = (clientOrderId: string): number => Number(REPRICED.exec(clientOrderId)?.[1] ?? 0);
