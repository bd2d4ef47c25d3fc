import { amount, negate, price, quantity, ratio } from '@tradewind/core/money';
import { err, type Result } from '@tradewind/core/result';
import type { Timer, Timers } from '@tradewind/utils';
import type { ExchangePort, Refusal } from '../exchange/index.ts';
import type { OpenSockets } from '../open-sockets.ts';
import type { VenueClock } from '../venue-clock.ts';
import type { RequestFacts } from './facts.ts';
import { textTest } from './patterns.ts';
import type { Action } from './plan-schema.ts';
import { type Rule, struckBy } from './rule.ts';

/** The traders and the replay, which an operator can stop and set going again. */
export interface MarketSwitch {
  pause(): void;
  resume(): void;
}

export interface ActionPorts {
  readonly clock: VenueClock;
  readonly timers: Timers;
  readonly exchange: ExchangePort;
  readonly sockets: OpenSockets;
  readonly market: MarketSwitch;
  /** Tells every socket `serverShutdown`. */
  readonly announceShutdown: () => void;
}

type ActionRule = Rule<Action, RequestFacts>;

const NOT_PRINTED = { msg: 'the symbol does not trade now, or nobody could trade that' };

/** Codes of RFC 6455: 1000 says nothing is wrong, 1001 that the server goes away. */
const GOING_AWAY = 1001;

/** What a plan does to the exchange by itself: at its times, or around requests. */
export class Actions {
  private readonly ports: ActionPorts;
  private readonly problems: Map<string, string>;
  private timed: Timer[] = [];
  private onRequests: readonly ActionRule[] = [];

  /** @param problems  by the name of the fault: why something could not be done */
  constructor(ports: ActionPorts, problems: Map<string, string>) {
    this.ports = ports;
    this.problems = problems;
  }

  /** Ends what the plan before this one still had in mind. What comes back by itself (`for_ms`) still does. */
  install(rules: readonly ActionRule[]): void {
    for (const timer of this.timed) timer.cancel();
    this.timed = [];
    this.onRequests = rules.filter(({ fault }) => fault.on_request !== undefined);
    for (const rule of rules) {
      if (rule.fault.on_request === undefined) this.schedule(rule, rule.fault.when?.from_ms ?? 0);
    }
  }

  get concernRequests(): boolean {
    return this.onRequests.length > 0;
  }

  /** Carries a request out with what is to be done just before and just after it. */
  around<T>(facts: RequestFacts, request: () => T): T {
    const struck = struckBy(this.onRequests, facts, this.ports.clock.elapsedMs());
    const isAfter = ({ fault }: ActionRule): boolean => fault.on_request?.moment === 'after';
    for (const rule of struck) if (!isAfter(rule)) this.act(rule);
    const result = request();
    for (const rule of struck) if (isAfter(rule)) this.act(rule);
    return result;
  }

  /** Does it now, whatever it says of times. @returns why it could not be done; undefined when it is done */
  perform(action: Action): string | undefined {
    const done = this.run(action);
    return done === undefined || done.ok ? undefined : done.error.msg;
  }

  private schedule(rule: ActionRule, delayMs: number): void {
    const { every_ms: everyMs, count = Number.POSITIVE_INFINITY } = rule.fault.when ?? {};
    const place = this.timed.length;
    const once = (): void => {
      rule.selection.strikes();
      this.act(rule);
      if (everyMs !== undefined && rule.selection.struck < count) {
        this.timed[place] = this.ports.timers.after(everyMs, once);
      }
    };
    this.timed.push(this.ports.timers.after(delayMs, once));
  }

  private act({ name, fault }: ActionRule): void {
    const problem = this.perform(fault);
    if (problem !== undefined) this.problems.set(name, problem);
  }

