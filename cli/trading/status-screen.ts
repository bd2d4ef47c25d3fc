import type { StatusView } from '@tradewind/gateway';
import { ageText, boundText, durationOf, moneyText, priceText } from './for-people.ts';
import { type Paint, tableOf } from './table.ts';

const LIMITS_SHOWN = 8;
const BAR_WIDTH = 20;

/** What a person sees at a glance: whether it trades, on what, how it stands, and what it has just done. */
export function statusScreen(status: StatusView, paint: Paint): readonly string[] {
  return [
    ...headOf(status, paint),
    '',
    ...section('STOPPED BY', stopsOf(status, paint), paint),
    ...section('MARKETS', marketsOf(status, paint), paint),
    ...section('STRATEGIES', [...strategiesOf(status, paint), ...reasonsOf(status)], paint),
    ...section('POSITIONS', positionsOf(status, paint), paint),
    ...section('OPEN ORDERS', ordersOf(status, paint), paint),
    ...section('LIMITS, the most used', limitsOf(status, paint), paint),
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
    `equity ${shown(equity.now)} ${equity.asset}, today ${today}, highest ${shown(equity.peak)}`,
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
      price === null ? '-' : priceText(price),
      age_ms === null ? '-' : ageText(age_ms),
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
      { title: 'realized', isNumber: true },
      { title: 'unrealized', isNumber: true },
      { title: 'signals', isNumber: true },
    ],
    strategies.map((each) => [
      each.strategy,
      each.symbols.join(' '),
      each.interval,
      each.state,
      shown(each.equity, '-'),
      shown(each.realized_today, '-'),
      shown(each.unrealized, '-'),
      String(each.signals),
    ]),
    paint,
  );

/** Why a strategy does not run, below the table: in it, it would push the numbers off the screen. */
const reasonsOf = ({ strategies }: StatusView): readonly string[] =>
  strategies
    .filter(({ state, detail }) => state !== 'running' && detail !== '')
    .map(({ strategy, detail }) => `${strategy}: ${detail}`);

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
      each.average_entry_price === null ? '-' : priceText(each.average_entry_price),
      each.mark === null ? '-' : priceText(each.mark),
      shown(each.unrealized_pnl, '-'),
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
      `${boundText(was)} of ${boundText(limit)} ${unit}`,
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

const shown = (text: string | null, unknown = 'not known'): string =>
  text === null ? unknown : moneyText(text);

const signed = (text: string, paint: Paint): string =>
  text.startsWith('-') ? paint('red', moneyText(text)) : paint('green', `+${moneyText(text)}`);
