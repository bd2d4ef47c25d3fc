/** Resolves at Ctrl-C, when the process is asked to end, or after a time; nothing of it keeps the process alive afterwards. */
export function toldToStop(forMs: number | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = forMs === undefined ? undefined : setTimeout(() => stop(), forMs);
    const stop = (): void => {
      clearTimeout(timer);
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  });
}
