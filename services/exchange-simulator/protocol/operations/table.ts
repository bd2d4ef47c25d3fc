import { ACCOUNT } from './account.ts';
import { CANCELING } from './cancel.ts';
import { CAPITAL } from './capital.ts';
import { GENERAL } from './general.ts';
import { MARKET } from './market.ts';
import type { Operation } from './operation.ts';
import { ORDER_QUERIES } from './order-queries.ts';
import { PLACING } from './place.ts';
import { PLACING_LISTS } from './place-list.ts';
import { TICKERS } from './tickers.ts';

/** All that can be asked for, whatever carries the request. */
export const OPERATIONS: readonly Operation[] = [
  ...GENERAL,
  ...MARKET,
  ...TICKERS,
  ...PLACING,
  ...PLACING_LISTS,
  ...CANCELING,
  ...ORDER_QUERIES,
  ...ACCOUNT,
  ...CAPITAL,
];

const BY_PATH = new Map<string, Map<string, Operation>>();
const BY_WEB_SOCKET_METHOD = new Map<string, Operation>();
for (const operation of OPERATIONS) {
  if (operation.webSocket !== undefined) BY_WEB_SOCKET_METHOD.set(operation.webSocket, operation);
  if (operation.rest === undefined) continue;
  const [method, path] = operation.rest;
  const methods = BY_PATH.get(path) ?? new Map<string, Operation>();
  methods.set(method, operation);
  BY_PATH.set(path, methods);
}

/** What a path can do, by HTTP method; undefined for an unknown path. */
export const operationsAt = (path: string): ReadonlyMap<string, Operation> | undefined => BY_PATH.get(path);

export const operationOfMethod = (method: string): Operation | undefined => BY_WEB_SOCKET_METHOD.get(method);
