import { execFileSync } from 'node:child_process';
import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HaltOrder, HaltResult } from '@tradewind/proto';
import { silentTelemetry, VirtualTime } from '@tradewind/utils';
import { expect, onTestFinished, test } from 'vitest';
import { guardDisk } from './disk-guard.ts';
import { busy, environmentFile, run, start, temporaryFolder, until } from './processes.test-support.ts';

test('P8: before the last 5 % of the disk are used new risk is halted, once, and again when a person let it on too early', async () => {
  const time = new VirtualTime(0);
  const halts: HaltOrder[] = [];
  const answers: (number | Error)[] = [0.2, 0.05, 0.049, 0.02, new Error('gone'), 0.2, 0.03];
  let isDown = true;
  const end = guardDisk({
    timers: time,
    log: silentTelemetry.log,
    folder: '/data',
    riskManager: {
      halt: async (order) => {
        halts.push(order);
        if (isDown) throw new Error('not reached');
        return {} as HaltResult;
      },
    },
    freeShareOf: async () => {
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return answer ?? 0.03;
    },
  });
  await time.advance(4_500);
  expect(halts).toEqual([]);
  await time.advance(2_000);
  expect(halts).toMatchObject([
    { scope: { kind: 'system' }, state: 'reducing', cancelsOrders: false, by: 'disk' },
  ]);
  expect(halts[0]!.why).toBe('4.9 % of the disk of /data is free: make room, then resume');
  isDown = false;
  await time.advance(2_000);
  await time.advance(20_000);
  // Not taken, taken, and once more after there had been room.
  expect(halts).toHaveLength(3);
  end();
});

/** Whether this machine lets us mount a small disk in memory. */
function smallDisk(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=200m,mode=755', 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

test('P8: on a disk that fills up new risk is off while canceling works, and with room again it goes on', async ({
  skip,
}) => {
  const folder = temporaryFolder();
  if (!smallDisk(folder)) return skip('needs the right to mount a disk');
  onTestFinished(() => void execFileSync('umount', ['-l', folder]));
  const where = ['-e', environmentFile(temporaryFolder(), busy()), '--data', join(folder, 'data')];
  const system = start(where);
  const status = async () => {
    const { code, out } = await run(['status', '--json', ...where]);
    return code === 0 ? JSON.parse(out) : undefined;
  };
  await until(
    () => / bought /.test(system.said),
    () => system.said,
    120_000,
  );
  const filler = join(folder, 'filler');
  const { bavail, bsize, blocks } = statfsSync(folder);
  writeFileSync(filler, Buffer.alloc((bavail - Math.floor(blocks * 0.04)) * bsize));
  await until(
    async () => (await status())?.risk.trips[0]?.state === 'reducing',
    () => system.said,
    120_000,
  );
  expect((await status()).risk.trips).toMatchObject([{ scope: 'the system', state: 'reducing' }]);
  expect(await run(['cancel-all', ...where])).toMatchObject({ code: 0 });
  rmSync(filler);
  expect(await run(['resume', '--why', 'there is room', ...where])).toMatchObject({ code: 0 });
  const before = system.said.length;
  await until(
    () => / bought /.test(system.said.slice(before)),
    () => system.said,
    120_000,
  );
  expect(await system.end('SIGTERM')).toMatchObject({ code: 0 });
});
