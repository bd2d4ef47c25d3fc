import { Redis } from 'ioredis';
import { SCRIPTS, type ScriptName } from './scripts.ts';

export type RedisParameter = string | number | Buffer;

/** One connection to Redis, which is made again by itself whenever it is lost. A command is sent on one that is ready or rejects at once. */
export interface RedisConnection {
  /** Answers as Redis does, texts as their bytes. */
  command(name: string, ...parameters: readonly RedisParameter[]): Promise<unknown>;
  /** In one step; rejects with the first failure. */
  commands(all: readonly (readonly [name: string, ...parameters: RedisParameter[]])[]): Promise<void>;
  /** A script of one key, as a text. */
  script(name: ScriptName, key: string, ...parameters: readonly RedisParameter[]): Promise<string>;
  /** Ends the connection: for good, or to make it anew. */
  disconnect(isMadeAgain: boolean): void;
}

export interface RedisListener {
  ready(): void;
  /** What is wrong with the connection; it names host and port at most. */
  failed(detail: string): void;
  closed(): void;
}

export interface RedisPlace {
  /** redis://[:password@]host:port[/database], or rediss:// for TLS. Never logged. */
  readonly url: string;
  /** What Redis shows the connection as. */
  readonly name: string;
  /** How long to wait before the connection is tried again, ms; attempts from 1. */
  readonly reconnectAfterMs: (attempt: number) => number;
}

/** Begins to connect: over the network in life, to a Redis in memory in simulations. */
export type OpenRedis = (place: RedisPlace, listener: RedisListener) => RedisConnection;

const CONNECT_MS = 2_000;

export const openRedis: OpenRedis = ({ url, name, reconnectAfterMs }, listener) => {
  const redis = new Redis(url, {
    connectionName: name,
    protocol: 2,
    connectTimeout: CONNECT_MS,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: null,
    retryStrategy: reconnectAfterMs,
  });
  redis.on('ready', () => listener.ready());
  redis.on('error', (error: Error) => listener.failed(error.message));
  redis.on('close', () => listener.closed());
  for (const [script, lua] of Object.entries(SCRIPTS)) redis.defineCommand(script, { numberOfKeys: 1, lua });
  return {
    command: (command, ...parameters) => redis.callBuffer(command, ...parameters),
    commands: async (all) => {
      const together = redis.multi();
      for (const [command, ...parameters] of all) together.call(command, ...parameters);
      for (const [failure] of (await together.exec()) ?? []) if (failure !== null) throw failure;
    },
    script: (script, key, ...parameters) =>
      (
        redis as unknown as Record<
          ScriptName,
          (key: string, ...parameters: readonly RedisParameter[]) => Promise<string>
        >
      )[script](key, ...parameters),
    disconnect: (isMadeAgain) => redis.disconnect(isMadeAgain),
  };
};
