import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** An account of this machine, by its numbers. */
export interface ServerAccount {
  readonly uid: number;
  readonly gid: number;
}

/**
 * PostgreSQL refuses to run as root. Where we are root it runs as `postgres`, if the machine has that account, else as `nobody`; none
 * is made. Otherwise it runs as we do. @returns undefined when it runs as we do
 */
export async function serverAccount(ourUid: number): Promise<ServerAccount | undefined> {
  if (ourUid !== 0) return undefined;
  const accounts = new Map<string, ServerAccount>();
  for (const line of (await readFile('/etc/passwd', 'utf8')).split('\n')) {
    const [name = '', , uid, gid] = line.split(':');
    if (uid !== undefined && gid !== undefined) accounts.set(name, { uid: Number(uid), gid: Number(gid) });
  }
  return accounts.get('postgres') ?? accounts.get('nobody');
}

/** Whether an account may enter a folder and all above it. Folders that do not exist yet are made enterable. */
export async function mayEnter(account: ServerAccount, folder: string): Promise<boolean> {
  for (let path = folder; ; path = dirname(path)) {
    const facts = await stat(path).catch(() => undefined);
    if (facts !== undefined) {
      const [owner, group, others] = [0o100, 0o010, 0o001];
      const othersOrGroup = facts.gid === account.gid ? group : others;
      if ((facts.mode & (facts.uid === account.uid ? owner : othersOrGroup)) === 0) return false;
    }
    if (path === dirname(path)) return true;
  }
}
