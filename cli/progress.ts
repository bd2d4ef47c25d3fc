import type { WriteStream } from 'node:tty';

/** One line that says what is going on, on a terminal; nothing where nobody looks. */
export class Progress {
  private readonly stream: WriteStream;

  constructor(stream: WriteStream) {
    this.stream = stream;
  }

  show(phase: string): void {
    if (this.stream.isTTY) this.stream.write(`${CLEAR}${phase} ...`);
  }

  clear(): void {
    if (this.stream.isTTY) this.stream.write(CLEAR);
  }
}

/** To the start of the line, and away with what stands there (ECMA-48 EL). */
const CLEAR = '\r\u001b[2K';
