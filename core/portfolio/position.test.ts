import { expect, test } from 'vitest';
import { formatPrice } from '../money/index.ts';
import { Position } from './index.ts';
import { tally, textOf } from './portfolio.test-support.ts';

const stateOf = ({ quantity, cost, realized }: Position) => [quantity, cost, realized].map(textOf).join(' ');
const averageOf = (position: Position) => {
  const price = position.averageEntryPrice();
  return price === undefined ? undefined : formatPrice(price);
};

type Step =
  | readonly ['buy' | 'sell', string, string, string, string | undefined]
  | readonly ['write off', string, string, string | undefined];

/** Each step: what, base, quote (not for a write-off), then quantity, cost and realised profit after it, and the average entry price. */
test.each<{ when: string; steps: readonly Step[] }>([
  {
    when: 'several buys and partial sells share one average cost',
    steps: [
      ['buy', '1', '100', '1 100 0', '100'],
      ['buy', '2', '260', '3 360 0', '120'],
      // 150 - 360 / 3
      ['sell', '1', '150', '2 240 30', '120'],
      ['buy', '1', '90', '3 330 30', '110'],
      // 300 - 330
      ['sell', '3', '300', '0 0 0', undefined],
    ],
  },
  {
    when: 'a part of the cost that is no whole unit is rounded up for what is sold, and the last sell takes the rest',
    steps: [
      // 100 / 3 = 33.333333333...
      ['buy', '3', '100', '3 100 0', '33.33333334'],
      ['sell', '1', '40', '2 66.66666666 6.66666666', '33.33333333'],
      ['sell', '1', '40', '1 33.33333333 13.33333333', '33.33333333'],
      ['sell', '1', '40', '0 0 20', undefined],
    ],
  },
  {
    when: 'selling more than half rounds the same way',
    steps: [
      ['buy', '3', '100', '3 100 0', '33.33333334'],
      // 100 x 2 / 3 = 66.666... up to 66.66666667
      ['sell', '2', '80', '1 33.33333333 13.33333333', '33.33333333'],
    ],
  },
  {
    when: 'selling exactly half leaves exactly half of the cost, rounded down',
    steps: [
      ['buy', '2', '0.00000003', '2 0.00000003 0', '0.00000002'],
      ['sell', '1', '1', '1 0.00000001 0.99999998', '0.00000001'],
    ],
  },
  {
    when: 'a loss is below zero',
    steps: [
      ['buy', '2', '100', '2 100 0', '50'],
      ['sell', '1', '10', '1 50 -40', '50'],
    ],
  },
  {
    when: 'dust that is written off takes its cost with it as a loss',
    steps: [
      ['buy', '1', '100', '1 100 0', '100'],
      ['sell', '0.999', '109.89', '0.001 0.1 9.99', '100'],
      ['write off', '0.0004', '0.0006 0.06 9.95', '100'],
      ['write off', '0.0006', '0 0 9.89', undefined],
    ],
  },
  {
    when: 'coins beyond the position were deposited: their part of the proceeds is no profit',
    steps: [
      ['buy', '1', '100', '1 100 0', '100'],
      // 1 of 4 sold was bought: a quarter of 600, less its cost of 100
      ['sell', '4', '600', '0 0 50', undefined],
      ['sell', '2', '300', '0 0 50', undefined],
      ['write off', '1', '0 0 50', undefined],
    ],
  },
  {
    when: 'the part of the proceeds that is ours is rounded down',
    steps: [
      ['buy', '1', '10', '1 10 0', '10'],
      // 100 / 3 = 33.33333333 - 10
      ['sell', '3', '100', '0 0 23.33333333', undefined],
    ],
  },
  {
    when: 'a write-off beyond the position takes all of its cost',
    steps: [
      ['buy', '1', '10', '1 10 0', '10'],
      ['write off', '2', '0 0 -10', undefined],
    ],
  },
  {
    when: 'wallets of cheap coins beyond 90 million stay exact',
    steps: [
      ['buy', '300000000000', '1000000', '300000000000 1000000 0', '0.00000334'],
      // 1000000 / 3
      ['sell', '100000000000', '400000', '200000000000 666666.66666666 66666.66666666', '0.00000334'],
    ],
  },
])('$when', ({ steps }) => {
  const position = new Position();
  for (const step of steps) {
    if (step[0] === 'write off') position.writeOff(tally(step[1]));
    else position[step[0]](tally(step[1]), tally(step[2]));
    const [expected, average] = step.slice(-2);
    expect(stateOf(position)).toBe(expected);
    expect(averageOf(position)).toBe(average);
  }
});
