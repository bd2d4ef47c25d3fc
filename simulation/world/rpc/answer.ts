import type { Session } from '@tradewind/rpc';

export type Request = Parameters<Session['request']>[0];
export type Response = Awaited<ReturnType<Session['request']>>;

/** What comes back over a connection to one request: first a head, then pieces, at last the end; or it breaks off. */
export class Answer {
  readonly response: Promise<Response>;
  private readonly resolve: (response: Response) => void;
  private readonly reject: (error: unknown) => void;
  private readonly given: () => void;
  private readonly taken: (bytes: Uint8Array) => void;
  private readonly pieces: Uint8Array[] = [];
  private isOver = false;
  private broken: { readonly error: unknown } | undefined;
  private wake: () => void = () => undefined;

  /** @param taken  hears of each piece that is read; `given` of an answer that nobody reads any more */
  constructor({ taken, given }: { taken: (bytes: Uint8Array) => void; given: () => void }) {
    this.taken = taken;
    this.given = given;
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    this.response = promise;
    this.resolve = resolve;
    this.reject = reject;
  }

  begin(status: number, header: Headers): void {
    this.resolve({ status, header, trailer: new Headers(), body: this });
  }

  piece(bytes: Uint8Array): void {
    this.pieces.push(bytes);
    this.wake();
  }

  end(): void {
    this.isOver = true;
    this.wake();
  }

  breakOff(error: unknown): void {
    if (this.isOver || this.broken !== undefined) return;
    this.broken = { error };
    this.reject(error);
    this.wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        const next = this.pieces.shift();
        if (this.broken !== undefined) throw this.broken.error;
        if (next !== undefined) {
          this.taken(next);
          yield next;
        } else if (this.isOver) return;
        else
          await new Promise<void>((resolve) => {
            this.wake = resolve;
          });
      }
    } finally {
      if (!this.isOver) this.given();
    }
  }
}
