import type { OrderView } from '@tradewind/gateway';
import { Command } from 'commander';
import { complain, complainAbout, type ExitCode, tell } from './answers.ts';
import { loadEnvironment, withEnvironment } from './environment.ts';
import { exitCodeText } from './exit-codes.ts';
import { askGateway } from './gateway-client.ts';
import { type CommandOptions, giveCommand } from './give-command.ts';
import { userName } from './user-name.ts';

/** Adds to `tradewind orders` what can be done to one of them. */
export function withOrderCommands(orders: Command): Command {
  orders.enablePositionalOptions();
  orders.addCommand(
    withEnvironment(new Command('cancel').exitOverride().argument('<order>', ORDER))
      .description('Cancels an open order, or the list that it belongs to.')
      .option('--json', 'as JSON')
      .addHelpText('after', AFTERWORD)
      .action(async (order: string, options: CommandOptions) => {
        process.exitCode = await command(options, order, 'orders/cancel', {}, () => [
          `the cancel of ${order} is sent; tradewind explain ${order} tells what came of it`,
        ]);
      }),
  );
  orders.addCommand(
    withEnvironment(
      new Command('amend')
        .exitOverride()
        .argument('<order>', ORDER)
        .argument('<quantity>', 'what it is to have in all; less than now'),
    )
      .description('Takes quantity off an open order, which keeps its place in the queue.')
      .option('--json', 'as JSON')
      .addHelpText('after', AFTERWORD)
      .action(async (order: string, quantity: string, options: CommandOptions) => {
        process.exitCode = await command(options, order, 'orders/amend', { new_quantity: quantity }, () => [
          `${order} has a quantity of ${quantity}`,
        ]);
      }),
  );
  orders.addCommand(
    withEnvironment(new Command('forget').exitOverride().argument('[order]', `${ORDER}; left out with --all`))
      .description('Ends an order that the exchange does not know any more, as after a testnet was wiped.')
      .requiredOption('--why <text>', 'for the record')
      .option('--all', 'every open order that it does not know any more')
      .option('--yes', 'it is really gone; without this nothing is done')
      .option('--json', 'as JSON')
      .addHelpText(
        'after',
        `\nIt is booked as expired, and only if order query, open orders and trades of the
exchange all deny it, three times. What an exchange still has is canceled, not
forgotten.\n${AFTERWORD}`,
      )
      .action(async (order: string | undefined, options: ForgetOptions) => {
        process.exitCode = await forget(order, options);
      }),
  );
  return orders;
}

interface ForgetOptions extends CommandOptions {
  readonly why: string;
  readonly all?: boolean;
  readonly yes?: boolean;
}

async function forget(order: string | undefined, options: ForgetOptions): Promise<ExitCode> {
  if ((order === undefined) !== (options.all === true))
    return complain('orders forget: name one order, or all of them with --all');
  if (options.yes !== true)
    return complain('orders forget: nothing was done; confirm with --yes that the exchange has lost them');
  if (order === undefined) return forgetAll(options);
  return command(options, order, 'orders/forget', { why: options.why }, () => [
    `${order} is booked as expired; tradewind explain ${order} shows the proof`,
  ]);
}

/** One after the other: each is asked for several times, and what the exchange still has is left open. */
async function forgetAll(options: ForgetOptions): Promise<ExitCode> {
  const environment = await loadEnvironment(options);
  if (!environment.ok) return complain(environment.error.sentence);
  const { folder } = environment.value;
  const open = await askGateway<{ readonly orders: readonly OrderView[] }>(folder, 'orders');
  if (!open.ok) return complainAbout(open.error);
  const forgotten: string[] = [];
  const kept: { readonly order: string; readonly why: string }[] = [];
  for (const { symbol, client_order_id } of open.value.orders) {
    const body = { symbol, client_order_id, by: userName(), why: options.why };
    const answer = await askGateway<{ readonly outcome: string }>(folder, 'orders/forget', body);
    if (answer.ok && answer.value.outcome === 'done') forgotten.push(client_order_id);
    else kept.push({ order: client_order_id, why: answer.ok ? 'not known' : answer.error.detail });
  }
  await tell(options.json === true, { forgotten, kept }, [
    `${forgotten.length} orders are booked as expired`,
    ...kept.map((each) => `${each.order} stays open: ${each.why}`),
  ]);
  return kept.length > 0 ? 3 : 0;
}

const ORDER = 'its id as tradewind orders shows it, or the number that the exchange gave it';
const AFTERWORD = `
Examples:
  tradewind orders cancel 2gadx8qmhdns3-mwry4h4m-0
  tradewind orders cancel 4711
  tradewind orders amend 4711 0.002
  tradewind orders forget 4711 --why "testnet was reset" --yes
  tradewind orders forget --all --why "testnet was reset" --yes
${exitCodeText()}`;

async function command(
  options: CommandOptions,
  order: string,
  path: string,
  change: object,
  lines: () => readonly string[],
): Promise<ExitCode> {
  const environment = await loadEnvironment(options);
  if (!environment.ok) return complain(environment.error.sentence);
  const open = await askGateway<{ readonly orders: readonly OrderView[] }>(
    environment.value.folder,
    'orders',
  );
  if (!open.ok) return complainAbout(open.error);
  const found = open.value.orders.find(
    ({ client_order_id, venue_order_id }) => client_order_id === order || String(venue_order_id) === order,
  );
  if (found === undefined) return complain(`${order}: there is no such open order`, 3);
  const { symbol, client_order_id } = found;
  return giveCommand(options, path, { symbol, client_order_id, by: userName(), ...change }, lines);
}
