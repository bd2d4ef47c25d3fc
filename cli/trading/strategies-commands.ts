import type { StrategyView } from '@tradewind/gateway';
import { Command } from 'commander';
import { complain, complainAbout, type ExitCode, tell } from './answers.ts';
import { type EnvironmentOptions, loadEnvironment, withEnvironment } from './environment.ts';
import { exitCodeText } from './exit-codes.ts';
import { askGateway } from './gateway-client.ts';
import { userName } from './user-name.ts';
import { showRunningStrategies } from './view-commands.ts';

interface CommandOptions extends EnvironmentOptions {
  readonly why: string;
  readonly json?: boolean;
}

/** `tradewind strategies`: what is ready to run; its subcommands are about those that run. */
export function strategiesCommand(): Command {
  const strategies = new Command('strategies')
    .exitOverride()
    .description(
      'Lists the ready strategies with their parameters; the subcommands are about those that run.',
    )
    .addHelpText('after', AFTERWORD)
    .action(async () => {
      const { describeStrategies } = await import('../describe-strategies.ts');
      process.stdout.write(describeStrategies());
    });
  strategies.addCommand(
    withEnvironment(new Command('running').exitOverride())
      .description('Those that run, with their parameters.')
      .option('--json', 'as JSON')
      .addHelpText('after', AFTERWORD)
      .action(async (options: EnvironmentOptions & { readonly json?: boolean }) => {
        process.exitCode = await showRunningStrategies(options);
      }),
  );
  strategies.addCommand(command('start', 'Lets a stopped or disabled one trade.'));
  strategies.addCommand(command('stop', 'Stops one; orders and positions stay.'));
  strategies.addCommand(command('signal', 'What one would want now; sends nothing.'));
  strategies.addCommand(setCommand());
  return strategies;
}

function command(name: 'start' | 'stop' | 'signal', summary: string): Command {
  return withWhy(new Command(name).exitOverride().argument('<strategy>', 'its name in the configuration'))
    .description(summary)
    .action(async (strategy: string, options: CommandOptions) => {
      process.exitCode = await ask(`strategies/${name}`, options, { strategy });
    });
}

function setCommand(): Command {
  return withWhy(
    new Command('set')
      .exitOverride()
      .argument('<strategy>', 'its name in the configuration')
      .argument('<changes...>', 'like fast=8; the others stay as they are'),
  )
    .description('Gives one that runs other parameters.')
    .action(async (strategy: string, pairs: readonly string[], options: CommandOptions) => {
      const parameters = Object.fromEntries(pairs.map((pair) => pair.split('=', 2)));
      const malformed = pairs.find((pair) => !/^[^=]+=.+$/.test(pair));
      process.exitCode =
        malformed === undefined
          ? await ask('strategies/parameters', options, { strategy, parameters })
          : complain(`${malformed}: expected parameter=value`);
    });
}

const withWhy = (command: Command): Command =>
  withEnvironment(command)
    .option('--why <text>', 'for the record', 'by hand')
    .option('--json', 'as JSON')
    .addHelpText('after', AFTERWORD);

const AFTERWORD = `
Examples:
  tradewind strategies
  tradewind strategies running
  tradewind strategies stop ema-btc --why "too many trades"
  tradewind strategies set ema-btc fast=8 slow=21
  tradewind strategies signal ema-btc
${exitCodeText()}`;

async function ask(path: string, options: CommandOptions, body: object): Promise<ExitCode> {
  const environment = await loadEnvironment(options);
  if (!environment.ok) return complain(environment.error.sentence);
  const answer = await askGateway<StrategyView | { readonly signals: readonly string[] }>(
    environment.value.folder,
    path,
    {
      ...body,
      by: userName(),
      why: options.why,
    },
  );
  if (!answer.ok) return complainAbout(answer.error);
  const { value } = answer;
  const lines =
    typeof value.signals === 'number' && 'state' in value
      ? [`${value.strategy} is ${value.state}${value.detail === '' ? '' : `: ${value.detail}`}`]
      : wantsOf((value as { readonly signals: readonly string[] }).signals);
  await tell(options.json === true, value, lines);
  return 0;
}

const wantsOf = (signals: readonly string[]): readonly string[] =>
  signals.length === 0 ? ['it wants nothing now'] : signals;
