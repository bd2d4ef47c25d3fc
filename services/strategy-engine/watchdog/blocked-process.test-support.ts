/** A process whose second strategy blocks the event loop for ever. */
import { setTimeout as wait } from 'node:timers/promises';
import { startWatchdog } from './start-watchdog.ts';

const watchdog = startWatchdog({
  strategies: ['good', 'bad'],
  blockedFile: process.argv[2]!,
  haltAfterMs: 100,
  endAfterMs: 300,
});
for (let i = 0; i < 20; i += 1) {
  watchdog.state.beat();
  await wait(20);
}
watchdog.state.enter(2);
for (;;);
