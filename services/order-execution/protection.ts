import { type Instrument, stepOf } from '@tradewind/core/market';
import {
  add,
  formatAmount,
  isPositive,
  type Quantity,
  subtract,
  toMultiple,
  zero,
} from '@tradewind/core/money';
import { isFinal, isStopLoss, type OrderIntent, stopTermsOf } from '@tradewind/core/orders';
import type { AccountBooks } from '@tradewind/core/portfolio';
import type { LedgerOrder, SubmitResult } from '@tradewind/proto';
import type { Clock, Timer, Timers } from '@tradewind/utils';
import type { Booking } from './booking.ts';
import type { Watcher } from './bookkeeper.ts';
import type { CanceledScopes } from './canceled-scopes.ts';
import type { EventMaker } from './event-maker.ts';
import type { Flattening } from './flattening.ts';
import { isAlive, type OrderPath } from './order-path.ts';
import type { Orders } from './orders.ts';
import type { StrategyExecution } from './settings.ts';

export interface ProtectionParts {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly orders: Orders;
  readonly books: AccountBooks;
  readonly booking: Booking;
  /** Asks for fills of which only figures are known; resolves when what is known is booked, to a text when that may not be all. */
  readonly completeFills: () => Promise<string | undefined>;
  readonly path: OrderPath;
  readonly canceled: CanceledScopes;
  readonly flattening: Flattening;
  readonly events: EventMaker;
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly strategies: ReadonlyMap<string, StrategyExecution>;
  readonly unprotectedMs: number;
  /** Lets a strategy only reduce until a person has looked. */
  readonly stopStrategy: (strategy: string, why: string) => void;
}

interface LastStop {
  readonly stop: LedgerOrder;
  /** Its turn is to come; undefined until the session trades, and when it has had its turn. */
  readonly timer: Timer | undefined;
}

/** So often both is tried before the strategy is stopped; somebody is told after the first time. */
const ATTEMPTS = 3;
/** How long a new stop is worth sending. */
const EXPIRES_MS = 5_000;

/**
 * A position whose stop went without being filled is unprotected, for a stated time at most: then it gets its stop back, else it is
 * sold at market, else somebody is told (faults.md O14). Never silent. A sale that rests in place of the stop protects it as long as it is
 * open.
 */
export class Protection {
  private readonly parts: ProtectionParts;
  /** By position: the last one that has ended without being filled, until the position is closed or a command means it. */
  private readonly lastStops = new Map<string, LastStop>();
  /** Canceled by a command that means it. */
  private readonly givenUp = new Set<string>();
  private isTrading = false;
  private isOver = false;

  constructor(parts: ProtectionParts) {
    this.parts = parts;
  }

  /** To be told of every change. */
  readonly watch: Watcher = ({ order, before }) => {
    const { clientOrderId, state } = order.record;
    if (order.intent.side !== 'SELL') return;
    const last = this.lastStops.get(keyOf(order));
    if (last !== undefined) this.forgetWhenClosed(last.stop);
    if (!isFinal(state) || isFinal(before.state)) return;
    const isWanted = !this.givenUp.delete(clientOrderId);
    // A sale of another kind may have stood in for a stop that has had its turn.
    const stop = this.stopOf(order) ?? (last?.timer === undefined ? last?.stop : undefined);
    if (!isWanted || !this.isKept(order) || state === 'filled' || stop === undefined) return;
    this.mayBeUnprotected(stop);
    // Without a sale, what is not held may only not be booked yet.
    if (this.wasSoldBeside(stop)) this.forgetWhenClosed(stop);
  };

  /** These had ended when this session began, and what they protected may be without one. */
  restore(stops: readonly LedgerOrder[]): void {
    for (const stop of stops) this.hasItsTurn(stop);
  }

  /** From now on stops can be given back. */
  begin(): void {
    this.isTrading = true;
    for (const { stop } of [...this.lastStops.values()]) this.mayBeUnprotected(stop);
  }

  /** A stop has ended: what it protected may be without one. */
  private mayBeUnprotected(stop: LedgerOrder, attempt = 1): void {
    const key = keyOf(stop);
    this.lastStops.get(key)?.timer?.cancel();
    const timer = this.isTrading
      ? this.parts.timers.after(this.parts.unprotectedMs, () => void this.due(stop, attempt))
      : undefined;
    this.lastStops.set(key, { stop, timer });
  }

