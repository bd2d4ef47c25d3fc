import { userInfo } from 'node:os';

/** Who gives a command, for the record. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // An account without a name, as in some containers.
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}
