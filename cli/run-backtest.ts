import { amount, formatAmount } from '@tradewind/core/money';
import { err, ok, type Result } from '@tradewind/core/result';
import {
  type BacktestOutcome,
  type BacktestResult,
  InputUnavailable,
  RunFailure,
  resultOf,
  runBacktest,
} from '@tradewind/research/backtest';
import type { ReadLimits } from '@tradewind/research/risk-limits';
import type { BacktestRequest } from './backtest-options.ts';
import { badInput, type Complaint } from './complaint.ts';
import { findMarkets, type Market } from './find-markets.ts';
import { type FoundStrategy, findStrategy } from './find-strategy.ts';
import { raiseInliningBudget } from './inlining-budget.ts';
import { readParameterValues } from './read-parameters.ts';
import type { Cash } from './read-values.ts';
import { factsOf, type Preparation } from './run-facts.ts';
import { lineIn, messageOf, placeIn } from './thrown.ts';

export interface FinishedRun {
  readonly outcome: BacktestOutcome;
  readonly result: BacktestResult;
}

/**
 * From the request to the result. Nothing is written.
 * @param report  is told what is going on
 */
export async function runRequest(
  request: BacktestRequest,
  report: (phase: string) => void,
): Promise<Result<FinishedRun, Complaint>> {
  const strategy = await findStrategy(request.strategy);
  if (!strategy.ok) return strategy;
  const { definition } = strategy.value;
  const values = readParameterValues(definition, request.parameters);
  if (!values.ok) return values;
  const limits = request.risk === undefined ? ok(undefined) : await readLimits(request.risk);
  if (!limits.ok) return limits;
  report('loading bars');
  const found = await findMarkets(request);
  if (!found.ok) return found;
  const tooMany = checkSymbols(definition, found.value.markets);
  if (tooMany !== undefined) return tooMany;
  const cash = fundsOf(request.cash, found.value.markets);
  if (!cash.ok) return cash;
  report(`running ${definition.name}`);
  raiseInliningBudget();
  return run({
    request,
    strategy: strategy.value,
    values: values.value,
    ...found.value,
    cash: cash.value,
    limits: limits.value,
  });
}

function run(preparation: Preparation): Result<FinishedRun, Complaint> {
  const { request, strategy, values, markets, cash, limits, exchangeFilters } = preparation;
  const { maker, taker, slippage, limitFill, discount } = request.fills;
  const traded = markets.filter(({ isTraded }) => isTraded);
  const startedAt = performance.now();
  try {
    const outcome = runBacktest({
      definition: strategy.definition,
      values,
      setup: {
        symbols: traded.map(({ instrument }) => instrument.symbol),
        interval: traded[0]!.series.bars.interval.name,
      },
      markets: markets.map(({ instrument, series, detail }) => ({
        instrument,
        bars: series.bars,
        ...(detail === undefined ? {} : { detail: detail.bars }),
      })),
      cash,
      assumptions: { fees: { maker, taker }, slippage, limitFill },
      ...(discount === undefined ? {} : { feeDiscount: discount }),
      ...(limits === undefined ? {} : { risk: { limits: limits.limits, exchangeFilters } }),
      listOrders: request.out !== undefined,
      sampleLines: request.out !== undefined,
    });
    const engineSeconds = (performance.now() - startedAt) / 1000;
    const facts = factsOf(preparation, outcome.markets.flatMap(uncoveredWarning));
    return ok({ outcome, result: resultOf(outcome, facts, engineSeconds) });
  } catch (error) {
    return err(complaintOf(error, strategy));
  }
}

function checkSymbols({ name, symbolsMaximum }: FoundStrategy['definition'], markets: readonly Market[]) {
  const symbols = markets.filter(({ isTraded }) => isTraded).map(({ instrument }) => instrument.symbol);
  if (symbolsMaximum === undefined || symbols.length <= symbolsMaximum) return undefined;
  return badInput(
    `${name} trades ${symbolsMaximum === 1 ? 'one symbol' : `at most ${symbolsMaximum} symbols`}, and this run has ` +
      `${symbols.length} (${symbols.join(', ')}); choose with --symbol`,
  );
}

const uncoveredWarning = ({ instrument, uncoveredBars }: BacktestOutcome['markets'][number]): string[] =>
  uncoveredBars === 0
    ? []
    : [
        `${instrument.symbol}: the finer bars of --detail cover ${uncoveredBars} bars only in part; there the bar itself decided`,
      ];

/** What the strategy threw, told by its own line; anything else is a fault of ours and passes on. */
function complaintOf(error: unknown, { definition, file }: FoundStrategy): Complaint {
  const { name } = definition;
  if (error instanceof InputUnavailable)
    return { sentence: `strategy ${name} ${error.message}`, exitCode: 2 };
  const cause = error instanceof RunFailure ? error.cause : error;
  if (lineIn(file, cause) === undefined) throw error;
  const when = error instanceof RunFailure ? whenOf(error) : BEFORE_FIRST_BAR;
  return {
    sentence: `strategy ${name} failed ${when}: ${messageOf(cause)}${placeIn(file, cause)}`,
    exitCode: 1,
  };
}

function whenOf({ moment: { barOpenMs, nowMs } }: RunFailure): string {
  if (barOpenMs === undefined) return BEFORE_FIRST_BAR;
  return `at the bar of ${new Date(barOpenMs).toISOString()}, which closed at ${new Date(nowMs).toISOString()}`;
}

const BEFORE_FIRST_BAR = 'before the first bar';

/** The library that checks the file is loaded only where limits are read. */
async function readLimits(file: string): Promise<Result<ReadLimits, Complaint>> {
  const { describeRiskLimitsProblem, readRiskLimits } = await import('@tradewind/research/risk-limits');
  const limits = await readRiskLimits(file);
  return limits.ok ? limits : badInput(`--risk ${describeRiskLimitsProblem(limits.error)}`);
}

const DEFAULT_CASH = '10000';

/** What was given, or the default in the quote asset. Every asset of it must have a price in this run. */
function fundsOf(given: readonly Cash[], markets: readonly Market[]): Result<readonly Cash[], Complaint> {
  const { quoteAsset } = markets[0]!.instrument;
  if (given.length === 0) return ok([{ asset: quoteAsset, amount: amount(quoteAsset, DEFAULT_CASH) }]);
  const known = [quoteAsset, ...markets.map(({ instrument }) => instrument.baseAsset)];
  const stranger = given.find(({ asset }) => !known.includes(asset));
  if (stranger === undefined) return ok(given);
  return badInput(
    `--cash ${formatAmount(stranger.amount)}${stranger.asset}: ${stranger.asset} has no price in this run, ` +
      `which knows ${known.join(', ')}`,
  );
}