  private hasItsTurn(stop: LedgerOrder): LastStop {
    const key = keyOf(stop);
    this.lastStops.get(key)?.timer?.cancel();
    const last = { stop, timer: undefined };
    this.lastStops.set(key, last);
    return last;
  }

  /** What is held after that is another position, which this stop was not meant for. */
  private forgetWhenClosed(stop: LedgerOrder): void {
    // Judged when everything before it is booked.
    this.parts.booking.add(() => {
      if (!this.isHeld(stop)) this.forget(stop);
      return [];
    });
  }

  private forget(stop: LedgerOrder): void {
    const last = this.lastStops.get(keyOf(stop));
    if (last?.stop !== stop) return;
    last.timer?.cancel();
    this.lastStops.delete(keyOf(stop));
  }

  /** Client order ids of the stops that are given back, by this session or the next one, once nothing else stands in for them. */
  get awaited(): readonly string[] {
    return [...this.lastStops.values()].map(({ stop }) => stop.intent.clientOrderId);
  }

  /** Whether a command cancels it for good: that is written with every change of it, so that the next start knows. */
  isGivenUp(clientOrderId: string): boolean {
    return this.givenUp.has(clientOrderId);
  }

  /**
   * These are canceled for good.
   * @returns the client order ids of those that the next start would give back, unless that is written
   */
  giveUp(orders: readonly LedgerOrder[]): readonly string[] {
    const protecting = orders.filter((order) => this.stopOf(order) !== undefined);
    for (const { intent } of protecting) this.givenUp.add(intent.clientOrderId);
    return protecting.filter((order) => this.isKept(order)).map(({ intent }) => intent.clientOrderId);
  }

  /**
   * What has lost its stop stays without: a command cancels everything there. The next start knows it, too, once it is written.
   * @returns the client order ids of the stops
   */
  stayUnprotected(isMeant: (stop: LedgerOrder) => boolean): readonly string[] {
    const { booking, events, orders } = this.parts;
    const meant = [...this.lastStops.values()].map(({ stop }) => stop).filter(isMeant);
    for (const stop of meant) {
      this.forget(stop);
      const { intent, record, correlationId } = orders.of(stop.intent.clientOrderId) ?? stop;
      const { strategy } = intent;
      // It has ended, and nothing is sent: but `findLastStops` reads what was given up off the last change of an order.
      booking.add(() => [
        events.make(
          { kind: 'order', strategy, event: 'cancel_sent', record, isOurs: true, isGivenUp: true },
          { correlationId },
        ),
      ]);
    }
    return meant.map(({ intent }) => intent.clientOrderId);
  }

  end(): void {
    this.isOver = true;
    for (const { timer } of this.lastStops.values()) timer?.cancel();
    this.lastStops.clear();
  }

  /**
   * The stop by which an order protects: its own, or that of its list. The other leg takes its place when it begins to fill.
   */
  private stopOf(order: LedgerOrder): LedgerOrder | undefined {
    if (order.intent.side !== 'SELL') return undefined;
    if (isProtective(order.intent) || order.listClientOrderId === undefined)
      return isProtective(order.intent) ? order : undefined;
    return this.parts.orders.all.find(
      ({ intent, listClientOrderId }) =>
        listClientOrderId === order.listClientOrderId && isProtective(intent),
    );
  }

  private async due(stop: LedgerOrder, attempt: number): Promise<void> {
    const last = this.hasItsTurn(stop);
    const missing = await this.parts.completeFills();
    // A command may have meant it meanwhile, or another sale of the same position has ended.
    if (this.lastStops.get(keyOf(stop)) !== last) return;
    if (this.isHeld(stop)) await this.protect(stop, attempt);
    // It was closed before its stop ended, as by the other leg of a list: what is bought from now on is another position.
    else if (missing === undefined) this.forget(stop);
  }

