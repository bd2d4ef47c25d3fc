import { Command, Option } from 'commander';
import type { TypedOptions } from './backtest-options.ts';
import { EXIT_CODES } from './complaint.ts';

const collect = (text: string, before: readonly string[] = []): string[] => [...before, text];

/** The definition of `tradewind backtest`; what it needs to run is loaded when it runs. */
export function backtestCommand(): Command {
  const command = new Command('backtest').exitOverride();
  command
    .description(
      'Runs a strategy over history, exact to the last digit, by the fill contract of docs/fills.md.',
    )
    .requiredOption(
      '--strategy <name|file>',
      'a ready strategy by name (see tradewind strategies), or your own file',
    )
    .option('--data <file|folder>', 'Binance klines: CSV, plain, .gz or .zip; repeatable', collect)
    .option('--symbol <symbol>', 'the symbol to trade, where the data hold several; repeatable', collect)
    .option(
      '--interval <interval>',
      'bars of this length, made from finer ones where needed: 1m, 5m, 1h, 1d, ...',
    )
    .option(
      '--from <time>',
      'only bars that open at or after: 2025-06-01, 2025-06-01T12:00 (UTC) or epoch ms',
    )
    .option('--to <time>', 'only bars that open before')
    .option('--param <name=value>', 'a parameter of the strategy; repeatable', collect)
    .option(
      '--cash <amount>',
      'what the account starts with, like 10000USDT; repeatable (default: 10000 of the quote asset)',
      collect,
    )
    .option('--maker-fee <fraction>', 'of what a resting order receives', '0.001')
    .option('--taker-fee <fraction>', 'of what an order that trades at once receives', '0.001')
    .option('--fee-asset <asset>', 'pay fees in this asset, like BNB, while there is enough of it')
    .option('--fee-discount <fraction>', 'what is left of a fee that is paid in --fee-asset', '0.75')
    .option(
      '--slippage-bps <bps>',
      'how far market orders and stops trade against us, in hundredths of a percent',
      '0',
    )
    .addOption(
      new Option(
        '--limit-fill <how>',
        'whether a bar must trade through a limit price or only touch it: through, touch',
      ).default('through', 'through'),
    )
    .option(
      '--exchange-info <file>',
      'the rules of the symbols: a saved GET /api/v3/exchangeInfo, plain or .gz',
    )
    .option(
      '--detail <file|folder>',
      'finer bars that decide what came first inside a bar; repeatable',
      collect,
    )
    .option(
      '--risk <file>',
      'risk limits (JSON) that every order must pass; without it only filters and balance are checked',
    )
    .option('--synthetic <extent>', 'run on generated 1m bars instead of --data: 500 (bars), 90d, 1y')
    .option('--seed <number>', 'what --synthetic bars are generated from (default: 1)')
    .option('--json', 'print the result as JSON, and nothing else')
    .option('--out <folder>', 'write result.json, fills.csv, orders.csv, equity.csv and chart.csv')
    .addHelpText('after', AFTERWORD)
    .action(async (options: TypedOptions) => {
      const { execute } = await import('./execute-backtest.ts');
      process.exitCode = await execute(options);
    });
  return command;
}

const AFTERWORD = `
Examples:
  tradewind backtest --strategy ema-cross --synthetic 1y --seed 42
  tradewind backtest --strategy ema-cross --data BTCUSDT-1m-2025-06.zip --interval 1h --param fast=10 --param slow=30
  tradewind backtest --strategy ./my-strategy.ts --data klines/ --symbol ETHUSDT --from 2024-01-01 --to 2025-01-01 \\
    --cash 5000USDT --taker-fee 0.00075 --slippage-bps 2 --out results/
  tradewind backtest --strategy ema-cross --data klines/ --json | jq .summary

Exit codes:
${Object.entries(EXIT_CODES)
  .map(([code, meaning]) => `  ${code}  ${meaning}`)
  .join('\n')}
`;