  private run(action: Action): Result<unknown, Pick<Refusal, 'msg'>> | undefined {
    const { exchange, clock, market } = this.ports;
    switch (action.fault) {
      case 'deposit':
        return exchange.transfer(action.account, action.asset, amount(action.asset, action.amount));
      case 'withdraw':
        return exchange.transfer(action.account, action.asset, negate(amount(action.asset, action.amount)));
      case 'lock':
        return exchange.lockExternally(action.account, action.asset, amount(action.asset, action.amount));
      case 'unlock':
        return exchange.lockExternally(
          action.account,
          action.asset,
          negate(amount(action.asset, action.amount)),
        );
      case 'hand_order':
        return this.placeByHand(action);
      case 'cancel_by_hand':
        return exchange.cancelAll(action.account, action.symbol);
      case 'expire_orders':
        this.expireOrders(action.symbol, action.account);
        return undefined;
      case 'print_trade':
        return exchange.applyTrade(action.symbol, price(action.price), quantity(action.quantity), action.side)
          ? undefined
          : err(NOT_PRINTED);
      case 'set_status':
        this.setStatus(action);
        return undefined;
      case 'set_filter':
        exchange.setFilter(action.symbol, action.filter);
        return undefined;
      case 'remove_filter':
        exchange.removeFilter(action.symbol, action.filter_type);
        return undefined;
      case 'revoke_key':
        exchange.removeKey(action.api_key);
        return undefined;
      case 'switch_account':
        this.switchAccount(action);
        return undefined;
      case 'set_reference_price':
        exchange.setReferencePrice(action.symbol, action.price === null ? null : price(action.price));
        return undefined;
      case 'set_price_range':
        exchange.setPriceRangeRule(action.symbol, priceRange(action));
        return undefined;
      case 'shift_clock':
        clock.shift(action.ms);
        this.back(action.for_ms, () => clock.shift(-action.ms));
        return undefined;
      case 'pause_market':
        market.pause();
        this.back(action.for_ms, () => market.resume());
        return undefined;
      case 'wipe':
        exchange.wipe();
        return undefined;
      case 'cut_sockets':
        this.cutSockets(action);
        return undefined;
      case 'shut_down':
        this.ports.announceShutdown();
        this.ports.timers.after(action.notice_ms, () => this.closeSockets());
        return undefined;
    }
  }

  private back(afterMs: number | undefined, undo: () => void): void {
    if (afterMs !== undefined) this.ports.timers.after(afterMs, undo);
  }

  private placeByHand(action: Extract<Action, { fault: 'hand_order' }>) {
    const { account, symbol, side } = action;
    const order = { side, quantity: quantity(action.quantity) };
    return this.ports.exchange.placeByHand(
      account,
      symbol,
      action.price === undefined
        ? { ...order, type: 'MARKET' }
        : { ...order, type: 'LIMIT', timeInForce: 'GTC', price: price(action.price) },
    );
  }

  private expireOrders(symbol: string, account: number | undefined): void {
    const { exchange } = this.ports;
    for (const each of exchange.oracle.accounts) {
      if (account !== undefined && each.account !== account) continue;
      const open = exchange.openOrders(each.account, symbol);
      // One that went with its list before its turn came is refused, which is as it should be.
      if (open.ok) for (const { orderId } of open.value) exchange.expireOrder(symbol, orderId);
    }
  }

  private setStatus({ symbol, status, for_ms }: Extract<Action, { fault: 'set_status' }>): void {
    const { exchange } = this.ports;
    const before = exchange.symbol(symbol)!.entry.status;
    exchange.setSymbolStatus(symbol, status);
    this.back(for_ms, () => exchange.setSymbolStatus(symbol, String(before)));
  }

  private switchAccount(action: Extract<Action, { fault: 'switch_account' }>): void {
    const { account, can_trade, uses_discount } = action;
    this.ports.exchange.switchAccount(account, {
      ...(can_trade === undefined ? {} : { canTrade: can_trade }),
      ...(uses_discount === undefined ? {} : { isDiscountEnabled: uses_discount }),
    });
  }

  private cutSockets({ where, code }: Extract<Action, { fault: 'cut_sockets' }>): void {
    const isMeant = textTest(where?.path);
    for (const { path, socket } of this.ports.sockets.list()) {
      if (!isMeant(path)) continue;
      if (code === undefined) socket.cut();
      else socket.close(code, '');
    }
  }

  private closeSockets(): void {
    for (const { socket } of this.ports.sockets.list()) socket.close(GOING_AWAY, 'the server shuts down');
  }
}

function priceRange(
  action: Extract<Action, { fault: 'set_price_range' }>,
): Parameters<ExchangePort['setPriceRangeRule']>[1] {
  const { bid_up, bid_down, ask_up, ask_down } = action;
  const multiple = (text: string | undefined) => (text === undefined ? undefined : ratio(text));
  if ([bid_up, bid_down, ask_up, ask_down].every((each) => each === undefined)) return undefined;
  return {
    bidLimitMultUp: multiple(bid_up),
    bidLimitMultDown: multiple(bid_down),
    askLimitMultUp: multiple(ask_up),
    askLimitMultDown: multiple(ask_down),
  };
}
