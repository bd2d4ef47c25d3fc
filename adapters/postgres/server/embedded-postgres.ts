import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { chown, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { err, ok, type Result } from '@tradewind/core/result';
import { pause, type Timers } from '@tradewind/utils';
import { Connection, type SocketAddress } from '../ledger/connection.ts';
import { freeFolder, ownerSetting, runningServer } from './running-server.ts';
import type { ServerBinaries } from './server-binaries.ts';
import { databaseIn, type ServerPlace, serverHome, serverPlace } from './server-place.ts';

export interface EmbeddedPostgresOptions {
  /** Made on the first start. */
  readonly dataFolder: string;
  readonly timers: Timers;
  /** Left out: the server that npm has installed. */
  readonly binaries?: ServerBinaries;
  /** Further settings of the server, as `name=value`. */
  readonly settings?: readonly string[];
}

const USER = 'tradewind';
const DATABASE = 'tradewind';
/** It listens on no port: the number is a part of the name of its socket. */
const PORT = 5432;
/** Linux takes 107 bytes for the path of a socket, macOS 103; this is what is left of them for the folder. */
const SOCKET_FOLDER_MAXIMUM = 103 - '/.s.PGSQL.5432'.length;
const START_LIMIT_MS = 60_000;
const POLL_MS = 10;

/**
 * Keeps a server alive exactly as long as the pipe on descriptor 3 is open, that is, as long as its owner lives, however that ends:
 * then it asks for a fast shutdown, which loses nothing. The arguments are the command of the server.
 */
const GUARDIAN = `
"$@" 3<&- &
server=$!
{ cat <&3 >/dev/null; kill -INT "$server"; } &
watcher=$!
exec 3<&-
wait "$server"
code=$?
kill "$watcher" 2>/dev/null
exit "$code"`;

/**
 * A PostgreSQL server of our own in our data folder, reached over a socket that nobody but us, and the account that it runs as, may
 * open. It is the same program as an external server, and what uses it cannot tell.
 */
export class EmbeddedPostgres {
  readonly address: SocketAddress;
  private readonly guardian: ChildProcess;
  private readonly ended: Promise<void>;

  private constructor(address: SocketAddress, guardian: ChildProcess) {
    this.address = address;
    this.guardian = guardian;
    this.ended = new Promise((resolve) => guardian.once('exit', () => resolve()));
    // Whoever forgets to stop it still ends: then the pipe closes, and the server stops.
    guardian.unref();
    this.lifeline.unref();
  }

  /** @returns a sentence where it cannot start: the folder is in use, the programs are missing, the disk is full */
  static async start(options: EmbeddedPostgresOptions): Promise<Result<EmbeddedPostgres, string>> {
    const place = await serverPlace(options.dataFolder, options.binaries);
    if (!place.ok) return place;
    const database = databaseIn(place.value);
    const isFree = await freeFolder(database, options.timers);
    if (!isFree.ok) return isFree;
    const made = await makeDatabase(place.value);
    if (!made.ok) return made;
    const socketFolder = await socketFolderFor(place.value);
    const guardian = startGuardian(place.value, socketFolder, options.settings ?? []);
    const address = { socketFolder, port: PORT, user: USER, database: DATABASE };
    const server = new EmbeddedPostgres(address, guardian);
    const isReady = await server.untilReady(options.timers);
    if (isReady.ok) return ok(server);
    await server.stop();
    const log = await readFile(logFileOf(place.value), 'utf8').catch(() => '');
    return err(`The embedded database in ${database} does not start: ${lastFatalOf(log) ?? isReady.error}`);
  }

  /** Whether a data folder has a database; none is made. */
  static async isIn(dataFolder: string): Promise<boolean> {
    const home = await serverHome(dataFolder);
    return home.ok && existsSync(databaseIn(home.value));
  }

  /** The address of the server that somebody else has started on a data folder, for who only wants to look at the ledger. */
  static async addressOfRunning(dataFolder: string): Promise<SocketAddress | undefined> {
    const home = await serverHome(dataFolder);
    const running = home.ok ? await runningServer(databaseIn(home.value)) : undefined;
    if (running === undefined) return undefined;
    return { socketFolder: running.socketFolder, port: running.port, user: USER, database: DATABASE };
  }

  /** A fast shutdown: what is acknowledged is on disk, and what is under way is undone. */
  async stop(): Promise<void> {
    this.guardian.ref();
    this.lifeline.destroy();
    await this.ended;
  }

  /** The server lives until this pipe closes. */
  private get lifeline(): Socket {
    return this.guardian.stdio[3] as Socket;
  }

  /** Waits until it takes statements, and makes our database in it if it is not there. */
  private async untilReady(timers: Timers): Promise<Result<void, string>> {
    let detail = `it was not ready within ${START_LIMIT_MS / 1000} s`;
    const maintenance = new Connection({
      address: { ...this.address, database: 'postgres' },
      timers,
      limitMs: START_LIMIT_MS,
    });
    const started = timers.after(START_LIMIT_MS, () => this.guardian.kill());
    while (this.guardian.exitCode === null && this.guardian.signalCode === null) {
      const answer = await maintenance.query<{ readonly found: number }>({
        text: `SELECT count(*)::int AS found FROM pg_database WHERE datname = '${DATABASE}'`,
      });
      if (answer.kind === 'done') {
        if (answer.rows[0]?.found === 0) await maintenance.query({ text: `CREATE DATABASE ${DATABASE}` });
        await maintenance.close();
        started.cancel();
        return ok(undefined);
      }
      detail = answer.detail;
      await pause(timers, POLL_MS);
    }
    started.cancel();
    return err(detail);
  }
}

const logFileOf = ({ folder }: ServerPlace): string => join(folder, 'server.log');

/** Made beside its place and then renamed: a folder that is there is whole. */
async function makeDatabase(place: ServerPlace): Promise<Result<void, string>> {
  const database = databaseIn(place);
  if (existsSync(database)) return ok(undefined);
  const half = `${database}.new`;
  await rm(half, { recursive: true, force: true });
  // The folder belongs to nobody else, and the socket lies in a folder that nobody else may enter: who gets there is trusted.
  const settings = ['--auth=trust', `--username=${USER}`, '--encoding=UTF8', '--locale=C'];
  try {
    await promisify(execFile)(place.binaries.initdb, ['-D', half, ...settings], {
      cwd: '/',
      ...place.account,
    });
  } catch (error) {
    await rm(half, { recursive: true, force: true });
    return err(`The embedded database cannot be made in ${place.folder}: ${detailOf(error)}`);
  }
  await rename(half, database);
  return ok(undefined);
}

/** In the folder of the database where its path is short enough, else in a new one that belongs to the account of the server. */
async function socketFolderFor(place: ServerPlace): Promise<string> {
  const inside = databaseIn(place);
  if (Buffer.byteLength(inside) <= SOCKET_FOLDER_MAXIMUM) return inside;
  const made = await mkdtemp(join(tmpdir(), 'tradewind-'));
  if (place.account !== undefined) await chown(made, place.account.uid, place.account.gid);
  return made;
}

function startGuardian(place: ServerPlace, socketFolder: string, more: readonly string[]): ChildProcess {
  const settings = [
    'listen_addresses=',
    `unix_socket_directories=${socketFolder}`,
    'unix_socket_permissions=0700',
    `port=${PORT}`,
    'max_connections=50',
    'log_checkpoints=off',
    ownerSetting(process.pid),
    ...more,
  ];
  const command = [
    place.binaries.postgres,
    '-D',
    databaseIn(place),
    ...settings.flatMap((each) => ['-c', each]),
  ];
  const log = openSync(logFileOf(place), 'w', 0o600);
  try {
    // A session of its own: Ctrl-C at the terminal is for us to handle, and must not stop the database before the orders are safe.
    return spawn('/bin/sh', ['-c', GUARDIAN, 'guardian', ...command], {
      stdio: ['ignore', log, log, 'pipe'],
      detached: true,
      cwd: '/',
      ...place.account,
    });
  } finally {
    closeSync(log);
  }
}

const lastFatalOf = (log: string): string | undefined =>
  log
    .split('\n')
    .filter((line) => /\b(FATAL|PANIC|ERROR|error while loading)\b/.test(line))
    .at(-1);

const detailOf = (error: unknown): string => {
  const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
  return stderr === '' ? String(error) : stderr;
};
