import type { OrderView } from '@tradewind/gateway';
import { Command } from 'commander';
import { complain, complainAbout, type ExitCode } from './answers.ts';
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
  return orders;
}

const ORDER = 'its id as tradewind orders shows it, or the number that the exchange gave it';
const AFTERWORD = `
Examples:
  tradewind orders cancel 2gadx8qmhdns3-mwry4h4m-0
  tradewind orders cancel 4711
  tradewind orders amend 4711 0.002
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
