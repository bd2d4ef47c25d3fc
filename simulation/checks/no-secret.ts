import type { MakeCheck } from './check.ts';

/** I11: the key that requests are signed with is in no log line, no journal entry and nothing that a service says of itself. */
export const noSecret: MakeCheck = (world, fail) => {
  const look = (where: string, text: string): void => {
    if (text.includes(world.secret))
      fail(`the secret stands in ${where}: ${text.replaceAll(world.secret, '***')}`);
  };
  return {
    name: 'I11 no secret is told',
    logged(text) {
      look('a log line', text);
    },
    committed(events) {
      for (const { seq } of events) {
        const { id, correlationId, payload } = world.store.ledger.entry(seq)!;
        look(`journal entry ${seq}`, `${id} ${correlationId} ${payload}`);
      }
    },
    async atRest() {
      const { orderExecution, riskManager } = world.services;
      const states = [await orderExecution?.state(), await riskManager?.state()];
      look(
        'the state of a service',
        JSON.stringify(states, (_, value) => (typeof value === 'bigint' ? String(value) : value)),
      );
    },
  };
};
