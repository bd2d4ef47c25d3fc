import { ratio } from '@tradewind/core/money';
import type { ExchangePort, Order } from '../exchange/index.ts';
import type { RequestFacts } from './facts.ts';
import { fillFromOutside } from './outside-fill.ts';
import type { Deed } from './plan-schema.ts';
import type { Rule } from './rule.ts';

/** How the limits of an address are moved by somebody else behind it, or by a decision of the exchange. */
export interface AddressControls {
  burnWeight(address: string, weight: number): void;
  ban(address: string, durationMs: number): void;
}

/** What faults do at the exchange around one request: before it is carried out, and after. */
export class Deeds {
  private readonly exchange: ExchangePort;
  private readonly addresses: AddressControls;
  private readonly problems: Map<string, string>;

  /** @param problems  by the name of the fault: why something could not be done */
  constructor(exchange: ExchangePort, addresses: AddressControls, problems: Map<string, string>) {
    this.exchange = exchange;
    this.addresses = addresses;
    this.problems = problems;
  }

  /** Carries a request out with what the faults do before and after it. */
  around<T>(deeds: readonly Rule<Deed, RequestFacts>[], facts: RequestFacts, request: () => T): T {
    for (const { name, fault } of deeds) this.before(name, fault, facts);
    const afterwards = deeds.filter(({ fault }) => fault.fault === 'fill_then_expire');
    if (afterwards.length === 0) return request();
    const placed: Order[] = [];
    const stopListening = this.exchange.listen({
      executionReport({ executionType, order }) {
        if (executionType === 'NEW' && order.account === facts.account) placed.push(order);
      },
    });
    const result = request();
    stopListening();
    for (const { name, fault } of afterwards) {
      if (fault.fault !== 'fill_then_expire') continue;
      for (const order of placed) this.fillThenExpire(name, fault.fraction ?? '0.5', order);
    }
    return result;
  }

  private before(name: string, deed: Deed, facts: RequestFacts): void {
    switch (deed.fault) {
      case 'burn_weight':
        this.addresses.burnWeight(facts.address, deed.weight);
        break;
      case 'ban_address':
        this.addresses.ban(facts.address, deed.ms);
        break;
      case 'fill_before_cancel':
        this.fillBeforeCancel(name, facts);
        break;
      case 'fill_then_expire':
        break;
    }
  }

  /** The order that the request is about to cancel is filled by somebody who was a moment faster. */
  private fillBeforeCancel(name: string, facts: RequestFacts): void {
    const symbol = facts.parameter('symbol');
    const id = facts.parameter('orderId') ?? facts.parameter('cancelOrderId');
    const clientId = facts.parameter('origClientOrderId') ?? facts.parameter('cancelOrigClientOrderId');
    if (symbol === undefined || facts.account === undefined || (id ?? clientId) === undefined) {
      this.problems.set(name, 'the request names no order');
      return;
    }
    const order = this.exchange.order(facts.account, {
      symbol,
      orderId: id === undefined ? undefined : Number(id),
      origClientOrderId: clientId,
    });
    this.note(name, order.ok ? fillFromOutside(this.exchange, order.value, ratio('1')) : order.error.msg);
  }

  private fillThenExpire(name: string, fraction: string, placed: Order): void {
    const { symbol, account, orderId } = placed;
    const order = this.exchange.order(account, { symbol, orderId });
    const problem = order.ok ? fillFromOutside(this.exchange, order.value, ratio(fraction)) : order.error.msg;
    const expired = this.exchange.expireOrder(symbol, orderId);
    this.note(name, problem ?? (expired.ok ? undefined : expired.error.msg));
  }

  private note(name: string, problem: string | undefined): void {
    if (problem !== undefined) this.problems.set(name, problem);
  }
}
