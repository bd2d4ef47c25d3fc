import { alert } from '@tradewind/proto/ledger/conformance';
import { systemTimers } from '@tradewind/utils';
import { PostgresLedger } from '../ledger/postgres-ledger.ts';
import { EmbeddedPostgres } from './embedded-postgres.ts';

/** Commits one event after the other, ten at a time, and tells its parent of each that is acknowledged, until it is killed. */
const server = await EmbeddedPostgres.start({ dataFolder: process.argv[2]!, timers: systemTimers });
if (!server.ok) throw new Error(server.error);
const stamp = { build: 'test', configurationHash: 'none' };
const ledger = await PostgresLedger.open({ address: server.value.address, timers: systemTimers, stamp });
if (!ledger.ok) throw new Error(ledger.error);
const { value } = ledger;

const commitForEver = async (name: string): Promise<void> => {
  for (let index = 0; ; index += 1) {
    const result = await value.commit([alert(`${process.pid}-${name}-${index}`)]);
    if (result.kind === 'committed') process.send?.(result.events[0]!.seq);
  }
};
await Promise.all(Array.from({ length: 10 }, (_, index) => commitForEver(String(index))));
