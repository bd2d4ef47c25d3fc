import { type ExchangeFilters, firstIndexFrom, openTimeOf } from '@tradewind/core/market';
import { ok, type Result } from '@tradewind/core/result';
import {
  type ChosenInstrument,
  chooseInstrument,
  describeInstrumentProblem,
  readExchangeInfoFile,
} from '@tradewind/research/instruments';
import type { BacktestRequest } from './backtest-options.ts';
import { badInput, type Complaint } from './complaint.ts';
import { loadDetail, loadPrices, loadSeries, type Series } from './load-series.ts';

/** A market of the run with all that was found out about it. */
export interface Market extends ChosenInstrument {
  readonly series: Series;
  readonly detail: Series | undefined;
  /** False for one that is only there for its prices. */
  readonly isTraded: boolean;
}

export interface Markets {
  /** The traded ones first, in the order they were named; all priced in one asset. */
  readonly markets: readonly Market[];
  /** Filters over all symbols. */
  readonly exchangeFilters: ExchangeFilters;
}

/** Bars and rules of every symbol of the run. */
export async function findMarkets(request: BacktestRequest): Promise<Result<Markets, Complaint>> {
  const rules = await readRules(request);
  if (!rules.ok) return rules;
  const series = await loadSeries(request);
  if (!series.ok) return series;
  const markets: Market[] = [];
  for (const each of series.value) {
    const market = await marketOf(each, true, rules.value, request);
    if (!market.ok) return market;
    markets.push(market.value);
  }
  const conflict = checkQuoteAssets(markets) ?? checkDetail(markets, request);
  if (conflict !== undefined) return conflict;
  const feeMarket = await findFeeMarket(markets, rules.value, request);
  if (!feeMarket.ok) return feeMarket;
  if (feeMarket.value !== undefined) markets.push(feeMarket.value);
  return ok({ markets, exchangeFilters: rules.value?.info.exchangeFilters ?? {} });
}

type Rules = Parameters<typeof chooseInstrument>[1];

async function readRules({ exchangeInfo }: BacktestRequest): Promise<Result<Rules, Complaint>> {
  if (exchangeInfo === undefined) return ok(undefined);
  const info = await readExchangeInfoFile(exchangeInfo);
  if (info.ok) return ok({ file: exchangeInfo, info: info.value });
  return badInput(`--exchange-info ${describeInstrumentProblem(info.error)}`);
}

async function marketOf(
  series: Series,
  isTraded: boolean,
  rules: Rules,
  { detail, cash }: BacktestRequest,
): Promise<Result<Market, Complaint>> {
  const hints = cash.map(({ asset }) => asset);
  const chosen = chooseInstrument(series.bars, rules, hints);
  if (!chosen.ok) return badInput(describeInstrumentProblem(chosen.error));
  const finer = detail.length === 0 || !isTraded ? ok(undefined) : await loadDetail(detail, series.bars);
  return finer.ok ? ok({ ...chosen.value, series, detail: finer.value, isTraded }) : finer;
}

function checkQuoteAssets(markets: readonly Market[]) {
  const [first, ...others] = markets.map(({ instrument }) => instrument);
  const other = others.find(({ quoteAsset }) => quoteAsset !== first!.quoteAsset);
  if (other === undefined) return undefined;
  return badInput(
    `--symbol: ${first!.symbol} is priced in ${first!.quoteAsset} and ${other.symbol} in ${other.quoteAsset}; ` +
      'all symbols of a run are priced in one asset',
  );
}

function checkDetail(markets: readonly Market[], { detail }: BacktestRequest) {
  if (detail.length === 0 || markets.some((market) => market.detail !== undefined)) return undefined;
  const symbols = markets.map(({ instrument }) => instrument.symbol);
  return badInput(`--detail ${detail.join(', ')}: holds no bars of ${symbols.join(', ')}`);
}

/** The market that says what the fee asset costs, unless it is traded anyway. */
async function findFeeMarket(
  markets: readonly Market[],
  rules: Rules,
  request: BacktestRequest,
): Promise<Result<Market | undefined, Complaint>> {
  const asset = request.fills.discount?.asset;
  const { quoteAsset } = markets[0]!.instrument;
  if (asset === undefined || markets.some(({ instrument }) => instrument.baseAsset === asset))
    return ok(undefined);
  if (asset === quoteAsset) {
    return badInput(`--fee-asset ${asset}: is what the symbols are priced in; name a third asset, like BNB`);
  }
  const symbol = `${asset}${quoteAsset}`;
  const series = await loadPrices(
    symbol,
    markets.map((market) => market.series),
    request,
  );
  if (!series.ok) return series;
  if (series.value !== undefined) {
    const apart = checkOverlap(series.value, markets);
    return apart ?? marketOf(series.value, false, rules, request);
  }
  return badInput(`--fee-asset ${asset}: the data hold no bars of ${symbol}, which say what ${asset} costs`);
}

/** A price that ends before the run begins, or begins after it has ended, is none. */
function checkOverlap({ bars }: Series, markets: readonly Market[]) {
  const spans = markets.map(({ series }) => spanOf(series.bars));
  const fromMs = Math.min(...spans.map((span) => span.fromMs));
  const toMs = Math.max(...spans.map((span) => span.toMs));
  if (firstIndexFrom(bars, fromMs) < firstIndexFrom(bars, toMs)) return undefined;
  return badInput(`--fee-asset: the data of ${bars.symbol} hold no bar of the time that the run is about`);
}

const spanOf = (bars: Series['bars']) => ({
  fromMs: openTimeOf(bars, 0),
  toMs: bars.interval.endOf(openTimeOf(bars, bars.length - 1)),
});
