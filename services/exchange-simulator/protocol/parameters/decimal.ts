/** What the exchange says a decimal has to look like (binance-spot.md section 2.2). */
export const LEGAL_DECIMAL = '^([0-9]{1,20})(\\.[0-9]{1,20})?$';

const DIGITS_MAX = 20;
const ZERO = 48;
const POINT = 46;
/** As many digits as a double holds exactly, whatever they are. */
const EXACT_DIGITS = 15;

export type DecimalProblem = 'illegal' | 'too_precise';

/**
 * A decimal as a count of 10^-8, read digit by digit: this is done for every order, and neither a pattern nor a float may be.
 * @param precision  how many decimals may be significant, 0 to 8; zeros beyond it are no loss and pass
 */
export function readDecimal(text: string, precision: number): bigint | DecimalProblem {
  const end = text.length;
  let point = -1;
  for (let index = 0; index < end; index += 1) {
    const digit = text.charCodeAt(index) - ZERO;
    if (digit >= 0 && digit <= 9) continue;
    if (text.charCodeAt(index) !== POINT || point >= 0) return 'illegal';
    point = index;
  }
  const whole = point < 0 ? end : point;
  const decimals = point < 0 ? 0 : end - point - 1;
  if (whole < 1 || whole > DIGITS_MAX || decimals > DIGITS_MAX) return 'illegal';
  if (point >= 0 && decimals === 0) return 'illegal';

  let last = end;
  if (point >= 0) while (last > point + 1 && text.charCodeAt(last - 1) === ZERO) last -= 1;
  const significant = point < 0 ? 0 : last - point - 1;
  if (significant > precision) return 'too_precise';
  if (whole + 8 <= EXACT_DIGITS) return BigInt(smallUnits(text, whole, significant));
  const fraction = significant === 0 ? '' : text.slice(whole + 1, whole + 1 + significant);
  return BigInt(text.slice(0, whole) + fraction.padEnd(8, '0'));
}

function smallUnits(text: string, whole: number, significant: number): number {
  let units = 0;
  for (let index = 0; index < whole; index += 1) units = units * 10 + text.charCodeAt(index) - ZERO;
  for (let index = 1; index <= 8; index += 1) {
    units = units * 10 + (index <= significant ? text.charCodeAt(whole + index) - ZERO : 0);
  }
  return units;
}
