import type { Quantity } from '@tradewind/core/money';
import type { OrderIntent } from '@tradewind/core/orders';
import type { BreakBody, Signal, SignalRefusal } from './event.ts';
import type { LedgerOrder } from './ledger.ts';

/** The only writer to the exchange. It owns the life of every order, and the books. */
export interface OrderExecution {
  /**
   * Takes what a strategy wants: asks for the verdict, writes signal, verdict and intent, sends. Resolves when the exchange has the
   * order or nobody knows; what becomes of it is told as events.
   * @param causeId  the event that the signal was written as, when it was
   */
  submit(signal: Signal, correlationId: string): Promise<SubmitResult>;
  /**
   * Asks the exchange to cancel an order, or the list of which it is the id. Resolves when the cancel is recorded and sent; 'done' at once
   * when the order has not left yet, which it then does not. Of one that was priced anew this is the order that took its place.
   */
  cancel(command: CancelCommand): Promise<CommandResult>;
  /** Ends an open order that the exchange does not know any more. Refused unless all that can be asked there denies it. */
  forget(command: ForgetCommand): Promise<CommandResult>;
  /** Takes quantity off an open order; it keeps its place in the queue. Only downward (faults.md O13). */
  amend(command: AmendCommand): Promise<CommandResult>;
  /** Cancels an order and places another in one call; both halves are followed by themselves (faults.md O12). */
  replace(command: ReplaceCommand): Promise<SubmitResult>;
  /**
   * Cancels every open order of ours in a scope; what was begun there before and is no order yet does not leave any more. Says of which
   * order it is not proven yet, and of which stop it is not written that it must not be given back.
   */
  cancelAll(command: ScopedCommand): Promise<CancelAllResult>;
  /** Cancels everything in a scope, then sells at market what its strategies hold. */
  flatten(command: ScopedCommand): Promise<FlattenResult>;
  order(clientOrderId: string): Promise<LedgerOrder | undefined>;
  /** Not final ones; those in doubt first. */
  openOrders(): Promise<readonly LedgerOrder[]>;
  /** Compares books and exchange now. */
  reconcile(): Promise<ReconciliationResult>;
  /** A person has explained a break: books the difference and closes it. */
  resolveBreak(command: ResolveBreakCommand): Promise<CommandResult>;
  state(): Promise<ExecutionState>;
}

export type SubmitResult =
  /** The intent is written. `state` is what is known so far of the (first) order. */
  | { readonly kind: 'submitted'; readonly clientOrderId: string; readonly state: string }
  | { readonly kind: 'refused'; readonly refusal: SignalRefusal };

export interface Commanded {
  readonly by: string;
  readonly correlationId: string;
}
export interface CancelCommand extends Commanded {
  readonly symbol: string;
  readonly clientOrderId: string;
}
export interface ForgetCommand extends CancelCommand {
  readonly why: string;
}
export interface AmendCommand extends CancelCommand {
  readonly newQuantity: Quantity;
}
export interface ReplaceCommand extends CancelCommand {
  readonly replacement: OrderIntent;
  readonly expiresAtMs: number;
}
export interface ScopedCommand extends Commanded {
  /** Left out: everything of ours. */
  readonly symbol?: string;
  readonly strategy?: string;
  readonly why: string;
}
export interface ResolveBreakCommand extends Commanded {
  readonly name: string;
  readonly why: string;
}
export type CommandResult =
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly reason: string; readonly detail: string }
  | { readonly kind: 'unknown'; readonly detail: string };
export interface CancelAllResult {
  readonly canceled: readonly string[];
  readonly unproven: readonly string[];
}
export interface FlattenResult extends CancelAllResult {
  /** Client order ids of the selling orders. */
  readonly orders: readonly string[];
  /** What could not be sold, and why: dust, halted symbols. */
  readonly kept: readonly {
    readonly strategy: string;
    readonly symbol: string;
    readonly quantity: Quantity;
    readonly why: string;
  }[];
}
export interface ReconciliationResult {
  readonly kind: 'agreed' | 'breaks' | 'failed';
  readonly breaks: readonly BreakBody[];
  readonly detail: string;
}
export interface ExecutionState {
  /**
   * starting: nothing is known yet. standby: another instance leads. reconciling: read-only until books and exchange agree. ready: trades.
   * degraded: no new risk, cancels pass (user stream, ledger or clock is not good). stopping: finishes what is in flight.
   */
  readonly state: 'starting' | 'standby' | 'reconciling' | 'ready' | 'degraded' | 'stopping';
  readonly detail: string;
  readonly epoch: number | undefined;
  readonly openOrders: number;
  readonly inDoubt: number;
  readonly breaks: readonly BreakBody[];
  /** When the last reconciliation agreed, epoch ms. */
  readonly agreedAtMs: number | undefined;
}
