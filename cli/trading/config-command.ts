import { Command } from 'commander';
import { complain, type ExitCode, tell } from './answers.ts';
import {
  type EnvironmentOptions,
  type LoadedEnvironment,
  loadEnvironment,
  withEnvironment,
} from './environment.ts';
import { exitCodeText } from './exit-codes.ts';
import { checkSecrets } from './secret-sources.ts';

interface ConfigOptions extends EnvironmentOptions {
  readonly json?: boolean;
  readonly secrets?: boolean;
}

export function configCommand(): Command {
  const config = new Command('config').exitOverride().description('The configuration of an environment.');
  config.addCommand(
    withEnvironment(new Command('check').exitOverride())
      .description('Checks a configuration: every problem with its line. Nothing is started.')
      .option('--secrets', 'also whether every secret is where the file says; none is printed')
      .option('--json', 'as JSON')
      .addHelpText('after', AFTERWORD)
      .action(async (options: ConfigOptions) => {
        process.exitCode = await check(options);
      }),
  );
  return config.addHelpText('after', AFTERWORD);
}

const AFTERWORD = `
Examples:
  tradewind config check
  tradewind config check --environment production --secrets
  tradewind config check -e ./my.json
${exitCodeText()}`;

async function check(options: ConfigOptions): Promise<ExitCode> {
  const loaded = await loadEnvironment(options);
  if (!loaded.ok) return complain(loaded.error.sentence);
  const environment = loaded.value;
  const problems = options.secrets === true ? await checkSecrets(environment.config) : [];
  if (problems.length > 0) {
    return complain(problems.map(({ reference, what }) => `${reference}: ${what}`).join('\n  '));
  }
  const { config, file, hash } = environment;
  await tell(options.json === true, { file, environment: config.environment, mode: config.mode, hash }, [
    `${file}: nothing is wrong`,
    ...describeEnvironment(environment),
  ]);
  return 0;
}

/** What this configuration is about to do; shown before anything real begins. */
export function describeEnvironment({ config, hash, folder }: LoadedEnvironment): readonly string[] {
  const { limits, exchange } = config;
  const capitalOf = (capital: Readonly<Record<string, string>>): string =>
    Object.entries(capital)
      .map(([asset, amount]) => `${amount} ${asset}`)
      .join(', ');
  return [
    `  environment  ${config.environment}, ${config.mode === 'live' ? 'LIVE: real orders with real money' : config.mode}`,
    `  exchange     ${exchange.profile}${exchange.key === undefined ? '' : `, account ${exchange.key.account}`}`,
    ...Object.entries(config.strategies).map(
      ([name, { definition, symbols, interval, capital }]) =>
        `  strategy     ${name}: ${definition} on ${symbols.join(', ')} ${interval}, capital ${capitalOf(capital)}`,
    ),
    `  limits       an order ${limits.account.order_notional_maximum}, exposure ${limits.account.exposure_maximum}, a day's loss ${limits.account.daily_loss_maximum} ${config.equity_asset}`,
    `  state        ${folder.path}`,
    `  hash         ${hash.slice(0, 12)}`,
  ];
}
