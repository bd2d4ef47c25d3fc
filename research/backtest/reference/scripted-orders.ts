import Big from 'big.js';
import {
  type Account,
  buyCost,
  equity,
  type ReferenceFill,
  type Side,
  settle,
  slippedPrice,
} from './account.ts';
import { floorQuotientToStep, plain } from './exact-decimals.ts';
import type { Row } from './read-rows.ts';
import { checkScript, isLimitOnceWorking, isStop, isStopLoss, type ScriptedOrder } from './script.ts';

/** Amounts, prices and rates are decimal texts. */
export interface ScriptOptions {
  readonly cash: string;
  /** Base owned at the start, '0' when left out. */
  readonly holdings?: string;
  readonly makerFee: string;
  readonly takerFee: string;
  readonly slippageBps: number;
  readonly tick: string;
  readonly step: string;
  readonly limitFill: 'through' | 'touch';
}

export interface ScriptFill extends ReferenceFill {
  /** The place of the order in the script, from 0. */
  readonly order: number;
  readonly liquidity: 'maker' | 'taker';
}

/** Orders are named by their place in the script, from 0; each list is in the order in which it happened. */
export interface ScriptResult {
  readonly fills: readonly ScriptFill[];
  readonly finalEquity: string;
  readonly finalQuote: string;
  readonly finalBase: string;
  /** Refused at placement: for want of balance, because the price is there already, or for less than one step; or at the fill, for want of balance. */
  readonly refused: readonly number[];
  /** Gone because the other order of the pair traded or triggered. */
  readonly canceled: readonly number[];
  /** Waiting when the data ended, or too small for one step at the fill price. */
  readonly expired: readonly number[];
}

interface OpenOrder {
  readonly number: number;
  readonly side: Side;
  readonly type: ScriptedOrder['type'];
  readonly quantity: Big | undefined;
  readonly quoteAmount: Big | undefined;
  readonly price: Big | undefined;
  readonly stopPrice: Big | undefined;
  readonly ocoGroup: string | undefined;
  /** What it locks: quote for a BUY, base for a SELL. */
  readonly need: Big;
  /** False while a stop waits for its trigger. */
  isWorking: boolean;
  /** The bar after its placement: a limit that opens beyond in it takes, later it has rested and makes. */
  readonly arrivalBar: number;
  /** The first bar in which it may trade. */
  firstBar: number;
}

