import type { AccountQueries } from '../../exchange/index.ts';
import { timeIn } from '../../notation/time-unit.ts';
import type { Answer } from '../operations/operation.ts';
import type { Parameters } from '../parameters/parameters.ts';
import {
  NO_SUBSCRIPTION_IDS_LEFT,
  REJECTED_API_KEY,
  SUBSCRIPTION_ACTIVE,
  SUBSCRIPTION_INACTIVE,
  UNAUTHORIZED,
} from '../refusal.ts';
import { authorize, type Credentials } from '../security/authorize.ts';
import type { Session } from './session.ts';

/** A request about the connection itself. */
export interface SessionCall {
  readonly keys: Pick<AccountQueries, 'key'>;
  readonly session: Session;
  readonly parameters: Parameters;
  readonly credentials: () => Credentials;
  readonly nowMs: number;
}

/** Source: binance-spot.md section 10. Only an Ed25519 key can log on. */
function logon(call: SessionCall): Answer {
  const { session, parameters, nowMs } = call;
  const authorized = authorize(call.keys, parameters, call.credentials(), 'read', nowMs);
  if (!authorized.ok) return authorized.error;
  parameters.finish();
  if (parameters.refusal !== undefined) return parameters.refusal;
  const { key } = authorized.value;
  if (key.kind !== 'ED25519') return REJECTED_API_KEY;
  session.logon = { key, authorizedSinceMs: nowMs };
  return statusJson(call);
}

function status(call: SessionCall): Answer {
  call.parameters.finish();
  return call.parameters.refusal ?? statusJson(call);
}

function statusJson({ session, nowMs }: SessionCall): string {
  const { logon: current, unit } = session;
  return JSON.stringify({
    apiKey: current?.key.apiKey ?? null,
    authorizedSince: current === undefined ? null : timeIn(unit, current.authorizedSinceMs),
    connectedSince: timeIn(unit, session.connectedSinceMs),
    returnRateLimits: session.returnsRateLimits,
    serverTime: timeIn(unit, nowMs),
    userDataStream: session.isSubscribed,
  });
}

/** Ends the subscription that came with the logon; those made by signature stay. */
function logout(call: SessionCall): Answer {
  const { session, parameters } = call;
  parameters.finish();
  if (parameters.refusal !== undefined) return parameters.refusal;
  session.logon = undefined;
  session.unsubscribe((it) => it.isOfLogon, call.nowMs);
  return statusJson(call);
}

function subscriptions({ session, parameters }: SessionCall): Answer {
  parameters.finish();
  if (parameters.refusal !== undefined) return parameters.refusal;
  return JSON.stringify(session.activeSubscriptions.map((it) => ({ subscriptionId: it.id })));
}

function subscribe({ session, parameters }: SessionCall): Answer {
  parameters.finish();
  if (parameters.refusal !== undefined) return parameters.refusal;
  if (session.logon === undefined) return UNAUTHORIZED;
  const { key } = session.logon;
  if (session.isSubscribedTo(key.account)) return SUBSCRIPTION_ACTIVE;
  const subscription = session.subscribe(key, true);
  return subscription === undefined ? NO_SUBSCRIPTION_IDS_LEFT : `{"subscriptionId":${subscription.id}}`;
}

function subscribeBySignature(call: SessionCall): Answer {
  const { session, parameters } = call;
  const authorized = authorize(call.keys, parameters, call.credentials(), 'read', call.nowMs);
  if (!authorized.ok) return authorized.error;
  parameters.finish();
  if (parameters.refusal !== undefined) return parameters.refusal;
  const { key } = authorized.value;
  if (session.isSubscribedTo(key.account)) return SUBSCRIPTION_ACTIVE;
  const subscription = session.subscribe(key, false);
  return subscription === undefined ? NO_SUBSCRIPTION_IDS_LEFT : `{"subscriptionId":${subscription.id}}`;
}

/** Without an id all of them end. */
function unsubscribe({ session, parameters, nowMs }: SessionCall): Answer {
  const id = parameters.integer('subscriptionId');
  parameters.finish();
  if (parameters.refusal !== undefined) return parameters.refusal;
  if (id !== undefined && !session.activeSubscriptions.some((it) => it.id === id))
    return SUBSCRIPTION_INACTIVE;
  session.unsubscribe((it) => id === undefined || it.id === id, nowMs);
  return '{}';
}

export const SESSION_METHOD_WEIGHT = 2;

export const SESSION_METHODS: ReadonlyMap<string, (call: SessionCall) => Answer> = new Map([
  ['session.logon', logon],
  ['session.status', status],
  ['session.logout', logout],
  ['session.subscriptions', subscriptions],
  ['userDataStream.subscribe', subscribe],
  ['userDataStream.subscribe.signature', subscribeBySignature],
  ['userDataStream.unsubscribe', unsubscribe],
]);
