import { formatAmount } from '@tradewind/core/money';
import type { BreakerScope } from '@tradewind/core/risk';
import type { SeededRandom } from '@tradewind/utils';
import { STRATEGIES, SYMBOLS } from '../world/settings.ts';
import type { World } from '../world/world.ts';
import { between, type HappeningKind, oneOf } from './happening.ts';

type Action = Parameters<World['simulator']['faults']['perform']>[0];

const atExchange = (
  name: string,
  rows: readonly string[],
  action: (world: World, random: SeededRandom) => Action,
): HappeningKind => ({
  name,
  group: 'day',
  rows,
  lastsMs: [0, 0],
  begin: (world, random) => {
    const drawn = action(world, random);
    const done = world.simulator.faults.perform(drawn);
    return { text: `${JSON.stringify(drawn)}${done.ok ? '' : ', which cannot be done'}` };
  },
});

/** What an operator does to the process that runs; nothing when none does. */
const atSystem = (
  name: string,
  rows: readonly string[],
  does: (world: World, random: SeededRandom) => string,
): HappeningKind => ({
  name,
  group: 'day',
  rows,
  lastsMs: [0, 0],
  begin: (world, random) => ({ text: does(world, random) }),
});

const anyScope = (random: SeededRandom): BreakerScope =>
  oneOf<BreakerScope>(random, [
    { kind: 'account' },
    { kind: 'symbol', name: oneOf(random, SYMBOLS) },
    { kind: 'strategy', name: oneOf(random, STRATEGIES) },
  ]);

export const DAY: readonly HappeningKind[] = [
  atExchange('deposit', ['B4'], ({ account }, random) => ({
    fault: 'deposit',
    account,
    asset: oneOf(random, ['USDT', 'BTC', 'ETH']),
    amount: `${between(random, 1, 999)}.5`,
  })),
  atExchange('withdrawal', ['B5'], ({ account }, random) => ({
    fault: 'withdraw',
    account,
    asset: oneOf(random, ['USDT', 'BTC', 'ETH']),
    amount: `0.${between(random, 1, 9)}`,
  })),
  atExchange('emptied', ['B5'], ({ account, simulator: { exchange } }, random) => {
    const asset = oneOf(random, ['BTC', 'ETH']);
    const free = exchange.balances(account).find((each) => each.asset === asset)?.free;
    return { fault: 'withdraw', account, asset, amount: free === undefined ? '0' : formatAmount(free) };
  }),
  atExchange('hand_trade', ['U10', 'B5', 'B6'], ({ account }, random) => ({
    fault: 'hand_order',
    account,
    symbol: oneOf(random, SYMBOLS),
    side: oneOf(random, ['BUY', 'SELL'] as const),
    quantity: '0.01',
  })),
  atExchange('discount_switched', ['B2'], ({ account }, random) => ({
    fault: 'switch_account',
    account,
    uses_discount: random.nextFraction() < 0.7,
  })),
  {
    name: 'locked_elsewhere',
    group: 'day',
    rows: ['B6'],
    lastsMs: [5_000, 40_000],
    begin: ({ simulator, account }, random) => {
      const lock = {
        account,
        asset: oneOf(random, ['USDT', 'BTC', 'ETH']),
        amount: `${between(random, 1, 9)}.5`,
      };
      const done = simulator.faults.perform({ fault: 'lock', ...lock });
      return {
        text: `${JSON.stringify(lock)}${done.ok ? '' : ', which cannot be done'}`,
        end: () => void (done.ok && simulator.faults.perform({ fault: 'unlock', ...lock })),
      };
    },
  },
  atSystem('halt', ['K7'], ({ operator }, random) =>
    operator.halt({
      scope: anyScope(random),
      state: oneOf(random, ['reducing', 'halted'] as const),
      cancelsOrders: random.nextFraction() < 0.5,
    }),
  ),
  atSystem('halted_and_killed', ['K7', 'X1'], (world, random) => {
    const { operator, time } = world;
    const scope = anyScope(random);
    time.after(between(random, 1_000, 8_000), () => world.anySupervisor(random).kill());
    return `${operator.halt({ scope, state: 'halted', cancelsOrders: false })}, and it dies soon`;
  }),
  atSystem('resume', ['K10'], ({ operator }) => operator.resume()),
  atSystem('changed_by_hand', ['O9', 'O12', 'O13'], ({ operator }, random) =>
    operator.changeOrder(oneOf(random, ['amend', 'replace', 'cancel'] as const)),
  ),
  atSystem('all_canceled', ['O10'], ({ operator }, random) => operator.cancelAll(oneOf(random, SYMBOLS))),
  atSystem('flattened', ['B3'], ({ operator }, random) => operator.flatten(oneOf(random, STRATEGIES))),
  atSystem('breaks_explained', ['B5'], ({ operator }) => operator.explainBreaks()),
  atSystem('parameters', [], ({ operator }, random) =>
    operator.parameters(oneOf(random, STRATEGIES), { seed: String(between(random, 1, 1_000)) }),
  ),
];
