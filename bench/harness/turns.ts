import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { VariantOptions } from '../variants/options.ts';
import { repositoryPath } from './child.ts';
import type { Duration } from './measure.ts';
import type { Outcome } from './outcome.ts';

/** One run of a variant that takes turns. */
export interface Turn {
  readonly duration: Duration;
  /** Of the first turn in the process. */
  readonly outcome: Outcome;
}

/** What a variant that can take turns exports: everything is made ready, and each call is one run. */
export type PrepareTurns = (options: VariantOptions) => Promise<() => Turn>;

/** Two variants that took turns, A B B A, each in a fresh process that stays alive for all its turns. */
export interface Quad {
  readonly first: readonly [Turn, Turn];
  readonly second: readonly [Turn, Turn];
}

/**
 * Compares two variants turn by turn, so that what a machine does for some seconds hits both alike; A B B A, so that what
 * slowly grows or fades does, too. Each couple is two fresh processes, because V8 does not compile twice alike.
 * @param warmUps  turns of each before the first that counts
 * @returns the quads of all couples
 */
export async function takeTurns(
  first: string,
  second: string,
  options: VariantOptions,
  { couples, quads, warmUps }: { readonly couples: number; readonly quads: number; readonly warmUps: number },
): Promise<Quad[]> {
  const all: Quad[] = [];
  for (let couple = 0; couple < couples; couple += 1) {
    const a = new TurnTaker(first, options);
    const b = new TurnTaker(second, options);
    for (let turn = 0; turn < warmUps; turn += 1) {
      await a.run();
      await b.run();
    }
    for (let quad = 0; quad < quads; quad += 1) {
      const [a1, b1, b2, a2] = [await a.run(), await b.run(), await b.run(), await a.run()];
      all.push({ first: [a1, a2], second: [b1, b2] });
    }
    await Promise.all([a.end(), b.end()]);
  }
  return all;
}

class TurnTaker {
  private readonly variant: string;
  private readonly child: ChildProcess;

  constructor(variant: string, options: VariantOptions) {
    this.variant = variant;
    this.child = fork(repositoryPath('bench/turn-taker.ts'), [variant, JSON.stringify(options)]);
  }

  async run(): Promise<Turn> {
    const { child, variant } = this;
    const ended = new AbortController();
    child.send('run');
    const answer = once(child, 'message', { signal: ended.signal });
    const end = once(child, 'exit', { signal: ended.signal }).then(([code]) => {
      throw new Error(`variant '${variant}' ended with code ${code} before its turn was over`);
    });
    try {
      const [turn] = await Promise.race([answer, end]);
      return turn as Turn;
    } finally {
      ended.abort();
      await Promise.allSettled([answer, end]);
    }
  }

  async end(): Promise<void> {
    const exit = once(this.child, 'exit');
    this.child.disconnect();
    await exit;
  }
}
