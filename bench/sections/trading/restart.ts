import { interleave } from '../../harness/child.ts';
import { runVariant } from '../../harness/engine-runs.ts';
import { printGoals, printTable } from '../../harness/report.ts';
import { showSummary, summarize } from '../../harness/summary.ts';
import type { RestartLine } from '../../variants/trading/restart.ts';
import type { Section } from '../section.ts';

export const restart: Section = {
  title: () => 'trading: kill -9 under load, and ready again',

  async run({ rounds }) {
    const { run } = await interleave(rounds, ['run'], () => runVariant<RestartLine>('trading-restart', {}));
    const seconds = summarize(run.map(({ secondsToReady }) => secondsToReady));
    printTable(
      ['kill -9 and start', 'ready after s', 'first start s (floor)', 'open orders', 'breaks', 'in doubt'],
      [
        [
          'four strategies, a ledger, a market',
          showSummary(seconds, 1),
          showSummary(summarize(run.map(({ secondsOfFirstStart }) => secondsOfFirstStart)), 1),
          run.map(({ openAtKill, openWhenReady }) => `${openAtKill}/${openWhenReady}`).join(' '),
          String(run.reduce((sum, { breaks }) => sum + breaks, 0)),
          String(run.reduce((sum, { inDoubt }) => sum + inDoubt, 0)),
        ],
      ],
    );
    console.log();
    printGoals([
      { what: 'ready after kill -9', bound: 'at most', goal: 5, measured: seconds.median, unit: 's' },
    ]);
  },
};
