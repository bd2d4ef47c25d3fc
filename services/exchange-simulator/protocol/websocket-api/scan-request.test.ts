import { ok as assertOk } from 'node:assert';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isScanned, scanRequest } from './scan-request.ts';

const fuzzRuns = Number(process.env.FUZZ_RUNS ?? 2000);

/** What JSON.parse makes of the same frame, as texts. */
function slowParameters(text: string): Record<string, string> | undefined {
  const { params } = JSON.parse(text) as { params?: Record<string, unknown> };
  if (params === undefined || params === null) return {};
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => {
      if (value === null) return [name, ''];
      return [name, typeof value === 'string' ? value : JSON.stringify(value)];
    }),
  );
}

const parametersOf = (text: string): Record<string, string> | undefined => {
  const request = scanRequest(text);
  if (!isScanned(request)) return undefined;
  const { parameters } = request;
  const entries = Array.from({ length: parameters.count }, (_, index) => [
    parameters.nameAt(index),
    parameters.valueAt(index),
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
};

describe('a request', () => {
  test('is read as JSON.parse reads it', () => {
    const value = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(fc.string()),
      fc.dictionary(fc.string(), fc.integer()),
    );
    const names = fc.string({ minLength: 1 }).filter((it) => it !== '__proto__');
    fc.assert(
      fc.property(fc.dictionary(names, value), fc.string({ maxLength: 36 }), (params, id) => {
        const text = JSON.stringify({ id, method: 'm', params });
        expect(parametersOf(text)).toEqual(slowParameters(text));
        const request = scanRequest(text);
        expect(request.id).toBe(JSON.stringify(id));
      }),
      { numRuns: 200 },
    );
  });

  test('is refused exactly where JSON.parse refuses it, whatever the bytes', () => {
    const good =
      '{"id":"a1","method":"order.place","params":{"price":"1.5","n":-1.5e3,"l":["x",{}],"t":true}}';
    const characters = '{}[]":,\\n u0-e.tfl\t\u0000é';
    const edit = fc.tuple(
      fc.nat(good.length),
      fc.nat(3),
      fc.string({ unit: fc.constantFrom(...characters), maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 3 }), (edits) => {
        let text = good;
        for (const [at, removed, added] of edits) text = text.slice(0, at) + added + text.slice(at + removed);
        let isJson = true;
        try {
          JSON.parse(text);
        } catch {
          isJson = false;
        }
        const request = scanRequest(text);
        const saysNotJson = !isScanned(request) && request.problem === 'not_json';
        // A frame that is JSON but no object is not understood either.
        if (!isJson) expect(isScanned(request)).toBe(false);
        else if (saysNotJson) expect(text.trimStart().startsWith('{')).toBe(false);
      }),
      { numRuns: fuzzRuns },
    );
  });

  test.each([
    { id: '1', echoed: '1' },
    { id: '-9223372036854775808', echoed: '-9223372036854775808' },
    { id: '9223372036854775807', echoed: '9223372036854775807' },
    { id: '"abc-1"', echoed: '"abc-1"' },
    { id: 'null', echoed: 'null' },
  ])('$id is an id and comes back untouched', ({ id, echoed }) => {
    const request = scanRequest(`{"id":${id},"method":"ping"}`);
    expect(isScanned(request) && request.id).toBe(echoed);
  });

  test.each(['9223372036854775808', '1.5', '1e3', 'true', '[]', '{}', `"${'x'.repeat(37)}"`])(
    '%s is no id',
    (id) => {
      const request = scanRequest(`{"id":${id},"method":"ping"}`);
      expect(isScanned(request) ? '' : request.problem).toBe('bad_id');
    },
  );

  test.each([
    { text: '{"id":1,"method":"order.place","method":"ping"}', method: 'ping', parameters: 0 },
    { text: '{"id":1,"method":"m","params":{"a":1},"params":null}', method: 'm', parameters: 0 },
    { text: '{"id":1,"method":"m","params":null,"params":{"a":1}}', method: 'm', parameters: 1 },
  ])('of a name that comes twice the last one counts: $text', ({ text, method, parameters }) => {
    const request = scanRequest(text);
    assertOk(isScanned(request));
    expect([request.method, request.parameters.count]).toEqual([method, parameters]);
  });

  test.each([
    { text: '', problem: 'not_json' },
    { text: '[]', problem: 'not_json' },
    { text: '{"id":1}', problem: 'no_method' },
    { text: '{"id":1,"method":5}', problem: 'no_method' },
    // Found by fuzz, simulator 65: an order was placed.
    { text: '{"id":1,"method":"order.place","method":{}}', problem: 'no_method' },
    { text: '{"id":1,"method":"m","params":[1]}', problem: 'bad_parameters' },
    { text: '{"id":1,"method":"m","params":{"a":1,"a":2}}', problem: 'duplicate_parameter' },
    { text: `{"id":1,"method":"m","params":{"a":${'['.repeat(40)}${']'.repeat(40)}}}`, problem: 'not_json' },
    { text: `{"id":1,"method":"m","x":"${'y'.repeat(70_000)}"}`, problem: 'not_json' },
  ])('S8: $problem', ({ text, problem }) => {
    const request = scanRequest(text);
    expect(isScanned(request) ? '' : request.problem).toBe(problem);
  });
});
