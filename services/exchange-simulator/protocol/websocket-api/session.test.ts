import { expect, test } from 'vitest';
import type { ApiKey } from '../../exchange/index.ts';
import type { ServerSocket } from '../../wire.ts';
import { Hearers } from './hearers.ts';
import { Session } from './session.ts';

const SOCKET: ServerSocket = {
  remoteAddress: '127.0.0.1',
  send() {},
  ping() {},
  close() {},
  cut() {},
  bufferedBytes: 0,
};
const makeSession = (): Session =>
  new Session({
    socket: SOCKET,
    unit: 'MILLISECOND',
    returnsRateLimits: true,
    connectedSinceMs: 0,
    hearers: new Hearers(),
  });
const keyOf = (account: number): ApiKey => ({
  apiKey: `key${account}`,
  account,
  kind: 'HMAC',
  secret: 'secret',
  permissions: { read: true, trade: true, withdraw: false },
  allowedAddresses: undefined,
  createdAtMs: 0,
});

// Source: binance-spot.md section 3.1.
test('a connection has 65 535 subscription ids in its life', () => {
  const session = makeSession();
  for (let count = 0; count < 65_535; count += 1) {
    expect(session.subscribe(keyOf(1), false)?.id).toBe(count);
    session.unsubscribe(() => true, 0);
  }
  expect(session.subscribe(keyOf(1), false)).toBeUndefined();
});

test('a connection has 1 000 subscriptions at one time', () => {
  const session = makeSession();
  for (let account = 1; account <= 1000; account += 1) session.subscribe(keyOf(account), false);
  expect(session.activeSubscriptions).toHaveLength(1000);
  expect(session.subscribe(keyOf(1001), false)).toBeUndefined();
  session.unsubscribe((it) => it.key.account === 5, 0);
  expect(session.subscribe(keyOf(1001), false)).toBeDefined();
});
