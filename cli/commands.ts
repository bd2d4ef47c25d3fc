import type { Command } from 'commander';

type Load = () => Promise<readonly Command[]>;

const start: Load = async () => [(await import('./trading/start-command.ts')).startCommand()];
const status: Load = async () => [(await import('./trading/status-command.ts')).statusCommand()];
const control: Load = async () => (await import('./trading/control-commands.ts')).controlCommands();
const view: Load = async () => (await import('./trading/view-commands.ts')).viewCommands();
const explain: Load = async () => (await import('./trading/explain-commands.ts')).explainCommands();
const book: Load = async () => (await import('./trading/book-commands.ts')).bookCommands();
const ledger: Load = async () => {
  const { ledgerCommand } = await import('./trading/ledger-command.ts');
  return [ledgerCommand((await import('./trading/read-ledger.ts')).readLedgerOf)];
};
const parity: Load = async () => {
  const { parityCommand } = await import('./trading/parity-command.ts');
  return [parityCommand((await import('./trading/parity-input.ts')).readParityInput)];
};
const deadLetters: Load = async () => {
  const { deadLettersCommand } = await import('./trading/dead-letters-command.ts');
  return [deadLettersCommand((await import('./trading/redis-bus.ts')).openRedisBus)];
};
const strategies: Load = async () => [(await import('./trading/strategies-commands.ts')).strategiesCommand()];
const config: Load = async () => [(await import('./trading/config-command.ts')).configCommand()];
const doctor: Load = async () => [(await import('./trading/doctor-command.ts')).doctorCommand()];
const backtest: Load = async () => [(await import('./backtest-command.ts')).backtestCommand()];
const simulator: Load = async () => [(await import('./simulator-command.ts')).simulatorCommand()];

/** Every command and where it is, in the order of the help. */
export const COMMANDS: ReadonlyMap<string, Load> = new Map([
  ['start', start],
  ['status', status],
  ['halt', control],
  ['resume', control],
  ['cancel-all', control],
  ['flatten', control],
  ['orders', view],
  ['positions', view],
  ['pnl', view],
  ['explain', explain],
  ['why-not', explain],
  ['reconcile', book],
  ['breaks', book],
  ['ledger', ledger],
  ['parity', parity],
  ['dead-letters', deadLetters],
  ['strategies', strategies],
  ['config', config],
  ['doctor', doctor],
  ['backtest', backtest],
  ['simulator', simulator],
]);

/**
 * The commands that a call may need: the one that it names, and for help or a word that is none, all of them. Together they load
 * 900 files, two thirds of a backtest's time and half of its memory.
 */
export async function commandsFor(name: string | undefined): Promise<readonly Command[]> {
  const named = COMMANDS.get(name ?? '');
  if (named !== undefined) return named();
  const all = await Promise.all([...new Set(COMMANDS.values())].map((load) => load()));
  return all.flat();
}
