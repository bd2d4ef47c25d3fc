export { type Clock, systemClock, systemTimers, type Timer, type Timers } from './clock.ts';
export { type Random, SeededRandom } from './random.ts';
export { TimerQueue } from './timer-queue.ts';
export { VirtualTime } from './virtual-time.ts';
