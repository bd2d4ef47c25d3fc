import type { ReplayEvent } from './event.ts';

/** One recording after another by time: each is in order already; of equal times the earlier source goes first. */
export async function* mergeByTime(
  sources: readonly AsyncIterable<ReplayEvent>[],
): AsyncGenerator<ReplayEvent> {
  const iterators = sources.map((source) => source[Symbol.asyncIterator]());
  const heads = await Promise.all(
    iterators.map(async (iterator) => (await iterator.next()).value as ReplayEvent | undefined),
  );
  for (;;) {
    let first = -1;
    heads.forEach((head, at) => {
      if (head !== undefined && (first < 0 || head.atMs < heads[first]!.atMs)) first = at;
    });
    if (first < 0) return;
    yield heads[first]!;
    heads[first] = (await iterators[first]!.next()).value as ReplayEvent | undefined;
  }
}
