import { Command } from 'commander';
import { withEnvironment } from './environment.ts';
import { exitCodeText } from './exit-codes.ts';
import type { TypedStartOptions } from './start-options.ts';

export function startCommand(): Command {
  return withEnvironment(new Command('start').exitOverride().argument('[service]', SERVICE_HELP))
    .description('Starts the whole trading system, on paper unless the environment says otherwise.')
    .option('--for <duration>', 'ends in order after so long: 90s, 10m, 2h')
    .option(
      '--live',
      'confirms that orders are real; needed for the production environment and refused elsewhere',
    )
    .option('--output <kind>', 'screen, plain lines or json log lines (default: a screen on a terminal)')
    .addHelpText('after', AFTERWORD)
    .action(async (service: string | undefined, options: TypedStartOptions) => {
      const { runStart } = await import('./run-start.ts');
      process.exitCode = await runStart(service, options);
    });
}

const SERVICE_HELP =
  'market-data, strategy-engine, risk-manager, order-execution or gateway, to run it in a process of its own (default: all in one process)';

const AFTERWORD = `
Examples:
  tradewind start                                      the local environment: a simulated exchange, paper money
  tradewind start --for 10m --output plain
  tradewind start --environment staging                paper money at the real exchange's prices; needs no key
  tradewind start --environment production --live      real orders
  tradewind start risk-manager --environment staging   one service; Redis, PostgreSQL and a token must be configured

Ctrl-C ends it in order; the next start goes on where it stopped. What it does is seen with tradewind status, stopped
with tradewind halt, and explained with tradewind explain.
${exitCodeText()}
Killed by its watchdog (status 137), a process was blocked by a strategy; that strategy is disabled at the next start.
`;
