import type { Approved, OrderIntent } from '@tradewind/core/orders';
import { err, ok, type Result } from '@tradewind/core/result';
import { KNOWN_ERRORS } from '../errors/error-table.ts';
import type { Priority } from '../limits/limits.ts';
import { describeReadingFailure, type ReadingFailure } from '../model/failure.ts';
import type { CancelReplace, Half } from '../model/order.ts';
import { placedOrder, venueOrder } from '../model/read-order.ts';
import { type Decode, readObject } from '../model/reader.ts';
import type { Call } from './call.ts';
import { type OrderReference, optional, orderParameters } from './order-parameters.ts';
import type { CancelRestriction } from './trading.ts';

export interface CancelReplaceOptions {
  /** Whether the new order is placed though the old one could not be canceled. */
  readonly mode: 'STOP_ON_FAILURE' | 'ALLOW_FAILURE';
  readonly restriction?: CancelRestriction;
  /** What is done when the order count is used up: nothing, or at least the cancel. */
  readonly overOrderCount?: 'DO_NOTHING' | 'CANCEL_ONLY';
  readonly priority?: Priority;
}

/**
 * Cancels an order and places another, in this order and not as one (binance-spot.md section 4.3). Whatever half succeeded, the
 * outcome is done when the answer says what became of both.
 * @param cancelId  the id of the cancel itself
 */
export const cancelReplace = (
  order: OrderReference,
  cancelId: string,
  replacement: Approved<OrderIntent>,
  { mode, restriction, overOrderCount, priority = 'normal' }: CancelReplaceOptions,
): Call<CancelReplace> => ({
  method: 'POST',
  path: '/api/v3/order/cancelReplace',
  socketMethod: 'order.cancelReplace',
  security: 'signed',
  parameters: [
    ...orderParameters(replacement),
    ['cancelReplaceMode', mode],
    ...optional('cancelOrderId', order.orderId),
    ...optional('cancelOrigClientOrderId', order.clientOrderId),
    ['cancelNewClientOrderId', cancelId],
    ...optional('cancelRestrictions', restriction),
    ...optional('orderRateLimitExceededMode', overOrderCount),
  ],
  cost: { weight: 1, orders: 1 },
  priority,
  hasEffect: true,
  read: readHalves,
  readError: ({ data }) => {
    const halves = readHalves(data);
    return halves.ok ? halves.value : undefined;
  },
});

/** The four members that stand in the body of a success and in the `data` of an error (faults.md O12). */
function readHalves(body: unknown): Result<CancelReplace, ReadingFailure> {
  const members =
    typeof body === 'object' && body !== null ? (body as Readonly<Record<string, unknown>>) : {};
  const { cancelResult, newOrderResult, cancelResponse, newOrderResponse } = members;
  if (typeof cancelResult !== 'string' && typeof newOrderResult !== 'string') {
    return err({ path: '$.cancelResult', expected: 'the result of a half', found: typeof cancelResult });
  }
  return ok({
    cancel: halfOf(cancelResult, cancelResponse, venueOrder),
    placement: halfOf(newOrderResult, newOrderResponse, placedOrder),
  });
}

function halfOf<T>(result: unknown, response: unknown, decode: Decode<T>): Half<T> {
  switch (result) {
    case 'SUCCESS': {
      const value = readObject(response, decode);
      return value.ok
        ? { kind: 'done', value: value.value }
        : { kind: 'unknown', detail: describeReadingFailure(value.error) };
    }
    case 'FAILURE':
      return failureOf(response);
    case 'NOT_ATTEMPTED':
      return { kind: 'not_attempted' };
    default:
      return { kind: 'unknown', detail: 'its result is missing or in no document' };
  }
}

/** A failure is sure only where its code says so. */
function failureOf(response: unknown): Half<never> {
  const error = readObject(response, (fields) => ({
    code: fields.negativeCode('code'),
    message: fields.optionalText('msg') ?? '',
  }));
  if (!error.ok) return { kind: 'unknown', detail: describeReadingFailure(error.error) };
  const { code, message } = error.value;
  switch (KNOWN_ERRORS.get(code)?.class) {
    case 'never':
    case 'after_change':
    case 'later':
      return { kind: 'failed', code, message };
    default:
      return { kind: 'unknown', detail: `code ${code}: ${message}` };
  }
}
