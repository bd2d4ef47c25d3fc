import { SeededRandom } from '@tradewind/utils';
import { expect, test } from 'vitest';
import { atStart, runCampaign } from './campaign.ts';
import { Mutator } from './mutator.ts';
import { shortRun } from './short-run.ts';
import type { FuzzTarget } from './target.ts';
import { jsonOf, parseTree, treeOf } from './tree.ts';

/** Fails where a text has the letter x, and crashes where it has a y. */
const planted: FuzzTarget = {
  name: 'planted',
  make: (mutator) => ({
    part: 'letters',
    texts: Array.from({ length: 3 }, () =>
      String.fromCharCode(97 + mutator.below(26), 97 + mutator.below(26)),
    ),
  }),
  judge({ texts }) {
    if (texts.some((text) => text.includes('y'))) throw new RangeError('no room for it');
    return { outcome: 'read', wrong: texts.some((text) => text.includes('x')) ? 'an x was read' : undefined };
  },
};

test('a failure is found, told once, and made as small as it can be', async () => {
  const { found } = await shortRun(planted, 1000);
  expect(found).toHaveLength(2);
  expect(found.join('\n')).toMatch(
    /planted wrong, seed \d+: an x was read\n.* --from \d+ --count 1\n.*\n {4}"x"/,
  );
  expect(found.join('\n')).toMatch(/planted crash, seed \d+: RangeError: no room for it\n[\s\S]*\n {4}"y"/);
});

test('a campaign that goes on where it stood ends as one that was never stopped', async () => {
  const listener = { found: () => undefined };
  const whole = await runCampaign(planted, atStart(5), 600, listener);
  const half = await runCampaign(planted, atStart(5), 200, listener);
  const rest = await runCampaign(planted, JSON.parse(JSON.stringify(half)), 600, listener);
  expect({ ...rest, cpuMs: 0 }).toEqual({ ...whole, cpuMs: 0 });
});

test('one seed always spoils alike, and two do not', () => {
  const sample = treeOf({ a: [1, '2', { b: null }], c: 'd' });
  const spoilt = (seed: number) => {
    const mutator = new Mutator(new SeededRandom(seed));
    return Array.from({ length: 20 }, () => mutator.json(sample, [sample]));
  };
  expect(spoilt(1)).toEqual(spoilt(1));
  expect(spoilt(1)).not.toEqual(spoilt(2));
});

test('a tree is the JSON that it was read from, names that come twice and digits that no double has included', () => {
  const json = '{"a":1,"a":{"":[12345678901234567890.10,"\\u0041 : {",[]]},"b":{}}';
  const tree = parseTree(json)!;
  expect(jsonOf(tree)).toBe(json);
  expect(parseTree(jsonOf(tree, '  '))).toEqual(tree);
  expect(parseTree('{"a":')).toBeUndefined();
});
