import type { BreakerScope, Trip } from '@tradewind/core/risk';
import { haltByFile, haltFileAt } from '@tradewind/risk-manager';
import { systemClock, systemTimers } from '@tradewind/utils';
import { Command, Option } from 'commander';
import { complain, type ExitCode, tell } from './answers.ts';
import { makeDataFolder } from './data-folder.ts';
import {
  type EnvironmentOptions,
  type LoadedEnvironment,
  loadEnvironment,
  withEnvironment,
} from './environment.ts';
import { exitCodeText } from './exit-codes.ts';
import { askGateway } from './gateway-client.ts';
import { giveCommand } from './give-command.ts';
import { userName } from './user-name.ts';

interface ScopeOptions extends EnvironmentOptions {
  readonly strategy?: string;
  readonly symbol?: string;
  readonly account?: boolean;
  readonly why: string;
  readonly json?: boolean;
}
interface HaltOptions extends ScopeOptions {
  readonly reduce?: boolean;
  readonly cancel: boolean;
}

interface HaltAnswer {
  readonly trips: readonly { readonly scope: string; readonly state: string }[];
  readonly stored_in: readonly string[];
  readonly canceled: readonly string[];
  readonly unproven: readonly string[];
}

/** The commands with which a person stops, lets on and ends positions. */
export const controlCommands = (): readonly Command[] => [
  haltCommand(),
  resumeCommand(),
  cancelAllCommand(),
  flattenCommand(),
];

const withScope = (command: Command): Command =>
  withEnvironment(command)
    .addOption(new Option('--strategy <name>', 'this strategy alone').conflicts(['symbol', 'account']))
    .addOption(new Option('--symbol <symbol>', 'this symbol alone').conflicts('account'))
    .option('--why <text>', 'for the record', 'by hand')
    .option('--json', 'as JSON');

function haltCommand(): Command {
  return withScope(new Command('halt').exitOverride())
    .option('--account', 'new risk of the whole account; left out, with no other scope: everything')
    .option('--reduce', 'positions may still be reduced')
    .option('--no-cancel', 'leave open orders where they are')
    .description(
      'Stops trading at once and cancels open orders. Works with the database, Redis and the gateway gone.',
    )
    .addHelpText(
      'after',
      `\nExamples:\n  tradewind halt --why "news"\n  tradewind halt --symbol BTCUSDT --no-cancel\n  tradewind halt --strategy ema-btc --reduce\n\nA halt stays through restarts until tradewind resume takes it off. Where no
gateway answers it is written into the data folder, and the exit code is 3: a
system that runs obeys within 200 ms, one that does not run when it starts.\n${exitCodeText()}`,
    )
    .action(async (options: HaltOptions) => {
      process.exitCode = await halt(options);
    });
}

async function halt(options: HaltOptions): Promise<ExitCode> {
  const environment = await loadEnvironment(options);
  if (!environment.ok) return complain(environment.error.sentence);
  const scope = scopeOf(options);
  const state = options.reduce === true ? 'reducing' : 'halted';
  const order = { scope, state, cancels_orders: options.cancel, by: userName(), why: options.why } as const;
  const answer = await askGateway<HaltAnswer>(environment.value.folder, 'halt', order);
  if (!answer.ok) return haltWithoutGateway(environment.value, order, answer.error.detail);
  const { stored_in, canceled, unproven } = answer.value;
  await tell(options.json === true, answer.value, [
    `${describe(scope)} ${state === 'halted' ? 'is halted' : 'may only reduce'}; stored in ${stored_in.join(' and ') || 'memory alone'}`,
    ...(canceled.length > 0 ? [`nothing is open any more on ${canceled.join(', ')}`] : []),
    ...(unproven.length > 0
      ? [`NOT PROVEN canceled: ${unproven.join(', ')}; look again with tradewind orders`]
      : []),
  ]);
  return unproven.length > 0 || stored_in.length === 0 ? 3 : 0;
}

