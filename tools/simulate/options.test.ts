import { expect, test } from 'vitest';
import { readOptions } from './options.ts';

test('one seed, many seeds, and a time are read', () => {
  expect(readOptions(['--seed', '7', '--keep', '3,11', '--trace'])).toEqual({
    kind: 'one',
    seed: 7,
    keep: [3, 11],
    isTraced: true,
    deployment: undefined,
  });
  expect(readOptions(['--seed', '7', '--keep', 'none'])).toMatchObject({ keep: [] });
  expect(readOptions(['--seeds', '1..500', '--jobs', '2'])).toEqual({
    kind: 'many',
    from: 1,
    to: 500,
    jobs: 2,
    minutes: Number.POSITIVE_INFINITY,
    isCovered: false,
    deployment: undefined,
  });
  expect(readOptions(['--seed', '7', '--deployment', 'apart'])).toMatchObject({ deployment: 'apart' });
  expect(readOptions(['--seeds', '1..5', '--deployment', 'together'])).toMatchObject({
    deployment: 'together',
  });
  expect(readOptions(['--seeds', '1..5', '--coverage'])).toMatchObject({ isCovered: true });
  expect(readOptions(['--minutes', '5', '--seeds', '900..'])).toMatchObject({
    from: 900,
    minutes: 5,
    jobs: 1,
  });
  expect(readOptions(['--help'])).toEqual({ kind: 'help' });
});

test.each([
  { args: [], says: 'one of' },
  { args: ['--seed', 'x'], says: '--seed x' },
  { args: ['--seed', '-1'], says: '--seed' },
  { args: ['--seed', '99999999999'], says: '--seed 99999999999' },
  { args: ['--seed', '1', '--jobs', '2'], says: '--seed is one run' },
  { args: ['--seed', '1', '--coverage'], says: '--seed is one run' },
  { args: ['--seeds', '5..1'], says: '--seeds 5..1' },
  { args: ['--seeds', '5'], says: '--seeds 5' },
  { args: ['--seeds', '5..'], says: 'has no end' },
  { args: ['--seeds', '1..5', '--jobs', '0'], says: '--jobs 0' },
  { args: ['--minutes', '0'], says: '--minutes 0' },
  { args: ['--minutes', 'soon'], says: '--minutes soon' },
  { args: ['--seeds', '1..5', '--trace'], says: 'go with --seed' },
  { args: ['--seed', '1', '--keep', 'a'], says: '--keep a' },
  { args: ['--seed', '1', '--deployment', 'alone'], says: '--deployment alone' },
  { args: ['--sed', '1'], says: '--sed' },
])('$args is refused with a sentence', ({ args, says }) => {
  expect(readOptions(args)).toContain(says);
});
