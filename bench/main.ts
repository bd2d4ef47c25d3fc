/**
 * `npm run bench` runs every section, `npm run bench -- bars memory` some of them (`trading` all
 * whose names begin with it), `--quick` does less of everything.
 * docs/performance.md says what is measured and how to read it.
 */
import { parseArgs } from 'node:util';
import { printMachine, printTitle } from './harness/report.ts';
import { bars } from './sections/bars.ts';
import { command } from './sections/command.ts';
import { exact } from './sections/exact.ts';
import { exchange } from './sections/exchange.ts';
import { ledger } from './sections/ledger.ts';
import { marketData } from './sections/market-data.ts';
import { marketService } from './sections/market-service.ts';
import { matching } from './sections/matching.ts';
import { memory } from './sections/memory.ts';
import { risk } from './sections/risk.ts';
import type { Section, Sizes } from './sections/section.ts';
import { strategies } from './sections/strategies.ts';
import { strategyEngine } from './sections/strategy-engine.ts';
import { tradingSections } from './sections/trading.ts';
import { transports } from './sections/transports.ts';

const SECTIONS: Readonly<Record<string, Section>> = {
  bars,
  strategies,
  'strategy-engine': strategyEngine,
  exact,
  command,
  matching,
  'market-data': marketData,
  'market-service': marketService,
  exchange,
  ledger,
  risk,
  transports,
  ...tradingSections,
  memory,
};
const FULL: Sizes = { bars: 5_000_000, rounds: 5 };
const QUICK: Sizes = { bars: 500_000, rounds: 3 };

const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const GROUP = 'trading';
const named = positionals.flatMap((name) => (name === GROUP ? Object.keys(tradingSections) : [name]));
const unknown = named.filter((name) => !Object.hasOwn(SECTIONS, name));
if (unknown.length > 0) {
  console.error(
    `error: no section ${unknown.join(', ')}; there are ${GROUP} and ${Object.keys(SECTIONS).join(', ')}`,
  );
  process.exitCode = 2;
} else {
  await runSections(named.length > 0 ? named : Object.keys(SECTIONS), values.quick ? QUICK : FULL);
}

async function runSections(names: readonly string[], sizes: Sizes): Promise<void> {
  printMachine();
  console.log(
    `${sizes.rounds} rounds, every run in a fresh process; median (least-most). Engine time is the processor time of the engine's thread; 'process' adds the threads that collect and compile beside it, 'wall' is the clock`,
  );
  for (const name of names) {
    const section = SECTIONS[name]!;
    printTitle(section.title(sizes));
    await section.run(sizes);
  }
  console.log();
  printMachine();
}
