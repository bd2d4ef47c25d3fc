import { type Compared, compareRun, type DifferenceClass } from './compare.ts';
import { backtestOf, runsOf } from './run.ts';
import type { ParityInput } from './session.ts';

/** What a replay of a session found. */
export interface ParityReport {
  readonly session: string;
  readonly runs: readonly {
    readonly strategy: string;
    readonly fromMs: number;
    readonly toMs: number;
    /** Why it could not be replayed; empty when it was. */
    readonly problem: string;
  }[];
  readonly counts: Readonly<Record<DifferenceClass, number>>;
  /** In the order of runs and time, the equal ones included. */
  readonly compared: readonly Compared[];
}

/** Replays a recorded session as a backtest, strategy by strategy, and compares. Pure: the same input gives the same report. */
export function compareSession(input: ParityInput): ParityReport {
  const compared: Compared[] = [];
  const runs: ParityReport['runs'][number][] = [];
  for (const strategy of input.strategies) {
    for (const run of runsOf(input, strategy)) {
      const backtest = backtestOf(run, input);
      const problem = typeof backtest === 'string' ? backtest : '';
      runs.push({ strategy: strategy.strategy, fromMs: run.fromMs, toMs: run.toMs, problem });
      if (typeof backtest !== 'string') compared.push(...compareRun(run, backtest, input.events));
    }
  }
  const counts = { same: 0, price: 0, timing: 0, missing_in_live: 0, missing_in_backtest: 0, unexplained: 0 };
  for (const each of compared) counts[each.class] += 1;
  return { session: input.session.name, runs, counts, compared };
}

/** The report for people: one line a difference, the equal ones only counted. */
export function describeParity(report: ParityReport): string {
  const lines = [`parity of session ${report.session}`];
  for (const { strategy, fromMs, toMs, problem } of report.runs) {
    const outcome = problem === '' ? 'replayed' : `not replayed: ${problem}`;
    lines.push(`  ${strategy}, ${Math.round((toMs - fromMs) / 1000)} s: ${outcome}`);
  }
  if (report.runs.length === 0) lines.push('  no strategy ran in it');
  for (const { what, strategy, clientOrderId, live, backtest, detail, ...each } of report.compared) {
    if (each.class === 'same') continue;
    lines.push(`${each.class.padEnd(19)} ${what.padEnd(6)} ${strategy} ${clientOrderId}`);
    lines.push(`    live:     ${live || '-'}`, `    backtest: ${backtest || '-'}`, `    ${detail}`);
  }
  const counts = Object.entries(report.counts).map(
    ([name, count]) => `${count} ${name.replaceAll('_', ' ')}`,
  );
  lines.push(`signals, orders and fills: ${counts.join(', ')}`);
  return `${lines.join('\n')}\n`;
}
