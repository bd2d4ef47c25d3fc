const PAUSE_MS = 5;
/** Only what hangs for ever is ended by this. */
const DEADLINE_MS = 90_000;

/** Waits until a question has an answer, doing something in between each time if asked to. */
export async function until<T>(
  what: string,
  question: () => T | undefined | false,
  meanwhile?: () => unknown,
): Promise<T> {
  const endMs = performance.now() + DEADLINE_MS;
  while (performance.now() < endMs) {
    const answer = question();
    if (answer !== undefined && answer !== false) return answer;
    await meanwhile?.();
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  throw new Error(`waited in vain: ${what}`);
}
