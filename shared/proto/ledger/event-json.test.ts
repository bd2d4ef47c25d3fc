import { amount, quantity } from '@tradewind/core/money';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EventBody } from '../contracts/event.ts';
import { EVENT_KINDS, readBody, writeBody } from './event-json.ts';
import { bodyArbitrary } from './events.test-support.ts';

const seen = new Set<string>();

test('every event is read back as it was written, and written again with the same bytes', () => {
  fc.assert(
    fc.property(bodyArbitrary, (body) => {
      seen.add(body.kind);
      const payload = writeBody(body);
      const read = readBody(payload);
      expect(read).toEqual({ ok: true, value: body });
      expect(read.ok && writeBody(read.value)).toBe(payload);
    }),
    { numRuns: 1500 },
  );
  expect([...seen].sort()).toEqual([...EVENT_KINDS].sort());
});

test('a payload is one line, so that it cannot reach into the next part of the hashed text', () => {
  fc.assert(
    fc.property(bodyArbitrary, (body) => {
      expect(writeBody(body)).not.toMatch(/[\n\r]/);
    }),
    { numRuns: 300 },
  );
});

test('amounts are decimals, accounts have names, and the fields stand in the order of the contract', () => {
  const body: EventBody = {
    detail: 'first capital',
    kind: 'balance',
    postings: [
      { amount: amount('USDT', '-1000.5'), asset: 'USDT', account: 4, subAccount: 'owner' },
      { amount: amount('USDT', '1000.5'), asset: 'USDT', account: 0, subAccount: 'owner' },
    ],
    cause: 'opening',
  };
  expect(writeBody(body)).toBe(
    '{"kind":"balance","cause":"opening","postings":[' +
      '{"subAccount":"owner","account":"funding","asset":"USDT","amount":"-1000.5"},' +
      '{"subAccount":"owner","account":"free","asset":"USDT","amount":"1000.5"}],"detail":"first capital"}',
  );
});

const INTENT =
  '{"kind":"intent","wanted":{"clientOrderId":"a-1","strategy":"a","symbol":"BTCUSDT","side":"BUY","terms":{"type":"LIMIT","quantity":"0.5","price":"60000","timeInForce":"GTC"},"tag":"","decidedAtMs":5},"expiresAtMs":9,"epoch":1}';

test('the text of an intent is what the contract says', () => {
  expect(readBody(INTENT)).toEqual({
    ok: true,
    value: {
      kind: 'intent',
      wanted: {
        clientOrderId: 'a-1',
        strategy: 'a',
        symbol: 'BTCUSDT',
        side: 'BUY',
        terms: {
          type: 'LIMIT',
          quantity: quantity('0.5'),
          price: amount('price', '60000'),
          timeInForce: 'GTC',
        },
        tag: '',
        decidedAtMs: 5,
      },
      expiresAtMs: 9,
      epoch: 1,
    },
  });
});

test.each([
  { what: 'a kind that nobody knows', from: '"intent"', to: '"wish"', says: '.kind is not known' },
  { what: 'a field that nobody knows', from: '"epoch":1', to: '"epoch":1,"era":1', says: 'beyond' },
  { what: 'a field that is missing', from: ',"epoch":1', to: '', says: 'it has no epoch' },
  {
    what: 'a second notation of a decimal',
    from: '"0.5"',
    to: '"0.50"',
    says: 'wanted.terms.quantity is not an amount',
  },
  {
    what: 'a number instead of a decimal',
    from: '"0.5"',
    to: '0.5',
    says: 'wanted.terms.quantity is not an amount',
  },
  { what: 'a side that is none', from: '"BUY"', to: '"buy"', says: 'wanted.side is not one of BUY, SELL' },
  { what: 'half a millisecond', from: ':9', to: ':9.5', says: 'expiresAtMs is not a whole number' },
  {
    what: 'a name with a line break',
    from: 'BTCUSDT',
    to: 'BTC\\nUSDT',
    says: 'wanted.symbol is not a name',
  },
  { what: 'what is no JSON', from: '}', to: '', says: 'not JSON' },
  { what: 'a limit without a price', from: '"price":"60000",', to: '', says: 'it has no price' },
])('the reader refuses $what', ({ from, to, says }) => {
  const read = readBody(INTENT.replace(from, to));
  expect(read).toMatchObject({ ok: false, error: { reason: 'malformed' } });
  expect(!read.ok && read.error.detail).toContain(says);
});

test.each([
  { terms: '{"type":"MARKET"}' },
  { terms: '{"type":"MARKET","quantity":"1","quoteAmount":"1"}' },
  { terms: '{"type":"STOP_LOSS","quantity":"1","trigger":{}}' },
])('the reader refuses terms that leave open what is ordered: $terms', ({ terms }) => {
  expect(readBody(INTENT.replace(/\{"type".*?\}/, terms)).ok).toBe(false);
});

test('what is not a name cannot be written', () => {
  const wrong = { kind: 'leader', epoch: 1, holder: 'a\nb' } as const;
  expect(() => writeBody(wrong)).toThrow('no control characters');
});
