import { BUS } from './bus.ts';
import { DAY } from './day.ts';
import { DELISTED } from './delisting.ts';
import { EXCHANGE } from './exchange.ts';
import type { HappeningKind } from './happening.ts';
import { NETWORK } from './network.ts';
import { CLOCK, PROCESS } from './process.ts';
import { SERVICES } from './services.ts';
import { STORE } from './store.ts';
import { UNSEEN } from './unseen.ts';

/** What can happen however the services run. */
export const EVERYWHERE: readonly HappeningKind[] = [
  ...NETWORK,
  ...EXCHANGE,
  ...STORE,
  ...BUS,
  ...PROCESS,
  ...CLOCK,
  ...DAY,
];

/** The same, drawn by themselves since they came later: what else happens in a run is not drawn anew for them. */
export const LATER: readonly HappeningKind[] = [...UNSEEN, DELISTED];

/** Everything that can happen, by name. */
export const KINDS: ReadonlyMap<string, HappeningKind> = new Map(
  [...EVERYWHERE, ...LATER, ...SERVICES].map((kind) => [kind.name, kind]),
);
