import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { breakingProblems, generatedProblems, lintProblems, PROTO_FOLDER } from './proto-checks.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tradewind-proto-test-'));
  for (const name of ['buf.yaml', 'buf.gen.yaml', 'tradewind', 'generated']) {
    cpSync(join(PROTO_FOLDER, name), join(folder, name), { recursive: true });
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Changes one file while the work runs. */
function withChanges(name: string, changes: readonly (readonly [string, string])[], work: () => void): void {
  const path = join(folder, 'tradewind/v1', name);
  const before = readFileSync(path, 'utf8');
  let after = before;
  for (const [from, to] of changes) {
    expect(after).toContain(from);
    after = after.replace(from, to);
  }
  writeFileSync(path, after);
  try {
    work();
  } finally {
    writeFileSync(path, before);
  }
}

test('the check for breaking changes bites: a type, a number, a name that is gone or means something else', () => {
  const changes = [
    ['string client_order_id = 1;', 'int64 client_order_id = 1;'],
    ['  string tag = 7;\n', ''],
    ['Side side = 4;', 'Side side = 40;'],
    ['SIDE_BUY = 1;', 'SIDE_BUY = 3;'],
  ] as const;
  withChanges('orders.proto', changes, () => {
    const problems = breakingProblems(folder);
    expect(problems).toMatch(/"client_order_id".* changed type from "string" to "int64"/);
    expect(problems).toMatch(/field "7" with name "tag" .* was deleted/);
    expect(problems).toMatch(/field "4" with name "side" .* was deleted/);
    expect(problems).toMatch(/enum value "1" on enum "Side" was deleted/);
  });
});

test('a new field breaks nobody, but has to be generated', () => {
  withChanges('orders.proto', [['  string tag = 7;\n', '  string tag = 7;\n  string note = 9;\n']], () => {
    expect(breakingProblems(folder)).toBe('');
    expect(generatedProblems(folder)).toContain('orders_pb');
  });
});

test('the lint bites: a request that is not called one', () => {
  withChanges('risk_manager.proto', [['rpc Halt(HaltRequest)', 'rpc Halt(HaltOrder)']], () => {
    expect(lintProblems(folder)).toContain('HaltRequest');
  });
});
