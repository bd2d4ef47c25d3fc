import type { BalanceView, OrderView, PnlView, PositionView, StrategyView } from '@tradewind/gateway';
import { Command } from 'commander';
import { complain, complainAbout, type ExitCode, tell } from './answers.ts';
import { type EnvironmentOptions, loadEnvironment, withEnvironment } from './environment.ts';
import { exitCodeText } from './exit-codes.ts';
import { moneyText, priceText } from './for-people.ts';
import { askGateway } from './gateway-client.ts';
import { withOrderCommands } from './order-commands.ts';
import { type Column, paintFor, tableOf } from './table.ts';

interface ViewOptions extends EnvironmentOptions {
  readonly json?: boolean;
}

/** The commands that show one table of the system that runs. */
export const viewCommands = (): readonly Command[] => [
  withOrderCommands(
    view<{ orders: OrderView[] }>(
      'orders',
      'Open orders, those in doubt first.',
      ORDER_COLUMNS,
      ({ orders }) =>
        orders.map((each) => [
          each.client_order_id,
          each.strategy,
          each.order,
          each.executed_quantity,
          each.state,
          each.created_at.slice(11, 19),
        ]),
    ),
  ),
  view<{ positions: PositionView[]; balances: BalanceView[] }>(
    'positions',
    'What each strategy holds; --json also has the balances of every sub-account.',
    POSITION_COLUMNS,
    ({ positions }) =>
      positions.map((each) => [
        each.strategy,
        each.symbol,
        each.quantity,
        each.average_entry_price === null ? '-' : priceText(each.average_entry_price),
        each.mark === null ? '-' : priceText(each.mark),
        each.unrealized_pnl === null ? '-' : moneyText(each.unrealized_pnl),
        moneyText(each.realized_pnl),
      ]),
  ),
  view<{ days: PnlView[] }>(
    'pnl',
    'Realized profit of the last days by strategy and symbol, after fees.',
    PNL_COLUMNS,
    ({ days }) =>
      days.map((each) => [
        each.day,
        each.strategy,
        each.symbol,
        `${moneyText(each.realized_pnl)} ${each.quote_asset}`,
        String(each.fills),
        `${each.won_round_trips} of ${each.round_trips}`,
      ]),
  ),
];

const ORDER_COLUMNS: readonly Column[] = [
  { title: 'id' },
  { title: 'strategy' },
  { title: 'order' },
  { title: 'executed', isNumber: true },
  { title: 'state' },
  { title: 'since' },
];
const POSITION_COLUMNS: readonly Column[] = [
  { title: 'strategy' },
  { title: 'symbol' },
  { title: 'quantity', isNumber: true },
  { title: 'entry', isNumber: true },
  { title: 'mark', isNumber: true },
  { title: 'unrealized', isNumber: true },
  { title: 'realized', isNumber: true },
];
const PNL_COLUMNS: readonly Column[] = [
  { title: 'day' },
  { title: 'strategy' },
  { title: 'symbol' },
  { title: 'realized', isNumber: true },
  { title: 'fills', isNumber: true },
  { title: 'won', isNumber: true },
];

function view<Answer extends object>(
  name: string,
  summary: string,
  columns: readonly Column[],
  rowsOf: (answer: Answer) => readonly (readonly string[])[],
): Command {
  return withEnvironment(new Command(name).exitOverride().description(summary))
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `\nExamples:\n  tradewind ${name}\n  tradewind ${name} --environment staging --json\n${exitCodeText()}`,
    )
    .action(async (options: ViewOptions) => {
      process.exitCode = await show<Answer>(options, name, columns, rowsOf);
    });
}

async function show<Answer extends object>(
  options: ViewOptions,
  path: string,
  columns: readonly Column[],
  rowsOf: (answer: Answer) => readonly (readonly string[])[],
): Promise<ExitCode> {
  const environment = await loadEnvironment(options);
  if (!environment.ok) return complain(environment.error.sentence);
  const answer = await askGateway<Answer>(environment.value.folder, path);
  if (!answer.ok) return complainAbout(answer.error);
  const rows = rowsOf(answer.value);
  const lines = rows.length === 0 ? ['none'] : tableOf(columns, rows, paintFor(process.stdout.isTTY));
  await tell(options.json === true, answer.value, lines);
  return 0;
}

/** `tradewind strategies`: the ready ones without a system that runs, the running ones with --running. */
export async function showRunningStrategies(options: ViewOptions): Promise<ExitCode> {
  return show<{ strategies: StrategyView[] }>(
    options,
    'strategies',
    [
      { title: 'strategy' },
      { title: 'definition' },
      { title: 'symbols' },
      { title: 'bars' },
      { title: 'state' },
      { title: 'judged', isNumber: true },
      { title: 'signals', isNumber: true },
      { title: 'parameters' },
    ],
    ({ strategies }) =>
      strategies.map((each) => [
        each.strategy,
        each.definition,
        each.symbols.join(' '),
        each.interval,
        each.detail === '' ? each.state : `${each.state}: ${each.detail}`,
        String(each.evaluations),
        String(each.signals),
        Object.entries(each.parameters)
          .map(([name, value]) => `${name}=${value}`)
          .join(' '),
      ]),
  );
}
