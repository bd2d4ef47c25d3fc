import { type Amount, add, isPositive, type Price, type Quantity, zero } from '@tradewind/core/money';
import { isFinal, type OrderIntent } from '@tradewind/core/orders';
import { Account, type Posting } from '@tradewind/core/portfolio';
import type { SavedState, StrategyDefinition } from '@tradewind/core/strategy';
import { readParameters } from '@tradewind/core/strategy';
import type { CommittedEvent, StrategyBody } from '@tradewind/proto';
import { InputUnavailable, RunFailure, runBacktest } from '../backtest/index.ts';
import { columnsOf, type ParityInput, type ParityStrategy } from './session.ts';

/** The time in which a strategy ran with the same parameters, from where it stood when it began. */
export interface Run {
  readonly strategy: ParityStrategy;
  readonly parameters: Readonly<Record<string, string>>;
  /** Where it stood; undefined for a strategy that keeps no state: then the history says. */
  readonly state: SavedState | undefined;
  /** The close of the last bar that it had seen then, by 'BTCUSDT-1m'. */
  readonly seenMs: ReadonlyMap<string, number>;
  /** What is decided later belongs to the run, up to `toMs`. */
  readonly fromMs: number;
  readonly toMs: number;
  /** What it owned when it began. */
  readonly cash: readonly { readonly asset: string; readonly amount: Amount }[];
  /** Orders that were open when it began: a backtest begins without any. */
  readonly openOrders: number;
}

/** What a backtest of a run did. */
export interface BacktestOrder {
  readonly intent: OrderIntent;
  readonly outcome: string;
  readonly reason: string;
  readonly fill: { readonly price: Price; readonly quantity: Quantity; readonly timeMs: number } | undefined;
}

/** The runs of a strategy in a session, as the ledger tells of them. */
export function runsOf({ session, events }: ParityInput, strategy: ParityStrategy): Run[] {
  const own = events.filter((event) => event.kind === 'strategy' && event.strategy === strategy.strategy);
  return own.flatMap((event, place): Run[] => {
    // What a person asks for is written before it happens; where a strategy stood the engine writes itself.
    if (event.kind !== 'strategy' || event.action !== 'started' || event.by !== event.service) return [];
    const saved = savedIn(event);
    if (saved === undefined || event.atMs >= session.endedAtMs) return [];
    const end = own.slice(place + 1).find((later) => later.kind === 'strategy' && later.action !== 'saved');
    const toMs = Math.min(end?.atMs ?? session.endedAtMs, session.endedAtMs);
    if (toMs <= session.startedAtMs) return [];
    const before = events.filter(({ seq }) => seq <= saved.seq);
    return [
      {
        strategy,
        parameters: event.parameters,
        state: saved.state,
        seenMs: saved.seenMs,
        // A bar that closed while it was being opened was judged late, and counts.
        fromMs: saved.seenMs.size === 0 ? event.atMs : Math.max(...saved.seenMs.values()),
        toMs,
        // A strategy that is new is given its capital while it warms up, before it may trade.
        cash: cashOf(
          [...before, ...events.filter((each) => isAllocation(each, saved.seq, toMs))],
          strategy.strategy,
        ),
        openOrders: openOrdersOf(before, strategy.strategy),
      },
    ];
  });
}

