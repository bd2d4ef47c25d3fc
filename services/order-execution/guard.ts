import type { OrderChange } from '@tradewind/binance';
import { formatAmount } from '@tradewind/core/money';
import { type OrderIntent, ordersOf } from '@tradewind/core/orders';
import type { AccountBooks } from '@tradewind/core/portfolio';
import type { Wanted } from '@tradewind/core/risk';
import type { HaltOrder, SignalRefusal } from '@tradewind/proto';
import type { Booking } from './booking.ts';
import type { Watcher } from './bookkeeper.ts';
import type { Breaks } from './breaks.ts';
import type { EventMaker } from './event-maker.ts';
import type { Journal } from './journal.ts';
import type { ExecutionParts } from './ports.ts';
import { RejectBudget } from './reject-budget.ts';

export interface GuardParts {
  readonly parts: ExecutionParts;
  readonly journal: Journal;
  readonly events: EventMaker;
  readonly books: AccountBooks;
  readonly booking: Booking;
  readonly breaks: Breaks;
  readonly maySend: () => boolean;
  readonly isReady: () => boolean;
  /** Why no new risk may be taken; undefined when it may. */
  readonly trouble: () => string | undefined;
  /** The venue has to be asked about an order of ours. */
  readonly ask: (clientOrderId: string) => void;
}

/** Who stops trading when nobody did it by hand. */
const BY = 'order-execution';

/** What order execution itself objects to, and what it stops and shouts about. */
export class Guard {
  private readonly all: GuardParts;
  private readonly budget: RejectBudget;

  constructor(all: GuardParts) {
    this.all = all;
    this.budget = new RejectBudget(all.parts.settings.rejectBudget);
  }

  /** Why this must not be placed now, whatever the risk manager says. */
  objectionTo(wanted: Wanted): SignalRefusal | undefined {
    const { breaks, isReady, journal, maySend, parts } = this.all;
    const [{ strategy, symbol }] = ordersOf(wanted);
    if (!isReady())
      return { reason: 'not_ready', state: 'reconciling', detail: 'books and exchange are compared' };
    if (!maySend()) return { reason: 'not_leader', epoch: journal.epoch };
    const instrument = parts.instruments.get(symbol);
    const asset = instrument && breaks.blocking(instrument);
    if (asset !== undefined) return { reason: 'asset_has_break', asset };
    const trouble = this.all.trouble();
    const isReducing = this.isReducing(wanted);
    // Getting out stays possible where the order can still be recorded (faults.md I7).
    if (trouble !== undefined && !(isReducing && journal.trouble === undefined))
      return { reason: 'not_ready', state: 'degraded', detail: trouble };
    if (!isReducing && this.budget.isSpent(strategy, parts.clock.elapsedMs()))
      return { reason: 'reject_budget_spent', ...parts.settings.rejectBudget };
    return undefined;
  }

  /** Whether it only sells what its strategy holds. */
  isReducing(wanted: Wanted): boolean {
    const orders = ordersOf(wanted);
    const [{ strategy, symbol }] = orders;
    // Before the books are asked: a purchase reduces nothing.
    if (orders.some(({ side }) => side === 'BUY')) return false;
    const instrument = this.all.parts.instruments.get(symbol);
    if (instrument === undefined) return false;
    const held = this.all.books.held(strategy, instrument);
    return orders.every(({ terms }) => terms.quantity !== undefined && terms.quantity <= held);
  }

  /** The venue has surely refused an order, and would again: too many of these stop the strategy (faults.md O6). */
  hardRefusal({ strategy, symbol, clientOrderId }: OrderIntent, reason: string): void {
    const { parts } = this.all;
    const fields = { strategy, symbol, order_id: clientOrderId };
    this.alert('warning', 'order_rejected', `an order of ${strategy} in ${symbol} was ${reason}`, fields);
    if (!this.budget.spend(strategy, parts.clock.elapsedMs())) return;
    const { maximum, windowMs } = parts.settings.rejectBudget;
    const why = `${maximum} orders of ${strategy} were refused within ${windowMs / 1000} s, the last one ${reason}`;
    this.alert('critical', 'reject_budget_spent', why, fields);
    this.stopStrategy(strategy, why);
  }

  /** Only a person can put it right: until then the strategy takes no new risk. */
  stopStrategy(strategy: string, why: string): void {
    this.halt({ scope: { kind: 'strategy', name: strategy }, state: 'reducing', why });
  }

  /** Something contradicts what is known of an order. */
  conflicted({ order, conflict }: OrderChange): void {
    const { symbol, clientOrderId } = order.record;
    const why = `order ${clientOrderId}: ${conflict?.reason}`;
    this.alert('critical', 'order_conflict', why, { symbol, order_id: clientOrderId });
    if (conflict?.reason === 'second_venue_order') {
      // faults.md O4: one id, two orders. Which of them is meant by anything said from now on is not known.
      this.halt({ scope: { kind: 'symbol', name: symbol }, state: 'halted', why });
    } else this.all.ask(clientOrderId);
  }

  /** Two orders of the account would have traded with one another (faults.md O16). */
  readonly watch: Watcher = ({ order, before }) => {
    const { preventedQuantity, clientOrderId, symbol } = order.record;
    if (preventedQuantity === before.preventedQuantity) return;
    const { strategy } = order.intent;
    const quantity = formatAmount(preventedQuantity);
    const message = `${quantity} of order ${clientOrderId} of ${strategy} would have traded with another order of this account`;
    const fields = { strategy, symbol, order_id: clientOrderId, quantity };
    this.alert('warning', 'self_trade_prevented', message, fields);
  };

  private alert(...[severity, name, message, fields]: Parameters<EventMaker['alert']>): void {
    const alert = this.all.events.alert(severity, name, message, fields);
    this.all.booking.add(() => [alert]);
  }

  private halt(order: Pick<HaltOrder, 'scope' | 'state' | 'why'>): void {
    const { risk, telemetry } = this.all.parts;
    risk.halt({ ...order, cancelsOrders: false, by: BY }).catch((error: unknown) => {
      telemetry.log.write('error', 'halt_not_taken', { why: order.why, detail: String(error) });
    });
  }
}
