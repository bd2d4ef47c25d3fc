import { CLIENT_ORDER_ID } from '@tradewind/core/orders';
import { z } from 'zod';

/** What the bodies of commands hold. Strict: a field that is not named here is refused (faults.md S11). */
const text = z.string().min(1).max(200);
const by = text;
const why = text;
const symbol = z.string().regex(/^[A-Z0-9]{5,20}$/, 'is no symbol');
const strategy = text;
const clientOrderId = z.string().regex(CLIENT_ORDER_ID, 'is no client order id');

const SCOPE = z.union([
  z.strictObject({ kind: z.enum(['system', 'account']) }),
  z.strictObject({ kind: z.enum(['strategy', 'symbol']), name: text }),
]);
export const HALT = z.strictObject({
  scope: SCOPE,
  state: z.enum(['reducing', 'halted']),
  cancels_orders: z.boolean(),
  by,
  why,
});
export const RESUME = z.strictObject({ scope: SCOPE, by, why });
export const SCOPED = z.strictObject({ symbol: symbol.optional(), strategy: strategy.optional(), by, why });
export const CANCEL = z.strictObject({ symbol, client_order_id: clientOrderId, by });
export const FORGET = z.strictObject({ symbol, client_order_id: clientOrderId, by, why });
export const AMEND = z.strictObject({
  symbol,
  client_order_id: clientOrderId,
  new_quantity: z.string().regex(/^\d{1,12}(\.\d{1,8})?$/, 'is no quantity'),
  by,
});
export const STRATEGY = z.strictObject({ strategy, by, why });
export const PARAMETERS = z.strictObject({ strategy, by, why, parameters: z.record(text, text) });
export const RESOLVE_BREAK = z.strictObject({ name: text, by, why });
export const NOTHING = z.strictObject({});
