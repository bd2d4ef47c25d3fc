import type { MakeCheck } from './check.ts';

/** I9: orders leave only the process that has the store's lease, and intents are written only under the epoch that runs. */
export const oneWriter: MakeCheck = ({ store: { ledger } }, fail) => ({
  name: 'I9 one writer',
  placing({ name }, { clientOrderId }) {
    const holder = ledger.runningLease?.holder;
    if (holder !== name) fail(`${name} sends ${clientOrderId}, and ${holder ?? 'nobody'} has the lease`);
  },
  committed(events) {
    for (const event of events) {
      if (event.kind !== 'intent') continue;
      const running = ledger.runningLease;
      if (event.epoch !== running?.epoch)
        fail(
          `intent ${event.id} is written under epoch ${event.epoch}, and ${running?.epoch ?? 'none'} runs`,
        );
    }
  },
});
