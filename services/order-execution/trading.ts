import type { UserStream } from '@tradewind/binance';
import type { OrderIntent } from '@tradewind/core/orders';
import type { AccountBooks } from '@tradewind/core/portfolio';
import type { Wanted } from '@tradewind/core/risk';
import type {
  CancelAllResult,
  CommandResult,
  FlattenResult,
  LedgerOrder,
  ScopedCommand,
  SignalRefusal,
} from '@tradewind/proto';
import { doneWithin, type Timers } from '@tradewind/utils';
import type { Booking } from './booking.ts';
import type { Watcher } from './bookkeeper.ts';
import { CanceledScopes, isInScope } from './canceled-scopes.ts';
import { Cancels } from './cancels.ts';
import { dustWatcher } from './dust.ts';
import type { EventMaker } from './event-maker.ts';
import type { Fills } from './fills.ts';
import { Flattening } from './flattening.ts';
import { Forgetting } from './forgetting.ts';
import { InDoubt } from './in-doubt.ts';
import type { Journal } from './journal.ts';
import type { LastStops } from './last-stops.ts';
import { OrderPath } from './order-path.ts';
import type { Orders } from './orders.ts';
import { Placements } from './placements.ts';
import type { ExecutionParts } from './ports.ts';
import { Proofs } from './proofs.ts';
import { Protection } from './protection.ts';
import { Replacing } from './replacing.ts';
import { Unfilled } from './unfilled.ts';

export interface TradingParts {
  readonly parts: ExecutionParts;
  readonly journal: Journal;
  readonly events: EventMaker;
  readonly stream: UserStream;
  readonly orders: Orders;
  readonly booking: Booking;
  readonly books: AccountBooks;
  readonly fills: Fills;
  readonly completeFills: () => Promise<string | undefined>;
  /** Resolves when the risk manager has been told of what is written, or could not be. */
  readonly told: () => Promise<void>;
  readonly objection: (wanted: Wanted) => SignalRefusal | undefined;
  readonly isReducing: (wanted: Wanted) => boolean;
  readonly hardRefusal: (intent: OrderIntent, reason: string) => void;
  /** Lets a strategy only reduce until a person has looked. */
  readonly stopStrategy: (strategy: string, why: string) => void;
}

/** How long the answer to a command waits until it is written that a stop stays away; its orders do not wait. */
const WRITTEN_WITHIN_MS = 2_000;

/** How long what takes the place of an order waits until the risk manager has heard that the order holds nothing back any more. */
const HEARD_WITHIN_MS = 1_000;

/** Everything of a session that sends something to the venue, put together. */
export class Trading {
  readonly inDoubt: InDoubt;
  readonly path: OrderPath;
  readonly cancels: Cancels;
  readonly replacing: Replacing;
  private readonly unfilled: Unfilled;
  readonly forgetting: Forgetting;
  /** To be told of every change of an order of ours. */
  readonly watchers: readonly Watcher[];
  private readonly flattening: Flattening;
  private readonly protection: Protection;
  private readonly orders: Orders;
  private readonly booking: Booking;
  private readonly timers: Timers;
  private readonly canceled = new CanceledScopes();

