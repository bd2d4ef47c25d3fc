import { createHmac, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Parameters } from '../model/parameters.ts';
import { makeSigner } from './make-signer.ts';
import { paramsOf, queryOf, SignedParams, signedQueryOf } from './payload.ts';
import type { Signer } from './signer.ts';
import golden from './signing-vectors.json' with { type: 'json' };

interface Vector {
  readonly id: string;
  readonly key: string;
  readonly payloadToSign: string;
  readonly expectedSignature: string;
  readonly expectedSignaturePercentEncoded?: string;
  readonly params?: Readonly<Record<string, string | number>>;
  readonly transport: string;
}
const vectors = golden.vectors as readonly Vector[];
const { hmac_docs: hmac, ed25519_docs_fix_example: ed25519, rsa_throwaway: rsa } = golden.keys;

/** PEM is base64 between two lines; the documents give the DER. */
const pemOf = (der: string): string =>
  ['-----BEGIN ', 'PRIVATE KEY-----\n', der, '\n-----END PRIVATE KEY-----'].join('');

function signerOf(secret: string, apiKey = 'key'): Signer {
  const signer = makeSigner({ apiKey, secret });
  if (!signer.ok) throw new RangeError(signer.error.reason);
  return signer.value;
}
const hmacSigner = signerOf(hmac.secretKey, hmac.apiKey);
const ed25519Signer = signerOf(pemOf(ed25519.privateKeyPkcs8DerBase64));
const rsaPem = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
  type: 'pkcs8',
  format: 'pem',
}) as string;

const ofKey = (key: string) => vectors.filter((vector) => vector.key === key);
const parametersOf = (vector: Vector): Parameters => Object.entries(vector.params ?? {});
const withoutKey = (vector: Vector): Parameters => parametersOf(vector).filter(([name]) => name !== 'apiKey');

describe('signatures of the golden vectors', () => {
  test.each(ofKey('hmac_docs'))('$id: HMAC', ({ payloadToSign, expectedSignature }) => {
    expect(hmacSigner.sign(payloadToSign)).toBe(expectedSignature);
  });

  test.each(ofKey('ed25519_docs_fix_example'))('$id: Ed25519', ({ payloadToSign, expectedSignature }) => {
    expect(ed25519Signer.sign(payloadToSign)).toBe(expectedSignature);
  });

  test.each(ofKey('rsa_throwaway'))(
    '$id: RSA is verified as ours is',
    ({ payloadToSign, expectedSignature }) => {
      const theirs = createPublicKey({
        key: Buffer.from(rsa.publicKeySpkiDerBase64, 'base64'),
        format: 'der',
        type: 'spki',
      });
      const text = Buffer.from(payloadToSign, 'utf8');
      expect(verify('sha256', text, theirs, Buffer.from(expectedSignature, 'base64'))).toBe(true);
      const ours = Buffer.from(signerOf(rsaPem).sign(payloadToSign), 'base64');
      expect(ours).toHaveLength(256);
      expect(verify('sha256', text, createPublicKey(rsaPem), ours)).toBe(true);
    },
  );

  test.each(golden.negativeVectors)(
    '$id: another text than the right one is signed differently',
    (negative) => {
      const right = vectors.find(({ id }) => id === negative.rightVector);
      expect(hmacSigner.sign(negative.wrongPayload)).toBe(negative.wrongSignature);
      expect(negative.wrongSignature).not.toBe(right?.expectedSignature);
    },
  );
});

describe('what is signed', () => {
  const rest = vectors.filter(({ transport, params }) => transport === 'rest' && params !== undefined);
  const socket = vectors.filter(({ transport, params }) => transport === 'ws-api' && params !== undefined);

  test.each(rest)('$id: REST percent-encodes first and keeps the order', (vector) => {
    expect(queryOf(parametersOf(vector))).toBe(vector.payloadToSign);
  });

  test.each(rest.filter(({ key }) => key === 'ed25519_docs_fix_example'))(
    '$id: the signature comes last and is percent-encoded',
    (vector) => {
      expect(signedQueryOf(parametersOf(vector), ed25519Signer)).toBe(
        `${vector.payloadToSign}&signature=${vector.expectedSignaturePercentEncoded}`,
      );
    },
  );

  test.each(socket)('$id: the WebSocket API sorts by name and signs raw UTF-8', (vector) => {
    const apiKey = String(vector.params?.apiKey);
    const echo: Signer = { apiKey, algorithm: 'hmac', sign: (text) => text };
    expect(JSON.parse(new SignedParams().textOf(withoutKey(vector), echo)).signature).toBe(
      vector.payloadToSign,
    );
  });

  test('a request of the WebSocket API gets the key, and a signature over all that it says', () => {
    const vector = vectors.find(({ id }) => id === 'wsapi-hmac-ascii')!;
    expect(JSON.parse(new SignedParams().textOf(withoutKey(vector), hmacSigner))).toEqual({
      ...vector.params,
      signature: vector.expectedSignature,
    });
  });

  test('whatever requests were signed before, each is signed over its own names and values', () => {
    const names = fc.constantFrom('symbol', 'side', 'price', 'quantity', 'timestamp', 'zone');
    const value = fc.oneof(fc.string({ maxLength: 4 }), fc.nat());
    const request = fc.uniqueArray(fc.tuple(names, value), { selector: ([name]) => name });
    const echo: Signer = { apiKey: 'key', algorithm: 'hmac', sign: (text) => text };
    fc.assert(
      fc.property(fc.array(request, { maxLength: 6 }), (requests) => {
        const params = new SignedParams();
        for (const given of requests) {
          const { signature, ...sent } = JSON.parse(params.textOf(given, echo));
          const expected = { ...Object.fromEntries(given), apiKey: 'key' };
          expect(sent).toEqual(expected);
          const signed = Object.entries(expected).map(([name, said]) => `${name}=${said}`);
          expect(signature).toBe(signed.sort().join('&'));
        }
      }),
    );
  });

  test('params are the JSON of what was given, whatever stands in it', () => {
    const value = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom('"', 'a\\', 'a\nb', '\u007f', '\ud800', ''),
      fc.maxSafeInteger(),
      fc.boolean(),
      fc.array(fc.string(), { maxLength: 3 }),
    );
    fc.assert(
      fc.property(
        fc.uniqueArray(
          fc.tuple(fc.string({ unit: fc.constantFrom(...'abXY'), minLength: 1, maxLength: 4 }), value),
          {
            selector: ([name]) => name,
            maxLength: 5,
          },
        ),
        (given) => {
          expect(JSON.parse(paramsOf(given))).toEqual(JSON.parse(JSON.stringify(Object.fromEntries(given))));
        },
      ),
    );
  });

  test('a list is sent as its JSON text, and nothing in it is left for others to encode', () => {
    expect(queryOf([['symbols', ['BTCUSDT', 'BNBUSDT']]])).toBe(
      'symbols=%5B%22BTCUSDT%22%2C%22BNBUSDT%22%5D',
    );
    expect(queryOf([['a', "!'()* ~"]])).toBe('a=%21%27%28%29%2A%20~');
    expect(queryOf([['symbol', 'a\ud800']])).toBe('symbol=a%EF%BF%BD');
  });
});

