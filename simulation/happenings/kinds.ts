import { BUS } from './bus.ts';
import { DAY } from './day.ts';
import { EXCHANGE } from './exchange.ts';
import type { HappeningKind } from './happening.ts';
import { NETWORK } from './network.ts';
import { CLOCK, PROCESS } from './process.ts';
import { STORE } from './store.ts';

/** Everything that can happen, by name. */
export const KINDS: ReadonlyMap<string, HappeningKind> = new Map(
  [...NETWORK, ...EXCHANGE, ...STORE, ...BUS, ...PROCESS, ...CLOCK, ...DAY].map((kind) => [kind.name, kind]),
);
