import type { SeededRandom } from '@tradewind/utils';
import { SYMBOLS } from '../world/settings.ts';
import { between, type HappeningKind, oneOf } from './happening.ts';
import { type Faulty, withFaults } from './with-faults.ts';

const ORDERS = ['POST *', 'DELETE *', 'PUT *'];
const share = (random: SeededRandom, least: number, most: number): number =>
  between(random, least, most) / 100;

const faulty = (
  name: string,
  rows: readonly string[],
  faults: Faulty['faults'],
  lastsMs: HappeningKind['lastsMs'] = [2_000, 40_000],
): HappeningKind => withFaults({ name, rows, lastsMs, faults });

export const EXCHANGE: readonly HappeningKind[] = [
  faulty('answers_lost_at_exchange', ['O1', 'O5', 'O10'], (random) => [
    { fault: 'lose_answer', where: { endpoint: ORDERS }, when: { rate: share(random, 5, 50) } },
  ]),
  faulty('requests_fail', ['O2', 'O10', 'O12'], (random) => [
    {
      fault: 'fail_request',
      error: oneOf(random, [
        'timeout',
        'unexpected_response',
        'unknown',
        'disconnected',
        'busy',
        'service_unavailable',
        'bad_gateway_html',
        'empty',
      ] as const),
      executed: share(random, 0, 100),
      where: { endpoint: ORDERS },
      when: { rate: share(random, 5, 60) },
    },
  ]),
  faulty('queries_fail', ['O2', 'O3', 'M2'], (random) => [
    {
      fault: 'fail_request',
      error: oneOf(random, ['timeout', 'disconnected', 'bad_gateway_html', 'empty'] as const),
      where: { endpoint: 'GET *' },
      when: { rate: share(random, 5, 70) },
    },
  ]),
  faulty('queries_lag', ['O3', 'B7'], (random) => [
    {
      fault: 'lag_queries',
      ms: [100, between(random, 1_000, 12_000)],
      when: { rate: share(random, 20, 100) },
    },
  ]),
  faulty('taken_and_unseen', ['O1', 'O2', 'O3', 'U1', 'K8'], (random) => [
    {
      fault: 'fail_request',
      error: oneOf(random, ['timeout', 'unknown', 'bad_gateway_html'] as const),
      executed: share(random, 50, 100),
      where: { endpoint: 'POST *' },
      when: { rate: share(random, 30, 100) },
    },
    { fault: 'lag_queries', ms: [1_000, between(random, 3_000, 14_000)], when: { rate: 1 } },
    { fault: 'drop_event', when: { rate: 1 } },
  ]),
  faulty('answers_late', ['O1', 'U6'], (random) => [
    {
      fault: 'delay_answer',
      ms: [10, between(random, 500, 15_000)],
      where: { endpoint: ORDERS },
      when: { rate: share(random, 10, 80) },
    },
  ]),
  faulty('requests_late', ['O1', 'C2'], (random) => [
    {
      fault: 'delay_request',
      ms: [10, between(random, 500, 8_000)],
      where: { endpoint: ORDERS },
      when: { rate: share(random, 10, 80) },
    },
  ]),
  faulty('filled_before_cancel', ['O9', 'O12'], (random) => [
    { fault: 'fill_before_cancel', when: { rate: share(random, 20, 100) } },
  ]),
  faulty('filled_then_expired', ['O7', 'O8'], (random) => [
    { fault: 'fill_then_expire', fraction: '0.5', when: { rate: share(random, 20, 100) } },
  ]),
  faulty('events_lost', ['U1'], (random) => [{ fault: 'drop_event', when: { rate: share(random, 5, 100) } }]),
  faulty('events_twice', ['U4', 'U7'], (random) => [
    {
      fault: 'duplicate_event',
      times: between(random, 1, 3),
      gap_ms: between(random, 0, 20_000),
      when: { rate: share(random, 10, 100) },
    },
  ]),
  faulty('events_out_of_order', ['U5', 'U9', 'O15'], (random) => [
    { fault: 'reorder_event', by: between(random, 1, 5), when: { rate: share(random, 10, 80) } },
  ]),
  faulty('events_late', ['U5', 'U6', 'O9'], (random) => [
    { fault: 'delay_event', ms: [10, between(random, 500, 20_000)], when: { rate: share(random, 10, 100) } },
  ]),
  faulty('muted_sockets', ['U3', 'M4'], (random) => [
    { fault: 'mute_socket', announce: random.nextFraction() < 0.5, when: { rate: share(random, 5, 50) } },
  ]),
  faulty('short_sockets', ['U8', 'U2'], (random) => [
    { fault: 'limit_socket_life', ms: [1_000, between(random, 2_000, 20_000)] },
  ]),
  faulty('refused_sockets', ['U2', 'R5'], (random) => [
    { fault: 'refuse_socket', status: oneOf(random, [429, 503]), when: { rate: share(random, 20, 100) } },
    { fault: 'cut_sockets' },
  ]),
  faulty('shut_down', ['U8'], (random) => [{ fault: 'shut_down', notice_ms: between(random, 0, 10_000) }]),
  faulty('market_messages_lost', ['M1', 'M4', 'M5'], (random) => [
    { fault: 'drop_message', when: { rate: share(random, 5, 100) } },
  ]),
  faulty('market_messages_disturbed', ['M6', 'M7', 'M8'], (random) => [
    { fault: 'duplicate_message', when: { rate: share(random, 5, 30) } },
    { fault: 'reorder_message', by: between(random, 1, 5), when: { rate: share(random, 5, 30) } },
    { fault: 'delay_message', ms: [10, between(random, 500, 10_000)], when: { rate: share(random, 5, 50) } },
  ]),
  faulty('crossed_books', ['M3'], (random) => [
    { fault: 'cross_book_message', when: { rate: share(random, 5, 50) } },
    { fault: 'cross_book_answer', when: { rate: share(random, 5, 50) } },
  ]),
  faulty('too_many_requests', ['R1', 'R3', 'R4'], (random) => [
    {
      fault: 'fail_request',
      error: oneOf(random, ['too_many_requests', 'too_many_orders'] as const),
      retry_after_s: between(random, 1, 10),
      when: { rate: share(random, 5, 50) },
    },
  ]),
  faulty('banned', ['R2'], (random) => [
    { fault: 'ban_address', ms: between(random, 1_000, 30_000), when: { nth: 1 } },
  ]),
  {
    name: 'halted_symbol',
    group: 'exchange',
    rows: ['M9', 'M10', 'M11'],
    lastsMs: [2_000, 40_000],
    begin: ({ simulator: { exchange } }, random) => {
      const symbol = oneOf(random, SYMBOLS);
      const status = oneOf(random, ['HALT', 'BREAK', 'CANCEL_ONLY', 'SOMETHING_NEW']);
      exchange.setSymbolStatus(symbol, status);
      return { text: `${symbol} is ${status}`, end: () => exchange.setSymbolStatus(symbol, 'TRADING') };
    },
  },
  faulty(
    'orders_expired_by_exchange',
    ['M9', 'M11'],
    (random) => [{ fault: 'expire_orders', symbol: oneOf(random, SYMBOLS) }],
    [1_000, 1_000],
  ),
  faulty(
    'outlier_trade',
    ['M15'],
    (random) => [
      {
        fault: 'print_trade',
        symbol: 'BTCUSDT',
        price: String(oneOf(random, [30_000, 50_000, 70_000, 120_000])),
        quantity: '0.5',
        side: oneOf(random, ['BUY', 'SELL'] as const),
      },
    ],
    [1_000, 1_000],
  ),
  faulty('neighbour_burns_weight', ['R3', 'R6'], (random) => [
    { fault: 'burn_weight', weight: between(random, 50, 1_500), when: { rate: share(random, 10, 60) } },
  ]),
  faulty('stale_snapshots', ['M2'], (random) => [
    {
      fault: 'stale_answer',
      ms: between(random, 5_000, 40_000),
      where: { endpoint: 'GET /api/v3/depth' },
      when: { rate: share(random, 30, 100) },
    },
    { fault: 'cut_sockets', where: { path: '/stream' } },
  ]),
  faulty('unreadable_events', ['U11', 'M10'], (random) => [
    {
      fault: 'edit_event',
      set: { X: 'SOMETHING_NEW' },
      where: { event: 'executionReport' },
      when: { rate: share(random, 5, 40) },
    },
  ]),
  faulty('filter_coarser', ['M12'], (random) => {
    const [symbol, stepSize] = oneOf(random, [
      ['BTCUSDT', '0.00050000'],
      ['ETHUSDT', '0.00500000'],
    ] as const);
    return [
      {
        fault: 'set_filter',
        symbol,
        filter: { filterType: 'LOT_SIZE', minQty: stepSize, maxQty: '9000.00000000', stepSize },
      },
    ];
  }),
  {
    name: 'key_revoked',
    group: 'exchange',
    rows: ['G4'],
    lastsMs: [5_000, 40_000],
    begin: ({ simulator: { exchange }, apiKey }) => {
      const key = exchange.key(apiKey);
      exchange.removeKey(apiKey);
      return {
        text: 'the key of our account',
        end: () => {
          if (key !== undefined && exchange.key(apiKey) === undefined) exchange.addKey(key);
        },
      };
    },
  },
];
