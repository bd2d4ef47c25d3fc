import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readDecimal } from './decimal.ts';
import { ParameterList, readForm } from './parameter-list.ts';
import { Parameters } from './parameters.ts';

const formOf = (query: string, body = ''): ParameterList => {
  const list = readForm(query, body);
  if (!(list instanceof ParameterList)) throw new Error(list.message);
  return list;
};

/** The pattern of binance-spot.md section 2.2 and arithmetic on digits: slow and obvious. */
function slowDecimal(text: string, precision: number): bigint | string {
  const match = /^([0-9]{1,20})(\.[0-9]{1,20})?$/.exec(text);
  if (match === null) return 'illegal';
  const fraction = (match[2] ?? '.').slice(1).replace(/0+$/, '');
  if (fraction.length > precision) return 'too_precise';
  return BigInt(match[1]! + fraction.padEnd(8, '0'));
}

describe('decimals', () => {
  test('are read as the pattern and exact arithmetic say', () => {
    const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 23 });
    const near = fc
      .tuple(digits, fc.constantFrom('', '.', '..', '-', 'e', ' '), digits)
      .map((it) => it.join(''));
    fc.assert(
      fc.property(near, fc.integer({ min: 0, max: 8 }), (text, precision) => {
        expect(readDecimal(text, precision)).toBe(slowDecimal(text, precision));
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    '',
    '.',
    '1.',
    '.5',
    '-1',
    '+1',
    '1e-7',
    '1,0',
    '0x1',
    '١',
    '１',
    '1.0.0',
    ' 1',
    'NaN',
    'Infinity',
  ])('"%s" is illegal', (text) => {
    expect(readDecimal(text, 8)).toBe('illegal');
  });
});

describe('forms', () => {
  test('the value of the query string wins over the one of the body', () => {
    const list = formOf('a=1&b=2', 'b=3&c=4');
    expect(['a', 'b', 'c'].map((name) => list.peek(name))).toEqual(['1', '2', '4']);
    expect(list.count).toBe(3);
  });

  test.each([
    ['a=1&a=2', ''],
    ['', 'b=1&b=1'],
  ])('a name twice in one of them is refused: %s %s', (query, body) => {
    expect(readForm(query, body)).toMatchObject({ code: -1101 });
  });

  test('names and values are percent-decoded, and a plus is a space', () => {
    const list = formOf('symbols=%5B%22BTCUSDT%22%5D&a%62=x+y&symbol=%EF%BC%91');
    expect([list.peek('symbols'), list.peek('ab'), list.peek('symbol')]).toEqual([
      '["BTCUSDT"]',
      'x y',
      '１',
    ]);
  });

  test.each(['a=%', 'a=%zz', 'a=%ff', '%c0=1'])('an escape that is none is refused: %s', (query) => {
    expect(readForm(query, '')).toMatchObject({ code: -1100 });
  });

  test('more parameters than any request has are refused', () => {
    const query = Array.from({ length: 65 }, (_, index) => `p${index}=1`).join('&');
    expect(readForm(query, '')).toMatchObject({ code: -1101 });
  });

  test('no text makes it throw or takes it longer than its length', () => {
    const text = fc.string({ unit: fc.constantFrom(...'ab=&%+2é'), maxLength: 60 });
    fc.assert(
      fc.property(text, text, (query, body) => void readForm(query, body)),
      { numRuns: 1000 },
    );
  });
});

describe('parameters', () => {
  const reading = (query: string): Parameters => new Parameters(formOf(query));

  test('the first thing that is wrong is what is refused', () => {
    const parameters = reading('a=&b=x');
    parameters.text('a');
    parameters.integer('b');
    expect(parameters.refusal).toMatchObject({ code: -1105, message: "Parameter 'a' was empty." });
  });

  test('what nobody reads is refused', () => {
    const parameters = reading('a=1&b=2&c=3');
    parameters.text('a');
    parameters.text('b');
    parameters.finish();
    expect(parameters.refusal).toMatchObject({
      code: -1104,
      message: "Not all sent parameters were read; read '2' parameter(s) but was sent '3'.",
    });
  });

  test.each([
    { query: 'n=1e-7', code: -1100, read: (it: Parameters) => it.decimal('n') },
    { query: 'n=0.123456789', code: -1111, read: (it: Parameters) => it.decimal('n') },
    { query: 'n=0.123', code: -1111, read: (it: Parameters) => it.decimal('n', 2) },
    { query: 'n=-1', code: -1100, read: (it: Parameters) => it.integer('n') },
    { query: 'n=99999999999999999999', code: -1108, read: (it: Parameters) => it.integer('n') },
    { query: 'n=999999999999999999999', code: -1100, read: (it: Parameters) => it.integer('n') },
    { query: 'limit=1001', code: -1102, read: (it: Parameters) => it.limit(500, 1000) },
    { query: 'limit=0', code: -1130, read: (it: Parameters) => it.limit(500, 1000) },
    { query: 'n=yes', code: -1130, read: (it: Parameters) => it.flag('n') },
    { query: 'm=1', code: -1102, read: (it: Parameters) => it.mandatoryText('n') },
    { query: 'n=', code: -1105, read: (it: Parameters) => it.mandatoryText('n') },
  ])('$query is refused with $code', ({ query, code, read }) => {
    const parameters = reading(query);
    read(parameters);
    expect(parameters.refusal?.code).toBe(code);
  });

  test('times outside the life of the exchange are moved into it, and sixteen digits are microseconds', () => {
    const nowMs = 1_700_000_000_000;
    const parameters = reading('a=0&b=1800000000000&c=1650000000000123');
    expect(parameters.time('a', nowMs)).toBe(1483228800000);
    expect(parameters.time('b', nowMs)).toBe(nowMs + 10_000);
    expect(parameters.time('c', nowMs)).toBe(1650000000000.123);
    expect(parameters.refusal).toBeUndefined();
  });
});
