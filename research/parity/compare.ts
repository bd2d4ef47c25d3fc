import { Interval } from '@tradewind/core/market';
import {
  averagePrice,
  formatAmount,
  formatPrice,
  type Price,
  type Quantity,
  zero,
} from '@tradewind/core/money';
import { limitPriceOf, type OrderIntent, triggerOf } from '@tradewind/core/orders';
import type { CommittedEvent } from '@tradewind/proto';
import { evaluatedOf, type LiveOrder, liveOrdersOf } from './live-orders.ts';
import type { BacktestOrder, Run } from './run.ts';

/**
 * same: equal to the last digit. price: the same decision or fill, of another size or at another price, because the market was not met
 * at the same price. timing: the same decision at another instant, because the exchange answered at another instant than the bar.
 * missing_in_live, missing_in_backtest: one side did not do it, and `detail` says why. unexplained: nothing here explains it.
 */
export type DifferenceClass =
  | 'same'
  | 'price'
  | 'timing'
  | 'missing_in_live'
  | 'missing_in_backtest'
  | 'unexplained';

export interface Compared {
  readonly strategy: string;
  /** What was decided, whether it became an order, and what was filled of it. */
  readonly what: 'signal' | 'order' | 'fill';
  readonly class: DifferenceClass;
  /** The live one where there is one. */
  readonly clientOrderId: string;
  /** When it was decided or filled, epoch ms; live where there is one. */
  readonly timeMs: number;
  readonly live: string;
  readonly backtest: string;
  /** What differs and why; empty for what is the same. */
  readonly detail: string;
}

/** Compares what a run did live with what its backtest did. Pure: the same events and orders give the same list. */
export function compareRun(
  run: Run,
  backtest: readonly BacktestOrder[],
  events: readonly CommittedEvent[],
): readonly Compared[] {
  const live = liveOrdersOf(run, events);
  const evaluated = evaluatedOf(run, events);
  const pairs = matched(run, [...live.values()], backtest);
  const compared: Compared[] = [];
  // From the first difference on, books and open orders differ, and with them what the strategy decides.
  let cause =
    run.openOrders === 0
      ? ''
      : `${run.openOrders} orders were open when the run began, which a backtest does not have`;
  for (const { mine, theirs } of pairs) {
    const take = (result: Compared): void => {
      compared.push(result);
      if (cause === '' && result.class !== 'same')
        cause = `after ${result.clientOrderId} (${result.what}: ${result.class})`;
    };
    take(signalOf(run, mine, theirs, cause, evaluated));
    if (mine === undefined || theirs === undefined) continue;
    take(orderOf(run, mine, theirs, cause));
    for (const fill of fillOf(run, mine, theirs)) take(fill);
  }
  return compared;
}

interface Pair {
  readonly mine: LiveOrder | undefined;
  readonly theirs: BacktestOrder | undefined;
}

/** By id first: it names the decision. What is left is paired by what it is, where both were decided within two bars. */
function matched(run: Run, live: readonly LiveOrder[], backtest: readonly BacktestOrder[]): readonly Pair[] {
  const lengthMs = Interval.parse(run.strategy.interval)!.lengthMs ?? MONTH_MS;
  const byId = new Map(backtest.map((order) => [order.intent.clientOrderId, order]));
  const pairs: Pair[] = [];
  const unmatched: LiveOrder[] = [];
  for (const mine of live) {
    const theirs = byId.get(mine.intent.clientOrderId);
    if (theirs === undefined) {
      unmatched.push(mine);
    } else {
      byId.delete(mine.intent.clientOrderId);
      pairs.push({ mine, theirs });
    }
  }
  const left = [...byId.values()];
  for (const mine of unmatched) {
    const place = left.findIndex(
      ({ intent }) =>
        isSameKind(intent, mine.intent) &&
        Math.abs(intent.decidedAtMs - mine.intent.decidedAtMs) <= 2 * lengthMs,
    );
    pairs.push({ mine, theirs: place < 0 ? undefined : left.splice(place, 1)[0] });
  }
  for (const theirs of left) pairs.push({ mine: undefined, theirs });
  return pairs.sort((a, b) => decidedAt(a) - decidedAt(b));
}

const decidedAt = ({ mine, theirs }: Pair): number =>
  Math.min(
    mine?.intent.decidedAtMs ?? Number.POSITIVE_INFINITY,
    theirs?.intent.decidedAtMs ?? Number.POSITIVE_INFINITY,
  );

const isSameKind = (a: OrderIntent, b: OrderIntent): boolean =>
  a.symbol === b.symbol && a.side === b.side && a.tag === b.tag && a.terms.type === b.terms.type;

