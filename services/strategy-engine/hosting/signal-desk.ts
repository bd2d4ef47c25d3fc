import { legsOf, type OrderIntent, type OrderListIntent, ordersOf } from '@tradewind/core/orders';
import { describeRefusal } from '@tradewind/core/risk';
import type { OrderDesk, OrderUpdate } from '@tradewind/core/strategy';
import type { Signal, SignalRefusal } from '@tradewind/proto';
import type { HostingSettings } from './messages.ts';
import type { TrackedOrders } from './tracked-orders.ts';

/** What the desk must know of the strategy whose wishes it takes. */
export interface DeskClient {
  /** Of the event that is being handled. */
  readonly correlationId: string;
  readonly clockMs: number;
  readonly decidedAtMs: number;
  /** Why a signal must not be sent; undefined when it may. */
  refusalOf(signal: Signal, takesRisk: boolean): SignalRefusal | undefined;
  /** What is open has changed, and so what is locked. */
  ordersChanged(): void;
}

export interface Wish {
  readonly signal: Signal;
  readonly correlationId: string;
  /** Set when it must not be sent. */
  readonly refusal: SignalRefusal | undefined;
}

/** Turns what a strategy wants into signals. They leave when its callback has returned, unless it wanted too much. */
export class SignalDesk implements OrderDesk {
  /** Told to the strategy when the callback has returned. */
  readonly updates: { readonly update: OrderUpdate; readonly correlationId: string }[] = [];
  wishes: Wish[] = [];
  /** How many wishes there have been since the last bar. */
  sinceBar = 0;
  /** Why it wants too much, once it does. It stays: a strategy may catch what it is thrown. */
  flood: Flood | undefined;
  private readonly settings: HostingSettings;
  private readonly orders: TrackedOrders;
  private readonly client: DeskClient;
  /** When the latest wishes were made, by the clock: as many as a second may have, in turn. */
  private readonly times: Float64Array;
  private count = 0;

  constructor(settings: HostingSettings, orders: TrackedOrders, client: DeskClient) {
    this.settings = settings;
    this.orders = orders;
    this.client = client;
    this.times = new Float64Array(settings.signalsPerSecondMaximum).fill(Number.NEGATIVE_INFINITY);
  }

  submit(intent: OrderIntent): void {
    const signal: Signal = { ...this.headFor(intent.symbol), action: 'order', intent };
    this.orders.submitted(intent);
    this.judge(signal, intent.side === 'BUY', [intent]);
  }

  submitList(list: OrderListIntent): void {
    const legs = legsOf(list);
    const signal: Signal = { ...this.headFor(legs[0].symbol), action: 'list', list };
    this.orders.submittedList(list);
    this.judge(signal, legs[0].side === 'BUY', legs);
  }

  cancel(symbol: string, clientOrderId: string): void {
    const order = this.orders.get(clientOrderId);
    // Asked for already; asking again at every bar would only use up weight.
    if (order?.isCancelWanted) return;
    if (order !== undefined) order.isCancelWanted = true;
    const head = this.headFor(symbol);
    // It is never too late to cancel.
    const expiresAtMs = Math.max(head.expiresAtMs, this.client.clockMs + this.settings.signalLifeMs);
    this.judge({ ...head, expiresAtMs, action: 'cancel', clientOrderId }, false, []);
  }

  openOrders(symbol: string): readonly OrderIntent[] {
    const open: OrderIntent[] = [];
    for (const { intent } of this.orders.open) if (intent.symbol === symbol) open.push(intent);
    return open;
  }

  /** A signal was not taken: its orders are over, and the strategy hears why. */
  refused(signal: Signal, refusal: SignalRefusal, correlationId: string): void {
    const { reason } = refusal;
    if (signal.action === 'cancel') {
      const order = this.orders.get(signal.clientOrderId);
      if (order !== undefined) order.isCancelWanted = false;
      return;
    }
    const legs = ordersOf(signal.action === 'order' ? signal.intent : signal.list);
    for (const { clientOrderId } of legs) {
      const updates = this.orders.refused(
        clientOrderId,
        reason,
        describeRefusal(refusal),
        this.client.clockMs,
      );
      for (const update of updates) this.updates.push({ update, correlationId });
    }
    this.client.ordersChanged();
  }

  private headFor(symbol: string) {
    const { decidedAtMs } = this.client;
    const { strategy, signalLifeMs } = this.settings;
    return { strategy, symbol, decidedAtMs, expiresAtMs: decidedAtMs + signalLifeMs };
  }

  private judge(signal: Signal, takesRisk: boolean, legs: readonly OrderIntent[]): void {
    const { correlationId } = this.client;
    const refusal = this.client.refusalOf(signal, takesRisk);
    // While it warms up nothing is sent, and what is wanted then is no flood.
    if (refusal?.reason !== 'not_warm') this.countWish();
    this.wishes.push({ signal, correlationId, refusal });
    if (refusal !== undefined) this.refused(signal, refusal, correlationId);
    else if (legs.length > 0) this.client.ordersChanged();
  }

  private countWish(): void {
    const { signalsPerBarMaximum, signalsPerSecondMaximum } = this.settings;
    const { clockMs } = this.client;
    this.sinceBar += 1;
    const slot = this.count % signalsPerSecondMaximum;
    const before = this.times[slot]!;
    this.times[slot] = clockMs;
    this.count += 1;
    if (this.sinceBar > signalsPerBarMaximum)
      this.flood ??= new Flood(`wants more than ${signalsPerBarMaximum} orders and cancels between two bars`);
    if (clockMs - before < 1000)
      this.flood ??= new Flood(`wants more than ${signalsPerSecondMaximum} orders and cancels in a second`);
    if (this.flood !== undefined) throw this.flood;
  }
}

/** A strategy wants more than it may in so short a time (faults.md K10). */
export class Flood extends Error {
  override readonly name = 'Flood';
}
