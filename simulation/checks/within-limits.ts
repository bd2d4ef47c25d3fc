import {
  type Amount,
  add,
  formatAmount,
  maximum,
  notional,
  type Price,
  type Quantity,
  type QuoteAmount,
  ratio,
  settle,
  share,
  subtract,
  zero,
} from '@tradewind/core/money';
import { isFinal, ordersOf } from '@tradewind/core/orders';
import { Account, OWNER } from '@tradewind/core/portfolio';
import type { EquityAmount, Limit } from '@tradewind/core/risk';
import type { ExecutionReport } from '@tradewind/exchange-simulator';
import type { CommittedEvent } from '@tradewind/proto';
import { SETTINGS } from '../world/settings.ts';
import type { MakeCheck } from './check.ts';
import type { Placement } from './placements.ts';
import { isOpen } from './venue-orders.ts';

const { account, strategies, symbols } = SETTINGS.risk.limits;
/** The last trade and the price that the system went by are not the same: exposures are judged with so much less. */
const NEARLY = ratio('0.9');

/** What an order may still do. */
interface Open {
  readonly symbol: string;
  readonly strategy: string;
  readonly isBuy: boolean;
  readonly remaining: Quantity;
  readonly price: Price;
}
type IsIn = (of: { readonly symbol: string; readonly strategy: string }) => boolean;

/**
 * I6: whenever an order that buys leaves, what is held, what open orders may still buy and what is on the way to the exchange stay
 * within the limits together. A slow and simple model from what was sent and what the exchange has; it never counts more than there is:
 * a wish that has not left yet is not in it.
 */
export const withinLimits: MakeCheck = (world, fail) => {
  const { exchange } = world.simulator;
  const ours = new Map<string, string>();
  /** By client order id: sent, and not known to the exchange yet, as far as the ledger does not say that it never will be. */
  const onTheWay = new Map<string, Open>();
  const atVenue = new Map<string, Open>();
  const positions = new Map<string, { symbol: string; strategy: string; held: Quantity }>();

  const move = (strategy: string, symbol: string, by: Quantity): void => {
    const key = `${strategy} ${symbol}`;
    const held = add(positions.get(key)?.held ?? zero<Quantity>(), by);
    positions.set(key, { symbol, strategy, held });
  };

  const take = ({ order, fill }: ExecutionReport): void => {
    const { placedClientOrderId: id, symbol } = order;
    const strategy = ours.get(id);
    if (strategy === undefined) return;
    onTheWay.delete(id);
    if (isOpen(order) && order.quantity !== undefined) {
      const remaining = subtract(subtract(order.quantity, order.executedQuantity), order.preventedQuantity);
      atVenue.set(id, { symbol, strategy, isBuy: order.side === 'BUY', remaining, price: order.price });
    } else atVenue.delete(id);
    if (fill === undefined) return;
    const { baseAsset } = exchange.symbol(symbol)!.instrument;
    move(strategy, symbol, fill.isBuyer ? fill.quantity : subtract(zero<Quantity>(), fill.quantity));
    if (fill.commissionAsset === baseAsset)
      move(strategy, symbol, subtract(zero<Quantity>(), fill.commission));
  };

  const follow = (event: CommittedEvent): void => {
    if (event.kind === 'intent') {
      for (const { clientOrderId, strategy } of ordersOf(event.wanted)) ours.set(clientOrderId, strategy);
    } else if (event.kind === 'order' && isFinal(event.record.state))
      onTheWay.delete(event.record.clientOrderId);
    else if (event.kind === 'balance') {
      // Dust, and what somebody else has done with a strategy's coins.
      for (const { subAccount, account: of, asset, amount } of event.postings) {
        const market = exchange.symbols.find(({ instrument }) => instrument.baseAsset === asset);
        const isHeld = of === Account.free || of === Account.locked;
        if (subAccount !== OWNER && isHeld && market !== undefined)
          move(subAccount, market.symbol, amount as Quantity);
      }
    }
  };

  const open = function* (isIn: IsIn): Iterable<Open> {
    for (const each of onTheWay.values()) if (isIn(each)) yield each;
    for (const each of atVenue.values()) if (isIn(each)) yield each;
  };

  const worth = (symbol: string, quantity: Quantity, price: Price): QuoteAmount =>
    settle(notional(maximum(price, exchange.lastPrice(symbol) ?? zero<Price>()), quantity), 'receive');

  const exposure = (isIn: IsIn): EquityAmount => {
    let total = zero<QuoteAmount>();
    for (const { symbol, strategy, held } of positions.values())
      if (isIn({ symbol, strategy })) total = add(total, worth(symbol, held, zero()));
    for (const { symbol, isBuy, remaining, price } of open(isIn))
      if (isBuy) total = add(total, worth(symbol, remaining, price));
    return inEquity(share(total, NEARLY, 'receive'));
  };

  const judgeScope = (
    name: string,
    isIn: IsIn,
    limits: { readonly exposureMaximum: Limit<EquityAmount>; readonly openOrdersMaximum: Limit<number> },
  ): void => {
    const { exposureMaximum, openOrdersMaximum } = limits;
    const worths = exposure(isIn);
    if (exposureMaximum !== 'none' && worths > exposureMaximum)
      fail(`${name} can come to ${formatAmount(worths)}, over ${formatAmount(exposureMaximum)}`);
    const count = [...open(isIn)].length;
    if (openOrdersMaximum !== 'none' && count > openOrdersMaximum)
      fail(`${name} can come to ${count} open orders, over ${openOrdersMaximum}`);
  };

  const judge = ({ symbol, quantity, price }: Placement, strategy: string): void => {
    const ofSymbol: IsIn = (each) => each.symbol === symbol;
    const ofStrategy: IsIn = (each) => each.strategy === strategy;
    const { orderNotionalMaximum } = account;
    const cost = inEquity(worth(symbol, quantity, price));
    if (orderNotionalMaximum !== 'none' && share(cost, NEARLY, 'receive') > orderNotionalMaximum)
      fail(`an order of ${formatAmount(cost)} leaves, over ${formatAmount(orderNotionalMaximum)}`);
    let quantityMaximum = zero<Quantity>();
    for (const each of positions.values())
      if (ofSymbol(each)) quantityMaximum = add(quantityMaximum, each.held);
    for (const { isBuy, remaining } of open(ofSymbol))
      if (isBuy) quantityMaximum = add(quantityMaximum, remaining);
    const limits = symbols.get(symbol)!;
    if (limits.positionMaximum !== 'none' && quantityMaximum > limits.positionMaximum)
      fail(
        `${symbol} can come to ${formatAmount(quantityMaximum)}, over ${formatAmount(limits.positionMaximum)}`,
      );
    judgeScope(symbol, ofSymbol, limits);
    judgeScope(strategy, ofStrategy, strategies.get(strategy)!);
    judgeScope('the account', () => true, account);
  };

  return {
    name: 'I6 the worst case is within limits',
    committed(events) {
      for (const event of events) follow(event);
    },
    reported: take,
    placing(_, placement) {
      const { clientOrderId, symbol, side, quantity, price } = placement;
      const strategy = ours.get(clientOrderId);
      // Without an intent: I1 says so.
      if (strategy === undefined || atVenue.has(clientOrderId)) return;
      const isBuy = side === 'BUY';
      onTheWay.set(clientOrderId, { symbol, strategy, isBuy, remaining: quantity, price });
      if (isBuy) judge(placement, strategy);
    },
  };
};

/** All symbols of this world are quoted in what equity is counted in. */
const inEquity = (amount: Amount): EquityAmount => amount as EquityAmount;