/** Rules 1 to 5 for any orders of one account on one symbol. */
export function referenceOrders(
  rows: readonly Row[],
  script: readonly ScriptedOrder[],
  options: ScriptOptions,
): ScriptResult {
  checkScript(script, rows.length, options);
  const tick = Big(options.tick);
  const step = Big(options.step);
  const account: Account = { quote: Big(options.cash), base: Big(options.holdings ?? 0) };
  const fills: ScriptFill[] = [];
  const refused: number[] = [];
  const canceled: number[] = [];
  const expired: number[] = [];
  /** Always in the order placed. */
  let open: OpenOrder[] = [];

  for (const [bar, row] of rows.entries()) {
    tradeAtTheOpen(bar, row);
    triggerStopLossesInsideTheBar(bar, row);
    tradeBetterInsideTheBar(bar, row);
    place(bar, row);
  }
  for (const order of open) expired.push(order.number);

  return {
    fills,
    finalEquity: plain(equity(account, Big(rows[rows.length - 1]?.close ?? 0))),
    finalQuote: plain(account.quote),
    finalBase: plain(account.base),
    refused,
    canceled,
    expired,
  };

  /** First of all what happens at the open: market orders, limits opened beyond, stops reached by the open. */
  function tradeAtTheOpen(bar: number, row: Row): void {
    const price = Big(row.open);
    for (const order of [...open]) {
      if (!open.includes(order) || bar < order.firstBar) continue;
      if (order.type === 'MARKET') {
        tradeAsMarket(order, row, price);
      } else if (!order.isWorking) {
        if (isReached(order, price, price)) trigger(order, bar, row, price);
      } else if (isBetter(order.side, price, order.price!)) {
        tradeLimitOpenedBeyond(order, bar, row, price);
      }
    }
  }

  /** Post-only never takes: the market came to it. Others get the better price, as takers only when they arrive. */
  function tradeLimitOpenedBeyond(order: OpenOrder, bar: number, row: Row, price: Big): void {
    if (order.type === 'LIMIT_MAKER') trade(order, row, order.quantity!, order.price!, 'maker');
    else
      trade(
        order,
        row,
        order.quantity!,
        price,
        bar === order.arrivalBar && !isStop(order.type) ? 'taker' : 'maker',
      );
  }

  /** Then, as the worse for us, the stop-losses that the bar reaches between its open and its close. */
  function triggerStopLossesInsideTheBar(bar: number, row: Row): void {
    for (const order of [...open]) {
      if (!open.includes(order) || bar < order.firstBar || order.isWorking || !isStopLoss(order.type))
        continue;
      if (isReached(order, Big(row.low), Big(row.high))) trigger(order, bar, row, order.stopPrice!);
    }
  }

  /** Last the better for us: take-profits, and limits that the bar trades through, or touches when the options say so. */
  function tradeBetterInsideTheBar(bar: number, row: Row): void {
    for (const order of [...open]) {
      if (!open.includes(order) || bar < order.firstBar) continue;
      if (!order.isWorking) {
        const isTarget = !isStopLoss(order.type);
        if (isTarget && isReached(order, Big(row.low), Big(row.high)))
          trigger(order, bar, row, order.stopPrice!);
        continue;
      }
      const extreme = Big(order.side === 'BUY' ? row.low : row.high);
      const isThrough = isBetter(order.side, extreme, order.price!);
      const isTouched = extreme.eq(order.price!) && options.limitFill === 'touch';
      if (isThrough || isTouched) trade(order, row, order.quantity!, order.price!, 'maker');
    }
  }

  /** The bar has closed: now the script speaks. The orders can trade from the next bar on (rule 1). */
  function place(bar: number, row: Row): void {
    const placed = new Set<string>();
    for (const [number, order] of script.entries()) {
      if (order.atBar !== bar) continue;
      if (order.ocoGroup === undefined) {
        placeTogether([openOrder(number, order, bar, row)], row);
      } else if (!placed.has(order.ocoGroup)) {
        placed.add(order.ocoGroup);
        const pair: OpenOrder[] = [];
        for (const [n, leg] of script.entries()) {
          if (leg.ocoGroup === order.ocoGroup) pair.push(openOrder(n, leg, bar, row));
        }
        placeTogether(pair, row);
      }
    }
  }

  /** One order, or an OCO pair, which needs its larger need once. */
  function placeTogether(orders: OpenOrder[], row: Row): void {
    let need = Big(0);
    for (const order of orders) if (order.need.gt(need)) need = order.need;
    const isTaken = orders.every((order) => isTakeable(order, row)) && need.lte(freeBalance(orders[0]!.side));
    for (const order of orders) {
      if (isTaken) open.push(order);
      else refused.push(order.number);
    }
  }

  /** What the exchange refuses at the close just seen: a stop that would trigger, a post-only that would match, less than a step. */
  function isTakeable(order: OpenOrder, row: Row): boolean {
    const last = Big(row.close);
    if (order.type === 'LIMIT_MAKER') return isBetter(order.side, order.price!, last);
    if (order.quoteAmount !== undefined) return floorQuotientToStep(order.quoteAmount, last, step).gt(0);
    return !isStop(order.type) || !isReached(order, last, last);
  }

  function openOrder(number: number, order: ScriptedOrder, bar: number, row: Row): OpenOrder {
    const quantity = order.quantity === undefined ? undefined : Big(order.quantity);
    const quoteAmount = order.quoteAmount === undefined ? undefined : Big(order.quoteAmount);
    // A BUY is expected to pay its limit; without one its stop price; without either the close just seen.
    const expectedPrice = Big(order.price ?? order.stopPrice ?? row.close);
    const need = order.side === 'SELL' ? quantity! : (quoteAmount ?? buyCost(quantity!, expectedPrice));
    return {
      number,
      side: order.side,
      type: order.type,
      quantity,
      quoteAmount,
      price: order.price === undefined ? undefined : Big(order.price),
      stopPrice: order.stopPrice === undefined ? undefined : Big(order.stopPrice),
      ocoGroup: order.ocoGroup,
      need,
      isWorking: !isStop(order.type),
      arrivalBar: bar + 1,
      firstBar: bar + 1,
    };
  }

  /** What a BUY may still spend, or a SELL still give: everything owned less what the open orders lock. */
  function freeBalance(side: Side): Big {
    let free = side === 'BUY' ? account.quote : account.base;
    for (const order of open) {
      if (order.side !== side) continue;
      const partner = partnerOf(order);
      // Of a pair only the larger need is locked, of two equal needs that of the first.
      if (partner?.need.gt(order.need)) continue;
      if (partner?.need.eq(order.need) && partner.number < order.number) continue;
      free = free.minus(order.need);
    }
    return free;
  }

  function partnerOf(order: OpenOrder): OpenOrder | undefined {
    if (order.ocoGroup === undefined) return undefined;
    return open.find((other) => other !== order && other.ocoGroup === order.ocoGroup);
  }

  /** Takes the order out of its pair: what triggers or trades ends the other. */
  function cancelPartner(order: OpenOrder): void {
    const partner = partnerOf(order);
    if (partner === undefined) return;
    close(partner);
    canceled.push(partner.number);
  }

  function close(order: OpenOrder): void {
    open = open.filter((other) => other !== order);
  }

  /** A stop is reached at `triggerPrice`: its stop price, or the open when that is beyond. */
  function trigger(order: OpenOrder, bar: number, row: Row, triggerPrice: Big): void {
    cancelPartner(order);
    if (!isLimitOnceWorking(order.type)) {
      tradeAsMarket(order, row, triggerPrice);
      return;
    }
    const limit = order.price!;
    const isMarketable = triggerPrice.eq(limit) || isBetter(order.side, triggerPrice, limit);
    if (isMarketable) {
      const slipped = slippedPrice(triggerPrice, order.side, options.slippageBps, tick);
      const price = isBetter(order.side, limit, slipped) ? limit : slipped;
      trade(order, row, order.quantity!, price, 'taker');
    } else {
      order.isWorking = true;
      order.firstBar = bar + 1;
    }
  }

  function tradeAsMarket(order: OpenOrder, row: Row, price: Big): void {
    const slipped = slippedPrice(price, order.side, options.slippageBps, tick);
    const quantity = order.quantity ?? floorQuotientToStep(order.quoteAmount!, slipped, step);
    close(order);
    if (quantity.eq(0)) {
      expired.push(order.number);
    } else if (order.side === 'BUY' && buyCost(quantity, slipped).gt(freeBalance('BUY'))) {
      refused.push(order.number);
    } else {
      trade(order, row, quantity, slipped, 'taker');
    }
  }

  function trade(
    order: OpenOrder,
    row: Row,
    quantity: Big,
    price: Big,
    liquidity: ScriptFill['liquidity'],
  ): void {
    cancelPartner(order);
    close(order);
    const feeRate = Big(liquidity === 'maker' ? options.makerFee : options.takerFee);
    const fill = settle(account, { timeMs: row.timeMs, side: order.side, quantity, price, feeRate });
    fills.push({ ...fill, order: order.number, liquidity });
  }
}

/** Whether a price is strictly better for us than another. */
const isBetter = (side: Side, price: Big, than: Big): boolean =>
  side === 'BUY' ? price.lt(than) : price.gt(than);

/** Whether a range of prices reaches the stop: from below for these two, from above for the others. */
function isReached(order: OpenOrder, low: Big, high: Big): boolean {
  const waitsForARise = isStopLoss(order.type) === (order.side === 'BUY');
  return waitsForARise ? high.gte(order.stopPrice!) : low.lte(order.stopPrice!);
}
