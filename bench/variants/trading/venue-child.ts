import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { repositoryPath } from '../../harness/child.ts';
import type { OrdersTaken, TradesMade, VenueQuestion } from './venue-process.ts';

/** An exchange in a process of its own. */
export class VenueChild {
  readonly port: number;
  private readonly child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.child = child;
    this.port = port;
  }

  static async start(symbols: readonly string[]): Promise<VenueChild> {
    const child = fork(repositoryPath('bench/variants/trading/venue-process.ts'), [JSON.stringify(symbols)]);
    const [port] = await once(child, 'message');
    return new VenueChild(child, port as number);
  }

  get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** The house makes trades, spread evenly over the symbols and over time; resolves with the last one. */
  trades(symbols: readonly string[], count: number, perSecond: number): Promise<TradesMade> {
    return this.ask({ ask: 'trades', symbols, count, perSecond });
  }

  /** The same, and nobody waits for it. */
  load(symbols: readonly string[], count: number, perSecond: number): void {
    this.child.send({ ask: 'trades', symbols, count, perSecond } satisfies VenueQuestion);
  }

  orders(symbols: readonly string[]): Promise<OrdersTaken> {
    return this.ask({ ask: 'orders', symbols });
  }

  stop(): void {
    this.child.disconnect();
  }

  private async ask<Answer>(question: VenueQuestion): Promise<Answer> {
    this.child.send(question);
    const [answer] = await once(this.child, 'message');
    return answer as Answer;
  }
}
