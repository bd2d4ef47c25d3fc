import { createHash, timingSafeEqual } from 'node:crypto';
import { invariant } from '@tradewind/core/result';

export const TOKEN_HEADER = 'authorization';
const TOKEN_CHARACTERS_MIN = 16;

/** Refuses to be without a token: who can reach the port could halt, resume and order otherwise. */
export function headerOfToken(token: string): string {
  invariant(
    token.length >= TOKEN_CHARACTERS_MIN,
    `services that run apart share a token of ${TOKEN_CHARACTERS_MIN} characters at least`,
  );
  return `Bearer ${token}`;
}

/** Judges headers in a time that says nothing of the token: digests are of one length whatever was sent. */
export function tokenJudge(token: string): (header: unknown) => boolean {
  const expected = digest(headerOfToken(token));
  return (header) => typeof header === 'string' && timingSafeEqual(digest(header), expected);
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
