import { ok } from '@tradewind/core/result';
import type { Outcome } from '../outcome.ts';
import type { ApiLink, SocketCall } from '../websocket-api/index.ts';

/**
 * Subscribes a link to the account's events. A session that is logged on needs no more than the wish; otherwise the subscription
 * is signed, with a fresh timestamp every time (binance-spot.md section 9.1).
 */
export async function subscribe(link: ApiLink): Promise<Outcome<undefined>> {
  const outcome = link.isLoggedOn
    ? await link.perform(IN_SESSION)
    : await link.perform(BY_SIGNATURE, { isSignedItself: true });
  const isActiveAlready =
    outcome.kind === 'failed' &&
    outcome.failure.reason === 'refused' &&
    outcome.failure.code === SUBSCRIPTION_ACTIVE;
  return isActiveAlready ? { kind: 'done', value: undefined } : outcome;
}

/** One subscription per account and connection is all there can be; a second one is refused. */
const SUBSCRIPTION_ACTIVE = -2035;

const SUBSCRIBE: Omit<SocketCall<undefined>, 'socketMethod' | 'security'> = {
  parameters: [],
  cost: { weight: 2 },
  priority: 'exit',
  hasEffect: false,
  // The subscription's number is of no use here: an account has one per connection.
  read: () => ok(undefined),
};
const IN_SESSION: SocketCall<undefined> = {
  ...SUBSCRIBE,
  socketMethod: 'userDataStream.subscribe',
  security: 'none',
};
const BY_SIGNATURE: SocketCall<undefined> = {
  ...SUBSCRIBE,
  socketMethod: 'userDataStream.subscribe.signature',
  security: 'signed',
};
