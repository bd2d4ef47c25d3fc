import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { SeededRandom, silentTelemetry, systemClock, systemTimers } from '@tradewind/utils';
import { Redis } from 'ioredis';
import { RedisBus, type RedisBusOptions, type RedisBusSettings } from './redis-bus.ts';

const FOLDERS = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin'];
const BINARY = FOLDERS.map((folder) => join(folder, 'redis-server')).find((path) => existsSync(path));
export const hasRedisServer = BINARY !== undefined;

/** A Redis server of the test's own: on a free port of loopback, without persistence. */
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
    this.server = spawn(
      BINARY as string,
      [
        '--port',
        String(this.port),
        '--bind',
        '127.0.0.1',
        '--save',
        '',
        '--appendonly',
        'no',
        '--dir',
        this.folder,
      ],
      { stdio: 'ignore' },
    );
    await this.admin((client) => client.ping());
  }

  /** Asks or tells the server something beside the bus. */
  async admin<T>(work: (client: Redis) => Promise<T>): Promise<T> {
    const client = new Redis(this.url, { retryStrategy: () => 10, maxRetriesPerRequest: null, protocol: 2 });
    client.on('error', () => undefined);
    try {
      return await work(client);
    } finally {
      client.disconnect();
    }
  }

  /** SIGSTOP, and SIGCONT to go on. */
  signal(name: NodeJS.Signals): void {
    this.server?.kill(name);
  }

  async stop(): Promise<void> {
    const server = this.server;
    if (server === undefined || server.exitCode !== null) return;
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGKILL');
    await ended;
  }

  async end(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export const busOn = (
  url: string,
  settings: Partial<RedisBusSettings>,
  more: Partial<RedisBusOptions> = {},
): RedisBus =>
  new RedisBus({
    url,
    consumer: 'test',
    clock: systemClock,
    timers: systemTimers,
    random: new SeededRandom(1),
    telemetry: silentTelemetry,
    settings: {
      retry: { firstDelayMs: 2, longestDelayMs: 4 },
      reconnect: { firstDelayMs: 5, longestDelayMs: 20 },
      ...settings,
    },
    ...more,
  });

export const pause = (durationMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, durationMs));

export async function until(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  for (let attempt = 0; !(await isTrue()); attempt += 1) {
    if (attempt === 2_000) throw new Error('what was waited for did not happen');
    await pause(2);
  }
}

function freePort(): Promise<number> {
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
