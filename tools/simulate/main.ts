import { drawPlan } from '../../simulation/happenings/plan.ts';
import { minimise } from '../../simulation/run/minimise.ts';
import type { RunResult } from '../../simulation/run/run-seed.ts';
import type { Deployment } from '../../simulation/world/services.ts';
import { describeCoverage } from './coverage.ts';
import { runMany } from './many.ts';
import { type Options, readOptions, USAGE } from './options.ts';
import { runHere } from './run-here.ts';

const TOLD_EVERY = 50;

// A reader that has seen enough (`| head`) is no failure.
process.stdout.on('error', () => {});

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const tell = (text: string): void => void process.stderr.write(`${text}\n`);

async function runOne({
  seed,
  keep,
  isTraced,
  deployment,
}: Extract<Options, { kind: 'one' }>): Promise<boolean> {
  const drawn = drawPlan(seed, deployment);
  const { happenings } = drawn;
  const plan =
    keep === undefined ? drawn : { ...drawn, happenings: happenings.filter(({ id }) => keep.includes(id)) };
  const result = await runHere({ seed, plan, isTraced });
  if (isTraced) say(result.trace);
  say(`seed ${seed}, services ${plan.deployment}: ${describe(result)}`);
  say(`hash ${result.hash}`);
  if (result.violation === undefined) return true;
  tell('leaving out what is not needed ...');
  const smallest = await minimise(result, (kept) => runHere({ seed, plan: { ...plan, happenings: kept } }));
  for (const { id, kind, atMs, forMs } of smallest.plan.happenings)
    say(`  ${id} ${kind} at ${atMs} ms${forMs === 0 ? '' : `, for ${forMs} ms`}`);
  const ids = smallest.plan.happenings.map(({ id }) => id).join(',');
  say(
    `again: npm run simulate -- --seed ${seed}${chosen(deployment)} --keep ${ids === '' ? 'none' : ids} --trace`,
  );
  return false;
}

async function runSeeds({ kind: _, ...options }: Extract<Options, { kind: 'many' }>): Promise<boolean> {
  const tally = await runMany({
    ...options,
    ended(sofar, { result }) {
      if (result.violation !== undefined) say(`seed ${result.seed}: ${describe(result)}`);
      if (sofar.seeds % TOLD_EVERY === 0) tell(sofar.summary);
    },
  });
  say(tally.kinds);
  if (options.isCovered) say(describeCoverage(tally.coverages));
  say(tally.summary);
  for (const { seed } of tally.failed)
    say(`again: npm run simulate -- --seed ${seed}${chosen(options.deployment)}`);
  return tally.failed.length === 0;
}

/** Where it was not drawn. */
const chosen = (deployment: Deployment | undefined): string =>
  deployment === undefined ? '' : ` --deployment ${deployment}`;

const describe = ({ violation, virtualMs, events, plan }: Omit<RunResult, 'trace'>): string =>
  violation === undefined
    ? `nothing wrong in ${Math.round(virtualMs / 1000)} s with ${plan.happenings.length} happenings and ${events} events in the ledger`
    : `${violation.check} is broken: ${violation.what}`;

const options = readOptions(process.argv.slice(2));
if (typeof options === 'string') {
  tell(`${options}\n\n${USAGE}`);
  process.exitCode = 2;
} else if (options.kind === 'help') say(USAGE);
else if (!(await (options.kind === 'one' ? runOne(options) : runSeeds(options)))) process.exitCode = 1;
