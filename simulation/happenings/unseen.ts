import type { SeededRandom } from '@tradewind/utils';
import type { ExchangeFault } from '../world/exchange-faults.ts';
import { SYMBOLS } from '../world/settings.ts';
import type { World } from '../world/world.ts';
import { between, type HappeningKind, oneOf } from './happening.ts';

/** In good conditions a request is answered within so many ms. */
const IN_FLIGHT_MS = 14;

/** Orders are taken, and what is first heard of each is not how it began: no answer, and of its events some late and some never. */
const unseen = (random: SeededRandom): readonly ExchangeFault[] => [
  {
    fault: 'fail_request',
    error: oneOf(random, ['timeout', 'unknown', 'disconnected'] as const),
    executed: 1,
    where: { endpoint: 'POST *' },
    when: { rate: between(random, 50, 100) / 100 },
  },
  { fault: 'drop_event', when: { rate: between(random, 30, 70) / 100 } },
  {
    fault: 'delay_event',
    ms: [10, between(random, 100, 12_000)],
    when: { rate: between(random, 0, 100) / 100 },
  },
];

/** Does something a few ms after each command that leaves, for as long as it lasts. */
function atEachCommand(world: World, random: SeededRandom, act: () => void): () => void {
  let isOver = false;
  const wait = (): void =>
    world.atNextCommand(() => {
      if (isOver) return;
      world.time.after(between(random, 0, IN_FLIGHT_MS), act);
      world.time.after(IN_FLIGHT_MS, wait);
    });
  wait();
  return () => {
    isOver = true;
  };
}

const whileUnseen = (
  name: string,
  rows: readonly string[],
  lastsMs: HappeningKind['lastsMs'],
  act: (world: World, random: SeededRandom) => { readonly text: string; readonly end: () => void },
): HappeningKind => ({
  name,
  group: 'exchange',
  rows,
  lastsMs,
  begin: (world, random) => {
    const endFaults = world.exchangeFaults.begin(unseen(random), random.nextUint32());
    const { text, end } = act(world, random);
    return {
      text: `orders begin unseen; ${text}`,
      end: () => {
        end();
        endFaults();
      },
    };
  },
});

/** What makes the first news of an order the middle or the end of it, in whatever state it is by then. */
export const UNSEEN: readonly HappeningKind[] = [
  whileUnseen('beginnings_unseen', ['O1', 'U1', 'U5'], [5_000, 40_000], () => ({
    text: 'nobody does anything about it',
    end: () => undefined,
  })),
  whileUnseen('killed_unseen', ['X1', 'P2', 'O1'], [3_000, 20_000], (world, random) => ({
    text: 'it dies with each',
    end: atEachCommand(world, random, () => void world.supervisorOf('order-execution').kill()),
  })),
  whileUnseen('canceled_unseen', ['O9', 'O10', 'K7'], [5_000, 30_000], (world, random) => ({
    text: 'everything is canceled with each',
    end: atEachCommand(world, random, () => void world.operator.cancelAll(oneOf(random, SYMBOLS))),
  })),
  {
    name: 'orders_meet',
    group: 'day',
    rows: ['O16'],
    lastsMs: [20_000, 90_000],
    begin: ({ operator }) => ({
      text: operator.parameters('quoter', { meets: '95' }),
      end: () => void operator.parameters('quoter', { meets: '30' }),
    }),
  },
];
