import type { RiskLimits } from '@tradewind/core/risk';

/** JSON as JSON.parse gives it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
export type JsonObject = { readonly [name: string]: Json };

export const isObject = (json: Json | undefined): json is JsonObject =>
  typeof json === 'object' && json !== null && !Array.isArray(json);
export const own = (object: Json | undefined, name: string): Json | undefined =>
  isObject(object) && Object.hasOwn(object, name) ? object[name] : undefined;

/** By hand: no code of ours says what a decimal is. */
export function unitsOf(text: Json | undefined, scale: number): bigint | undefined {
  const [, whole = '', fraction = ''] = /^(\d+)(?:\.(\d+))?$/.exec(String(text)) ?? [];
  if (whole === '' || /[1-9]/.test(fraction.slice(scale))) return undefined;
  return BigInt(whole + fraction.slice(0, scale).padEnd(scale, '0'));
}

/** Each limit: its name in the file, its name in the limits, and how it is counted; 0 is a whole number. */
const ACCOUNT = [
  ['order_notional_maximum', 'orderNotionalMaximum', 8],
  ['order_share_of_equity_maximum', 'orderShareOfEquityMaximum', 18],
  ['exposure_maximum', 'exposureMaximum', 8],
  ['open_orders_maximum', 'openOrdersMaximum', 0],
  ['daily_loss_maximum', 'dailyLossMaximum', 8],
  ['drawdown_maximum', 'drawdownMaximum', 18],
] as const;
const GROUPS = {
  strategies: [
    ['exposure_maximum', 'exposureMaximum', 8],
    ['open_orders_maximum', 'openOrdersMaximum', 0],
    ['consecutive_losses_maximum', 'consecutiveLossesMaximum', 0],
  ],
  symbols: [
    ['position_maximum', 'positionMaximum', 8],
    ['exposure_maximum', 'exposureMaximum', 8],
    ['open_orders_maximum', 'openOrdersMaximum', 0],
    ['price_collar', 'priceCollar', 18],
    ['price_age_ms_maximum', 'priceAgeMsMaximum', 0],
  ],
  assets: [
    ['exposure_maximum', 'exposureMaximum', 8],
    ['share_of_equity_maximum', 'shareOfEquityMaximum', 18],
  ],
} as const;
type Names = readonly (readonly [inFile: string, inLimits: string, scale: number])[];

/** What of a file's limits is not what was made of it, as a sentence. */
export function wrongLimits(file: Json | undefined, limits: RiskLimits): string | undefined {
  const account = wrongGroup('account', own(file, 'account'), limits.account, ACCOUNT, true);
  if (account !== undefined) return account;
  for (const group of ['strategies', 'symbols', 'assets'] as const) {
    const said = own(file, group);
    if (!isObject(said)) return `limits.${group}: are not there`;
    const held: ReadonlyMap<string, object> = limits[group];
    if (held.size !== Object.keys(said).length) return `limits.${group}: another number is held`;
    for (const [name, each] of Object.entries(said)) {
      const found = held.get(name);
      if (found === undefined) return `limits.${group}: one is not held: ${name}`;
      const wrong = wrongGroup(`${group}`, each, found, GROUPS[group], group === 'strategies');
      if (wrong !== undefined) return wrong;
    }
  }
  return undefined;
}

function wrongGroup(
  where: string,
  said: Json | undefined,
  held: object,
  names: Names,
  hasRate: boolean,
): string | undefined {
  const values = held as Readonly<Record<string, unknown>>;
  for (const [inFile, inLimits, scale] of names) {
    const text = own(said, inFile);
    const wanted = text === 'none' || scale === 0 ? text : unitsOf(text, scale);
    if (wanted === undefined || values[inLimits] !== wanted)
      return `limits.${where}.${inFile}: ${String(values[inLimits])} is held, and ${JSON.stringify(text)} was said`;
  }
  if (!hasRate) return undefined;
  const rate = own(said, 'order_rate');
  const heldRate = values.orderRate as { orders: number; windowMs: number; keptForReducing: number } | 'none';
  const isSame =
    rate === 'none'
      ? heldRate === 'none'
      : heldRate !== 'none' &&
        heldRate.orders === own(rate, 'orders') &&
        heldRate.windowMs === own(rate, 'window_ms') &&
        heldRate.keptForReducing === own(rate, 'kept_for_reducing');
  return isSame ? undefined : `limits.${where}.order_rate: another is held`;
}