  private async protect(stop: LedgerOrder, attempt: number): Promise<void> {
    const { canceled, flattening, instruments, stopStrategy } = this.parts;
    const begun = canceled.moment;
    const { strategy, symbol } = stop.intent;
    const instrument = instruments.get(symbol);
    if (instrument === undefined) return;
    const quantity = this.nakedOf(strategy, instrument);
    if (!isPositive(quantity)) return;
    const rearmed = await this.rearm(stop, quantity);
    if (isAlive(rearmed) || canceled.hasCanceled(stop.intent, begun)) return;
    // Nobody has refused it: who cancels a stop by its id does not mean that what it protects is sold.
    if (isCanceled(rearmed)) return this.mayBeUnprotected(stop, attempt);
    const sold = await flattening.sell({ strategy, instrument, quantity }, 'unprotected', stop.correlationId);
    // The session that follows looks for itself what has no stop: this one was refused because it has ended.
    if (sold === 'dust' || isAlive(sold) || this.isOver) return;
    if (canceled.hasCanceled(stop.intent, begun)) return;
    const why = `stop: ${describe(rearmed)}; sale: ${describe(sold)}`;
    if (attempt === 1) this.alert(stop, quantity, why);
    if (attempt < ATTEMPTS) this.mayBeUnprotected(stop, attempt + 1);
    else {
      this.hasItsTurn(stop);
      stopStrategy(
        strategy,
        `${formatAmount(quantity)} in ${symbol} have no stop and could not be sold (${why})`,
      );
    }
  }

  /** Whether a sale that is no older than the stop has executed, such as the other leg of its list. */
  private wasSoldBeside(stop: LedgerOrder): boolean {
    return this.parts.orders.all.some(
      (order) =>
        order.intent.side === 'SELL' &&
        keyOf(order) === keyOf(stop) &&
        order.createdAtMs >= stop.createdAtMs &&
        isPositive(order.record.executedQuantity),
    );
  }

  private isHeld({ intent: { strategy, symbol } }: LedgerOrder): boolean {
    const instrument = this.parts.instruments.get(symbol);
    return instrument !== undefined && isHeld(this.parts.books, strategy, instrument);
  }

  private isKept({ intent }: LedgerOrder): boolean {
    return this.parts.strategies.get(intent.strategy)?.keepsProtection === true;
  }

  /** What is held and neither protected nor on its way out, in whole steps. */
  private nakedOf(strategy: string, instrument: Instrument): Quantity {
    const { books, orders } = this.parts;
    const selling = orders.allOpen.filter(
      ({ intent }) =>
        intent.side === 'SELL' && intent.strategy === strategy && intent.symbol === instrument.symbol,
    );
    // The legs of a list share one quantity.
    const byList = new Map(
      selling.map((order) => [order.listClientOrderId ?? order.intent.clientOrderId, order] as const),
    );
    let covered = zero<Quantity>();
    for (const { record } of byList.values())
      covered = add(covered, subtract(record.quantity ?? zero<Quantity>(), record.executedQuantity));
    const held = books.position(strategy, instrument).quantity;
    return toMultiple(subtract(held, covered), stepOf(instrument), 'floor');
  }

  private async rearm(stop: LedgerOrder, quantity: Quantity): Promise<SubmitResult | undefined> {
    const { clock, events, path } = this.parts;
    const { strategy, symbol } = stop.intent;
    const terms = stopTermsOf(stop.intent.terms);
    if (terms === undefined) return undefined;
    const decidedAtMs = clock.nowMs();
    const intent = {
      ...stop.intent,
      clientOrderId: events.nextName('p'),
      decidedAtMs,
      terms: { ...terms, quantity },
    };
    const expiresAtMs = decidedAtMs + EXPIRES_MS;
    return path.submit(
      { action: 'order', strategy, symbol, decidedAtMs, expiresAtMs, intent },
      stop.correlationId,
    );
  }

  private alert({ intent, correlationId }: LedgerOrder, quantity: Quantity, why: string): void {
    const { booking, events } = this.parts;
    const { strategy, symbol } = intent;
    const alert = events.alert(
      'critical',
      'position_unprotected',
      `${formatAmount(quantity)} of ${strategy} in ${symbol} have no stop and could not be sold (${why}). Look at it now.`,
      { strategy, symbol, quantity: formatAmount(quantity), why },
      correlationId,
    );
    booking.add(() => [alert]);
  }
}

/** A stop below the market for what is held. */
export function isProtective({ side, terms }: OrderIntent): boolean {
  return side === 'SELL' && isStopLoss(terms.type);
}

/** Whether there is a position that can be sold: at least a step. */
export const isHeld = (books: AccountBooks, strategy: string, instrument: Instrument): boolean =>
  books.position(strategy, instrument).quantity >= stepOf(instrument);

const keyOf = ({ intent }: LedgerOrder): string => `${intent.symbol} ${intent.strategy}`;

const isCanceled = (result: SubmitResult | undefined): boolean =>
  result?.kind === 'refused' && result.refusal.reason === 'canceled_by_command';

const describe = (result: SubmitResult | undefined): string => {
  if (result === undefined) return 'impossible';
  return result.kind === 'refused' ? result.refusal.reason : result.state;
};
