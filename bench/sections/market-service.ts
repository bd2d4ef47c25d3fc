import { interleave } from '../harness/child.ts';
import { runVariant } from '../harness/engine-runs.ts';
import { printGoals, printTable } from '../harness/report.ts';
import { ratios, showSummary, summarize } from '../harness/summary.ts';
import type { AgeLine, ThroughputLine } from '../variants/market-service.ts';
import type { Section } from './section.ts';

const WAYS = {
  scan: 'scanner alone (floor)',
  alone: 'service, nobody subscribed',
  quotes: 'service, two subscribers of trades, quotes, bars',
  everything: 'service, two subscribers of everything (20 levels a diff)',
} as const;
const NAMES = Object.keys(WAYS) as (keyof typeof WAYS)[];

/** From the bytes of messages to what two subscribers are told, and how old a price is when they have it. */
export const marketService: Section = {
  title: () => 'market-data service: from bytes to subscribers',

  async run({ rounds }) {
    const lines = await interleave(rounds, NAMES, (name) =>
      runVariant<ThroughputLine>(`market-service-${name}`, {}),
    );
    const nanoseconds = (name: (typeof NAMES)[number]): number[] =>
      lines[name].map((line) => line.nanosecondsPerMessage);
    console.log(`${lines.scan[0]!.source}\n`);
    printTable(
      ['way', 'k messages/s', 'ns/message (cpu)', 'time / floor', 'equal', 'told, per subscriber'],
      NAMES.map((name) => [
        WAYS[name],
        showSummary(summarize(nanoseconds(name).map((value) => 1e6 / value)), 0),
        showSummary(summarize(nanoseconds(name)), 0),
        showSummary(ratios(nanoseconds(name), nanoseconds('scan')), 1),
        new Set(lines[name].map(({ outcome }) => outcome)).size === 1 ? 'yes' : 'NO',
        lines[name][0]!.outcome.split(' | ')[0]!,
      ]),
    );

    const ages = await interleave(rounds, ['paced', 'paced-floor'] as const, (name) =>
      runVariant<AgeLine>(`market-service-${name}`, {}),
    );
    const of = (name: keyof typeof ages, field: 'p50' | 'p99' | 'most') =>
      summarize(ages[name].map((line) => line[field]));
    const cells = (name: keyof typeof ages): string[] => [
      showSummary(of(name, 'p50'), 3),
      showSummary(of(name, 'p99'), 3),
      showSummary(of(name, 'most'), 2),
    ];
    console.log();
    printTable(
      ['age of price, 20 000 messages/s (wall)', 'p50 ms', 'p99 ms', 'most ms'],
      [
        ['at the second subscriber', ...cells('paced')],
        ['scanner alone (floor: the machine itself)', ...cells('paced-floor')],
      ],
    );
    printGoals([
      {
        what: 'updates with two subscribers of everything',
        bound: 'at least',
        goal: 20_000,
        measured: summarize(nanoseconds('everything').map((value) => 1e9 / value)).median,
        unit: 'messages/s',
        digits: 0,
      },
      {
        what: 'age of price',
        bound: 'at most',
        goal: 10,
        measured: of('paced', 'p99').median,
        unit: 'ms p99',
        digits: 3,
      },
    ]);
  },
};
