import { expect, test } from 'vitest';
import { CrashWorld } from './crash-points/crash-world.test-support.ts';
import { temporaryFolder } from './processes.test-support.ts';

type Route = 'rest' | 'websocket';

/** A few kinds of points; `npm run crash-points` dies at all there are, `CRASH_POINTS=130` at so many of each route. */
const SAMPLE: Readonly<Record<Route, readonly string[]>> = {
  rest: [
    'trade: before commit signal verdict intent #1',
    'trade: during POST /api/v3/order/cancelReplace #1',
    'trade: after POST /api/v3/orderList/oco #1',
  ],
  websocket: [
    'trade: during commit fill order #1',
    'trade: soon after order.place #2',
    'start: after load #2',
  ],
};
const ROUTES = ['rest', 'websocket'] as const;
const ASKED = process.env.CRASH_POINTS;
/** So many worlds of each route side by side: lives wait more than they work. */
const WORLDS = ASKED === undefined ? 1 : 4;

test('P1, P2, P3, X1: killed at any passage to ledger and exchange, the next run leaves books equal, no intent with two orders and no limit passed', {
  timeout: ASKED === undefined ? 300_000 : 14_400_000,
}, async () => {
  const died = new Set<string>();
  const missed: string[] = [];
  const problems: string[] = [];
  const dieAtAll = async (route: Route, points: readonly string[]): Promise<void> => {
    let world = await CrashWorld.open(temporaryFolder(), route);
    let last = 'nothing';
    // The last life dies nowhere: it looks at what the one before has left, and ends in order.
    for (const point of [...points, undefined]) {
      try {
        const { wasKilled } = await world.live(point);
        if (point === undefined) continue;
        if (wasKilled) died.add(`${route} ${point}`);
        else missed.push(`${route} ${point}`);
        last = point;
        if (ASKED !== undefined) process.stdout.write(`${died.size} died, last at ${route} ${point}\n`);
      } catch (error) {
        const problem = `${route}, after ${last}, on the way to ${point}: ${error}`;
        problems.push(problem);
        process.stdout.write(`${problem}\n`);
        await world.close();
        world = await CrashWorld.open(temporaryFolder(), route);
      }
    }
    await world.close();
  };
  await Promise.all(
    ROUTES.map(async (route) => {
      const points = ASKED === undefined ? SAMPLE[route] : spread(await allPoints(route), ASKED);
      await Promise.all(
        Array.from({ length: WORLDS }, (_, index) =>
          dieAtAll(
            route,
            points.filter((_point, i) => i % WORLDS === index),
          ),
        ),
      );
    }),
  );
  process.stdout.write(
    `died at ${died.size} distinct points; not passed: ${missed.length}\n${missed.map((each) => `  ${each}\n`).join('')}`,
  );
  expect(problems).toEqual([]);
  expect(died.size).toBeGreaterThanOrEqual(ASKED === undefined ? 5 : 200);
});

/** All of them, or as many as are asked for, from the first to the last. */
function spread(points: readonly string[], asked: string): readonly string[] {
  if (asked === 'all') return points;
  const step = Math.max(1, points.length / Number(asked));
  return points.filter((_point, i) => Math.floor(i / step) !== Math.floor((i - 1) / step));
}

/** Those of a life that ends in order, after one that has left things open. */
async function allPoints(route: Route): Promise<readonly string[]> {
  const world = await CrashWorld.open(temporaryFolder(), route);
  const first = await world.live();
  await world.live('trade: after POST /api/v3/order #2');
  const second = await world.live();
  await world.close();
  return [...new Set([...first.passed, ...second.passed])];
}
