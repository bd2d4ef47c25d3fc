import { createHash } from 'node:crypto';

/** Everything that was seen in one run, as one hash; and, where somebody wants to read it, as text. */
export class EventLog {
  private readonly hash = createHash('sha256');
  private readonly nowMs: () => number;
  private readonly lines: string[] | undefined;

  /** @param isKept  whether the lines are kept to be read */
  constructor(nowMs: () => number, isKept: boolean) {
    this.nowMs = nowMs;
    this.lines = isKept ? [] : undefined;
  }

  add(who: string, what: string): void {
    const line = `${this.nowMs()} ${who} ${what}\n`;
    this.hash.update(line);
    this.lines?.push(line);
  }

  get text(): string {
    return (this.lines ?? []).join('');
  }

  /** Of everything so far; nothing can be added after it. */
  end(): string {
    return this.hash.digest('hex');
  }
}
