import { interleave } from '../harness/child.ts';
import { runVariant } from '../harness/engine-runs.ts';
import { printGoals, printTable } from '../harness/report.ts';
import { ratios, showSummary, summarize } from '../harness/summary.ts';
import type { MarketDataLine } from '../variants/market-data.ts';
import type { HotKind } from '../variants/market-messages.ts';
import type { Section } from './section.ts';

const KINDS: readonly HotKind[] = ['depth', 'trade', 'aggTrade', 'bookTicker'];
const VARIANTS = [
  'copy',
  'traverse',
  'client',
  'traverse-depth',
  'client-depth',
  ...KINDS.flatMap((kind) => [`scan-${kind}`, `json-${kind}`]),
];

/** From the bytes of messages to exact numbers, books and listeners, beside JSON.parse and beside only looking at the bytes. */
export const marketData: Section = {
  title: () => 'market data: messages of BTCUSDT in the combined envelope, from their bytes',

  async run({ rounds }) {
    const lines = await interleave(rounds, VARIANTS, (variant) =>
      runVariant<MarketDataLine>(`market-data-${variant}`, {}),
    );
    const of = (variant: string): MarketDataLine[] => lines[variant]!;
    const nanoseconds = (variant: string): number[] => of(variant).map((line) => line.nanosecondsPerMessage);
    console.log(`${of('copy')[0]!.source}\n`);

    printTable(
      ['message', 'bytes', 'scanner ns', 'JSON.parse + conversion ns', 'JSON / scanner', 'equal'],
      KINDS.map((kind) => {
        const [scan, json] = [of(`scan-${kind}`), of(`json-${kind}`)];
        return [
          kind,
          (scan[0]!.bytes / scan[0]!.messages).toFixed(0),
          showSummary(summarize(nanoseconds(`scan-${kind}`)), 0),
          showSummary(summarize(nanoseconds(`json-${kind}`)), 0),
          showSummary(ratios(nanoseconds(`json-${kind}`), nanoseconds(`scan-${kind}`)), 1),
          isOne([...scan, ...json]) ? 'yes' : 'NO',
        ];
      }),
    );

    console.log();
    printTable(
      ['way', 'M messages/s', 'ns/message (cpu)', 'time / floor', 'M level updates/s'],
      [
        ['copied (floor)', 'copy', 'traverse'],
        ['every byte looked at (floor)', 'traverse', 'traverse'],
        ['client: scan, order, book, listener', 'client', 'traverse'],
        ['depth alone, every byte looked at (floor)', 'traverse-depth', 'traverse-depth'],
        ['depth alone: scan, order, book, listener', 'client-depth', 'traverse-depth'],
      ].map(([title = '', variant = '', floor = '']) => [
        title,
        showSummary(summarize(nanoseconds(variant).map((value) => 1000 / value)), 2),
        showSummary(summarize(nanoseconds(variant)), 0),
        showSummary(ratios(nanoseconds(variant), nanoseconds(floor)), 1),
        of(variant)[0]!.levels === 0 ? '' : showSummary(summarize(levelRates(of(variant))), 2),
      ]),
    );
    const outcomes = new Set(of('client').map(({ outcome }) => outcome));
    console.log(
      `\nclient: ${outcomes.size === 1 ? 'equal in all runs' : 'DIFFERENT'}: ${[...outcomes].join(' and ')}`,
    );

    const rate = summarize(nanoseconds('client').map((value) => 1e9 / value)).median;
    const levels = summarize(levelRates(of('client-depth'))).median;
    const leastRatio = (kind: HotKind): number =>
      ratios(nanoseconds(`json-${kind}`), nanoseconds(`scan-${kind}`)).median;
    printGoals([
      ...KINDS.map((kind) => ({
        what: `scanner of ${kind}`,
        bound: 'at least' as const,
        goal: 4,
        measured: leastRatio(kind),
        unit: 'x JSON.parse',
      })),
      { what: 'client', bound: 'at least', goal: 100_000, measured: rate, unit: 'messages/s', digits: 0 },
      { what: 'book from bytes', bound: 'at least', goal: 2, measured: levels, unit: 'M level updates/s' },
    ]);
  },
};

const levelRates = (lines: readonly MarketDataLine[]): number[] =>
  lines.map(
    ({ levels, messages, nanosecondsPerMessage }) => (1000 * levels) / (messages * nanosecondsPerMessage),
  );

const isOne = (lines: readonly MarketDataLine[]): boolean =>
  new Set(lines.map(({ outcome }) => outcome)).size === 1;
