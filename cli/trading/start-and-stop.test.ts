import { join } from 'node:path';
import { expect, test } from 'vitest';
import { busy, environmentFile, run, start, temporaryFolder, until } from './processes.test-support.ts';

test('stopped in order and started again, a system has its positions, halts and history; a second one is refused on its data folder', async () => {
  const folder = temporaryFolder();
  const where = ['-e', environmentFile(folder, busy()), '--data', join(folder, 'data')];
  const ask = async (...words: string[]) => JSON.parse((await run([...words, ...where, '--json'])).out);

  const first = start(where);
  await until(
    () => first.said.includes(' bought '),
    () => first.said,
  );
  expect(await run(['start', '--output', 'plain', ...where])).toMatchObject({
    code: 2,
    error: expect.stringContaining('a system works there already'),
  });
  // It buys and sells all the time: it is halted at a moment at which it holds something.
  let positions: readonly { readonly quantity: string }[] = [];
  await until(
    async () => {
      expect(await run(['halt', '--strategy', 'busy', '--why', 'a test', ...where])).toMatchObject({
        code: 0,
      });
      ({ positions } = await ask('positions'));
      if (positions.length > 0) return true;
      expect(await run(['resume', '--strategy', 'busy', ...where])).toMatchObject({ code: 0 });
      return false;
    },
    () => first.said,
  );
  expect(positions).toMatchObject([{ strategy: 'busy', symbol: 'BTCUSDT' }]);
  const ended = await first.end('SIGTERM');
  expect(ended).toMatchObject({ code: 0, error: '' });
  expect(ended.out).toMatch(/Ended in order after .*\n {2}signals {4}\d+.*\n {2}orders {5}\d+/);
  const history = (await run(['ledger', 'export', ...where])).out;

  const second = start(['--for', '40s', ...where]);
  await until(
    async () => {
      const { code, out } = await run(['status', '--json', ...where]);
      return code === 0 && JSON.parse(out).execution.state === 'ready';
    },
    () => second.said,
  );
  const status = await ask('status');
  expect(status.risk.trips).toMatchObject([{ scope: 'strategy busy', state: 'halted' }]);
  expect(status.positions.map(({ quantity }: { quantity: string }) => quantity)).toEqual(
    positions.map(({ quantity }) => quantity),
  );
  expect(await second.end('SIGINT')).toMatchObject({ code: 0, error: '' });
  const verified = await run(['ledger', 'verify', ...where]);
  expect(verified).toMatchObject({ code: 0, out: expect.stringContaining('The ledger is whole') });
  expect((await run(['ledger', 'export', ...where])).out.startsWith(history)).toBe(true);
});

test('--for ends a system in order by itself, and what it was told is over then', async () => {
  const folder = temporaryFolder();
  const where = ['-e', environmentFile(folder), '--data', join(folder, 'data')];
  const ended = await start(['--for', '1s', ...where]).ended;
  expect(ended).toMatchObject({ code: 0, error: '' });
  expect(ended.out).toContain('Ended in order after');
  expect(await run(['status', ...where])).toMatchObject({
    code: 4,
    error: expect.stringContaining('nothing runs on'),
  });
});
