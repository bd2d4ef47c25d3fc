import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { PaperFile } from './paper-file.ts';

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-paper-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test('X1: what is saved replaces what was, and a save that was cut off leaves the one before it', async () => {
  const folder = newFolder();
  const file = new PaperFile(join(folder, 'deep', 'account.json'));
  expect(await file.load()).toBeUndefined();
  await file.save('one');
  await file.save('two');
  expect(await file.load()).toBe('two');
  writeFileSync(join(folder, 'deep', 'account.json.new'), 'thr');
  expect(await new PaperFile(join(folder, 'deep', 'account.json')).load()).toBe('two');
  await file.save('three');
  expect(await file.load()).toBe('three');
  expect(readdirSync(join(folder, 'deep'))).toEqual(['account.json']);
});

test('what cannot be read is no empty account', async () => {
  await expect(new PaperFile(newFolder()).load()).rejects.toThrow();
});
