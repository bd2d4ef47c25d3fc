import type { Random } from '@tradewind/utils';

/** Values that stand where others should, or that only look like them. */
const STRANGE: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  2 ** 53,
  -(2 ** 53),
  '',
  '-1',
  'NaN',
  'Infinity',
  '1e-400',
  '1e400',
  '0x10',
  '１２３',
  '0.123456789012345678901',
  '9'.repeat(300),
  '\u0000',
  '\ud800',
  'SLEEPING',
  [],
  {},
  [[]],
  { code: -2010, msg: 'x' },
];
const STRANGE_NAMES = ['__proto__', 'constructor', 'toString', 'length', '', 'symbol', 'status', 'e'];

const below = (random: Random, limit: number): number => random.nextUint32() % limit;
const oneOf = <T>(random: Random, values: readonly T[]): T => values[below(random, values.length)]!;

/** The same JSON with one to three of its members changed, dropped, doubled or added. Never changes what it is given. */
export function mutatedJson(body: unknown, random: Random): unknown {
  let mutated = structuredClone(body);
  for (let i = 1 + below(random, 3); i > 0; i--) mutated = mutatedOnce(mutated, random);
  return mutated;
}

function mutatedOnce(value: unknown, random: Random): unknown {
  if (typeof value !== 'object' || value === null || below(random, 12) === 0) return leaf(value, random);
  if (Array.isArray(value)) return mutatedList(value, random);
  const names = Object.keys(value);
  const members = new Map<string, unknown>(Object.entries(value));
  const name = names.length === 0 ? oneOf(random, STRANGE_NAMES) : oneOf(random, names);
  switch (below(random, 6)) {
    case 0:
      members.delete(name);
      break;
    case 1:
      members.set(oneOf(random, STRANGE_NAMES), oneOf(random, STRANGE));
      break;
    case 2:
      members.set(name, members.get(oneOf(random, [...names, name])));
      break;
    default:
      members.set(name, mutatedOnce(members.get(name), random));
  }
  // An own member of this name, as JSON.parse makes it.
  return JSON.parse(
    `{${[...members].map(([key, each]) => `${JSON.stringify(key)}:${textOf(each)}`).join()}}`,
  );
}

function mutatedList(items: readonly unknown[], random: Random): unknown {
  if (items.length === 0) return [oneOf(random, STRANGE)];
  const at = below(random, items.length);
  switch (below(random, 4)) {
    case 0:
      return items.toSpliced(at, 1);
    case 1:
      return items.toSpliced(at, 0, oneOf(random, STRANGE));
    default:
      return items.with(at, mutatedOnce(items[at], random));
  }
}

/** Another value, or the same text with one of its characters changed. */
function leaf(value: unknown, random: Random): unknown {
  if (typeof value !== 'string' || value === '' || below(random, 2) === 0) return oneOf(random, STRANGE);
  const at = below(random, value.length);
  return value.slice(0, at) + String.fromCharCode(below(random, 128)) + value.slice(at + below(random, 2));
}

const textOf = (value: unknown): string => JSON.stringify(value) ?? 'null';

/** The same text with bytes changed, cut out, doubled, or its end cut off. */
export function mutatedText(text: string, random: Random): string {
  const at = below(random, text.length + 1);
  const length = below(random, 20);
  switch (below(random, 5)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + text.slice(at + length);
    case 2:
      return text.slice(0, at + length) + text.slice(at);
    case 3:
      return '['.repeat(below(random, 3000)) + text;
    default:
      return text.slice(0, at) + String.fromCharCode(below(random, 0x300)) + text.slice(at + 1);
  }
}
