import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import vectors from '../test-vectors/signing.json' with { type: 'json' };
import { scanRequest } from '../websocket-api/scan-request.ts';
import { signedWebSocketText } from '../websocket-api/signed-text.ts';
import { hmacVerifier, publicKeyVerifier, type SignatureVerifier, signedRestText } from './signature.ts';

const VERIFIERS: Record<string, SignatureVerifier> = {
  hmac_docs: hmacVerifier(vectors.keys.hmac_docs.secretKey),
  ed25519_docs_fix_example: publicKeyVerifier(vectors.keys.ed25519_docs_fix_example.publicKeySpkiDerBase64)!,
  rsa_throwaway: publicKeyVerifier(vectors.keys.rsa_throwaway.publicKeySpkiDerBase64)!,
};

describe('the golden vectors of the reference', () => {
  test.each(vectors.vectors)('$id verifies, and not with a changed text or signature', (vector) => {
    const verifier = VERIFIERS[vector.key]!;
    const { payloadToSign, expectedSignature } = vector;
    expect(verifier.accepts(payloadToSign, expectedSignature)).toBe(true);
    expect(verifier.accepts(`${payloadToSign} `, expectedSignature)).toBe(false);
    expect(verifier.accepts(payloadToSign, `${expectedSignature.slice(0, -3)}AAA`)).toBe(false);
    expect(verifier.accepts(payloadToSign, '')).toBe(false);
  });

  test.each(vectors.negativeVectors.filter((it) => it.id !== 'neg-mixed-with-ampersand'))(
    '$id: what was signed wrongly is no signature of the right text',
    (vector) => {
      const right = vectors.vectors.find((it) => it.id === vector.rightVector)!;
      expect(VERIFIERS[right.key]!.accepts(right.payloadToSign, vector.wrongSignature)).toBe(false);
    },
  );

  const webSocket = vectors.vectors.filter((it) => it.params !== undefined);
  test.each(webSocket)('$id: the text is made of the frame as it was sent', ({ params, payloadToSign }) => {
    const frame = JSON.stringify({ id: 1, method: 'x', params: { signature: 'abc', ...params } });
    const request = scanRequest(frame);
    expect('parameters' in request && signedWebSocketText(request.parameters)).toBe(payloadToSign);
  });
});

test.each([
  {
    number: 1,
    secret: '\u000b'.repeat(20),
    text: 'Hi There',
    digest: 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
  },
  {
    number: 2,
    secret: 'Jefe',
    text: 'what do ya want for nothing?',
    digest: '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  },
])('an HMAC is that of test case $number of RFC 4231', ({ secret, text, digest }) => {
  expect(hmacVerifier(secret).accepts(text, digest)).toBe(true);
});

test('an HMAC digest may be in upper case', () => {
  const vector = vectors.vectors[0]!;
  expect(VERIFIERS.hmac_docs!.accepts(vector.payloadToSign, vector.expectedSignature.toUpperCase())).toBe(
    true,
  );
});

test.each([
  { query: 'a=1&signature=x', body: '', text: 'a=1' },
  { query: 'signature=x&a=1', body: '', text: 'a=1' },
  { query: 'a=1&signature=x&b=2', body: '', text: 'a=1&b=2' },
  { query: 'a=1', body: 'b=2&signature=x', text: 'a=1b=2' },
  { query: 'a=1&signature=x', body: 'b=2', text: 'a=1b=2' },
  { query: 'signature=x', body: '', text: '' },
  { query: 'mysignature=1&a=%2B', body: '', text: 'mysignature=1&a=%2B' },
])('of "$query" and "$body" the text "$text" was signed', ({ query, body, text }) => {
  expect(signedRestText(query, body)).toBe(text);
});

test('numbers of a frame are signed with the characters that they were sent with', () => {
  const request = scanRequest(
    '{"id":1,"method":"m","params":{"quantity":1.0,"orderId":12345678901234567890}}',
  );
  expect('parameters' in request && signedWebSocketText(request.parameters)).toBe(
    'orderId=12345678901234567890&quantity=1.0',
  );
});

test('an RSA key of less than 2048 bits, and what is no key, are refused', () => {
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
  expect(
    publicKeyVerifier(weak.publicKey.export({ type: 'spki', format: 'pem' }).toString()),
  ).toBeUndefined();
  expect(publicKeyVerifier('nonsense')).toBeUndefined();
});

test('an RSA-PSS signature is not accepted', () => {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const verifier = publicKeyVerifier(pair.publicKey.export({ type: 'spki', format: 'pem' }).toString())!;
  const plain = sign('sha256', Buffer.from('a=1'), pair.privateKey).toString('base64');
  const padded = sign('sha256', Buffer.from('a=1'), { key: pair.privateKey, padding: 6 }).toString('base64');
  expect(verifier.accepts('a=1', plain)).toBe(true);
  expect(verifier.accepts('a=1', padded)).toBe(false);
  expect(verifier.accepts('a=1', ` ${plain}`)).toBe(false);
});

test('an HMAC is the one of the library, for any secret and any text', () => {
  const secrets = fc.oneof(
    fc.string({ minLength: 1, maxLength: 70 }),
    fc.string({ unit: 'binary', minLength: 1 }),
    fc.string({ minLength: 64, maxLength: 64 }),
  );
  fc.assert(
    fc.property(secrets, fc.string({ unit: 'grapheme', maxLength: 300 }), (secret, text) => {
      const digest = createHmac('sha256', secret).update(text).digest('hex');
      const verifier = hmacVerifier(secret);
      expect(verifier.accepts(text, digest)).toBe(true);
      expect(verifier.accepts(`${text}x`, digest)).toBe(false);
    }),
    { numRuns: 500 },
  );
});
