import { amount, parseAmount, parseQuantity, parseRatio, quantity, ratio } from '@tradewind/core/money';
import type { EquityAmount, Limit, RiskLimits } from '@tradewind/core/risk';
import { z } from 'zod';

const EXPECTED_DECIMAL = 'expected a decimal in quotes, like "1000", or "none"';
const EXPECTED_COUNT = 'expected a whole number, or "none"';

/** A decimal that `parse` takes, above zero or zero, as text: JSON numbers are floats and no place for money. */
const decimal = (what: string, isFit: (text: string) => boolean) =>
  z
    .string({ error: EXPECTED_DECIMAL })
    .regex(/^\d+(\.\d+)?$/, { error: EXPECTED_DECIMAL, abort: true })
    .refine(isFit, `is finer or larger than ${what} can be`);
const NONE = z.literal('none');
/** Where a limit is neither a value nor "none", one sentence must do: that of the value. */
const amountLimit = z.union([NONE, decimal('an amount', (text) => parseAmount('', text).ok)]);
const quantityLimit = z.union([NONE, decimal('a quantity', (text) => parseQuantity(text).ok)]);
const shareLimit = z.union([NONE, decimal('a share', (text) => parseRatio(text).ok)]);
const countLimit = z.union([NONE, z.int({ error: EXPECTED_COUNT }).min(0, EXPECTED_COUNT)]);
const rateLimit = z.union([
  NONE,
  z.strictObject({
    orders: z.int().min(1),
    window_ms: z.int().min(1),
    kept_for_reducing: z.int().min(0),
  }),
]);
const byName = <T extends z.ZodType>(value: T) => z.record(z.string().min(1), value);

/**
 * A file of risk limits. Every limit must be there, as a value or as "none": no limit has a default. Amounts are in the
 * asset that the account is valued in; shares are fractions.
 */
export const RISK_LIMITS_FILE = z.strictObject({
  $schema: z.string().optional(),
  account: z.strictObject({
    order_notional_maximum: amountLimit,
    order_share_of_equity_maximum: shareLimit,
    exposure_maximum: amountLimit,
    open_orders_maximum: countLimit,
    order_rate: rateLimit,
    daily_loss_maximum: amountLimit,
    drawdown_maximum: shareLimit,
  }),
  strategies: byName(
    z.strictObject({
      exposure_maximum: amountLimit,
      open_orders_maximum: countLimit,
      order_rate: rateLimit,
      consecutive_losses_maximum: countLimit,
    }),
  ),
  symbols: byName(
    z.strictObject({
      position_maximum: quantityLimit,
      exposure_maximum: amountLimit,
      open_orders_maximum: countLimit,
      price_collar: shareLimit,
      price_age_ms_maximum: countLimit,
    }),
  ),
  assets: byName(z.strictObject({ exposure_maximum: amountLimit, share_of_equity_maximum: shareLimit })),
});

export type RiskLimitsFile = z.infer<typeof RISK_LIMITS_FILE>;

const limit = <Given extends string | number | object, T>(
  given: Given | 'none',
  read: (given: Given) => T,
): Limit<T> => (given === 'none' ? 'none' : read(given));
const equity = (text: string): EquityAmount => amount('equity', text);
const count = (given: number): number => given;
const rate = ({
  orders,
  window_ms,
  kept_for_reducing,
}: Exclude<RiskLimitsFile['account']['order_rate'], 'none'>) => ({
  orders,
  windowMs: window_ms,
  keptForReducing: kept_for_reducing,
});

const mapOf = <From, To>(
  record: Readonly<Record<string, From>>,
  read: (from: From) => To,
): ReadonlyMap<string, To> => new Map(Object.entries(record).map(([name, from]) => [name, read(from)]));

/** The limits that a checked file says. */
export const limitsOf = ({ account, strategies, symbols, assets }: RiskLimitsFile): RiskLimits => ({
  account: {
    orderNotionalMaximum: limit(account.order_notional_maximum, equity),
    orderShareOfEquityMaximum: limit(account.order_share_of_equity_maximum, ratio),
    exposureMaximum: limit(account.exposure_maximum, equity),
    openOrdersMaximum: limit(account.open_orders_maximum, count),
    orderRate: limit(account.order_rate, rate),
    dailyLossMaximum: limit(account.daily_loss_maximum, equity),
    drawdownMaximum: limit(account.drawdown_maximum, ratio),
  },
  strategies: mapOf(strategies, (each) => ({
    exposureMaximum: limit(each.exposure_maximum, equity),
    openOrdersMaximum: limit(each.open_orders_maximum, count),
    orderRate: limit(each.order_rate, rate),
    consecutiveLossesMaximum: limit(each.consecutive_losses_maximum, count),
  })),
  symbols: mapOf(symbols, (each) => ({
    positionMaximum: limit(each.position_maximum, quantity),
    exposureMaximum: limit(each.exposure_maximum, equity),
    openOrdersMaximum: limit(each.open_orders_maximum, count),
    priceCollar: limit(each.price_collar, ratio),
    priceAgeMsMaximum: limit(each.price_age_ms_maximum, count),
  })),
  assets: mapOf(assets, (each) => ({
    exposureMaximum: limit(each.exposure_maximum, equity),
    shareOfEquityMaximum: limit(each.share_of_equity_maximum, ratio),
  })),
});
