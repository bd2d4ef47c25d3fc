import { createPrivateKey, createPublicKey } from 'node:crypto';
import { type Amount, amount } from '@tradewind/core/money';
import { type Random, SeededRandom } from '@tradewind/utils';
import type { ExchangePort, KeyKind } from '../exchange/index.ts';

/** An account to be opened, with its keys. */
export interface AccountSetup {
  readonly balances: readonly (readonly [asset: string, amount: Amount])[];
  readonly keys: readonly KeySetup[];
}

/** A key as its owner holds it and as the exchange does. */
export interface KeySetup {
  readonly apiKey: string;
  readonly kind: KeyKind;
  /** What requests are signed with: the secret of an HMAC key, the private key in PEM of the others. */
  readonly held: string;
  /** What signatures are checked with: the same secret, or the public key in PEM. */
  readonly verifier: string;
}

/** Opens accounts and their keys; an account one of whose keys is known already is there, and stays as it is. */
export function openAccounts(exchange: ExchangePort, accounts: readonly AccountSetup[]): void {
  for (const { balances, keys } of accounts) {
    if (keys.some(({ apiKey }) => exchange.key(apiKey) !== undefined)) continue;
    const account = exchange.openAccount({ balances });
    for (const { apiKey, kind, verifier } of keys) {
      exchange.addKey({
        apiKey,
        account,
        kind,
        secret: verifier,
        permissions: { read: true, trade: true, withdraw: false },
        allowedAddresses: undefined,
      });
    }
  }
}

export const hmacKey = (apiKey: string, secret: string): KeySetup => ({
  apiKey,
  kind: 'HMAC',
  held: secret,
  verifier: secret,
});

/** How many demo accounts there are; they differ only in their keys. */
const DEMO_ACCOUNTS = 2;

/** Accounts for who brings none: enough of every asset to trade with, keys that are the same for the same seed. */
export function demoAccounts(assets: readonly string[], seed: number): AccountSetup[] {
  const random = new SeededRandom(seed);
  const balances = assets.map((asset) => [asset, amount(asset, DEMO_BALANCES[asset] ?? '1000')] as const);
  return Array.from({ length: DEMO_ACCOUNTS }, (_, index) => {
    const number = index + 1;
    const hmac = hmacKey(
      filledUp(`demoKey${number}ofTheSimulator`, random),
      filledUp(`demoSecret${number}ofTheSimulator`, random),
    );
    return {
      balances,
      keys: [hmac, ed25519Key(filledUp(`demoEd25519Key${number}ofTheSimulator`, random), random)],
    };
  });
}

const DEMO_BALANCES: Readonly<Record<string, string>> = {
  USDT: '100000',
  USDC: '100000',
  FDUSD: '100000',
  EUR: '100000',
  BTC: '2',
  ETH: '30',
  BNB: '100',
};

/** Keys and secrets have 64 letters and digits (binance-spot.md section 2.5). */
const KEY_LENGTH = 64;
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

function filledUp(start: string, random: Random): string {
  let text = start;
  while (text.length < KEY_LENGTH) text += LETTERS[Math.floor(random.nextFraction() * LETTERS.length)];
  return text;
}

/** What stands before the 32 bytes of an Ed25519 private key in PKCS#8 (RFC 8410 section 7). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

function ed25519Key(apiKey: string, random: Random): KeySetup {
  const seed = Buffer.alloc(32);
  for (let at = 0; at < seed.length; at += 4) seed.writeUInt32LE(random.nextUint32(), at);
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8_PREFIX, seed]),
    format: 'der',
    type: 'pkcs8',
  });
  return {
    apiKey,
    kind: 'ED25519',
    held: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    verifier: createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString(),
  };
}
