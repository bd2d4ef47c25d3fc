import {
  type Amount,
  add,
  asAsset,
  formatAmount,
  notional,
  type Quantity,
  settle,
  share,
  subtract,
  unitsOf,
  zero,
} from '@tradewind/core/money';
import type { EquityAmount, Limit, RiskDesk, RiskLimits } from '@tradewind/core/risk';
import type { LimitUse } from '@tradewind/proto';
import type { EquityDay } from './equity-day.ts';
import type { Holdings } from './holdings.ts';
import type { Prices } from './prices.ts';

export interface UsesOf {
  readonly limits: RiskLimits;
  readonly desk: RiskDesk;
  readonly holdings: Holdings;
  readonly prices: Prices;
  readonly day: EquityDay;
  readonly equity: EquityAmount | undefined;
  readonly equityAsset: string;
  readonly nowMs: number;
}

/** Each limit that is not 'none', with how much of it is used; what cannot be measured now is left out. */
export function limitUses(of: UsesOf): readonly LimitUse[] {
  return [...accountUses(of), ...strategyUses(of), ...symbolUses(of), ...assetUses(of)];
}

type Found = LimitUse | undefined;
const known = (uses: readonly Found[]): readonly LimitUse[] => uses.filter((use) => use !== undefined);

function accountUses(of: UsesOf): readonly LimitUse[] {
  const { limits, desk, holdings, day, equity, equityAsset, nowMs } = of;
  const { account } = limits;
  const { dayStart, peak } = day;
  const lost = (from: EquityAmount | undefined): EquityAmount | undefined =>
    from === undefined || equity === undefined ? undefined : subtract(from, equity);
  const drawdownMaximum =
    account.drawdownMaximum === 'none' || peak === undefined
      ? 'none'
      : share(peak, account.drawdownMaximum, 'receive');
  return known([
    amountUse(
      'account exposure',
      working(holdings.accountExposure(), desk.reservations.account.buyWorth),
      account.exposureMaximum,
      equityAsset,
    ),
    countUse('account open orders', desk.reservations.account.orders, account.openOrdersMaximum),
    rateUse('account order rate', desk.ordersInWindow(nowMs), account.orderRate),
    amountUse('account daily loss', lost(dayStart), account.dailyLossMaximum, equityAsset),
    amountUse('account drawdown', lost(peak), drawdownMaximum, equityAsset),
  ]);
}

function strategyUses({ limits, desk, holdings, equityAsset, nowMs }: UsesOf): readonly LimitUse[] {
  return [...limits.strategies].flatMap(([name, of]) => {
    const totals = desk.reservations.strategy(name);
    return known([
      amountUse(
        `${name} exposure`,
        working(holdings.strategyExposure(name), totals.buyWorth),
        of.exposureMaximum,
        equityAsset,
      ),
      countUse(`${name} open orders`, totals.orders, of.openOrdersMaximum),
      rateUse(`${name} order rate`, desk.ordersInWindow(nowMs, name), of.orderRate),
      countUse(
        `${name} consecutive losses`,
        desk.breakers.losses.get(name) ?? 0,
        of.consecutiveLossesMaximum,
        'losses',
      ),
    ]);
  });
}

function symbolUses({ limits, desk, holdings, prices, equityAsset }: UsesOf): readonly LimitUse[] {
  return [...limits.symbols].flatMap(([symbol, of]) => {
    const totals = desk.reservations.symbol(symbol);
    const held = holdings.symbolPosition(symbol);
    const instrument = prices.instrument(symbol);
    if (held === undefined || instrument === undefined) return [];
    return known([
      amountUse(
        `${symbol} position`,
        add(held, totals.buyQuantity),
        of.positionMaximum,
        instrument.baseAsset,
      ),
      amountUse(
        `${symbol} exposure`,
        working(symbolWorth(symbol, held, instrument.quoteAsset, holdings, prices), totals.buyWorth),
        of.exposureMaximum,
        equityAsset,
      ),
      countUse(`${symbol} open orders`, totals.orders, of.openOrdersMaximum),
    ]);
  });
}

function assetUses({ limits, desk, holdings, equity, equityAsset }: UsesOf): readonly LimitUse[] {
  return [...limits.assets].flatMap(([asset, of]) => {
    const was = working(holdings.assetExposure(asset), desk.reservations.gainingOf(asset));
    const shareMaximum =
      of.shareOfEquityMaximum === 'none' || equity === undefined
        ? 'none'
        : share(equity, of.shareOfEquityMaximum, 'receive');
    return known([
      amountUse(`${asset} exposure`, was, of.exposureMaximum, equityAsset),
      amountUse(`${asset} share of equity`, was, shareMaximum, equityAsset),
    ]);
  });
}

function symbolWorth(
  symbol: string,
  held: Quantity,
  quoteAsset: string,
  holdings: Holdings,
  prices: Prices,
): EquityAmount | undefined {
  const price = prices.valuationPrice(symbol);
  if (price === undefined) return undefined;
  return holdings.worth(quoteAsset, asAsset(settle(notional(price, held), 'pay')), 'pay');
}

const working = (held: EquityAmount | undefined, ordered: EquityAmount): EquityAmount | undefined =>
  held === undefined ? undefined : add(held, ordered);

function amountUse(name: string, was: Amount | undefined, limit: Limit<Amount>, unit: string): Found {
  if (was === undefined || limit === 'none') return undefined;
  return { name, was: formatAmount(was), limit: formatAmount(limit), unit, share: shareOf(was, limit) };
}

function countUse(name: string, was: number, limit: Limit<number>, unit = 'orders'): Found {
  if (limit === 'none') return undefined;
  return { name, was: String(was), limit: String(limit), unit, share: quotient(was, limit) };
}

function rateUse(name: string, was: number | undefined, rate: Limit<{ readonly orders: number }>): Found {
  return was === undefined || rate === 'none' ? undefined : countUse(name, was, rate.orders);
}

/** For bars on screens; nothing is decided by it. A gain uses nothing of a limit on losses. */
const shareOf = (was: Amount, limit: Amount): number => {
  const none: Amount = zero();
  return was <= none ? 0 : quotient(Number(unitsOf(was)), Number(unitsOf(limit)));
};
/** Of a limit of nothing, anything is all. */
const quotient = (was: number, limit: number): number => (limit > 0 ? was / limit : Number(was > 0));
