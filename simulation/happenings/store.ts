import { GOOD_STORE } from '../world/store.ts';
import { between, type HappeningKind, kindsOf } from './happening.ts';

const store = kindsOf('store');

const diskKind = kindsOf('disk');

export const STORE: readonly HappeningKind[] = [
  store('store_down', ['P4', 'P5', 'K7'], [500, 40_000], ({ store: { conditions } }) => {
    conditions.isDown = true;
    return {
      text: 'no connection',
      end: () => {
        conditions.isDown = false;
      },
    };
  }),
  store('store_full', ['P8'], [500, 40_000], ({ store: { conditions } }) => {
    conditions.isFull = true;
    return {
      text: 'nothing can be written',
      end: () => {
        conditions.isFull = false;
      },
    };
  }),
  store('store_slow', ['P5', 'X2'], [1_000, 30_000], ({ store: { conditions } }, random) => {
    conditions.latencyMs = between(random, 20, 1_500);
    conditions.jitterMs = between(random, 20, 2_000);
    return {
      text: `${conditions.latencyMs} to ${conditions.latencyMs + conditions.jitterMs} ms each way`,
      end: () =>
        Object.assign(conditions, { latencyMs: GOOD_STORE.latencyMs, jitterMs: GOOD_STORE.jitterMs }),
    };
  }),
  store('failed_commits', ['P7'], [1_000, 30_000], ({ store: { conditions } }, random) => {
    const rate = between(random, 5, 70) / 100;
    conditions.failure = rate;
    return {
      text: `${rate} of them`,
      end: () => {
        conditions.failure = 0;
      },
    };
  }),
  store('unknown_commits', ['P6', 'P11'], [1_000, 30_000], ({ store: { conditions } }, random) => {
    conditions.unknownWritten = between(random, 0, 30) / 100;
    conditions.unknownUnwritten = between(random, 0, 30) / 100;
    const { unknownWritten, unknownUnwritten } = conditions;
    return {
      text: `${unknownWritten} of them written, ${unknownUnwritten} not, and nobody is told`,
      end: () => Object.assign(conditions, { unknownWritten: 0, unknownUnwritten: 0 }),
    };
  }),
  diskKind('disk_broken', ['K7', 'P8'], [1_000, 60_000], ({ disk }) => {
    disk.isBroken = true;
    return {
      text: 'the halt file can be neither read nor written',
      end: () => {
        disk.isBroken = false;
      },
    };
  }),
];