function signalOf(
  run: Run,
  mine: LiveOrder | undefined,
  theirs: BacktestOrder | undefined,
  cause: string,
  evaluated: ReadonlySet<number>,
): Compared {
  const intent = (mine ?? theirs)!.intent;
  const base = {
    strategy: run.strategy.strategy,
    what: 'signal',
    clientOrderId: intent.clientOrderId,
    timeMs: intent.decidedAtMs,
    live: mine === undefined ? '' : describe(mine.intent),
    backtest: theirs === undefined ? '' : describe(theirs.intent),
  } as const;
  if (mine === undefined) return { ...base, ...whyNotLive(theirs!, cause, evaluated) };
  if (theirs === undefined)
    return { ...base, ...(cause === '' ? UNEXPLAINED : { class: 'missing_in_backtest', detail: cause }) };
  if (!isSameKind(mine.intent, theirs.intent))
    return { ...base, class: 'unexplained', detail: 'one id, two decisions' };
  if (mine.intent.decidedAtMs !== theirs.intent.decidedAtMs) {
    const laterMs = theirs.intent.decidedAtMs - mine.intent.decidedAtMs;
    const apart = laterMs > 0 ? `${laterMs} ms later` : `${-laterMs} ms earlier`;
    return {
      ...base,
      class: 'timing',
      detail: `the backtest hears of its orders at the close of the bar: ${apart}`,
    };
  }
  if (base.live === base.backtest) return { ...base, class: 'same', detail: '' };
  return {
    ...base,
    ...(cause === '' ? UNEXPLAINED : { class: 'price', detail: `of another size or price, ${cause}` }),
  };
}

/** Of what both decided: whether it was refused on one side alone. */
function orderOf(run: Run, mine: LiveOrder, theirs: BacktestOrder, cause: string): Compared {
  const isRefusedThere = theirs.outcome === 'refused';
  const base = {
    strategy: run.strategy.strategy,
    what: 'order',
    clientOrderId: mine.intent.clientOrderId,
    timeMs: mine.intent.decidedAtMs,
    live: mine.refusal === undefined ? 'accepted' : 'refused',
    backtest: isRefusedThere ? 'refused' : 'accepted',
  } as const;
  if (base.live === base.backtest) return { ...base, class: 'same', detail: '' };
  if (mine.refusal !== undefined)
    return { ...base, class: 'missing_in_live', detail: `refused because ${mine.refusal}` };
  const detail = `refused because ${theirs.reason}`;
  return { ...base, class: cause === '' ? 'unexplained' : 'missing_in_backtest', detail };
}

const UNEXPLAINED = { class: 'unexplained', detail: 'nothing before it differs' } as const;

function whyNotLive(
  { intent, outcome, reason }: BacktestOrder,
  cause: string,
  evaluated: ReadonlySet<number>,
): Pick<Compared, 'class' | 'detail'> {
  // In a backtest every decision is made at the close of a bar.
  if (!evaluated.has(intent.decidedAtMs))
    return {
      class: 'missing_in_live',
      detail: 'that bar was not judged: the strategy was away, or the bar did not come',
    };
  if (cause !== '') return { class: 'missing_in_live', detail: cause };
  if (outcome === 'refused')
    return { class: 'unexplained', detail: `wanted only there, and refused there: ${reason}` };
  return UNEXPLAINED;
}

function fillOf(run: Run, mine: LiveOrder, theirs: BacktestOrder): readonly Compared[] {
  const isFilled = mine.filled > zero<Quantity>();
  const { fill } = theirs;
  if (!isFilled && fill === undefined) return [];
  const price = isFilled ? averagePrice(mine.paid, mine.filled, 'ceiling') : undefined;
  const base = {
    strategy: run.strategy.strategy,
    what: 'fill',
    clientOrderId: mine.intent.clientOrderId,
    timeMs: isFilled ? mine.filledAtMs : fill!.timeMs,
    live: price === undefined ? '' : describeFill(mine.filled, price),
    backtest: fill === undefined ? '' : describeFill(fill.quantity, fill.price),
  } as const;
  if (!isFilled) {
    const detail =
      mine.refusal === undefined
        ? `it is ${mine.state}: bars do not tell all that rested before it`
        : `refused because ${mine.refusal}`;
    return [{ ...base, class: 'missing_in_live', detail }];
  }
  if (fill === undefined) {
    const detail =
      theirs.outcome === 'refused' || theirs.outcome === 'expired' || theirs.outcome === 'canceled'
        ? `there it is ${theirs.outcome} ${theirs.reason}`.trim()
        : 'the session ended before the next bar';
    return [{ ...base, class: 'missing_in_backtest', detail }];
  }
  if (base.live === base.backtest) return [{ ...base, class: 'same', detail: '' }];
  return [{ ...base, class: 'price', detail: 'the backtest trades at bars, the exchange in its book' }];
}

const MONTH_MS = 31 * 86_400_000;

/** All that an order asks for, as a text: equal texts are equal orders. */
function describe({ side, symbol, terms, tag }: OrderIntent): string {
  const size =
    terms.quantity === undefined ? `for ${formatAmount(terms.quoteAmount)}` : formatAmount(terms.quantity);
  const limit = limitPriceOf(terms);
  const { stopPrice, trailingDeltaBps } = triggerOf(terms) ?? {};
  return [
    ...[side, symbol, terms.type, size],
    ...(limit === undefined ? [] : [`at ${formatPrice(limit)}`]),
    ...(stopPrice === undefined ? [] : [`stop ${formatPrice(stopPrice)}`]),
    ...(trailingDeltaBps === undefined ? [] : [`trailing ${trailingDeltaBps}`]),
    ...(tag === '' ? [] : [`(${tag})`]),
  ].join(' ');
}

const describeFill = (quantity: Quantity, price: Price): string =>
  `${formatAmount(quantity)} at ${formatPrice(price)}`;
