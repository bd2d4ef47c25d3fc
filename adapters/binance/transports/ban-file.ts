import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { err, ok, type Result } from '@tradewind/core/result';
import type { BanStore } from '../limits/limits.ts';

export interface BanFileProblem {
  readonly path: string;
  readonly detail: string;
}

/**
 * Keeps the end of a ban in a small file, so that a restart does not go on asking while banned: that is what makes bans longer
 * (faults.md R2). Synchronous, because a ban must be on the disk before the next request can leave.
 */
export class BanFile implements BanStore {
  private readonly path: string;
  private readonly saveFailed: (problem: BanFileProblem) => void;
  private untilMs: number | undefined;

  private constructor(
    path: string,
    untilMs: number | undefined,
    saveFailed: (problem: BanFileProblem) => void,
  ) {
    this.path = path;
    this.untilMs = untilMs;
    this.saveFailed = saveFailed;
  }

  /**
   * A file that is not there means that there is no ban. One that cannot be read, or holds anything but epoch ms, is a
   * problem: whoever starts on a guess may start into a ban.
   * @param saveFailed  is told when a ban could not be written; this process keeps to it all the same
   */
  static open(path: string, saveFailed: (problem: BanFileProblem) => void): Result<BanFile, BanFileProblem> {
    let text: string;
    try {
      text = readFileSync(path, 'utf8').trim();
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      return code === 'ENOENT'
        ? ok(new BanFile(path, undefined, saveFailed))
        : err({ path, detail: `it cannot be read: ${message}` });
    }
    if (!/^\d{1,16}$/.test(text) || !Number.isSafeInteger(Number(text)))
      return err({ path, detail: 'expected the end of a ban in epoch ms, and nothing else' });
    return ok(new BanFile(path, Number(text), saveFailed));
  }

  load(): number | undefined {
    return this.untilMs;
  }

  save(untilMs: number): void {
    this.untilMs = untilMs;
    // Beside its place first: the file is whole, or as it was.
    const unfinished = `${this.path}.unfinished`;
    try {
      writeFileSync(unfinished, String(untilMs), { flush: true });
      renameSync(unfinished, this.path);
    } catch (error) {
      this.saveFailed({ path: this.path, detail: `it cannot be written: ${(error as Error).message}` });
    }
  }
}
