import type { Clock } from '@tradewind/utils';
import type {
  AccountPosition,
  BalanceChange,
  ExchangeListener,
  ExecutionReport,
  ListStatusReport,
} from '../exchange/index.ts';
import { fixedPoint } from '../notation/fixed-point.ts';
import { type TimeUnit, timeIn } from '../notation/time-unit.ts';
import { executionReportJson } from './execution-report.ts';
import type { UserEvent, UserEventKind, UserEventSink } from './user-event.ts';

/** Whether anybody wants to hear of an account: nothing is written that nobody reads. */
export interface UserEventAudience {
  isHeard(account: number): boolean;
}

/** Turns what happens to accounts into user data events, in the order in which it happens (binance-spot.md section 9). */
export class UserEvents implements Partial<ExchangeListener> {
  private readonly sink: UserEventSink;
  private readonly audience: UserEventAudience;
  private readonly clock: Clock;

  constructor(sink: UserEventSink, audience: UserEventAudience, clock: Clock) {
    this.sink = sink;
    this.audience = audience;
    this.clock = clock;
  }

  executionReport(report: ExecutionReport): void {
    const { account, symbol } = report.order;
    this.tell('executionReport', account, symbol, (eventTimeMs, unit) =>
      executionReportJson(report, eventTimeMs, unit),
    );
  }

  listStatus(report: ListStatusReport): void {
    const { account, symbol } = report.list;
    this.tell('listStatus', account, symbol, (eventTimeMs, unit) =>
      listStatusJson(report, eventTimeMs, unit),
    );
  }

  accountPosition(position: AccountPosition): void {
    this.tell('outboundAccountPosition', position.account, undefined, (eventTimeMs, unit) =>
      positionJson(position, eventTimeMs, unit),
    );
  }

  balanceUpdate(change: BalanceChange): void {
    this.tell('balanceUpdate', change.account, undefined, (eventTimeMs, unit) =>
      changeJson('balanceUpdate', change, eventTimeMs, unit),
    );
  }

  externalLock(change: BalanceChange): void {
    this.tell('externalLockUpdate', change.account, undefined, (eventTimeMs, unit) =>
      changeJson('externalLockUpdate', change, eventTimeMs, unit),
    );
  }

  private tell(
    kind: UserEventKind,
    account: number,
    symbol: string | undefined,
    write: (eventTimeMs: number, unit: TimeUnit) => string,
  ): void {
    if (!this.audience.isHeard(account)) return;
    const eventTimeMs = this.clock.nowMs();
    const event: UserEvent = { kind, account, symbol, text: (unit) => write(eventTimeMs, unit) };
    this.sink.tell(event);
  }
}

function listStatusJson(
  { list, rejectReason, timeMs }: ListStatusReport,
  eventTimeMs: number,
  unit: TimeUnit,
): string {
  const orders = list.orders.map((it) => `{"s":"${it.symbol}","i":${it.orderId},"c":"${it.clientOrderId}"}`);
  return (
    `{"e":"listStatus","E":${timeIn(unit, eventTimeMs)},"s":"${list.symbol}","g":${list.orderListId}` +
    `,"c":"${list.contingencyType}","l":"${list.listStatusType}","L":"${list.listOrderStatus}"` +
    `,"r":"${rejectReason}","C":"${list.listClientOrderId}","T":${timeIn(unit, timeMs)},"O":[${orders.join(',')}]}`
  );
}

function positionJson(position: AccountPosition, eventTimeMs: number, unit: TimeUnit): string {
  const balances = position.balances.map(
    (it) => `{"a":"${it.asset}","f":"${fixedPoint(it.free)}","l":"${fixedPoint(it.locked)}"}`,
  );
  return (
    `{"e":"outboundAccountPosition","E":${timeIn(unit, eventTimeMs)},"u":${timeIn(unit, position.timeMs)}` +
    `,"B":[${balances.join(',')}]}`
  );
}

const changeJson = (
  kind: UserEventKind,
  change: BalanceChange,
  eventTimeMs: number,
  unit: TimeUnit,
): string =>
  `{"e":"${kind}","E":${timeIn(unit, eventTimeMs)},"a":"${change.asset}","d":"${fixedPoint(change.delta)}"` +
  `,"T":${timeIn(unit, change.timeMs)}}`;

/** The end of a subscription: unsubscribed, logged out, or its key is gone. */
export const terminatedJson = (timeMs: number, unit: TimeUnit): string =>
  `{"e":"eventStreamTerminated","E":${timeIn(unit, timeMs)}}`;