/** The way that needs nothing but the disk (faults.md K7). */
async function haltWithoutGateway(
  { folder }: LoadedEnvironment,
  {
    scope,
    state,
    by,
    why,
    cancels_orders,
  }: {
    readonly scope: BreakerScope;
    readonly state: 'reducing' | 'halted';
    readonly by: string;
    readonly why: string;
    readonly cancels_orders: boolean;
  },
  gatewaySays: string,
): Promise<ExitCode> {
  await makeDataFolder(folder);
  const trip: Trip = { scope, state, cause: { kind: 'person', by, why }, atMs: systemClock.nowMs() };
  const problem = await haltByFile(haltFileAt(folder.haltFile), trip, systemTimers, cancels_orders);
  if (problem !== undefined) return complain(`${folder.haltFile}: ${problem}`, 1);
  process.stderr.write(`the gateway was not reached: ${gatewaySays}\n`);
  await tell(false, undefined, [
    `${describe(scope)} ${state === 'halted' ? 'is halted' : 'may only reduce'} by ${folder.haltFile}`,
    'a risk manager that runs obeys within 200 ms; what it has canceled, tradewind status or the exchange itself says',
  ]);
  return 3;
}

function resumeCommand(): Command {
  return withScope(new Command('resume').exitOverride())
    .option('--account', 'the whole account')
    .description('Lets trade again what was halted; a scope at a time.')
    .addHelpText(
      'after',
      `\nExamples:\n  tradewind resume\n  tradewind resume --strategy ema-btc --why "fixed"\n${exitCodeText()}`,
    )
    .action(async (options: ScopeOptions) => {
      process.exitCode = await giveCommand(
        options,
        'resume',
        { scope: scopeOf(options), ...recorded(options) },
        () => [`${describe(scopeOf(options))} may trade again`],
      );
    });
}

interface CancelAnswer {
  readonly canceled: readonly string[];
  readonly unproven: readonly string[];
}
interface FlattenAnswer extends CancelAnswer {
  readonly orders: readonly string[];
  readonly kept: readonly {
    readonly strategy: string;
    readonly symbol: string;
    readonly quantity: string;
    readonly why: string;
  }[];
}

function cancelAllCommand(): Command {
  return withScope(new Command('cancel-all').exitOverride())
    .description('Cancels our open orders; trading goes on.')
    .addHelpText(
      'after',
      `\nExamples:\n  tradewind cancel-all\n  tradewind cancel-all --symbol BTCUSDT\n${exitCodeText()}`,
    )
    .action(async (options: ScopeOptions) => {
      process.exitCode = await giveCommand<CancelAnswer>(
        options,
        'cancel-all',
        { ...partOf(options), ...recorded(options) },
        canceledLines,
      );
    });
}

function flattenCommand(): Command {
  return withScope(new Command('flatten').exitOverride())
    .description(
      'Cancels our open orders and sells at market what the strategies hold. The coins of the owner stay.',
    )
    .addHelpText(
      'after',
      `\nExamples:\n  tradewind flatten --why "end of the experiment"\n  tradewind flatten --strategy rsi-eth\n\nStrategies go on and may buy again; halt --reduce before it keeps them from it.\n${exitCodeText()}`,
    )
    .action(async (options: ScopeOptions) => {
      process.exitCode = await giveCommand<FlattenAnswer>(
        options,
        'flatten',
        { ...partOf(options), ...recorded(options) },
        (answer) => [
          ...canceledLines(answer),
          `${answer.orders.length} selling orders sent`,
          ...answer.kept.map(
            ({ strategy, symbol, quantity, why }) => `kept: ${quantity} ${symbol} of ${strategy}: ${why}`,
          ),
        ],
      );
    });
}

const canceledLines = ({ canceled, unproven }: CancelAnswer): readonly string[] => [
  `${canceled.length} orders canceled`,
  ...(unproven.length === 0 ? [] : [`NOT PROVEN canceled: ${unproven.join(', ')}`]),
];

/** Who commands it, and why. */
const recorded = ({ why }: ScopeOptions): object => ({ by: userName(), why });

function scopeOf({ strategy, symbol, account }: ScopeOptions): BreakerScope {
  if (strategy !== undefined) return { kind: 'strategy', name: strategy };
  if (symbol !== undefined) return { kind: 'symbol', name: symbol };
  return { kind: account === true ? 'account' : 'system' };
}

const partOf = ({ strategy, symbol }: ScopeOptions): object => ({
  ...(strategy === undefined ? {} : { strategy }),
  ...(symbol === undefined ? {} : { symbol }),
});

const describe = (scope: BreakerScope): string =>
  scope.kind === 'strategy' || scope.kind === 'symbol' ? `${scope.kind} ${scope.name}` : `the ${scope.kind}`;
