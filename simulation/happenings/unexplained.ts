import { between, type HappeningKind, oneOf } from './happening.ts';

const HISTORIES = ['GET /sapi/v1/capital/deposit/hisrec', 'GET /sapi/v1/capital/withdraw/history'];
/** Longer than from one comparison of books and exchange to the next, and the second look at what differs. */
const FOUND_AFTER_MS = 40_000;

/** Differences between books and exchange of which the exchange does not tell why. */
export const UNEXPLAINED: readonly HappeningKind[] = [
  {
    name: 'moved_unheard',
    group: 'exchange',
    rows: ['B4', 'B5', 'U1'],
    lastsMs: [FOUND_AFTER_MS, 90_000],
    begin: ({ account, exchangeFaults, operator, simulator, time }, random) => {
      const end = exchangeFaults.begin(
        [
          { fault: 'drop_event', where: { event: ['balanceUpdate', 'outboundAccountPosition'] } },
          { fault: 'fail_request', error: 'gone_html', where: { endpoint: HISTORIES } },
        ],
        random.nextUint32(),
      );
      const moved = {
        fault: oneOf(random, ['deposit', 'withdraw'] as const),
        account,
        asset: oneOf(random, ['USDT', 'BTC', 'ETH']),
        amount: `0.${between(random, 1, 9)}`,
      };
      const done = simulator.faults.perform(moved);
      time.after(FOUND_AFTER_MS, () => void operator.explainBreaks());
      return {
        text: `${JSON.stringify(moved)}${done.ok ? ', of which nothing is told until a person has explained it' : ', which cannot be done'}`,
        end,
      };
    },
  },
  {
    name: 'trades_unreadable',
    group: 'exchange',
    rows: ['U1', 'U7'],
    lastsMs: [10_000, 60_000],
    begin: ({ exchangeFaults }, random) => {
      const rate = between(random, 30, 100) / 100;
      return {
        text: `that orders trade is not told, and ${rate} of the questions for trades fail`,
        end: exchangeFaults.begin(
          [
            { fault: 'drop_event', where: { event: 'executionReport', fields: { x: 'TRADE' } } },
            {
              fault: 'fail_request',
              error: oneOf(random, ['timeout', 'service_unavailable', 'empty'] as const),
              where: { endpoint: 'GET /api/v3/myTrades' },
              when: { rate },
            },
          ],
          random.nextUint32(),
        ),
      };
    },
  },
  {
    name: 'asset_left_out',
    group: 'exchange',
    rows: ['B7'],
    lastsMs: [20_000, 60_000],
    begin: ({ exchangeFaults }, random) => ({
      text: 'of the balances the first is left out',
      end: exchangeFaults.begin(
        [{ fault: 'edit_answer', remove: ['balances.0'], where: { endpoint: 'GET /api/v3/account' } }],
        random.nextUint32(),
      ),
    }),
  },
];
