import type { InstrumentSource } from '../instruments/index.ts';

/**
 * What a backtest says in the end, as JSON: `shared/schemas/backtest-result.schema.json` is its schema. Money is written
 * as decimal text and exact; figures that are statistics are numbers, rounded to 12 digits so that every machine agrees,
 * and left out where they have no value.
 */
export interface BacktestResult {
  readonly summary: Summary;
  readonly run: RunRecord;
  readonly fills: readonly FillRecord[];
  /** Orders that still waited when the data ended. */
  readonly expired_at_end: readonly OrderRecord[];
  /** SHA-256 of everything else but what the clock measured. */
  readonly result_hash: string;
}

export interface Summary {
  readonly quote_asset: string;
  readonly initial_equity: string;
  /** Cash and holdings at the last close. */
  readonly final_equity: string;
  readonly net_profit: string;
  readonly bars: number;
  readonly fills: number;
  readonly orders: number;
  readonly round_trips: number;
  readonly win_rate?: number;
  readonly profit_factor?: number;
  /** In quote, per round trip. */
  readonly expectancy?: number;
  /** A fraction, from equity at every close. */
  readonly max_drawdown?: number;
  readonly sharpe?: number;
  readonly sortino?: number;
  /** CAGR / maximum drawdown of the whole run. */
  readonly calmar?: number;
  readonly cagr?: number;
  readonly volatility?: number;
  /** The mean share of equity in positions, over all closes. */
  readonly exposure?: number;
  readonly time_in_market?: number;
  /** From the first close to the last; with several symbols the mean of theirs. */
  readonly buy_and_hold_return?: number;
  readonly turnover?: number;
  /** By asset. */
  readonly fees_paid: Readonly<Record<string, string>>;
  /** By reason. */
  readonly refused_orders: Readonly<Record<string, number>>;
}

export interface FillRecord {
  /** When the bar opened in which it traded, epoch ms. */
  readonly time: number;
  readonly symbol: string;
  readonly side: 'BUY' | 'SELL';
  readonly quantity: string;
  readonly price: string;
  readonly fee: string;
  readonly fee_asset: string;
  readonly liquidity: 'MAKER' | 'TAKER';
  readonly tag: string;
}

export interface OrderRecord {
  /** When it was decided, epoch ms. */
  readonly time: number;
  readonly client_order_id: string;
  readonly symbol: string;
  readonly side: 'BUY' | 'SELL';
  readonly type: string;
  readonly quantity?: string;
  readonly quote_amount?: string;
  readonly price?: string;
  readonly stop_price?: string;
  readonly trailing_delta_bps?: number;
  readonly tag: string;
}

/** Where the result comes from: all that is needed to make it again. */
export interface RunRecord {
  readonly version: string;
  readonly strategy: { readonly name: string; readonly sha256: string };
  readonly parameters: Readonly<Record<string, string>>;
  readonly parameters_sha256: string;
  readonly data: readonly SeriesRecord[];
  readonly interval: string;
  /** As they were asked for, epoch ms; left out where the data decide. */
  readonly from?: number;
  readonly to?: number;
  /** Of generated data only. */
  readonly seed?: number;
  readonly cash: Readonly<Record<string, string>>;
  readonly fill_assumptions: AssumptionsRecord;
  readonly risk: 'filters and balance only' | RiskRecord;
  readonly warnings: readonly string[];
  /** What the returns of a year's figures are: one a UTC day, the first and last day as far as the data go. */
  readonly returns: { readonly count: number; readonly periods_per_year: number };
  readonly engine_seconds: number;
  readonly bars_per_second: number;
}

export interface SeriesRecord {
  readonly symbol: string;
  /** It is not traded, but says what the fee asset costs. */
  readonly prices_only?: boolean;
  readonly interval: string;
  readonly bars: number;
  /** Opening times of the first and last bar, epoch ms. */
  readonly first: number;
  readonly last: number;
  /** SHA-256 of the bars as they were read, before they were made coarser. */
  readonly sha256: string;
  /** The interval they were read in, where it is finer. */
  readonly made_from?: string;
  readonly gaps: readonly GapRecord[];
  readonly instrument: InstrumentSource;
  readonly tick: string;
  readonly step: string;
  /** Values with more than 8 decimals that were rounded. */
  readonly rounded_values: number;
  /** Finer bars that decided the path inside a bar. */
  readonly detail?: { readonly interval: string; readonly bars: number; readonly sha256: string };
}

export interface RiskRecord {
  readonly limits_sha256: string;
  /** Breakers that tripped, in the order of time; nobody re-arms them in a backtest. */
  readonly tripped: readonly {
    readonly time: number;
    readonly scope: string;
    readonly cause: string;
    readonly state: string;
  }[];
}

export interface GapRecord {
  /** The opening time of the first missing bar, epoch ms. */
  readonly from: number;
  readonly missing: number;
}

export interface AssumptionsRecord {
  readonly maker_fee: string;
  readonly taker_fee: string;
  readonly slippage_bps: string;
  readonly limit_fill: 'through' | 'touch';
  readonly fee_asset?: string;
  /** What is left of the fee when it is paid in `fee_asset`. */
  readonly fee_discount?: string;
}
