import { describe, expect, expectTypeOf, test } from 'vitest';
import { type Ratio, ratio } from '../money/index.ts';
import {
  choice,
  describeBounds,
  formatParameter,
  integer,
  numeric,
  type ParameterValues,
  portion,
  readParameters,
  toggle,
} from './index.ts';

const specs = {
  period: integer({ default: 14, minimum: 2, maximum: 500, help: 'bars' }),
  level: numeric({ default: 30, minimum: -1.5, maximum: 99.5, help: 'a level' }),
  share: portion({ default: '0.5', minimum: '0.0001', maximum: '1', help: 'a share' }),
  mode: choice({ default: 'slow', choices: ['slow', 'fast'], help: 'a mode' }),
  loud: toggle({ default: false, help: 'a switch' }),
};

const read = (given: Record<string, string>) => readParameters(specs, new Map(Object.entries(given)));

test('what is not given has its default', () => {
  expect(read({})).toEqual({
    ok: true,
    value: { period: 14, level: 30, share: ratio('0.5'), mode: 'slow', loud: false },
  });
});

test('values have the types of their specs', () => {
  expectTypeOf<ParameterValues<typeof specs>>().toEqualTypeOf<{
    readonly period: number;
    readonly level: number;
    readonly share: Ratio;
    readonly mode: 'slow' | 'fast';
    readonly loud: boolean;
  }>();
});

test('a portion is exact to its last digit', () => {
  const result = read({ share: '0.123456789012345678' });
  expect(result.ok && formatParameter(specs.share, result.value.share)).toBe('0.123456789012345678');
});

describe('a value', () => {
  test.each([
    { name: 'period', text: '2', value: 2 },
    { name: 'period', text: '500', value: 500 },
    { name: 'level', text: '-1.5', value: -1.5 },
    { name: 'level', text: '99.5', value: 99.5 },
    { name: 'level', text: '1e1', value: 10 },
    { name: 'share', text: '0.0001', value: ratio('0.0001') },
    { name: 'share', text: '1', value: ratio('1') },
    { name: 'mode', text: 'fast', value: 'fast' },
    { name: 'loud', text: 'true', value: true },
    { name: 'loud', text: 'false', value: false },
  ])('$name=$text is taken', ({ name, text, value }) => {
    expect(read({ [name]: text })).toMatchObject({ ok: true, value: { [name]: value } });
  });

  test.each([
    { name: 'period', text: '1', bounds: 'a whole number from 2 to 500' },
    { name: 'period', text: '501', bounds: 'a whole number from 2 to 500' },
    { name: 'level', text: '-1.6', bounds: 'a number from -1.5 to 99.5' },
    { name: 'level', text: '99.50001', bounds: 'a number from -1.5 to 99.5' },
    { name: 'share', text: '0.00009', bounds: 'a decimal from 0.0001 to 1' },
    { name: 'share', text: '1.000000000000000001', bounds: 'a decimal from 0.0001 to 1' },
  ])('$name=$text is out of bounds', ({ name, text, bounds }) => {
    expect(read({ [name]: text })).toEqual({
      ok: false,
      error: [{ reason: 'out_of_bounds', name, was: text, bounds }],
    });
  });

  test.each([
    { name: 'period', text: '2.5' },
    { name: 'period', text: 'ten' },
    { name: 'period', text: '' },
    { name: 'period', text: ' ' },
    { name: 'level', text: 'Infinity' },
    { name: 'level', text: 'NaN' },
    { name: 'share', text: '1/2' },
    { name: 'share', text: '0.1234567890123456789' },
    { name: 'mode', text: 'Fast' },
    { name: 'loud', text: '1' },
  ])('$name=$text is none', ({ name, text }) => {
    const expected = describeBounds(specs[name as keyof typeof specs]);
    expect(read({ [name]: text })).toEqual({
      ok: false,
      error: [{ reason: 'not_a_value', name, was: text, expected }],
    });
  });
});

test('all problems are told at once: unknown names first, then each value in the order of the specs', () => {
  const known = ['period', 'level', 'share', 'mode', 'loud'];
  const result = read({ level: '100', toString: '1', speed: '3', period: 'x', mode: 'fast' });
  expect(result).toEqual({
    ok: false,
    error: [
      { reason: 'unknown_parameter', name: 'toString', known },
      { reason: 'unknown_parameter', name: 'speed', known },
      { reason: 'not_a_value', name: 'period', was: 'x', expected: 'a whole number from 2 to 500' },
      { reason: 'out_of_bounds', name: 'level', was: '100', bounds: 'a number from -1.5 to 99.5' },
    ],
  });
});

test('a value written as text is read back the same', () => {
  const values = { period: 7, level: 0.1, share: ratio('0.3'), mode: 'fast', loud: true };
  const texts = Object.entries(values).map(
    ([name, value]) => [name, formatParameter(specs[name as keyof typeof specs], value)] as const,
  );
  expect(texts.map(([, text]) => text)).toEqual(['7', '0.1', '0.3', 'fast', 'true']);
  expect(readParameters(specs, new Map(texts))).toEqual({ ok: true, value: values });
});

test('what a choice and a toggle accept is told in words', () => {
  expect([describeBounds(specs.mode), describeBounds(specs.loud)]).toEqual([
    'one of slow, fast',
    'true or false',
  ]);
});
