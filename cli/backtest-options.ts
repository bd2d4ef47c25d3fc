import { Interval } from '@tradewind/core/market';
import type { Slippage } from '@tradewind/core/matching/bars';
import type { Fraction } from '@tradewind/core/money';
import { ok, type Result } from '@tradewind/core/result';
import { badInput, type Complaint } from './complaint.ts';
import {
  type Cash,
  plainDecimal,
  readBarCount,
  readCash,
  readDiscount,
  readFee,
  readParameterTexts,
  readSeed,
  readSlippage,
  readTime,
} from './read-values.ts';

/** The options as they were typed; those with a default are always there. */
export interface TypedOptions {
  readonly strategy: string;
  readonly data?: readonly string[];
  readonly synthetic?: string;
  readonly seed?: string;
  readonly symbol?: readonly string[];
  readonly interval?: string;
  readonly from?: string;
  readonly to?: string;
  readonly param?: readonly string[];
  readonly cash?: readonly string[];
  readonly makerFee: string;
  readonly takerFee: string;
  readonly feeAsset?: string;
  readonly feeDiscount: string;
  readonly slippageBps: string;
  readonly limitFill: string;
  readonly exchangeInfo?: string;
  readonly detail?: readonly string[];
  readonly risk?: string;
  readonly json?: boolean;
  readonly out?: string;
}

/** Where the bars come from: files, or a seed. */
export type DataSource =
  | { readonly kind: 'files'; readonly sources: readonly string[] }
  | { readonly kind: 'synthetic'; readonly bars: number; readonly seed: number };

/** What the options mean. */
export interface BacktestRequest {
  readonly strategy: string;
  readonly data: DataSource;
  /** Empty when the data decide. */
  readonly symbols: readonly string[];
  readonly interval: Interval | undefined;
  readonly fromMs: number | undefined;
  readonly toMs: number | undefined;
  readonly parameters: ReadonlyMap<string, string>;
  /** Empty for the default, which needs the quote asset. */
  readonly cash: readonly Cash[];
  readonly fills: FillOptions;
  readonly exchangeInfo: string | undefined;
  readonly detail: readonly string[];
  readonly risk: string | undefined;
  readonly json: boolean;
  readonly out: string | undefined;
}

export interface FillOptions {
  readonly maker: Fraction;
  readonly taker: Fraction;
  readonly slippage: Slippage;
  readonly limitFill: 'through' | 'touch';
  readonly discount: { readonly asset: string; readonly multiplier: Fraction } | undefined;
  /** In plain decimals, for the result. */
  readonly rates: {
    readonly makerFee: string;
    readonly takerFee: string;
    readonly slippageBps: string;
    readonly feeDiscount: string;
  };
}

export function readOptions(typed: TypedOptions): Result<BacktestRequest, Complaint> {
  const data = readSource(typed);
  if (!data.ok) return data;
  const range = readRange(typed);
  if (!range.ok) return range;
  const parameters = readParameterTexts(typed.param ?? []);
  if (!parameters.ok) return parameters;
  const cash = readCashes(typed.cash ?? []);
  if (!cash.ok) return cash;
  const fills = readFillOptions(typed);
  if (!fills.ok) return fills;
  const symbols = typed.symbol ?? [];
  const twice = symbols.find((symbol, index) => symbols.indexOf(symbol) !== index);
  if (twice !== undefined) return badInput(`--symbol ${twice}: is given twice`);
  const { strategy, exchangeInfo, detail = [], risk, json = false, out } = typed;
  return ok({
    strategy,
    data: data.value,
    symbols,
    ...range.value,
    parameters: parameters.value,
    cash: cash.value,
    fills: fills.value,
    exchangeInfo,
    detail,
    risk,
    json,
    out,
  });
}

function readSource({ data = [], synthetic, seed }: TypedOptions): Result<DataSource, Complaint> {
  if (synthetic === undefined) {
    if (data.length === 0)
      return badInput('say which bars to run on: --data FILE or FOLDER, or --synthetic 1y');
    if (seed !== undefined) return badInput('--seed belongs to --synthetic: bars from files have no seed');
    return ok({ kind: 'files', sources: data });
  }
  if (data.length > 0) return badInput('--data and --synthetic exclude one another: choose one');
  const bars = readBarCount(synthetic);
  if (!bars.ok) return bars;
  const number = readSeed(seed ?? '1');
  return number.ok ? ok({ kind: 'synthetic', bars: bars.value, seed: number.value }) : number;
}

function readRange({
  interval,
  from,
  to,
}: TypedOptions): Result<Pick<BacktestRequest, 'interval' | 'fromMs' | 'toMs'>, Complaint> {
  const known = interval === undefined ? undefined : Interval.parse(interval);
  if (interval !== undefined && known === undefined) {
    return badInput(`--interval ${interval}: expected one of ${Interval.names.join(', ')}`);
  }
  const fromMs = from === undefined ? ok(undefined) : readTime('--from', from);
  if (!fromMs.ok) return fromMs;
  const toMs = to === undefined ? ok(undefined) : readTime('--to', to);
  if (!toMs.ok) return toMs;
  if (fromMs.value !== undefined && toMs.value !== undefined && fromMs.value >= toMs.value) {
    return badInput(
      `--from ${from} --to ${to}: the range is empty; bars open at or after --from and before --to`,
    );
  }
  return ok({ interval: known, fromMs: fromMs.value, toMs: toMs.value });
}

function readCashes(texts: readonly string[]): Result<Cash[], Complaint> {
  const all: Cash[] = [];
  for (const text of texts) {
    const cash = readCash(text);
    if (!cash.ok) return cash;
    const { asset } = cash.value;
    if (all.some((other) => other.asset === asset))
      return badInput(`--cash ${text}: ${asset} is given twice`);
    all.push(cash.value);
  }
  return ok(all);
}

function readFillOptions(typed: TypedOptions): Result<FillOptions, Complaint> {
  const { makerFee, takerFee, slippageBps, limitFill, feeAsset, feeDiscount } = typed;
  const maker = readFee('--maker-fee', makerFee);
  if (!maker.ok) return maker;
  const taker = readFee('--taker-fee', takerFee);
  if (!taker.ok) return taker;
  const slippage = readSlippage(slippageBps);
  if (!slippage.ok) return slippage;
  if (limitFill !== 'through' && limitFill !== 'touch') {
    return badInput(`--limit-fill ${limitFill}: expected through or touch`);
  }
  const multiplier = readDiscount(feeDiscount);
  if (!multiplier.ok) return multiplier;
  return ok({
    maker: maker.value,
    taker: taker.value,
    slippage: slippage.value,
    limitFill,
    discount: feeAsset === undefined ? undefined : { asset: feeAsset, multiplier: multiplier.value },
    rates: {
      makerFee: plainDecimal(makerFee),
      takerFee: plainDecimal(takerFee),
      slippageBps: plainDecimal(slippageBps),
      feeDiscount: plainDecimal(feeDiscount),
    },
  });
}
