import { type Amount, add, amount, formatAmount, zero } from '@tradewind/core/money';
import type { Configuration } from './schema.ts';

export interface FieldProblem {
  readonly field: string;
  readonly what: string;
}

/** What no single field can say: that what belongs together is together, and that nothing is named which is not there. */
export const checkRules = (config: Configuration): readonly FieldProblem[] => [
  ...checkMode(config),
  ...checkExchange(config),
  ...checkNames(config),
  ...checkCapital(config),
  ...checkServices(config),
  ...checkGuards(config),
];

const problem = (field: string, what: string): FieldProblem => ({ field, what });

/** Real money needs the environment, the exchange and the key that are meant for it (faults.md G2). */
function checkMode({ environment, mode, exchange, paper }: Configuration): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const { profile, key } = exchange;
  if ((mode === 'live') !== (environment === 'production')) {
    problems.push(
      problem(
        'mode',
        `is ${mode} in the environment ${environment}; production is live, and nothing else is`,
      ),
    );
  }
  if (mode === 'live' && profile !== 'binance') {
    problems.push(problem('exchange.profile', `is ${profile}; live trading is on binance`));
  }
  if (mode === 'testnet' && profile === 'binance') {
    problems.push(
      problem(
        'exchange.profile',
        'is binance, where orders are real; testnet trades on binance-testnet or on a simulator',
      ),
    );
  }
  if (environment === 'local' && profile !== 'simulator') {
    problems.push(
      problem('exchange.profile', `is ${profile}; the local environment has a simulator for an exchange`),
    );
  }
  const hasOwnSimulator = profile === 'simulator' && exchange.urls === undefined;
  if (mode !== 'paper' && !hasOwnSimulator && key === undefined) {
    problems.push(problem('exchange.key', `is missing; ${mode} trading needs a key`));
  }
  if (mode === 'paper' && key !== undefined) {
    problems.push(
      problem(
        'exchange.key',
        'is there, and paper trading needs none; a key that is not needed is one that can be lost',
      ),
    );
  }
  if (mode === 'paper' && paper === undefined) {
    problems.push(problem('paper', 'is missing; paper trading begins with some balances'));
  }
  if (mode !== 'paper' && paper !== undefined) {
    problems.push(problem('paper', `is there, and the mode is ${mode}; take one of them away`));
  }
  return problems;
}

function checkExchange({ exchange, simulator }: Configuration): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const { profile, urls } = exchange;
  if (profile !== 'simulator' && urls !== undefined) {
    problems.push(problem('exchange.urls', `are there, and those of ${profile} are known; leave them out`));
  }
  if (simulator !== undefined && (profile !== 'simulator' || urls !== undefined)) {
    problems.push(problem('simulator', 'is there, and none is started: the exchange is elsewhere'));
  }
  for (const [name, url] of Object.entries(urls ?? {})) {
    if (!LOOPBACK.test(new URL(url).hostname)) {
      problems.push(
        problem(
          `exchange.urls.${name}`,
          'is no address of this machine; a simulator is reached at 127.0.0.1',
        ),
      );
    }
  }
  return problems;
}

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/;

