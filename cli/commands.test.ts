import { expect, test } from 'vitest';
import { COMMANDS, commandsFor } from './commands.ts';

test('each command is where the table says', async () => {
  for (const [name, load] of COMMANDS)
    expect((await load()).map((command) => command.name())).toContain(name);
});

test('a call that names a command gets it; any other gets all of them, each once, in the order of the table', async () => {
  expect((await commandsFor('backtest')).map((command) => command.name())).toEqual(['backtest']);
  for (const word of [undefined, '--help', 'backtst'])
    expect((await commandsFor(word)).map((command) => command.name())).toEqual([...COMMANDS.keys()]);
});
