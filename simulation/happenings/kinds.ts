import { BUS } from './bus.ts';
import { DAY } from './day.ts';
import { DELISTED } from './delisting.ts';
import { EXCHANGE } from './exchange.ts';
import { FAILOVER } from './failover.ts';
import { FIRST_NEWS, IN_FLIGHT_NEWS } from './first-news.ts';
import type { HappeningKind } from './happening.ts';
import { NETWORK } from './network.ts';
import { CLOCK, PROCESS } from './process.ts';
import { SERVICES } from './services.ts';
import { STORE } from './store.ts';
import { UNEXPLAINED } from './unexplained.ts';
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

/** The same; each list is drawn by itself, so that what else happens in a run is not drawn anew for what came later. */
export const LATER: readonly (readonly HappeningKind[])[] = [
  UNSEEN,
  [DELISTED],
  [FAILOVER],
  FIRST_NEWS,
  UNEXPLAINED,
  IN_FLIGHT_NEWS,
];

/** Everything that can happen, by name. */
export const KINDS: ReadonlyMap<string, HappeningKind> = new Map(
  [...EVERYWHERE, ...LATER.flat(), ...SERVICES].map((kind) => [kind.name, kind]),
);
