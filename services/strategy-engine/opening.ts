import { type Bars, type Instrument, Interval, type IntervalName } from '@tradewind/core/market';
import { err, ok, type Result } from '@tradewind/core/result';
import { BarCursor, type BarFigures, type Input } from '@tradewind/core/strategy';
import type { CommittedEvent, LedgerState } from '@tradewind/proto';
import type { HostingSettings, InputHistory } from './hosting/messages.ts';
import { readValues } from './hosting/read-values.ts';
import {
  type InstanceOptions,
  type InstanceSettings,
  inputsOfInstance,
  type StrategyEngineOptions,
} from './options.ts';
import type { SavedStrategy } from './saved-strategy.ts';

/** Everything that a strategy is opened with. */
export interface Opening {
  readonly settings: HostingSettings;
  readonly state: LedgerState;
  readonly history: readonly InputHistory[];
  /** Events of its orders since it was saved. */
  readonly missed: readonly CommittedEvent[];
}

export interface OpeningRequest {
  readonly options: InstanceOptions;
  readonly parameters: Readonly<Record<string, string>>;
  readonly settings: InstanceSettings;
  readonly saved: SavedStrategy | undefined;
}

type Sources = Pick<StrategyEngineOptions, 'clock' | 'marketData' | 'ledger'>;

/** Reads all that a strategy is opened with. @returns why that is not possible now; rejects when a source fails otherwise */
export async function readOpening(
  request: OpeningRequest,
  sources: Sources,
): Promise<Result<Opening, string>> {
  const { options, parameters, saved } = request;
  const { marketData, ledger } = sources;
  const inputs = inputsOfInstance(options, parameters);
  const instruments: Instrument[] = [];
  for (const symbol of watchedSymbols(options, inputs)) {
    const snapshot = await marketData.snapshot(symbol);
    if (snapshot === undefined) return err(`the market data do not follow ${symbol}`);
    instruments.push(snapshot.instrument);
  }
  const state = await ledger.load();
  const history: InputHistory[] = [];
  for (const input of inputs) {
    if (input.kind !== 'bars') continue;
    const { symbol, interval } = input;
    const count = barsToAskFor(symbol, interval, request, sources.clock.nowMs());
    const bars = await marketData.history(symbol, interval, count);
    if (!bars.ok) return err(`no history of ${symbol} ${interval}: ${bars.error.detail}`);
    history.push({ symbol, interval, bars: figuresIn(bars.value), isWhole: bars.value.length < count });
  }
  const missed =
    saved === undefined ? [] : await missedSince(options.strategy, saved.seq, state.seq, sources);
  return ok({ settings: hostingSettings(request, instruments), state, history, missed });
}

/** Those it trades, and those it only looks at. */
export const watchedSymbols = ({ symbols }: InstanceOptions, inputs: readonly Input[]): readonly string[] => [
  ...new Set([...symbols, ...inputs.map(({ symbol }) => symbol)]),
];

/** As many as it is to be shown; for one that goes on, as many as it missed and can look back at. */
function barsToAskFor(
  symbol: string,
  interval: IntervalName,
  { options: { definition }, parameters, settings, saved }: OpeningRequest,
  nowMs: number,
): number {
  const { historyBars, barsKept } = settings;
  const wanted = Math.max(historyBars, definition.warmup(readValues(definition, parameters)), 1);
  const closeTimeMs = saved?.snapshot?.inputs.find(
    (input) => input.symbol === symbol && input.interval === interval,
  )?.closeTimeMs;
  const lengthMs = Interval.parse(interval)!.lengthMs ?? SHORTEST_MONTH_MS;
  const missed = closeTimeMs == null ? 0 : Math.ceil((nowMs - closeTimeMs) / lengthMs);
  return Math.min(HISTORY_MAXIMUM, Math.max(wanted, missed + barsKept));
}

async function missedSince(
  strategy: string,
  afterSeq: number,
  throughSeq: number,
  { ledger }: Sources,
): Promise<readonly CommittedEvent[]> {
  const missed: CommittedEvent[] = [];
  for (let from = afterSeq; ; ) {
    const page = await ledger.read({ afterSeq: from, limit: PAGE, kinds: ['order', 'fill'], strategy });
    missed.push(...page.filter(({ seq }) => seq <= throughSeq));
    if (page.length < PAGE) return missed;
    from = page.at(-1)!.seq;
  }
}

function hostingSettings(
  { options, parameters, settings }: OpeningRequest,
  instruments: readonly Instrument[],
): HostingSettings {
  const { strategy, symbols, interval } = options;
  const { signalLifeMs, signalsPerBarMaximum, signalsPerSecondMaximum, barsKept } = settings;
  return {
    ...{ strategy, symbols, interval, parameters, instruments },
    ...{ signalLifeMs, signalsPerBarMaximum, signalsPerSecondMaximum, barsKept },
  };
}

function figuresIn(bars: Bars): readonly BarFigures[] {
  const cursor = new BarCursor(bars);
  const figures: BarFigures[] = [];
  while (cursor.nextCloseMs !== Number.POSITIVE_INFINITY) {
    cursor.advance();
    const { openTimeMs, closeTimeMs, openPrice, highPrice, lowPrice, closePrice, volume } = cursor.view;
    figures.push({ openTimeMs, closeTimeMs, openPrice, highPrice, lowPrice, closePrice, volume });
  }
  return figures;
}

/** What the market data give at most. */
const HISTORY_MAXIMUM = 5000;
const PAGE = 1000;
const SHORTEST_MONTH_MS = 28 * 86_400_000;
