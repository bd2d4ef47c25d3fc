import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const FOLDERS = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin'];
const BINARY = FOLDERS.map((folder) => join(folder, 'redis-server')).find((path) => existsSync(path));

/** Whether this machine has a Redis server; `tools/scripts/install-servers.sh` installs one. */
export const hasRedisServer = BINARY !== undefined;

/** A Redis server of one's own: on a free port of loopback, without persistence. */
export class OwnRedis {
  readonly port: number;
  private readonly folder = mkdtempSync(join(tmpdir(), 'tradewind-redis-'));
  private server: ChildProcess | undefined;

  private constructor(port: number) {
    this.port = port;
  }

  static async start(): Promise<OwnRedis> {
    const redis = new OwnRedis(await freePort());
    await redis.run();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** After `stop`: empty, as a Redis without persistence is. */
  async run(): Promise<void> {
    const options = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    this.server = spawn(BINARY as string, [...options, '--dir', this.folder], { stdio: 'ignore' });
    while (!(await answers(this.port))) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  /** SIGSTOP, and SIGCONT to go on. */
  signal(name: NodeJS.Signals): void {
    this.server?.kill(name);
  }

  /** FLUSHALL: it runs on, and nothing is in it any more. */
  flush(): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = connect(this.port, '127.0.0.1', () => socket.write('FLUSHALL\r\n'));
      socket.once('error', reject);
      socket.once('data', (answer) => {
        socket.destroy();
        if (String(answer).startsWith('+OK')) resolve();
        else reject(new Error(String(answer)));
      });
    });
  }

  async stop(): Promise<void> {
    const server = this.server;
    if (server === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGKILL');
    await ended;
  }

  async end(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Whether it listens, and has loaded what it has. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString().startsWith('+PONG'));
    });
    socket.once('error', () => resolve(false));
  });
}

/** A port of loopback that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address !== null ? resolve(address.port) : reject(),
      );
    });
  });
}