describe('keys', () => {
  test.each([
    { secret: 'anything', algorithm: 'hmac' },
    { secret: pemOf(ed25519.privateKeyPkcs8DerBase64), algorithm: 'ed25519' },
    { secret: rsaPem, algorithm: 'rsa' },
  ])('what kind a key is follows from the key: $algorithm', ({ secret, algorithm }) => {
    expect(signerOf(secret).algorithm).toBe(algorithm);
  });

  test('a line break behind a key or a secret is not part of it', () => {
    const signer = signerOf(`${hmac.secretKey}\n`, `${hmac.apiKey}\r\n`);
    expect(signer.apiKey).toBe(hmac.apiKey);
    expect(signer.sign(vectors[0]!.payloadToSign)).toBe(vectors[0]!.expectedSignature);
  });

  test.each([
    { of: 'a secret and a text of any characters', secret: 'sécret', text: 'symbol=１２３&price=\ud800' },
    { of: 'a secret of exactly one block', secret: 'k'.repeat(64), text: '' },
    { of: 'a secret that is longer than a block', secret: 'k'.repeat(65), text: 'a=1' },
    { of: 'a text that is longer than any order', secret: 'k', text: 'é'.repeat(5000) },
  ])('HMAC of $of is that of the library', ({ secret, text }) => {
    const signer = signerOf(secret);
    const expected = (of: string) => createHmac('sha256', secret).update(of).digest('hex');
    expect(signer.sign(text)).toBe(expected(text));
    expect(signer.sign('a shorter text after it')).toBe(expected('a shorter text after it'));
  });

  const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  }) as string;
  const short = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  }) as string;
  const publicPem = createPublicKey(rsaPem).export({ type: 'spki', format: 'pem' }) as string;

  test.each([
    { apiKey: ' ', secret: 'x', refusal: { reason: 'api_key_empty' } },
    { apiKey: 'a\nb', secret: 'x', refusal: { reason: 'api_key_not_printable' } },
    { apiKey: 'k', secret: '\n', refusal: { reason: 'secret_empty' } },
    { apiKey: 'k', secret: pemOf('bm90IGEga2V5'), refusal: { reason: 'private_key_unreadable' } },
    { apiKey: 'k', secret: publicPem, refusal: { reason: 'private_key_unreadable' } },
    { apiKey: 'k', secret: elliptic, refusal: { reason: 'key_type_not_supported', was: 'ec' } },
    { apiKey: 'k', secret: short, refusal: { reason: 'rsa_key_size_not_supported', bits: 1024 } },
  ])('a key that cannot sign is refused: $refusal.reason', ({ apiKey, secret, refusal }) => {
    expect(makeSigner({ apiKey, secret })).toEqual({ ok: false, error: refusal });
  });

  test.each([
    { kind: 'HMAC', secret: 'canary-secret-text' },
    { kind: 'Ed25519', secret: pemOf(ed25519.privateKeyPkcs8DerBase64) },
    { kind: 'RSA', secret: rsaPem },
  ])('S1: no print of a signer shows its key: $kind', ({ secret }) => {
    const signer = signerOf(secret, 'canary-api-key');
    const body = secret.split('\n')[1] ?? secret;
    const prints = [
      String(signer),
      JSON.stringify(signer),
      inspect(signer, { depth: 10, showHidden: true }),
      Object.entries(signer).join(),
      new Error('x', { cause: signer }).stack ?? '',
      inspect(new Error('x', { cause: signer }), { showHidden: true }),
    ];
    for (const print of prints) {
      expect(print).not.toContain('canary');
      expect(print).not.toContain(body);
    }
  });

  test('S1: a refused key is not quoted', () => {
    const refused = makeSigner({ apiKey: 'canary-api-key', secret: pemOf('Y2FuYXJ5') });
    expect(inspect(refused, { depth: 10 })).not.toMatch(/canary|Y2FuYXJ5/);
  });
});
