import { invariant } from '@tradewind/core/result';
import type { ListRecord } from './list-record.ts';
import type { Fill, Order, OrderList, PreventedMatch } from './model.ts';
import type { OrderRecord } from './order-record.ts';

/** What the running command brought into the engine, and what of its outcome the answer to it says. */
export class CommandScope {
  cancelName = '';
  readonly canceled: { readonly order: Order; readonly originalClientOrderId: string }[] = [];
  fills: Fill[] = [];
  preventedMatches: PreventedMatch[] = [];
  /** The orders as the command itself left them, before what it set off. */
  asPlaced: readonly Order[] = [];
  listAsPlaced: OrderList | undefined = undefined;
  amendedExecutionId = -1;
  private records: readonly OrderRecord[] = [];
  private list: ListRecord | undefined = undefined;
  private amended: { readonly record: OrderRecord; readonly name: string } | undefined = undefined;
  private acceptedCount = 0;
  private isFirstStep = false;

  /** Orders are about to be placed, in this order. */
  startPlacing(records: readonly OrderRecord[], list?: ListRecord): void {
    this.records = records;
    this.list = list;
    this.acceptedCount = 0;
    this.isFirstStep = true;
    this.fills = [];
    this.preventedMatches = [];
    this.asPlaced = [];
  }

  startCanceling(name: string): void {
    this.cancelName = name;
    this.canceled.length = 0;
  }

  startAmending(record: OrderRecord, name: string): void {
    this.amended = { record, name };
  }

  nextAccepted(): OrderRecord {
    const record = this.records[this.acceptedCount];
    invariant(record !== undefined, 'the engine accepts what it was given');
    this.acceptedCount += 1;
    return record;
  }

  acceptedList(): ListRecord {
    invariant(this.list !== undefined, 'the engine opens the list that it was given');
    return this.list;
  }

  noteFill(record: OrderRecord, fill: Fill): void {
    if (this.isFirstStep && record === this.records[0]) this.fills.push(fill);
  }

  notePrevention(taker: OrderRecord, match: PreventedMatch): void {
    if (this.isFirstStep && taker === this.records[0]) this.preventedMatches.push(match);
  }

  noteCanceled(record: OrderRecord, originalClientOrderId: string): void {
    this.canceled.push({ order: record.view(), originalClientOrderId });
  }

  /** The client order id that an amendment gives to an order; undefined for its twin in a list. */
  newNameOf(record: OrderRecord): string | undefined {
    return this.amended?.record === record ? this.amended.name : undefined;
  }

  noteAmended(executionId: number): void {
    this.amendedExecutionId = executionId;
    this.amended = undefined;
  }

  stepEnded(): void {
    if (!this.isFirstStep) return;
    this.isFirstStep = false;
    this.asPlaced = this.records.map((record) => record.view());
    this.listAsPlaced = this.list?.view();
  }
}
