import type { Mutator } from '../../../../tools/fuzz/mutator.ts';
import { jsonOf, type Tree, treeOf } from '../../../../tools/fuzz/tree.ts';
import { OPERATIONS } from '../operations/table.ts';
import { START_MS } from '../venue.test-support.ts';
import { SESSION_METHODS } from '../websocket-api/session-methods.ts';

/** Stands where the signature of what is sent belongs; whoever sends it puts it there. */
export const UNSIGNED = '?';

type Parameters = Readonly<Record<string, string | number>>;

const BTC = { symbol: 'BTCUSDT' };
const LIMIT = { ...BTC, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: '0.1', price: '50000' };
const SELL = { ...LIMIT, side: 'SELL', price: '70000' };
const PROTECTION = { aboveType: 'LIMIT_MAKER', abovePrice: '70000', belowType: 'STOP_LOSS_LIMIT' };
const OCO = {
  ...{ ...BTC, side: 'SELL', quantity: '0.1', ...PROTECTION },
  ...{ belowPrice: '49000', belowStopPrice: '50000', belowTimeInForce: 'GTC' },
};
const WORKING = {
  ...{ ...BTC, workingType: 'LIMIT', workingSide: 'BUY', workingPrice: '40000' },
  ...{ workingQuantity: '0.1', workingTimeInForce: 'GTC' },
};
const PENDING = { pendingType: 'MARKET', pendingSide: 'SELL' };
const PAIR = {
  ...{ pendingSide: 'SELL', pendingAboveType: 'LIMIT_MAKER', pendingAbovePrice: '70000' },
  ...{ pendingBelowType: 'STOP_LOSS_LIMIT', pendingBelowPrice: '49000', pendingBelowStopPrice: '50000' },
  pendingBelowTimeInForce: 'IOC',
};
const QUANTITY = { pendingQuantity: '0.1' };

/** Good parameters for what changes something, by path; orders have few names, so that what comes later finds them. */
const WRITES: Readonly<Record<string, readonly Parameters[]>> = {
  'POST /api/v3/order': [
    LIMIT,
    SELL,
    { ...LIMIT, newClientOrderId: 'a' },
    { ...SELL, newClientOrderId: 'b', icebergQty: '0.05' },
    { ...LIMIT, price: '60010', timeInForce: 'IOC', newOrderRespType: 'FULL' },
    { ...LIMIT, symbol: 'ETHUSDT', price: '2000' },
    { ...LIMIT, type: 'LIMIT_MAKER', selfTradePreventionMode: 'EXPIRE_TAKER' },
    { ...BTC, side: 'BUY', type: 'MARKET', quantity: '0.2' },
    { ...BTC, side: 'SELL', type: 'MARKET', quoteOrderQty: '500' },
    { ...SELL, type: 'STOP_LOSS_LIMIT', stopPrice: '55000', price: '54000' },
    { ...BTC, side: 'SELL', type: 'TAKE_PROFIT', quantity: '0.1', trailingDelta: 100 },
    {
      ...LIMIT,
      price: '60000',
      selfTradePreventionMode: 'DECREMENT',
      strategyId: 1,
      strategyType: 1_000_000,
    },
  ],
  'DELETE /api/v3/order': [
    { ...BTC, origClientOrderId: 'a' },
    { ...BTC, orderId: 6 },
    { ...BTC, orderId: 7, cancelRestrictions: 'ONLY_NEW' },
  ],
  'DELETE /api/v3/openOrders': [BTC],
  'POST /api/v3/order/cancelReplace': [
    { ...SELL, cancelReplaceMode: 'STOP_ON_FAILURE', cancelOrigClientOrderId: 'a' },
    { ...LIMIT, cancelReplaceMode: 'ALLOW_FAILURE', cancelOrderId: 6 },
  ],
  'PUT /api/v3/order/amend/keepPriority': [
    { ...BTC, origClientOrderId: 'a', newQty: '0.05' },
    { ...BTC, orderId: 6, newQty: '0.01', newClientOrderId: 'c' },
  ],
  'POST /api/v3/orderList/oco': [OCO, { ...OCO, listClientOrderId: 'l' }],
  'POST /api/v3/orderList/oto': [{ ...WORKING, ...PENDING, ...QUANTITY }],
  'POST /api/v3/orderList/otoco': [
    { ...WORKING, ...PAIR, ...QUANTITY },
    { ...WORKING, ...PAIR, ...QUANTITY, workingPrice: '60010' },
  ],
  'POST /api/v3/orderList/opo': [{ ...WORKING, ...PENDING }],
  'POST /api/v3/orderList/opoco': [{ ...WORKING, ...PAIR }],
  'DELETE /api/v3/orderList': [
    { ...BTC, listClientOrderId: 'l' },
    { ...BTC, orderListId: 1 },
  ],
};
/** For everything else: some parameters that a question may have. */
const QUESTIONS: readonly Parameters[] = [
  BTC,
  { ...BTC, limit: 10 },
  { ...BTC, orderId: 6, fromId: 1 },
  { ...BTC, interval: '1m', startTime: START_MS, endTime: START_MS + 60_000 },
  { ...BTC, origClientOrderId: 'a', recvWindow: 5000 },
  { symbols: '["BTCUSDT","ETHUSDT"]', type: 'MINI', windowSize: '1d' },
  { ...BTC, orderListId: 1, windowSize: '4h', timeZone: '-1:00' },
];
const ALL: readonly Tree[] = [...Object.values(WRITES).flat(), ...QUESTIONS].map(treeOf);

