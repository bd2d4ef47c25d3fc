import { interleave } from '../harness/child.ts';
import { runVariant } from '../harness/engine-runs.ts';
import { printGoals, printTable } from '../harness/report.ts';
import { ratios, showSummary, summarize } from '../harness/summary.ts';
import type { Latency, LedgerLine, RestartLine } from '../variants/ledger/runs.ts';
import type { Section } from './section.ts';

const WRITES = {
  file: 'file: 1000 bytes and fdatasync',
  row: 'PostgreSQL: one row of 1000 bytes',
  single: 'ledger: one event',
  decision: 'ledger: signal, verdict, intent',
} as const;
type Write = keyof typeof WRITES;

/** The ledger on the embedded server, with the disk and the database by themselves beside it. */
export const ledger: Section = {
  title: () => 'ledger: embedded PostgreSQL, every commit on disk before it is acknowledged',

  async run({ bars, rounds }) {
    const { commits } = await interleave(rounds, ['commits'], () =>
      runVariant<LedgerLine>('ledger-commits', {}),
    );
    const times = (write: Write, of: keyof Latency): number[] => commits.map((line) => line[write][of]);
    printTable(
      ['one at a time', 'p50 us', 'p99 us', 'p50 / PostgreSQL row'],
      (Object.keys(WRITES) as Write[]).map((write) => [
        WRITES[write],
        showSummary(summarize(times(write, 'p50')), 0),
        showSummary(summarize(times(write, 'p99')), 0),
        showSummary(ratios(times(write, 'p50'), times('row', 'p50')), 2),
      ]),
    );
    const rates = summarize(commits.map(({ eventsPerSecond }) => eventsPerSecond));
    console.log(`\n${commits[0]!.committers} committers at once: ${showSummary(rates, 0)} events/s`);

    const restart = await runVariant<RestartLine>('ledger-restart', { bars: Math.round(bars / 5) });
    console.log(
      `\n${restart.events} events: written at ${restart.writeEventsPerSecond.toFixed(0)}/s, verified at ${restart.verifiedPerSecond.toFixed(0)}/s`,
    );
    printTable(
      ['restart on them', 'ms'],
      [
        ['server', restart.serverStartMs.toFixed(0)],
        ['connection, schema', restart.openMs.toFixed(0)],
        [`load(), ${restart.orders} orders`, restart.loadMs.toFixed(0)],
      ],
    );
    const decision = summarize(times('decision', 'p50')).median;
    const bound = 1.5 * summarize(times('row', 'p50')).median + 100;
    printGoals([
      {
        what: 'events with group commit',
        bound: 'at least',
        goal: 5000,
        measured: rates.median,
        unit: '/s',
        digits: 0,
      },
      {
        what: 'decision durable, p50',
        bound: 'at most',
        goal: Math.round(bound),
        measured: decision,
        unit: 'us',
        digits: 0,
      },
      {
        what: `ready after a restart with ${restart.events} events`,
        bound: 'at most',
        goal: 2,
        measured: (restart.serverStartMs + restart.openMs + restart.loadMs) / 1000,
        unit: 's',
      },
    ]);
  },
};
