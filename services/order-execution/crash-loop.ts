import type { CrashLoopSettings } from './settings.ts';

export type StartPermission =
  | { readonly kind: 'after'; readonly delayMs: number }
  /** A person has to look: nothing is traded until a start with fewer others before it. */
  | { readonly kind: 'stay_degraded'; readonly detail: string };

/**
 * What a start may do that comes after others (faults.md X5).
 * @param starts  epoch ms, this one included
 */
export function judgeStart(
  starts: readonly number[],
  nowMs: number,
  { windowMs, startsMax, startsAtOnce, firstDelayMs, longestDelayMs }: CrashLoopSettings,
): StartPermission {
  const recent = starts.filter((at) => at > nowMs - windowMs).length;
  if (recent > startsMax) {
    const minutes = Math.round(windowMs / 60_000);
    return {
      kind: 'stay_degraded',
      detail: `${recent} starts within ${minutes} minutes: find out why it stops, then start it again after ${minutes} quiet minutes`,
    };
  }
  return {
    kind: 'after',
    delayMs:
      recent <= startsAtOnce ? 0 : Math.min(longestDelayMs, firstDelayMs * 2 ** (recent - startsAtOnce - 1)),
  };
}
