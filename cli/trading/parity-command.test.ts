import { Slippage } from '@tradewind/core/matching/bars';
import { ratio, toFraction } from '@tradewind/core/money';
import { err, ok } from '@tradewind/core/result';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { parityCommand } from './parity-command.ts';

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

const none = toFraction(ratio('0'))!;
const empty = {
  session: { name: 'quiet', startedAtMs: 0, endedAtMs: 60_000, bars: new Map() },
  events: [],
  strategies: [],
  instruments: new Map(),
  assumptions: { fees: { maker: none, taker: none }, slippage: new Slippage(0, 1), limitFill: 'through' },
} as const;

async function run(input: Parameters<typeof parityCommand>[0], ...words: string[]) {
  const said: string[] = [];
  const hear = (text: unknown, ...rest: unknown[]): boolean => {
    said.push(String(text));
    const done = rest.at(-1);
    if (typeof done === 'function') done();
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(hear as never);
  vi.spyOn(process.stderr, 'write').mockImplementation(hear as never);
  await parityCommand(input).parseAsync(words, { from: 'user' });
  return { text: said.join(''), code: process.exitCode };
}

describe('tradewind parity', () => {
  test('says that nothing ran in a session, and that nothing differs', async () => {
    const { text, code } = await run(async () => ok(empty), 'quiet');
    expect(text).toContain('parity of session quiet\n  no strategy ran in it\n');
    expect(code).toBe(0);
    const { text: json } = await run(async () => ok(empty), 'quiet', '--json');
    expect(JSON.parse(json)).toMatchObject({ session: 'quiet', runs: [], counts: { unexplained: 0 } });
  });

  test('says what is wrong with a session that cannot be read', async () => {
    const { text, code } = await run(
      async () => err({ sentence: 'there is no such session', exitCode: 2 }),
      'x',
    );
    expect([text, code]).toEqual(['error: there is no such session\n', 2]);
  });
});
