import { err, ok } from '@tradewind/core/result';
import type { DeadLetter } from '@tradewind/proto';
import { afterEach, expect, test, vi } from 'vitest';
import { type DeadLetterBus, deadLettersCommand } from './dead-letters-command.ts';

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

const letter = (id: string): DeadLetter => ({
  id,
  topic: 'orders',
  group: 'risk-manager',
  attempts: 5,
  error: 'TypeError: cannot read it',
  atMs: 1_767_614_400_000,
  correlationId: 'BTCUSDT-t1',
  text: '{"id":"e1"}',
});

/** A bus with these dead letters, and what was done with it. */
function busWith(letters: DeadLetter[]) {
  const done: string[] = [];
  const bus: DeadLetterBus = {
    deadLetters: async (limit) => letters.slice(0, limit),
    replayDeadLetters: async (ids) => {
      const known = ids.filter((id) => letters.some((each) => each.id === id));
      done.push(...known);
      return known.length;
    },
    close: async () => void done.push('closed'),
  };
  return { bus, done };
}

async function run(bus: DeadLetterBus | undefined, ...words: string[]) {
  const said: string[] = [];
  const hear = (text: unknown, ...rest: unknown[]): boolean => {
    said.push(String(text));
    const last = rest.at(-1);
    if (typeof last === 'function') last();
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(hear as never);
  vi.spyOn(process.stderr, 'write').mockImplementation(hear as never);
  const opened =
    bus === undefined ? err({ sentence: 'redis_url is not set', exitCode: 2 as const }) : ok(bus);
  await deadLettersCommand(async () => opened).parseAsync(words, { from: 'user' });
  return { text: said.join(''), code: process.exitCode };
}

test('lists each with when, for whom and why it failed', async () => {
  const { bus, done } = busWith([letter('orders/1-0')]);
  const { text, code } = await run(bus, 'list');
  expect(text).toMatch(
    /orders\/1-0 +2026-01-05T12:00:00.000Z +risk-manager +5 +BTCUSDT-t1 +TypeError: cannot read it\n/,
  );
  expect([code, done]).toEqual([0, ['closed']]);
  expect(await run(busWith([]).bus, 'list')).toEqual({ text: 'no dead letters\n', code: 0 });
});

test('lists them as JSON, no more than asked for', async () => {
  const { text } = await run(
    busWith([letter('orders/1-0'), letter('orders/2-0')]).bus,
    'list',
    '--json',
    '--limit',
    '1',
  );
  expect(JSON.parse(text)).toEqual([letter('orders/1-0')]);
  expect(await run(busWith([]).bus, 'list', '--limit', '0')).toMatchObject({ code: 2 });
});

test('replays those that are named, or all, and says which were not there', async () => {
  const letters = [letter('orders/1-0'), letter('orders/2-0')];
  const one = busWith(letters);
  expect(await run(one.bus, 'replay', 'orders/2-0')).toEqual({ text: '1 replayed\n', code: 0 });
  expect(one.done).toEqual(['orders/2-0', 'closed']);
  const all = busWith(letters);
  expect(await run(all.bus, 'replay', '--all')).toEqual({ text: '2 replayed\n', code: 0 });
  const { text, code } = await run(busWith(letters).bus, 'replay', 'orders/2-0', 'orders/9-0', '--json');
  expect([JSON.parse(text), code]).toEqual([{ replayed: 1, missing: 1 }, 3]);
});

test('needs ids or --all, and not both', async () => {
  expect(await run(busWith([]).bus, 'replay')).toMatchObject({ code: 2 });
  expect(await run(busWith([]).bus, 'replay', 'orders/1-0', '--all')).toMatchObject({ code: 2 });
});

test('says why there is no bus, and that one does not answer', async () => {
  expect(await run(undefined, 'list')).toEqual({ text: 'error: redis_url is not set\n', code: 2 });
  const { bus, done } = busWith([]);
  const silent = { ...bus, deadLetters: () => Promise.reject(new Error('Redis cannot be reached')) };
  expect(await run(silent, 'list')).toEqual({
    text: 'error: the bus does not answer: Redis cannot be reached\n',
    code: 4,
  });
  expect(done).toEqual(['closed']);
});

test('its help has examples and the exit codes', () => {
  const help: string[] = [];
  const command = deadLettersCommand(async () => ok(busWith([]).bus));
  command.configureOutput({ writeOut: (text) => void help.push(text) });
  command.outputHelp();
  expect(help.join('')).toContain('tradewind dead-letters replay --all');
  expect(help.join('')).toContain('Exit codes:');
});
