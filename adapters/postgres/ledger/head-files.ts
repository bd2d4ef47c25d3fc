import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { chmod, link, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { HeadKeeper } from './head-keeper.ts';

export interface HeadFiles {
  /** The signed end of the journal. */
  readonly headFile: string;
  /** The key that signs it. */
  readonly keyFile: string;
}

/**
 * Keeps the signed end of the journal in a file. The Ed25519 key that signs it is made on the first start, and only its owner may read
 * it: who changes the database without this key cannot hide that its tail is gone.
 */
export async function openHeadFiles({ headFile: place, keyFile }: HeadFiles): Promise<HeadKeeper> {
  await mkdir(dirname(place), { recursive: true });
  await mkdir(dirname(keyFile), { recursive: true, mode: 0o700 });
  const key = await keyIn(keyFile);
  const publicKey = createPublicKey(key);
  return {
    place,
    read: () => textOf(place),
    async write(text) {
      await writeDurably(`${place}.new`, text, 0o644);
      await rename(`${place}.new`, place);
    },
    sign: (text) => sign(null, Buffer.from(text), key).toString('base64'),
    isSignedBy: (text, signature) =>
      verify(null, Buffer.from(text), publicKey, Buffer.from(signature, 'base64')),
  };
}

async function keyIn(file: string): Promise<KeyObject> {
  const known = await textOf(file);
  if (known !== undefined) return createPrivateKey(known);
  const { privateKey } = generateKeyPairSync('ed25519');
  await writeDurably(`${file}.new`, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), 0o600);
  try {
    // A link, unlike a rename, does not replace the key that another process may have made meanwhile.
    await link(`${file}.new`, file);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  }
  await rm(`${file}.new`, { force: true });
  return createPrivateKey(await readFile(file, 'utf8'));
}

async function writeDurably(file: string, text: string, mode: number): Promise<void> {
  const handle = await open(file, 'w', mode);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await chmod(file, mode);
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
