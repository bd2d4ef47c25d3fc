import { Command } from 'commander';
import { EXIT_CODES } from './complaint.ts';
import type { TypedSimulatorOptions } from './simulator-options.ts';

const collect = (text: string, before: readonly string[] = []): string[] => [...before, text];

/** The definition of `tradewind simulator`; what it needs to run is loaded when it runs. */
export function simulatorCommand(): Command {
  return new Command('simulator')
    .exitOverride()
    .description(
      "Runs an exchange that speaks Binance's own protocol on this machine: REST, streams, WebSocket API.",
    )
    .option('--port <number>', 'where it listens; 0 for any port that is free', '8090')
    .option('--host <address>', 'the address it listens at; 0.0.0.0 opens it to the network', '127.0.0.1')
    .option('--symbols <list>', 'what is traded, like BTCUSDT,ETHUSDT')
    .option('--seed <number>', 'what the market and the demo keys are made from', '1')
    .option(
      '--exchange-info <file>',
      'the rules of the symbols: a saved GET /api/v3/exchangeInfo, plain or .gz',
    )
    .option('--replay <file|folder>', 'prices follow recorded klines or trades instead of a random path')
    .option('--speed <factor>', 'how much faster than it was recorded a replay runs (default: 1)')
    .option('--account <key:secret:asset=amount,...>', 'an account with an HMAC key; repeatable', collect)
    .option('--state <file>', 'loaded at the start when it is there, saved at the end')
    .option('--faults <file>', 'a fault plan: how the exchange misbehaves')
    .option('--control-port <number>', 'opens the control port, without a lock, on 127.0.0.1')
    .option('--no-traders', 'nobody trades but the accounts')
    .option('--quiet', 'print nothing but errors')
    .addHelpText('after', AFTERWORD)
    .action(async (options: TypedSimulatorOptions) => {
      const { runSimulator } = await import('./run-simulator.ts');
      process.exitCode = await runSimulator(options);
    });
}

const AFTERWORD = `
Examples:
  tradewind simulator
  tradewind simulator --port 8090 --symbols BTCUSDT,ETHUSDT --seed 42 --state exchange.json
  tradewind simulator --account myKey:mySecret:USDT=1000,BTC=0.5 --no-traders
  tradewind simulator --replay klines/BTCUSDT-1m-2025-06.zip --speed 60
  tradewind simulator --faults lost-answers.json --control-port 8091

Without --account there are two demo accounts; their keys are printed at the start. docs/exchange-simulator.md says
what is served, how it is made to misbehave, and what the control port can do. Ctrl-C stops it.

Exit codes:
${Object.entries({ ...EXIT_CODES, 0: 'stopped', 1: 'Tradewind itself failed' })
  .map(([code, meaning]) => `  ${code}  ${meaning}`)
  .join('\n')}
`;