  constructor(all: TradingParts) {
    const { parts, orders, booking } = all;
    const { canceled } = this;
    const { settings } = parts;
    const { strategies } = settings;
    const proofs = new Proofs(parts.timers, orders);
    this.orders = orders;
    this.booking = booking;
    this.timers = parts.timers;
    this.inDoubt = new InDoubt({
      ...parts,
      ...all,
      settings: settings.inDoubt,
      recvWindowMs: settings.recvWindowMs,
    });
    const placements = new Placements({ ...parts, ...all, inDoubt: this.inDoubt });
    this.path = new OrderPath({
      ...parts,
      ...all,
      placements,
      canceled,
      giveUp: (clientOrderIds) => this.giveUp(clientOrderIds),
      submitsMax: settings.submitsMax,
    });
    const cancelParts = {
      ...parts,
      ...all,
      placements,
      inDoubt: this.inDoubt,
      proofs,
      cancelProofMs: settings.cancelProofMs,
    };
    this.cancels = new Cancels(cancelParts);
    const heard = () =>
      doneWithin(
        parts.timers,
        HEARD_WITHIN_MS,
        booking.settled().then(() => all.told()),
      );
    const shared = { ...parts, ...all, strategies, canceled, cancels: this.cancels, path: this.path, heard };
    this.flattening = new Flattening(shared);
    this.protection = new Protection({
      ...shared,
      flattening: this.flattening,
      unprotectedMs: settings.unprotectedMs,
    });
    this.unfilled = new Unfilled(shared);
    this.replacing = new Replacing(cancelParts, this.cancels, this.path, this.unfilled);
    this.forgetting = new Forgetting({
      ...parts,
      ...all,
      protection: this.protection,
      settings: settings.inDoubt,
    });
    this.watchers = [
      proofs.watch,
      // Before who looks whether a position is closed.
      dustWatcher({ ...parts, ...all }),
      this.protection.watch,
      this.unfilled.watch,
    ];
  }

  /** Of an order, or of a list by its id. One that was priced anew is the order that took its place; what is on its way does not leave. */
  async cancel(symbol: string, clientOrderId: string): Promise<CommandResult> {
    const current = this.unfilled.giveUp(clientOrderId);
    const wasUnderway = this.path.cancel(current);
    const isKnown = this.orders.of(current) !== undefined || this.orders.legsOf(current).length > 0;
    // Nothing of it has left, and nothing will.
    if (wasUnderway && !isKnown) return { kind: 'done' };
    return this.cancels.cancel(symbol, isKnown ? current : clientOrderId);
  }

  /** Nothing that was begun before leaves any more, whether or not it is an order yet. */
  async cancelAll(command: ScopedCommand): Promise<CancelAllResult> {
    const isMeant = ({ intent }: LedgerOrder): boolean => isInScope(intent, command);
    const targets = this.orders.allOpen.filter(isMeant);
    this.canceled.add(command);
    const stops = [...this.protection.giveUp(targets), ...this.protection.stayUnprotected(isMeant)];
    const { canceled, unproven } = await this.cancels.cancelAll(targets);
    if (stops.length === 0 || (await this.isWritten())) return { canceled, unproven };
    // If this process ended now the next one would give them back.
    return {
      canceled: canceled.filter((id) => !stops.includes(id)),
      unproven: [...new Set([...unproven, ...stops])],
    };
  }

  async flatten(command: ScopedCommand): Promise<FlattenResult> {
    const canceled = await this.cancelAll(command);
    return { ...canceled, ...(await this.flattening.sellAll(command)) };
  }

  /** Whether a command cancels an order for good. */
  isGivenUp(clientOrderId: string): boolean {
    return this.protection.isGivenUp(clientOrderId);
  }

  /** By client order id: a command has canceled them for good. */
  private giveUp(clientOrderIds: readonly string[]): void {
    this.protection.giveUp(
      this.orders.allOpen.filter(({ intent }) => clientOrderIds.includes(intent.clientOrderId)),
    );
  }

  /** Client order ids of the stops that are to be given back. */
  get awaitedStops(): readonly string[] {
    return this.protection.awaited;
  }

  /** To be called before anything changes. */
  restore({ ended, givenUp }: LastStops): void {
    this.giveUp(givenUp);
    this.protection.restore(ended);
  }

  /** From now on orders can leave. */
  begin(): void {
    for (const order of this.orders.allOpen) this.unfilled.follow(order);
    this.protection.begin();
  }

  end(): void {
    this.inDoubt.end();
    this.protection.end();
    this.unfilled.end();
    this.forgetting.end();
  }

  private async isWritten(): Promise<boolean> {
    // What was on its way may still be written before it is found to be canceled.
    const written = this.path.canceledEnded().then(() => this.booking.settled());
    const isSettled = await doneWithin(this.timers, WRITTEN_WITHIN_MS, written);
    return isSettled && !this.booking.hasEnded;
  }
}
