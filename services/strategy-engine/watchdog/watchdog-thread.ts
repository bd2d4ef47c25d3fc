/** The watchdog of an event loop, on a thread that the loop cannot block. */
import { writeFileSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { systemClock } from '@tradewind/utils';
import { LoopState } from './loop-state.ts';
import { LoopWatch } from './loop-watch.ts';
import type { WatchdogData } from './start-watchdog.ts';

const { buffer, haltAfterMs, endAfterMs, strategies, blockedFile } = workerData as WatchdogData;
const watch = new LoopWatch({
  state: new LoopState(buffer),
  clock: systemClock,
  haltAfterMs,
  endAfterMs,
  end: (instance) => {
    const strategy = strategies[instance - 1];
    if (strategy !== undefined) writeFileSync(blockedFile, `${strategy}\n`);
    // A thread cannot make a blocked process exit by itself; the system can.
    process.kill(process.pid, 'SIGKILL');
  },
});
setInterval(() => watch.look(), Math.max(1, Math.floor(haltAfterMs / 10)));
