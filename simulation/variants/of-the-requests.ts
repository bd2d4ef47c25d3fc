import type { HttpRequest, HttpTransport } from '@tradewind/binance';
import { formatAmount, formatPrice } from '@tradewind/core/money';
import { ok } from '@tradewind/core/result';
import { placementsIn } from '../checks/placements.ts';
import type { World } from '../world/world.ts';
import type { Variant } from './variant.ts';

/** What many HTTP libraries do by themselves. */
const RETRY_AFTER_MS = 1_000;

export const resendOnTimeout: Variant = {
  name: 'resend on timeout',
  rows: ['I2', 'O1', 'O4'],
  replace: ({ http }) => ({
    http: {
      send: async (request) => {
        if (placementsIn(request).length === 0) return http.send(request);
        const result = await http.send({ ...request, timeoutMs: RETRY_AFTER_MS });
        return result.ok || result.error.kind === 'not_sent' ? result : http.send(request);
      },
    },
  }),
};

export const canceledWithoutProof: Variant = {
  name: 'cancel counted as done without proof',
  rows: ['I4', 'O9', 'O10'],
  replace: ({ http }, world) => {
    const send: HttpTransport['send'] = async (request) => {
      const result = await http.send(request);
      if (result.ok && result.value.status === 200) return result;
      const body = request.method === 'DELETE' ? cancelAnswerTo(request, world) : undefined;
      return body === undefined ? result : ok({ status: 200, headers: {}, body });
    };
    return { http: { send } };
  },
};

/** What the exchange would answer if it had canceled; undefined where it is not about one order, or about none that there is. */
function cancelAnswerTo({ url, body }: HttpRequest, { account, simulator }: World): string | undefined {
  const [address = '', query = ''] = url.split('?');
  const parameters = new URLSearchParams(`${query}&${body ?? ''}`);
  const orderId = parameters.get('orderId');
  const symbol = parameters.get('symbol') ?? '';
  const found = address.endsWith('/order')
    ? simulator.exchange.order(account, {
        symbol,
        orderId: orderId === null ? undefined : Number(orderId),
        origClientOrderId: parameters.get('origClientOrderId') ?? undefined,
      })
    : undefined;
  if (found?.ok !== true) return undefined;
  const order = found.value;
  return JSON.stringify({
    symbol,
    origClientOrderId: order.clientOrderId,
    orderId: order.orderId,
    orderListId: order.orderListId,
    clientOrderId: 'taken-for-canceled',
    transactTime: order.updatedAtMs,
    price: formatPrice(order.price),
    origQty: formatAmount(order.quantity ?? order.executedQuantity),
    executedQty: formatAmount(order.executedQuantity),
    cummulativeQuoteQty: formatAmount(order.executedQuote),
    status: 'CANCELED',
    timeInForce: order.timeInForce,
    type: order.type,
    side: order.side,
    selfTradePreventionMode: order.selfTradePrevention,
  });
}

export const absentAfterThreeAnswers: Variant = {
  name: 'absence after three not-found answers',
  rows: ['I4', 'O3'],
  // That a request may still be admitted is not waited for: the deadline lies in the past from the beginning.
  replace: ({ settings }) => ({
    settings: {
      ...settings,
      execution: {
        ...settings.execution,
        recvWindowMs: -60_000,
        inDoubt: { firstAskMs: 50, longestAskMs: 200, negativesApartMs: 100 },
      },
    },
  }),
};
