import type { ListOrderStatus, ListStatusType, OrderList, OrderListKind } from './model.ts';
import type { OrderRecord } from './order-record.ts';
import type { Lock } from './wallet.ts';

/** An order list as the exchange keeps it. */
export class ListRecord {
  readonly orderListId: number;
  readonly symbol: string;
  readonly account: number;
  readonly kind: OrderListKind;
  readonly listClientOrderId: string;
  readonly createdAtMs: number;
  /** In the order of placement. */
  readonly legs: readonly OrderRecord[];
  /** The number that the symbol's engine gave it. */
  engineListId = 0;
  statusType: ListStatusType = 'EXEC_STARTED';
  orderStatus: ListOrderStatus = 'EXECUTING';
  transactionTimeMs: number;
  /** What the working order of an OPO has brought: locked until the pending orders sell it. */
  proceeds: Lock | undefined = undefined;

  constructor(
    orderListId: number,
    named: { readonly symbol: string; readonly account: number; readonly listClientOrderId: string },
    kind: OrderListKind,
    legs: readonly OrderRecord[],
    createdAtMs: number,
  ) {
    this.orderListId = orderListId;
    this.symbol = named.symbol;
    this.account = named.account;
    this.listClientOrderId = named.listClientOrderId;
    this.kind = kind;
    this.legs = legs;
    this.createdAtMs = createdAtMs;
    this.transactionTimeMs = createdAtMs;
  }

  get isOpen(): boolean {
    return this.orderStatus === 'EXECUTING';
  }

  get paysForPending(): boolean {
    return this.kind === 'OPO' || this.kind === 'OPOCO';
  }

  view(): OrderList {
    return {
      orderListId: this.orderListId,
      symbol: this.symbol,
      account: this.account,
      kind: this.kind,
      contingencyType: this.kind === 'OCO' ? 'OCO' : 'OTO',
      listStatusType: this.statusType,
      listOrderStatus: this.orderStatus,
      listClientOrderId: this.listClientOrderId,
      createdAtMs: this.createdAtMs,
      transactionTimeMs: this.transactionTimeMs,
      orders: this.legs.map(({ orderId, clientOrderId }) => ({
        symbol: this.symbol,
        orderId,
        clientOrderId,
      })),
    };
  }
}
