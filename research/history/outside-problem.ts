import type { DataProblem } from './problem.ts';

/** What the file system, zlib and the zip reader throw, as a problem. */
export function outsideProblem(file: string, error: unknown): DataProblem {
  const { code = '', message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return { kind: 'file_missing', file, what: 'there is no such file or folder' };
    case 'EACCES':
    case 'EPERM':
      return { kind: 'file_unreadable', file, what: 'it may not be read (permission denied)' };
    case 'Z_BUF_ERROR':
      return truncated(file);
  }
  // The zip reader gives its errors no code.
  if (/truncated|unexpected EOF|overflows file bounds/i.test(message)) return truncated(file);
  if (/^E[A-Z0-9]+$/.test(code))
    return { kind: 'file_unreadable', file, what: `it cannot be read: ${message}` };
  return {
    kind: 'archive_damaged',
    file,
    what: `the archive cannot be unpacked: ${message}`,
    hint: DOWNLOAD_AGAIN,
  };
}

export const DOWNLOAD_AGAIN = 'download it again';

const truncated = (file: string): DataProblem => ({
  kind: 'archive_truncated',
  file,
  what: 'the archive ends too early',
  hint: DOWNLOAD_AGAIN,
});
