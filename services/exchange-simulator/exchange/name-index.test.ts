import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NameIndex } from './name-index.ts';

const name = fc.oneof(fc.stringMatching(/^[a-z0-9-]{0,3}$/), fc.uuid(), fc.string({ maxLength: 2 }));

test('names are found, replaced, forgotten and listed as in one map of all of them', () => {
  const deed = fc.record({ name, orderId: fc.nat(), isDeleted: fc.boolean() });
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 200 }), (deeds) => {
      const index = new NameIndex();
      const model = new Map<string, number>();
      for (const { name, orderId, isDeleted } of deeds) {
        if (isDeleted) {
          index.delete(name);
          model.delete(name);
        } else {
          index.set(name, orderId);
          model.set(name, orderId);
        }
        expect(index.get(name)).toBe(model.get(name));
      }
      expect(new Map(index)).toEqual(model);
      expect([...index]).toHaveLength(model.size);
    }),
  );
});