/** Plays a run as a backtest. @returns its orders, or why it cannot be played */
export function backtestOf(
  run: Run,
  { session, instruments, assumptions }: ParityInput,
): readonly BacktestOrder[] | string {
  const { definition, symbols, interval, strategy } = run.strategy;
  const values = readParameters(definition.parameters, new Map(Object.entries(run.parameters)));
  if (!values.ok) return `its parameters are not valid any more: ${JSON.stringify(values.error)}`;
  const markets = [];
  for (const symbol of symbols) {
    const instrument = instruments.get(symbol);
    const closed = session.bars.get(`${symbol}-${interval}`) ?? [];
    const seenMs = run.state === undefined ? undefined : run.seenMs.get(`${symbol}-${interval}`);
    const played = closed.filter(
      ({ closeTimeMs }) => closeTimeMs > (seenMs ?? Number.NEGATIVE_INFINITY) && closeTimeMs <= run.toMs,
    );
    if (instrument === undefined) return `the rules of ${symbol} are not known`;
    const [first] = played;
    if (first === undefined) return `the session has no bars of ${symbol} ${interval} in it`;
    if (seenMs !== undefined && first.openTimeMs > seenMs)
      return `the session does not reach back to where the strategy began: bars of ${symbol} are missing from ${seenMs} on`;
    markets.push({ instrument, bars: columnsOf(symbol, interval, played) });
  }
  try {
    const { orders } = runBacktest({
      definition: standingWhere(run, strategy),
      values: values.value,
      setup: { symbols, interval },
      markets,
      cash: run.cash,
      assumptions,
      tradesAfterMs: run.fromMs,
      listOrders: true,
    });
    return [...orders!].flatMap(({ intent, outcome, reason, fillPrice, fillQuantity, endedAtMs }) => {
      if (intent.decidedAtMs <= run.fromMs) return [];
      const fill =
        fillPrice === undefined
          ? undefined
          : { price: fillPrice, quantity: fillQuantity!, timeMs: endedAtMs! };
      return [{ intent, outcome, reason, fill }];
    });
  } catch (error) {
    if (error instanceof InputUnavailable) return `it ${error.message}`;
    if (error instanceof RunFailure) return `the strategy failed in the backtest: ${String(error.cause)}`;
    throw error;
  }
}

/** The definition under the name of the instance, whose strategies begin where the run began. */
function standingWhere({ strategy: { definition }, state }: Run, name: string): StrategyDefinition {
  if (state === undefined) return { ...definition, name };
  return {
    ...definition,
    name,
    // It has seen its warm-up already.
    warmup: () => 0,
    create: (context, values) => {
      const strategy = definition.create(context, values);
      strategy.restore?.(state);
      return strategy;
    },
  };
}

/** What a strategy event says of where the strategy stood; undefined when it does not say so, or says it in another form. */
function savedIn({
  state,
}: StrategyBody): (Pick<Run, 'state' | 'seenMs'> & { readonly seq: number }) | undefined {
  if (typeof state !== 'object' || state === null || !('seq' in state)) return undefined;
  const { seq, snapshot } = state as unknown as SavedShape;
  const seenMs = new Map<string, number>();
  if (snapshot === null) return { seq, state: undefined, seenMs };
  for (const { symbol, interval, closeTimeMs } of snapshot.inputs)
    if (closeTimeMs !== null) seenMs.set(`${symbol}-${interval}`, closeTimeMs);
  return { seq, state: snapshot.host.strategy, seenMs };
}
/** As the strategy engine writes it. */
interface SavedShape {
  readonly seq: number;
  readonly snapshot: {
    readonly host: { readonly strategy: SavedState };
    readonly inputs: readonly {
      readonly symbol: string;
      readonly interval: string;
      readonly closeTimeMs: number | null;
    }[];
  } | null;
}

const isAllocation = (event: CommittedEvent, afterSeq: number, toMs: number): boolean =>
  event.kind === 'balance' && event.cause === 'allocation' && event.seq > afterSeq && event.atMs < toMs;

function cashOf(events: readonly CommittedEvent[], strategy: string): Run['cash'] {
  const totals = new Map<string, Amount>();
  for (const event of events) {
    if (event.kind !== 'fill' && event.kind !== 'balance') continue;
    for (const { subAccount, account, asset, amount } of event.postings satisfies readonly Posting[]) {
      if (subAccount !== strategy || (account !== Account.free && account !== Account.locked)) continue;
      totals.set(asset, add(totals.get(asset) ?? zero<Amount>(), amount));
    }
  }
  return [...totals].flatMap(([asset, amount]) => (isPositive(amount) ? [{ asset, amount }] : []));
}

function openOrdersOf(events: readonly CommittedEvent[], strategy: string): number {
  const open = new Map<string, boolean>();
  for (const event of events) {
    if (event.kind === 'order' && event.strategy === strategy)
      open.set(event.record.clientOrderId, !isFinal(event.record.state));
  }
  return [...open.values()].filter(Boolean).length;
}
