import { isSameScope, NOTHING_TRIPPED, type Trip, unionOf } from '@tradewind/core/risk';
import { pause, type Timers } from '@tradewind/utils';
import { haltTextOf, readHaltText } from './halt-text.ts';
import type { HaltFile } from './ports.ts';

/** Longer than a running risk manager takes to look at the file and to write it. */
const SETTLED_AFTER_MS = 500;
const ATTEMPTS_MAX = 5;

/**
 * Halts by the file alone, for a command that reaches no service: a risk manager that runs obeys within 200 ms, one that does not
 * run does when it starts. Looks again after a while, because a running one may have written at the same moment.
 * @param cancelsOrders  whether the open orders of the scope are canceled, too; whoever reads the file first does it
 * @returns what went wrong, or undefined once the halt is in the file to stay
 */
export async function haltByFile(
  file: HaltFile,
  trip: Trip,
  timers: Timers,
  cancelsOrders: boolean,
): Promise<string | undefined> {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const problem = await addTrip(file, trip, cancelsOrders);
    if (problem !== undefined) return problem;
    await pause(timers, SETTLED_AFTER_MS);
    if (await hasTrip(file, trip)) return undefined;
  }
  return `something else kept writing the file during ${ATTEMPTS_MAX} attempts`;
}

async function addTrip(file: HaltFile, trip: Trip, cancelsOrders: boolean): Promise<string | undefined> {
  const reading = await file.read();
  if (reading.kind === 'failed') return reading.detail;
  const states = reading.kind === 'text' ? readHaltText(reading.text) : undefined;
  // A file that cannot be read halts everything by itself; it is left as it is for a person to look at.
  if (states?.ok === false) return undefined;
  const breakers = unionOf(states?.value ?? NOTHING_TRIPPED, { trips: [trip], losses: new Map() });
  const { scope, state, cause } = trip;
  const [by, why] = cause.kind === 'person' ? [cause.by, cause.why] : ['', cause.kind];
  const stops = state === 'halted' ? 'halt' : 'reduce';
  const action = cancelsOrders ? 'cancel_all' : stops;
  return file.write(haltTextOf({ kind: 'control', action, scope, by, why, breakers }));
}

async function hasTrip(file: HaltFile, { scope, state }: Trip): Promise<boolean> {
  const reading = await file.read();
  if (reading.kind !== 'text') return false;
  const states = readHaltText(reading.text);
  if (!states.ok) return true;
  return states.value.trips.some((each) => each.state === state && isSameScope(each.scope, scope));
}
