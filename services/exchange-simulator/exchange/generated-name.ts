const CHARACTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const LENGTH = 22;

/**
 * The client order id that the exchange gives to what came without one: 22 characters, as in the documents' samples, another one
 * for every number. The last characters are the number itself, so no two are equal; those before only look like chance.
 */
export function nameOf(number: number): string {
  let name = '';
  let rest = number;
  while (rest > 0) {
    name = CHARACTERS[rest % 62]! + name;
    rest = Math.floor(rest / 62);
  }
  name = name.padStart(NUMBER_LENGTH, '0');
  let mixed = number | 0;
  while (name.length < LENGTH) {
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d) + 0x9e3779b9;
    name = CHARACTERS[(mixed >>> 8) % 62]! + name;
  }
  return name;
}

/** 62^9 numbers are more than 2^53. */
const NUMBER_LENGTH = 9;
