import type { StatusView } from '@tradewind/gateway';
import { type Paint, tableOf } from './table.ts';

const LIMITS_SHOWN = 8;
const BAR_WIDTH = 20;

/** What a person sees at a glance: whether it trades, on what, how it stands, and what it has just done. */
export function statusScreen(status: StatusView, paint: Paint): readonly string[] {
  return [
    ...headOf(status, paint),
    '',
    ...section('MARKETS', marketsOf(status, paint), paint),
    ...section('STRATEGIES', strategiesOf(status, paint), paint),
    ...section('POSITIONS', positionsOf(status, paint), paint),
    ...section('OPEN ORDERS', ordersOf(status, paint), paint),
    ...section('LIMITS, the most used', limitsOf(status, paint), paint),
    ...section('STOPPED BY', stopsOf(status, paint), paint),
    ...section('LAST EVENTS', eventsOf(status), paint),
  ];
}

function section(title: string, lines: readonly string[], paint: Paint): readonly string[] {
  return lines.length === 0 ? [] : [paint('bold', title), ...lines.map((line) => `  ${line}`), ''];
}

function headOf(
  { environment, mode, now, started_at, execution, risk, equity }: StatusView,
  paint: Paint,
): readonly string[] {
  const isReady = execution.state === 'ready' && risk.state === 'ready' && risk.trips.length === 0;
  const state = isReady ? paint('green', 'trading') : paint('yellow', whyNotOf(execution, risk));
  const today = equity.today === null ? 'not known' : signed(equity.today, paint);
  return [
    `${paint('bold', 'Tradewind')}  ${environment}  ${mode === 'live' ? paint('red', 'LIVE') : mode}  ${state}`,
    `${now.slice(0, 19).replace('T', ' ')} UTC, up ${durationOf(Date.parse(now) - Date.parse(started_at))}`,
    `equity ${equity.now ?? 'not known'} ${equity.asset}, today ${today}, at most so far ${equity.peak ?? 'not known'}`,
    `orders ${execution.open_orders} open, ${execution.in_doubt} in doubt; books and exchange ${agreementOf(execution, now)}`,
  ];
}

function whyNotOf(execution: StatusView['execution'], risk: StatusView['risk']): string {
  if (execution.state !== 'ready') return withDetail(`not trading: ${execution.state}`, execution.detail);
  if (risk.state !== 'ready') return withDetail(`no new risk: ${risk.state}`, risk.detail);
  return risk.trips.some(({ state }) => state === 'halted') ? 'HALTED' : 'only reducing';
}

const withDetail = (text: string, detail: string): string => (detail === '' ? text : `${text} (${detail})`);

function agreementOf({ agreed_at, breaks }: StatusView['execution'], now: string): string {
  if (breaks.length > 0) return `differ: ${breaks.map(({ name }) => name).join(', ')}`;
  if (agreed_at === null) return 'not compared yet';
  return `agreed ${durationOf(Date.parse(now) - Date.parse(agreed_at))} ago`;
}

const marketsOf = ({ markets }: StatusView, paint: Paint): readonly string[] =>
  tableOf(
    [
      { title: 'symbol' },
      { title: 'price', isNumber: true },
      { title: 'age', isNumber: true },
      { title: 'feed' },
    ],
    markets.map(({ symbol, price, age_ms, feed, detail }) => [
      symbol,
      price ?? '-',
      age_ms === null ? '-' : `${Math.max(0, age_ms)} ms`,
      withDetail(feed, feed === 'live' ? '' : detail),
    ]),
    paint,
  );

const strategiesOf = ({ strategies }: StatusView, paint: Paint): readonly string[] =>
  tableOf(
    [
      { title: 'strategy' },
      { title: 'symbols' },
      { title: 'bars' },
      { title: 'state' },
      { title: 'equity', isNumber: true },
      { title: 'realized today', isNumber: true },
      { title: 'unrealized', isNumber: true },
      { title: 'signals', isNumber: true },
    ],
    strategies.map((each) => [
      each.strategy,
      each.symbols.join(' '),
      each.interval,
      withDetail(each.state, each.state === 'running' ? '' : each.detail),
      each.equity ?? '-',
      each.realized_today ?? '-',
      each.unrealized ?? '-',
      String(each.signals),
    ]),
    paint,
  );

function positionsOf({ positions }: StatusView, paint: Paint): readonly string[] {
  if (positions.length === 0) return ['none'];
  return tableOf(
    [
      { title: 'strategy' },
      { title: 'symbol' },
      { title: 'quantity', isNumber: true },
      { title: 'entry', isNumber: true },
      { title: 'mark', isNumber: true },
      { title: 'unrealized', isNumber: true },
    ],
    positions.map((each) => [
      each.strategy,
      each.symbol,
      each.quantity,
      each.average_entry_price ?? '-',
      each.mark ?? '-',
      each.unrealized_pnl ?? '-',
    ]),
    paint,
  );
}

function ordersOf({ orders }: StatusView, paint: Paint): readonly string[] {
  if (orders.length === 0) return ['none'];
  return tableOf(
    [
      { title: 'strategy' },
      { title: 'order' },
      { title: 'executed', isNumber: true },
      { title: 'state' },
      { title: 'id' },
    ],
    orders.map((each) => [
      each.strategy,
      each.order,
      each.executed_quantity,
      each.state,
      each.client_order_id,
    ]),
    paint,
  );
}

function limitsOf({ risk }: StatusView, paint: Paint): readonly string[] {
  const used = [...risk.limits].sort((a, b) => b.share - a.share).slice(0, LIMITS_SHOWN);
  return tableOf(
    [{ title: 'limit' }, { title: 'used' }, { title: '', isNumber: true }, { title: '' }],
    used.map(({ name, share, was, limit, unit }) => [
      name,
      barOf(share),
      `${Math.round(share * 100)} %`,
      `${was} of ${limit} ${unit}`,
    ]),
    paint,
  );
}

function barOf(share: number): string {
  const filled = Math.min(BAR_WIDTH, Math.max(0, Math.round(share * BAR_WIDTH)));
  return '#'.repeat(filled).padEnd(BAR_WIDTH, '.');
}

const stopsOf = ({ risk, execution }: StatusView, paint: Paint): readonly string[] => [
  ...risk.trips.map(({ scope, state, cause, since }) =>
    paint('red', `${scope} is ${state} since ${clockOf(since)}: ${cause}`),
  ),
  ...execution.breaks.map(({ name, ledger, venue, detail }) =>
    paint('red', withDetail(`break ${name}: the ledger has ${ledger}, the exchange ${venue}`, detail)),
  ),
];

const eventsOf = ({ events }: StatusView): readonly string[] =>
  events.map(({ at, text }) => `${clockOf(at)}  ${text}`);

const clockOf = (iso: string): string => iso.slice(11, 19);

const signed = (text: string, paint: Paint): string =>
  text.startsWith('-') ? paint('red', text) : paint('green', `+${text}`);

/** 75 s is 1:15, an hour and a second 1:00:01. */
export function durationOf(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (hours === 0 && minutes === 0) return `${rest} s`;
  const two = (value: number): string => String(value).padStart(2, '0');
  return hours === 0 ? `${minutes}:${two(rest)}` : `${hours}:${two(minutes)}:${two(rest)}`;
}
