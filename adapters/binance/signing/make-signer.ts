import { constants, createPrivateKey, hash, type KeyObject, sign as signWith } from 'node:crypto';
import { err, ok, type Result } from '@tradewind/core/result';
import type { Signer } from './signer.ts';

/** A key as it was resolved at start: the venue's key id, and a secret text (HMAC) or a private key in PEM (Ed25519, RSA). */
export interface KeyMaterial {
  readonly apiKey: string;
  readonly secret: string;
}

/** Why a key cannot sign. Says nothing of what stood in it. */
export type KeyRefusal =
  | { readonly reason: 'api_key_empty' }
  /** It would not survive as the value of a header. */
  | { readonly reason: 'api_key_not_printable' }
  | { readonly reason: 'secret_empty' }
  /** It looks like PEM, and is no private key that can be opened without a password. */
  | { readonly reason: 'private_key_unreadable' }
  | { readonly reason: 'key_type_not_supported'; readonly was: string }
  | { readonly reason: 'rsa_key_size_not_supported'; readonly bits: number };

/**
 * Prepares a key once, for signing many times. PEM means Ed25519 or RSA, whichever it holds; anything else is an HMAC secret
 * (binance-spot.md section 2.3).
 */
export function makeSigner(material: KeyMaterial): Result<Signer, KeyRefusal> {
  // What a file or an environment hands over often ends in a line break; no key does.
  const apiKey = material.apiKey.trim();
  const secret = material.secret.trim();
  if (apiKey === '') return err({ reason: 'api_key_empty' });
  if (!/^[\x21-\x7e]+$/.test(apiKey)) return err({ reason: 'api_key_not_printable' });
  if (secret === '') return err({ reason: 'secret_empty' });
  if (!secret.includes('-----BEGIN')) return ok(new HmacSigner(apiKey, secret));
  const key = privateKeyOf(secret);
  if (key === undefined) return err({ reason: 'private_key_unreadable' });
  switch (key.asymmetricKeyType) {
    case 'ed25519':
      return ok(new Ed25519Signer(apiKey, key));
    case 'rsa': {
      const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
      if (bits < RSA_BITS_MIN || bits > RSA_BITS_MAX)
        return err({ reason: 'rsa_key_size_not_supported', bits });
      return ok(new RsaSigner(apiKey, key));
    }
    default:
      return err({ reason: 'key_type_not_supported', was: key.asymmetricKeyType ?? 'none' });
  }
}

const RSA_BITS_MIN = 2048;
const RSA_BITS_MAX = 4096;

function privateKeyOf(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    // The error of the library may quote what it was given.
    return undefined;
  }
}

/** Everything is in private fields and on the prototype, so that no print of a signer shows anything (faults.md S1). */
abstract class HiddenKey {
  readonly #apiKey: string;
  readonly #key: KeyObject;

  constructor(apiKey: string, key: KeyObject) {
    this.#apiKey = apiKey;
    this.#key = key;
  }

  get apiKey(): string {
    return this.#apiKey;
  }

  sign(text: string): string {
    return this.signatureOf(text, this.#key);
  }

  protected abstract signatureOf(text: string, key: KeyObject): string;
}

const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;
/** More than the longest text that is signed as a rule: an order list with four legs has some 900 characters. */
const TEXT_BYTES = 4096;

/**
 * HMAC-SHA256 as RFC 2104 writes it down: two digests, each of one call, behind pads that are made once. It is the last thing that an
 * order waits for, and `createHmac`, which makes a stream of each signature, takes three times as long where orders are seldom.
 */
class HmacSigner implements Signer {
  readonly #apiKey: string;
  /** The inner pad, and room for a text behind it. */
  #inner: Buffer;
  /** The outer pad, and room for the inner digest. */
  readonly #outer: Buffer;

  constructor(apiKey: string, secret: string) {
    const bytes = Buffer.from(secret, 'utf8');
    const key = bytes.length > BLOCK_BYTES ? hash('sha256', bytes, 'buffer') : bytes;
    this.#apiKey = apiKey;
    this.#inner = paddedKey(key, 0x36, TEXT_BYTES);
    this.#outer = paddedKey(key, 0x5c, DIGEST_BYTES);
  }

  get apiKey(): string {
    return this.#apiKey;
  }

  get algorithm(): 'hmac' {
    return 'hmac';
  }

  sign(text: string): string {
    const bytes = Buffer.byteLength(text);
    if (BLOCK_BYTES + bytes > this.#inner.length)
      this.#inner = Buffer.concat([this.#inner.subarray(0, BLOCK_BYTES), Buffer.alloc(bytes)]);
    this.#inner.write(text, BLOCK_BYTES, 'utf8');
    const digest = hash('sha256', this.#inner.subarray(0, BLOCK_BYTES + bytes), 'binary');
    this.#outer.write(digest, BLOCK_BYTES, 'binary');
    return hash('sha256', this.#outer, 'hex');
  }
}

function paddedKey(key: Uint8Array, pad: number, room: number): Buffer {
  const padded = Buffer.alloc(BLOCK_BYTES + room);
  for (let at = 0; at < BLOCK_BYTES; at += 1) padded[at] = (key[at] ?? 0) ^ pad;
  return padded;
}

class Ed25519Signer extends HiddenKey implements Signer {
  get algorithm(): 'ed25519' {
    return 'ed25519';
  }

  protected signatureOf(text: string, key: KeyObject): string {
    return signWith(null, Buffer.from(text, 'utf8'), key).toString('base64');
  }
}

class RsaSigner extends HiddenKey implements Signer {
  get algorithm(): 'rsa' {
    return 'rsa';
  }

  protected signatureOf(text: string, key: KeyObject): string {
    return signWith('sha256', Buffer.from(text, 'utf8'), {
      key,
      padding: constants.RSA_PKCS1_PADDING,
    }).toString('base64');
  }
}
