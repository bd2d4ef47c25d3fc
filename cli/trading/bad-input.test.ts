import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { environmentFile, run, temporaryFolder } from './processes.test-support.ts';

/** Each with what its sentence must name. Code 4: the command is right, and there is nothing that it could ask. */
const WRONG: readonly (readonly [command: string, names: string, code?: 4])[] = [
  ['strat', "unknown command 'strat'"],
  ['start --live', '--live: the mode of local is paper'],
  ['start --for soon', '--for soon'],
  ['start --output loud', '--output loud'],
  ['start --fast', "unknown option '--fast'"],
  ['start nobody', 'nobody: there is no such service'],
  ['start -e nowhere', 'nowhere'],
  ['start -e BROKEN', 'broken.json'],
  ['start -e LIVE --live', 'mode'],
  ['start -e production', '--live'],
  ['start -e production --live', 'vault-token'],
  ['status --once --loud', "unknown option '--loud'"],
  ['status -e nowhere', 'nowhere'],
  ['status', 'nothing runs on', 4],
  ['halt --symbol BTCUSDT --strategy ema-btc', 'cannot be used with'],
  ['resume', 'nothing runs on', 4],
  ['cancel-all --symbol', 'argument missing'],
  ['flatten', 'nothing runs on', 4],
  ['orders', 'nothing runs on', 4],
  ['orders cancel', "missing required argument 'order'"],
  ['orders cancel 4711', 'nothing runs on', 4],
  ['orders forget 4711', "required option '--why <text>' not specified"],
  ['orders forget 4711 --why reset', 'confirm with --yes'],
  ['orders forget --why reset --yes', 'or all of them with --all'],
  ['orders amend 4711', "missing required argument 'quantity'"],
  ['positions --what', "unknown option '--what'"],
  ['pnl', 'nothing runs on', 4],
  ['reconcile', 'nothing runs on', 4],
  ['breaks list', 'nothing runs on', 4],
  ['breaks resolve BTC', "required option '--why <text>'"],
  ['strategies set ema-btc fast', 'fast: expected parameter=value'],
  ['strategies stop', "missing required argument 'strategy'"],
  ['explain', "missing required argument 'order'"],
  ['explain 4711', 'no ledger', 4],
  ['why-not BTCUSDT yesterday', 'no ledger', 4],
  ['config check -e BROKEN', 'broken.json'],
  ['doctor -e BROKEN', 'broken.json'],
  ['doctor --jsn', '--json'],
  ['ledger verify', 'no ledger', 4],
  ['ledger show --last many', '--last many'],
  ['dead-letters list --limit none', 'redis'],
  ['parity', 'missing required argument'],
];

const CASES = WRONG.map(([command, names, code = 2]) => ({ command, names, code }));

test.concurrent.each(CASES)(
  'tradewind $command: a sentence with "$names", and no stack',
  async ({ command, names, code }) => {
    const folder = temporaryFolder();
    const broken = join(folder, 'broken.json');
    writeFileSync(broken, '{ "environment": "local", "limit": {');
    const places: Readonly<Record<string, string>> = {
      BROKEN: broken,
      LIVE: environmentFile(folder, { mode: 'live' }),
    };
    const words = command.split(' ').map((word) => places[word] ?? word);
    const hasData =
      /^(start|status|halt|resume|flatten|orders|positions|pnl|reconcile|breaks|explain|why-not|doctor|ledger)/.test(
        command,
      );
    const ended = await run(hasData ? [...words, '--data', join(folder, 'data')] : words);
    expect(ended).toMatchObject({ code, out: '' });
    expect(ended.error).toContain(names);
    expect(ended.error).toMatch(/^error: /);
    expect(ended.error).not.toMatch(/\n\s+at |node:internal|undefined|\[object/);
  },
);