const ROUTES = OPERATIONS.flatMap(({ rest, webSocket, security }) => {
  const route = rest === undefined ? undefined : `${rest[0]} ${rest[1]}`;
  const samples = WRITES[route ?? ''] ?? QUESTIONS;
  const isWrite = samples !== QUESTIONS;
  return [{ route, webSocket, security, samples: samples.map(treeOf), isWrite }];
});
/** Placements as often as all the others together: without orders nothing can go wrong. */
const WRITE_ROUTES = ROUTES.filter(({ isWrite }) => isWrite).flatMap((each) =>
  each.route === 'POST /api/v3/order' ? Array.from({ length: 8 }, () => each) : [each],
);
const METHODS = [...SESSION_METHODS.keys()];

/** One spoilt request: `rest METHOD /path?query`, or a frame of the WebSocket API as it is sent. */
export function request(mutator: Mutator, apiKey: string): string {
  const operation = mutator.oneOf(mutator.chance(0.7) ? WRITE_ROUTES : ROUTES);
  const sample = mutator.oneOf(operation.samples);
  const parameters = mutator.chance(0.25) ? sample : mutator.tree(sample, ALL);
  const isPublic = operation.security === 'NONE';
  if (operation.route === undefined || (operation.webSocket !== undefined && mutator.chance(0.35))) {
    const method = mutator.chance(0.05) ? mutator.oneOf(METHODS) : operation.webSocket!;
    return frame(mutator, method, withKey(parameters, isPublic ? undefined : apiKey));
  }
  const query = queryOf(withKey(parameters, undefined));
  const unsigned = mutator.chance(0.15) ? mutator.bytes(query, query) : query;
  const signed = isPublic ? unsigned : `${unsigned}&signature=${UNSIGNED}`;
  const sent = mutator.chance(0.05) ? mutator.bytes(signed, signed) : signed;
  return `${mutator.chance(0.3) ? 'body' : 'rest'} ${operation.route}?${sent}`;
}

function frame(mutator: Mutator, method: string, params: Tree): string {
  const whole: Tree = {
    kind: 'object',
    members: [
      ['id', treeOf(mutator.below(3) === 0 ? 'one' : 1)],
      ['method', treeOf(method)],
      ['params', params],
    ],
  };
  return mutator.chance(0.3) ? mutator.json(whole, ALL) : jsonOf(whole);
}

/** With what a signed request needs: its time, and over a socket its key and its signature. */
function withKey(parameters: Tree, apiKey: string | undefined): Tree {
  if (parameters.kind !== 'object') return parameters;
  const key = apiKey === undefined ? [] : ([['apiKey', treeOf(apiKey)]] as const);
  const signature = apiKey === undefined ? [] : ([['signature', treeOf(UNSIGNED)]] as const);
  return {
    kind: 'object',
    members: [...parameters.members, ['timestamp', treeOf(START_MS)], ...key, ...signature],
  };
}

function queryOf(parameters: Tree): string {
  if (parameters.kind !== 'object') return '';
  return parameters.members
    .map(([name, value]) => `${encoded(name)}=${encoded(value.kind === 'leaf' ? plainOf(value.json) : '')}`)
    .join('&');
}

const plainOf = (json: string): string => (json.startsWith('"') ? (JSON.parse(json) as string) : json);
const encoded = (text: string): string => encodeURIComponent(text.toWellFormed());
