import { Command } from 'commander';

/** `tradewind strategies`: what is ready to run. */
export function strategiesCommand(): Command {
  return new Command('strategies')
    .exitOverride()
    .description('Lists the ready strategies with their parameters.')
    .action(async () => {
      const { describeStrategies } = await import('./describe-strategies.ts');
      process.stdout.write(describeStrategies());
    });
}
