import { between, type HappeningKind } from './happening.ts';

/** The store goes, and another takes its place that has not heard of the last commits. */
export const FAILOVER: HappeningKind = {
  name: 'failover',
  group: 'store',
  rows: ['P11'],
  lastsMs: [500, 15_000],
  begin: ({ store }, random) => {
    const count = between(random, 1, 25);
    store.conditions.isDown = true;
    return {
      text: `no connection, and then the last commits of ${count} events are lost`,
      end: () => {
        store.loseTail(count);
        store.conditions.isDown = false;
      },
    };
  },
};
