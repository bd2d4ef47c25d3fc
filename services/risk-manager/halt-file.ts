import { open, readFile, rename } from 'node:fs/promises';
import type { HaltFile } from './ports.ts';

/** A halt file on a disk, written beside its place and moved there. */
export function haltFileAt(path: string): HaltFile {
  return {
    async read() {
      try {
        return { kind: 'text', text: await readFile(path, 'utf8') };
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        return code === 'ENOENT' ? { kind: 'absent' } : { kind: 'failed', detail: message };
      }
    },
    async write(text) {
      const unfinished = `${path}.unfinished`;
      try {
        const file = await open(unfinished, 'w', 0o600);
        try {
          await file.writeFile(text);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(unfinished, path);
        return undefined;
      } catch (error) {
        return (error as Error).message;
      }
    },
  };
}
