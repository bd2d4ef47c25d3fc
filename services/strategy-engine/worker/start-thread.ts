import { Worker } from 'node:worker_threads';
import type { HostingInput, HostingOutput } from '../hosting/messages.ts';
import type { Thread, ThreadStarter } from '../options.ts';
import type { FromThread, ThreadData, ToThread } from './thread-messages.ts';

/** Starts a strategy on a thread of this process. */
export const startStrategyThread: ThreadStarter = ({ module, settings }, hear) =>
  new WorkerThread({ module, settings }, hear);

class WorkerThread implements Thread {
  private readonly worker: Worker;
  private readonly pings = new Map<number, () => void>();
  private lastPing = 0;
  private isEnded = false;

  constructor(workerData: ThreadData, hear: (output: HostingOutput) => void) {
    this.worker = new Worker(new URL('./strategy-thread.ts', import.meta.url), { workerData });
    this.worker.on('message', (message: FromThread) => {
      if (message.kind === 'output') {
        hear(message.output);
        return;
      }
      const answered = this.pings.get(message.number);
      this.pings.delete(message.number);
      answered?.();
    });
    const fail = (detail: string): void => {
      if (!this.isEnded) hear({ kind: 'failed', cause: 'threw', detail });
      this.isEnded = true;
    };
    this.worker.on('error', (error) => fail(`its thread failed: ${String(error)}`));
    this.worker.on('exit', (code) => fail(`its thread ended by itself with ${code}`));
  }

  post(input: HostingInput): void {
    this.send({ kind: 'input', input });
  }

  ping(answered: () => void): void {
    this.lastPing += 1;
    this.pings.set(this.lastPing, answered);
    this.send({ kind: 'ping', number: this.lastPing });
  }

  terminate(): void {
    this.isEnded = true;
    this.worker.terminate().catch(() => undefined);
  }

  private send(message: ToThread): void {
    this.worker.postMessage(message);
  }
}
