/** Texts for screens. Rounded, from the exact decimal text that `--json` has; nothing is calculated with them. */

const MONEY_DECIMALS = 2;
const MONEY_DIGITS = 3;
const PRICE_DIGITS = 7;

/** An amount of money: two decimals, and for what is below one as many as show three digits. */
export function moneyText(text: string): string {
  const zeros = leadingZerosOf(text);
  return roundedTo(
    text,
    zeros === undefined ? MONEY_DECIMALS : Math.max(MONEY_DECIMALS, zeros + MONEY_DIGITS),
  );
}

/** A price, or an average of prices: seven digits, no zeros at the end. */
export function priceText(text: string): string {
  const [whole = ''] = text.replace('-', '').split('.');
  const zeros = leadingZerosOf(text);
  const decimals = zeros === undefined ? PRICE_DIGITS - whole.length : zeros + PRICE_DIGITS;
  return withoutEndingZeros(roundedTo(text, Math.max(0, decimals)));
}

/** A number of a limit: as money, without zeros at the end. */
export const boundText = (text: string): string => withoutEndingZeros(moneyText(text));

/** How old something is: 58 ms, 2.4 s, then as durations. */
export function ageText(ms: number): string {
  const age = Math.max(0, ms);
  if (age < 1000) return `${Math.round(age)} ms`;
  return age < 60_000 ? `${(Math.floor(age / 100) / 10).toFixed(1)} s` : durationOf(age);
}

/** 75 s is 1:15, an hour and a second 1:00:01. */
export function durationOf(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (hours === 0 && minutes === 0) return `${rest} s`;
  const two = (value: number): string => String(value).padStart(2, '0');
  return hours === 0 ? `${minutes}:${two(rest)}` : `${hours}:${two(minutes)}:${two(rest)}`;
}

/** Half goes away from zero. A text that is no decimal is shown as it is. */
function roundedTo(text: string, decimals: number): string {
  const [, sign = '', whole, fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === undefined) return text;
  const kept = BigInt(whole + fraction.slice(0, decimals).padEnd(decimals, '0'));
  const digits = String(kept + ((fraction[decimals] ?? '0') >= '5' ? 1n : 0n)).padStart(decimals + 1, '0');
  const at = digits.length - decimals;
  const rounded = decimals === 0 ? digits : `${digits.slice(0, at)}.${digits.slice(at)}`;
  return /[1-9]/.test(rounded) ? sign + rounded : rounded;
}

/** The zeros right behind the point of what is below one; undefined for everything else, zero included. */
const leadingZerosOf = (text: string): number | undefined => /^-?0\.(0*)[1-9]/.exec(text)?.[1]?.length;

const withoutEndingZeros = (text: string): string => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);
