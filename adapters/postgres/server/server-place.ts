import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { err, ok, type Result } from '@tradewind/core/result';
import { mayEnter, type ServerAccount, serverAccount } from './server-account.ts';
import { copiedServerFolder, npmBinaries, npmServerFolder, type ServerBinaries } from './server-binaries.ts';

/** Where a server lives and as whom. */
export interface ServerHome {
  /** Holds the folder of the database, and the socket. */
  readonly folder: string;
  /** Left out where the server runs as we do. */
  readonly account?: ServerAccount;
}

/** The same, made, with the programs of the server. */
export interface ServerPlace extends ServerHome {
  readonly binaries: ServerBinaries;
}

/** Used only by root, for folders that the account of the server must not enter (those below /root, for example). */
const SHARED_FOLDER = '/var/lib/tradewind';

/**
 * Where the server of a data folder lives: in its folder `postgres`, whenever the server can get there. As root it often cannot, because it runs as somebody
 * else then: its database, and the programs if they cannot be read either, lie below /var/lib/tradewind. Where a database is already, it
 * stays, whatever has become of the rights since. Makes nothing.
 */
export async function serverHome(dataFolder: string): Promise<Result<ServerHome, string>> {
  const ourUid = process.getuid?.();
  if (ourUid === undefined) {
    return err(
      'The embedded database runs on Linux and macOS. Elsewhere, give the address of a PostgreSQL server (15 or later).',
    );
  }
  const folder = resolve(dataFolder);
  const account = await serverAccount(ourUid);
  if (account === undefined) {
    if (ourUid !== 0) return ok({ folder: join(folder, 'postgres') });
    return err(
      'PostgreSQL does not run as root, and this machine has neither an account postgres nor nobody to run it as.',
    );
  }
  const [inside, shared] = [join(folder, 'postgres'), join(sharedFolderFor(folder), 'postgres')];
  const known = [shared, inside].find((each) => existsSync(databaseIn({ folder: each })));
  if (known !== undefined) return ok({ folder: known, account });
  return ok({ folder: (await mayEnter(account, folder)) ? inside : shared, account });
}

/**
 * Makes the folder of the server, and finds its programs.
 * @param binaries  left out: those that npm has installed
 */
export async function serverPlace(
  dataFolder: string,
  binaries?: ServerBinaries,
): Promise<Result<ServerPlace, string>> {
  const home = await serverHome(dataFolder);
  if (!home.ok) return home;
  const { folder, account } = home.value;
  const found = binaries === undefined ? await installedBinaries(account) : ok(binaries);
  if (!found.ok) return found;
  await mkdir(dirname(folder), { recursive: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (account !== undefined) await chown(folder, account.uid, account.gid);
  return ok({ ...home.value, binaries: found.value });
}

export const databaseIn = ({ folder }: Pick<ServerHome, 'folder'>): string => join(folder, 'database');

/** The same for the same data folder, and for no other. */
const sharedFolderFor = (folder: string): string =>
  join(
    SHARED_FOLDER,
    `${basename(folder)}-${createHash('sha256').update(folder).digest('hex').slice(0, 12)}`,
  );

async function installedBinaries(
  account: ServerAccount | undefined,
): Promise<Result<ServerBinaries, string>> {
  const { platform, arch } = process;
  const folder = npmServerFolder(platform, arch);
  if (folder === undefined) {
    return err(
      `npm has no PostgreSQL for this machine (${platform}-${arch}), or it was not installed: run npm ci again, or give the address of a PostgreSQL server (15 or later).`,
    );
  }
  if (account === undefined || (await mayEnter(account, folder))) return ok(await npmBinaries(folder));
  await mkdir(SHARED_FOLDER, { recursive: true });
  return ok(
    await npmBinaries(await copiedServerFolder(folder, join(SHARED_FOLDER, basename(dirname(folder))))),
  );
}
