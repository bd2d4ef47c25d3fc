import { compareHead, EmbeddedPostgres } from '@tradewind/postgres';
import type { LoadedEnvironment } from '../environment.ts';
import { readLedger } from '../read-ledger.ts';
import type { Finding } from './finding.ts';

/** Whether the ledger can be opened, has our schema, and still ends as it was signed to. Makes and changes nothing. */
export async function checkDatabase(environment: LoadedEnvironment): Promise<Finding> {
  const isEmbedded = environment.config.ledger === undefined;
  if (isEmbedded && !(await EmbeddedPostgres.isIn(environment.folder.path))) {
    return { check: 'database', state: 'good', what: 'there is no ledger yet; the first start makes it' };
  }
  const opened = await readLedger(environment);
  if (!opened.ok) {
    const isUnmade = opened.error.startsWith('The database has');
    return {
      check: 'database',
      state: isUnmade ? 'good' : 'wrong',
      what: opened.error,
      ...(isUnmade
        ? {}
        : {
            todo: isEmbedded
              ? 'read server.log beside the database; nothing trades without its ledger'
              : 'start the server, and check ledger.url: its host, user, password and database',
          }),
    };
  }
  const { reader, keeper, close } = opened.value;
  try {
    const head = keeper && (await compareHead(keeper, (statement) => reader.rows(statement)));
    if (head?.kind === 'broken') {
      return {
        check: 'database',
        state: 'wrong',
        what: head.what,
        todo: 'do not trade on it: restore a backup, and see tradewind ledger verify',
      };
    }
    const entries = await reader.lastSeq();
    const signed = head?.kind === 'agrees' ? `, signed up to entry ${head.seq}` : ', not signed yet';
    return { check: 'database', state: 'good', what: `the ledger has ${entries} entries${signed}` };
  } finally {
    await close();
  }
}
