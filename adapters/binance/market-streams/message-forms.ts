/** How the value of a field is read. */
export const SKIP = 0;
export const INTEGER = 1;
export const PRICE = 2;
export const QUANTITY = 3;
export const FLAG = 4;
export const SYMBOL = 5;
export const BIDS = 6;
export const ASKS = 7;
/** The message is not plain: a key that is no letter, or one that says something else than this form knows. */
const STOP = 8;

/** What the fields of one kind of message are, by the one letter that is their key. */
export interface MessageForm {
  /** By the byte of the key: how its value is read. Letters that the venue may add one day are skipped. */
  readonly how: Uint8Array;
  /** By the byte of the key: the field's own bit, zero for what is skipped. */
  readonly bits: Int32Array;
  /** The bits of all fields: none may be missing. */
  readonly required: number;
}

function formOf(fields: Readonly<Record<string, number>>): MessageForm {
  const how = new Uint8Array(256).fill(STOP);
  const bits = new Int32Array(256);
  for (const letter of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ')
    how[letter.charCodeAt(0)] = SKIP;
  // A second event type would be the one that counts.
  how['e'.charCodeAt(0)] = STOP;
  let bit = 1;
  for (const [letter, way] of Object.entries(fields)) {
    how[letter.charCodeAt(0)] = way;
    bits[letter.charCodeAt(0)] = bit;
    bit *= 2;
  }
  return { how, bits, required: bit - 1 };
}

/** binance-spot.md section 8.3. The event type `e` has been read before, where there is one. */
export const DEPTH_FORM = formOf({ E: INTEGER, s: SYMBOL, U: INTEGER, u: INTEGER, b: BIDS, a: ASKS });
export const TRADE_FORM = formOf({
  E: INTEGER,
  s: SYMBOL,
  t: INTEGER,
  p: PRICE,
  q: QUANTITY,
  T: INTEGER,
  m: FLAG,
});
export const AGG_TRADE_FORM = formOf({
  E: INTEGER,
  s: SYMBOL,
  a: INTEGER,
  p: PRICE,
  q: QUANTITY,
  f: INTEGER,
  l: INTEGER,
  T: INTEGER,
  m: FLAG,
});
export const QUOTE_FORM = formOf({ u: INTEGER, s: SYMBOL, b: PRICE, B: QUANTITY, a: PRICE, A: QUANTITY });