function checkNames({ symbols, strategies, limits }: Configuration): FieldProblem[] {
  const problems: FieldProblem[] = [];
  symbols.forEach((symbol, i) => {
    if (symbols.indexOf(symbol) !== i) problems.push(problem(`symbols.${i}`, `${symbol} is there twice`));
    if (limits.symbols[symbol] === undefined) {
      problems.push(
        problem(`limits.symbols.${symbol}`, 'is missing; each symbol has limits, and none has a default'),
      );
    }
  });
  for (const [name, strategy] of Object.entries(strategies)) {
    strategy.symbols.forEach((symbol, i) => {
      if (!symbols.includes(symbol)) {
        problems.push(
          problem(
            `strategies.${name}.symbols.${i}`,
            `${symbol} is not among the symbols: ${symbols.join(', ')}`,
          ),
        );
      }
      if (strategy.symbols.indexOf(symbol) !== i) {
        problems.push(problem(`strategies.${name}.symbols.${i}`, `${symbol} is there twice`));
      }
    });
    if (!Object.hasOwn(limits.strategies, name)) {
      problems.push(
        problem(`limits.strategies.${name}`, 'is missing; each strategy has limits, and none has a default'),
      );
    }
  }
  // A limit for what is not there is a limit that somebody believes in. Every object has a constructor: only own names count.
  for (const name of Object.keys(limits.strategies)) {
    if (!Object.hasOwn(strategies, name)) {
      problems.push(
        problem(`limits.strategies.${name}`, `there is no such strategy; there are ${listOf(strategies)}`),
      );
    }
  }
  for (const symbol of Object.keys(limits.symbols)) {
    if (!symbols.includes(symbol)) {
      problems.push(problem(`limits.symbols.${symbol}`, `is not among the symbols: ${symbols.join(', ')}`));
    }
  }
  return problems;
}

const listOf = (names: object): string => Object.keys(names).join(', ') || 'none';

/** Strategies cannot be given more than there is. Of a real account that is checked when it is known. */
function checkCapital({ strategies, paper, equity_asset }: Configuration): FieldProblem[] {
  if (paper === undefined) return [];
  const problems: FieldProblem[] = [];
  const given = new Map<string, Amount>();
  for (const [name, { capital }] of Object.entries(strategies)) {
    for (const [asset, text] of Object.entries(capital)) {
      const sum: Amount = add(given.get(asset) ?? zero<Amount>(), amount(asset, text) as Amount);
      given.set(asset, sum);
      const owned: Amount = amount(asset, paper.balances[asset] ?? '0');
      if (sum > owned) {
        problems.push(
          problem(
            `strategies.${name}.capital.${asset}`,
            `with this the strategies have ${formatAmount(sum)} ${asset}, and paper.balances has ${formatAmount(owned)}`,
          ),
        );
      }
    }
  }
  if (paper.balances[equity_asset] === undefined) {
    problems.push(
      problem(`paper.balances.${equity_asset}`, 'is missing; it is the asset that equity is counted in'),
    );
  }
  return problems;
}

function checkServices({
  services,
  redis,
  ledger,
  gateway,
  strategies,
  mode,
  exchange,
}: Configuration): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (services !== undefined) {
    if (redis === undefined)
      problems.push(problem('redis', 'is missing; services that run apart hear one another over it'));
    if (ledger === undefined) {
      problems.push(
        problem('ledger', 'is missing; services that run apart share a PostgreSQL that is named by its url'),
      );
    }
  }
  if (services !== undefined && mode === 'paper' && services['paper-exchange'] === undefined) {
    problems.push(
      problem(
        'services.paper-exchange',
        'is missing; the risk manager cancels there, from a process of its own',
      ),
    );
  }
  if (services !== undefined && exchange.profile === 'simulator' && exchange.urls === undefined) {
    problems.push(
      problem('exchange.urls', 'are missing; services that run apart share a simulator that runs already'),
    );
  }
  if (!LOOPBACK.test(gateway.host) && gateway.token === undefined) {
    problems.push(
      problem('gateway.token', `is missing; whoever reaches ${gateway.host} would command the account`),
    );
  }
  if (Object.keys(strategies).length === 0) problems.push(problem('strategies', 'has none'));
  return problems;
}

/** A restart after a crash must be over before the dead man's switch cancels what the crash has left open. */
const checkGuards = ({ guards }: Configuration): FieldProblem[] =>
  guards.lease_ms * 2 <= guards.dead_man_after_ms
    ? []
    : [
        problem(
          'guards.lease_ms',
          `is ${guards.lease_ms}, more than half of dead_man_after_ms (${guards.dead_man_after_ms}): every crash would end in a halt`,
        ),
      ];
