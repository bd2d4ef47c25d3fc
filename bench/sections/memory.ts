import { runVariant } from '../harness/engine-runs.ts';
import { printGoals, printTable } from '../harness/report.ts';
import { showSummary, summarize } from '../harness/summary.ts';
import type { MemoryLine } from '../variants/memory.ts';
import type { Section } from './section.ts';

const MEGABYTE = 1e6;

/** What history takes in memory, and whether a run over it grows. */
export const memory: Section = {
  title: ({ bars }) => `memory: EMA cross over ${bars} bars`,

  async run({ bars, rounds }) {
    const lines: MemoryLine[] = [];
    for (let round = 0; round < rounds; round += 1) {
      lines.push(await runVariant<MemoryLine>('memory', { bars }, ['--expose-gc']));
    }
    const row = (what: string, bytesOf: (line: MemoryLine) => number): string[] => [
      what,
      showSummary(summarize(lines.map((line) => bytesOf(line) / MEGABYTE)), 1),
    ];
    // From the second run on: after the first one, V8 still holds code of the start that it drops later.
    const growth = (line: MemoryLine) => line.keptBytes.at(-1)! - line.keptBytes[1]!;
    printTable(
      ['', 'MB'],
      [
        row('bars', ({ dataBytes }) => dataBytes),
        row('resident before the run', ({ residentBytes }) => residentBytes.before),
        row('in the middle of it', ({ residentBytes }) => residentBytes.middle),
        row('after it', ({ residentBytes }) => residentBytes.after),
        row('reachable after one run', ({ keptBytes }) => keptBytes[0]!),
        row('reachable after two runs', ({ keptBytes }) => keptBytes[1]!),
        row(`reachable after ${lines[0]!.keptBytes.length} runs`, ({ keptBytes }) => keptBytes.at(-1)!),
      ],
    );
    const perMillion = (lines[0]!.dataBytes / MEGABYTE / bars) * 1e6;
    const measured = summarize(lines.map((line) => growth(line) / MEGABYTE)).median;
    printGoals([
      { what: 'data per million bars', bound: 'at most', goal: 24, measured: perMillion, unit: 'MB' },
      { what: 'growth from the second run to the last', bound: 'at most', goal: 1, measured, unit: 'MB' },
    ]);
  },
};
