import { expect, test } from 'vitest';
import { outsideProblem } from './outside-problem.ts';

const failure = (message: string, code?: string): Error => Object.assign(new Error(message), { code });

test.each([
  { error: failure('ENOENT: no such file or directory', 'ENOENT'), kind: 'file_missing' },
  { error: failure('EACCES: permission denied', 'EACCES'), kind: 'file_unreadable' },
  { error: failure('EIO: i/o error, read', 'EIO'), kind: 'file_unreadable' },
  { error: failure('unexpected end of file', 'Z_BUF_ERROR'), kind: 'archive_truncated' },
  { error: failure('unexpected EOF'), kind: 'archive_truncated' },
  { error: failure('incorrect data check', 'Z_DATA_ERROR'), kind: 'archive_damaged' },
  { error: failure('invalid local file header signature: 0x0'), kind: 'archive_damaged' },
])('$error.message: $kind', ({ error, kind }) => {
  expect(outsideProblem('BTCUSDT-1m.zip', error)).toMatchObject({ kind, file: 'BTCUSDT-1m.zip' });
});
