import { styleText } from 'node:util';
import type { BacktestResult, RunRecord, SeriesRecord } from '@tradewind/research/backtest';

type Row = readonly [label: string, value: string | undefined];
type Colour = 'green' | 'red' | 'bold' | 'dim' | 'yellow';

/** The result for a person's eye. Colours appear on terminals only; NO_COLOR turns them off. */
export function summaryTable(result: BacktestResult): string {
  const { summary, run } = result;
  const { quote_asset: quote } = summary;
  const isGain = !summary.net_profit.startsWith('-');
  const sections: readonly (readonly Row[])[] = [
    [
      ['initial equity', `${money(summary.initial_equity)} ${quote}`],
      ['final equity', `${money(summary.final_equity)} ${quote}`],
      [
        'net profit',
        paint(isGain ? 'green' : 'red', `${money(summary.net_profit)} ${quote}${returnOf(result)}`),
      ],
      ['buy and hold', percent(summary.buy_and_hold_return)],
      ['fees paid', amounts(summary.fees_paid)],
    ],
    [
      ['max drawdown', percent(summary.max_drawdown)],
      ['volatility', percent(summary.volatility, 'a year')],
      ['CAGR', percent(summary.cagr)],
      ['Sharpe', figure(summary.sharpe)],
      ['Sortino', figure(summary.sortino)],
      ['Calmar', figure(summary.calmar)],
    ],
    [
      ['round trips', String(summary.round_trips)],
      ['win rate', percent(summary.win_rate)],
      ['profit factor', figure(summary.profit_factor)],
      [
        'expectancy',
        summary.expectancy === undefined ? undefined : `${figure(summary.expectancy)} ${quote} a round trip`,
      ],
      ['exposure', percent(summary.exposure)],
      ['turnover', figure(summary.turnover)],
    ],
    [
      ['orders', `${summary.orders} (${summary.fills} filled${refusedText(result)}${expiredText(result)})`],
      ['assumptions', assumptionsText(result)],
      ['risk', riskText(run.risk)],
      ['result hash', paint('dim', result.result_hash)],
    ],
  ];
  const body = sections.map((rows) => rows.map(line).join('')).join('\n');
  return `${heading(result)}\n${body}`;
}

function heading({ run }: BacktestResult): string {
  const parameters = Object.entries(run.parameters).map(([name, value]) => `${name}=${value}`);
  const seed = run.seed === undefined ? '' : ` · generated from seed ${run.seed}`;
  const title = paint('bold', `${run.strategy.name} ${parameters.join(' ')}`);
  return `${title}\n${run.data.map((series) => `${seriesText(series)}${seed}\n`).join('')}`;
}

function seriesText({ symbol, interval, bars, first, last, gaps, instrument }: SeriesRecord): string {
  const missing = gaps.reduce((sum, gap) => sum + gap.missing, 0);
  const gapText = missing === 0 ? '' : paint('yellow', ` · ${missing} bars missing in ${gaps.length} gaps`);
  const rules = instrument === 'inferred' ? paint('yellow', ' · rules inferred') : '';
  return `${symbol} ${interval} · ${grouped(String(bars))} bars · ${minute(first)} to ${minute(last)}${gapText}${rules}`;
}

const refusedText = ({ summary }: BacktestResult): string =>
  Object.entries(summary.refused_orders)
    .map(([reason, count]) => `, ${count} refused: ${reason.replaceAll('_', ' ')}`)
    .join('');

const expiredText = ({ expired_at_end: expired }: BacktestResult): string =>
  expired.length === 0 ? '' : `, ${expired.length} expired at the end of the data`;

function assumptionsText({ run }: BacktestResult): string {
  const { maker_fee, taker_fee, slippage_bps, limit_fill, fee_asset, fee_discount } = run.fill_assumptions;
  const discount = fee_asset === undefined ? '' : `, ${fee_discount} of it in ${fee_asset}`;
  const limits = limit_fill === 'through' ? 'limits when traded through' : 'limits when touched';
  return `fee ${maker_fee} maker, ${taker_fee} taker${discount}; slippage ${slippage_bps} bps; ${limits}`;
}

function riskText(risk: RunRecord['risk']): string {
  if (typeof risk === 'string') return paint('yellow', risk);
  const trips = risk.tripped.map(({ cause, time }) => `${cause.replaceAll('_', ' ')} on ${minute(time)}`);
  const tripped = trips.length === 0 ? '' : paint('red', ` · breakers tripped: ${trips.join(', ')}`);
  return `limits ${risk.limits_sha256.slice(0, 12)}${tripped}`;
}

/** What the profit is of the initial equity, as it is read from the two texts: for the eye only. */
function returnOf({ summary }: BacktestResult): string {
  const share = Number(summary.net_profit) / Number(summary.initial_equity);
  return Number.isFinite(share) ? ` (${percent(share)})` : '';
}

const line = ([label, value]: Row): string =>
  `  ${label.padEnd(LABEL_WIDTH)}${value ?? paint('dim', 'no value')}\n`;
const LABEL_WIDTH = 16;

const percent = (share: number | undefined, unit = ''): string | undefined =>
  share === undefined ? undefined : `${figure(share * 100)} %${unit === '' ? '' : ` ${unit}`}`;

function figure(value: number): string;
function figure(value: number | undefined): string | undefined;
function figure(value: number | undefined): string | undefined {
  if (value === undefined) return undefined;
  return Math.abs(value) < 1e15 ? grouped(value.toFixed(2)) : value.toPrecision(3);
}

const amounts = (byAsset: Readonly<Record<string, string>>): string =>
  Object.entries(byAsset)
    .map(([asset, amount]) => `${money(amount)} ${asset}`)
    .join(', ') || 'none';

/** Groups of three digits before the point: '10 000.5'. */
const money = (text: string): string => grouped(text);

function grouped(text: string): string {
  const [whole = '', fraction] = text.split('.');
  const spaced = whole.replace(/\B(?=(\d{3})+$)/g, ' ');
  return fraction === undefined ? spaced : `${spaced}.${fraction}`;
}

const minute = (timeMs: number): string => new Date(timeMs).toISOString().slice(0, 16).replace('T', ' ');

const paint = (colour: Colour, text: string): string => styleText(colour, text, { stream: process.stdout });
