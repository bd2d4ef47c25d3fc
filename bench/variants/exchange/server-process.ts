import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { repositoryPath } from '../../harness/child.ts';

export type ServerKind = 'simulator' | 'http' | 'echo' | 'timed-simulator' | 'timed-echo';

/** How long the server had messages in hand, in milliseconds. */
export interface Handling {
  readonly handlingP50: number;
  readonly handlingP99: number;
  readonly handlingP999: number;
}

/** A server in a process of its own, so that it and the load have a processor each. */
export class ServerProcess {
  readonly port: number;
  private readonly child: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.child = child;
    this.port = port;
  }

  static async start(kind: ServerKind): Promise<ServerProcess> {
    // What V8 is told for the load is not for the server, which runs as the command runs it.
    const child = fork(repositoryPath('bench/variants/exchange/server.ts'), [kind], { execArgv: [] });
    const [port] = await once(child, 'message');
    return new ServerProcess(child, port as number);
  }

  /** Processor time of the server since it started, all threads, in nanoseconds. */
  async cpuNanoseconds(): Promise<number> {
    this.child.send('cpu');
    const [{ user, system }] = (await once(this.child, 'message')) as [NodeJS.CpuUsage];
    return (user + system) * 1000;
  }

  /** What a timed server took since this was asked the last time, from a frame that was read to its answer written. */
  async handling(): Promise<Handling> {
    this.child.send('handling');
    const [handling] = await once(this.child, 'message');
    return handling as Handling;
  }

  stop(): void {
    this.child.disconnect();
  }
}
