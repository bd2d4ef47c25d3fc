import { availableParallelism, cpus, loadavg } from 'node:os';

/** Prints a section's title under an empty line. */
export function printTitle(title: string): void {
  console.log(`\n${title}\n${'-'.repeat(title.length)}`);
}

/** Columns as wide as their widest cell: the first to the left, the others to the right. */
export function printTable(header: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  for (const row of [header, widths.map((width) => '-'.repeat(width)), ...rows]) {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[0] as number) : cell.padStart(widths[column] as number),
    );
    console.log(cells.join('  '));
  }
}

/** A goal beside what was measured. It is never an assertion: a busy machine misses goals that a quiet one meets. */
export interface Goal {
  readonly what: string;
  readonly bound: 'at least' | 'at most';
  readonly goal: number;
  readonly measured: number;
  readonly unit: string;
  readonly digits?: number;
}

export function printGoals(goals: readonly Goal[]): void {
  console.log();
  const rows = goals.map(({ what, bound, goal, measured, unit, digits = 2 }) => {
    const isMet = bound === 'at least' ? measured >= goal : measured <= goal;
    return [
      what,
      `${bound} ${goal} ${unit}`,
      `${measured.toFixed(digits)} ${unit}`,
      isMet ? 'met' : 'not met',
    ];
  });
  printTable(['goal', 'bound', 'measured', ''], rows);
}

export function printMachine(): void {
  const load = loadavg().map((value) => value.toFixed(2));
  const model = cpus()[0]?.model ?? 'unknown processor';
  console.log(
    `Node ${process.version}, ${availableParallelism()} processors (${model}), load average ${load.join(' ')}`,
  );
}
