import { Slippage } from '@tradewind/core/matching/bars';
import {
  type Amount,
  type Fraction,
  formatRatio,
  isNegative,
  isPositive,
  parseAmount,
  parseRatio,
  type Ratio,
  ratio,
  toFraction,
} from '@tradewind/core/money';
import { ok, type Result } from '@tradewind/core/result';
import { badInput, type Complaint } from './complaint.ts';

export interface Cash {
  readonly asset: string;
  readonly amount: Amount;
}

/** '10000USDT'; where the asset begins with a digit, '5:1INCH'. */
export function readCash(text: string): Result<Cash, Complaint> {
  const [, digits = '', asset = ''] = /^(\d+(?:\.\d+)?):?([A-Z0-9]*[A-Z][A-Z0-9]*)$/.exec(text) ?? [];
  const amount = parseAmount(asset, digits);
  if (amount.ok && isPositive(amount.value)) return ok({ asset, amount: amount.value });
  return badInput(
    `--cash ${text}: expected an amount above zero, with at most 8 decimals, and its asset, like 10000USDT`,
  );
}

const ONE = ratio('1');

/** A fee rate: a fraction from 0 up to, but not, 1. */
export function readFee(option: string, text: string): Result<Fraction, Complaint> {
  const rate = parseRatio(text);
  const fraction = rate.ok && rate.value < ONE ? toFraction(rate.value) : undefined;
  if (fraction !== undefined) return ok(fraction);
  return badInput(`${option} ${text}: expected a fraction from 0 up to 1, like 0.001 for 0.1 %`);
}

/** What is left of a fee: above 0, at most 1. */
export function readDiscount(text: string): Result<Fraction, Complaint> {
  const rest = parseRatio(text);
  const isFit = rest.ok && isPositive(rest.value) && rest.value <= ONE;
  const fraction = isFit ? toFraction(rest.value) : undefined;
  if (fraction !== undefined) return ok(fraction);
  return badInput(
    `--fee-discount ${text}: expected what is left of the fee, above 0 and at most 1, like 0.75`,
  );
}

/** A decimal that was read before, written in the one plain way: '1e-3' is '0.001'. */
export function plainDecimal(text: string): string {
  const value = parseRatio(text);
  return value.ok ? formatRatio(value.value) : text;
}

const BPS = 10_000;
const MOST_BPS: Ratio = ratio('9999');

export function readSlippage(text: string): Result<Slippage, Complaint> {
  const bps = parseRatio(text);
  const isFit = bps.ok && !isNegative(bps.value) && bps.value <= MOST_BPS;
  const fraction = isFit ? toFraction(bps.value) : undefined;
  if (fraction !== undefined && Number.isSafeInteger(fraction.denominator * BPS * 2)) {
    return ok(new Slippage(fraction.numerator, fraction.denominator * BPS));
  }
  return badInput(`--slippage-bps ${text}: expected hundredths of a percent from 0 to 9999, like 2.5`);
}

const ISO = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(Z|[+-]\d{2}:\d{2})?)?$/;

/** '2025-06-01', '2025-06-01T12:00', with Z or an offset or, without, in UTC; or epoch ms. */
export function readTime(option: string, text: string): Result<number, Complaint> {
  const [, date, time = '00:00', zone = 'Z'] = ISO.exec(text) ?? [];
  const timeMs = /^\d{11,14}$/.test(text) ? Number(text) : Date.parse(`${date}T${time}${zone}`);
  if (Number.isFinite(timeMs) && isCalendarDay(date)) return ok(timeMs);
  return badInput(
    `${option} ${text}: expected a date (2025-06-01), a UTC time (2025-06-01T12:00) or epoch ms`,
  );
}

/** Date.parse takes the 30th of February for the 1st of March. */
const isCalendarDay = (date: string | undefined): boolean =>
  date === undefined || new Date(`${date}T00:00Z`).toISOString().startsWith(date);

const DAY_MS = 86_400_000;
const UNITS_MS: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: DAY_MS,
  w: 7 * DAY_MS,
  y: 365 * DAY_MS,
};
const MINUTES_MAX = 20 * 365 * 1440;

/** How many one-minute bars: '500', or a duration like '90d' or '1y' (365 days); at most 20 years. */
export function readBarCount(text: string): Result<number, Complaint> {
  const [, digits = '', unit = 'm'] = /^(\d+(?:\.\d+)?)([mhdwy]?)$/.exec(text) ?? [];
  const minutes = (Number(digits) * (UNITS_MS[unit] ?? 60_000)) / 60_000;
  if (digits !== '' && Number.isInteger(minutes) && minutes >= 1 && minutes <= MINUTES_MAX)
    return ok(minutes);
  return badInput(
    `--synthetic ${text}: expected a number of bars or a duration up to 20y, like 500, 90d or 1y`,
  );
}

export function readSeed(text: string): Result<number, Complaint> {
  const seed = Number(text);
  if (/^\d+$/.test(text) && seed <= 0xffff_ffff) return ok(seed);
  return badInput(`--seed ${text}: expected a whole number from 0 to 4294967295`);
}

/** 'name=value' texts, each name once. */
export function readParameterTexts(texts: readonly string[]): Result<Map<string, string>, Complaint> {
  const given = new Map<string, string>();
  for (const text of texts) {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (name === undefined || value === undefined) {
      return badInput(`--param ${text}: expected name=value, like fast=10`);
    }
    if (given.has(name)) return badInput(`--param ${text}: ${name} is given twice`);
    given.set(name, value);
  }
  return ok(given);
}
