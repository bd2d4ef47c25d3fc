import fc from 'fast-check';
import { expect, test } from 'vitest';
import { IdIndex } from './id-index.ts';

test('finds what a Map finds, with ids that count up and end in any order', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 3 }), { maxLength: 3000, size: 'max' }), fc.nat(), (steps, seed) => {
      const index = new IdIndex();
      const map = new Map<number, number>();
      let last = 0;
      steps.forEach((step, at) => {
        const open = [...map.keys()].slice(0, 50);
        if (step > 0 || open.length === 0) {
          last += 1;
          index.add(last, (last * 7) % 1000);
          map.set(last, (last * 7) % 1000);
        } else {
          const id = open[(seed + at) % open.length] as number;
          index.delete(id);
          map.delete(id);
        }
      });
      for (let id = 0; id <= last + 1; id++) expect(index.get(id)).toBe(map.get(id) ?? -1);
    }),
    { numRuns: 20 },
  );
});
