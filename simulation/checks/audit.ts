import { ordersOf } from '@tradewind/core/orders';
import type { CommittedEvent } from '@tradewind/proto';
import { sha256 } from '../world/sha256.ts';
import type { World } from '../world/world.ts';
import type { MakeCheck } from './check.ts';
import { idsIntended } from './intended.ts';

/** I12: the journal is without holes, chained, dated in the past, and says of every order and fill what it goes back to. */
export const audit: MakeCheck = (world, fail) => {
  let seq = 0;
  const signals = new Set<string>();
  /** By their own ids: which order an approving verdict is about. */
  const approved = new Map<string, string>();
  /** By client order id. */
  const correlations = new Map<string, string>();
  /** Orders whose intents the store has lost: what is written of them before somebody notices goes back to nothing that is there. */
  const orphans = new Set<string>();

  const goesBack = (clientOrderId: string, correlationId: string): boolean =>
    correlations.get(clientOrderId) === correlationId || orphans.has(clientOrderId);

  const problemOf = (event: CommittedEvent): string | undefined => {
    if (event.correlationId === '') return 'goes back to nothing';
    // A wrong clock dates events so far ahead, and no further.
    const latestMs = world.clock.latestMs();
    if (event.atMs > latestMs) return `is dated ${event.atMs - latestMs} ms ahead of every clock`;
    switch (event.kind) {
      case 'signal':
        signals.add(event.id);
        return undefined;
      case 'verdict':
        if (!event.isApproved) return undefined;
        approved.set(event.id, event.clientOrderId);
        return signals.has(event.causeId ?? '') ? undefined : 'approves what nobody wanted';
      case 'intent': {
        const { wanted } = event;
        const name = 'kind' in wanted ? wanted.listClientOrderId : wanted.clientOrderId;
        for (const { clientOrderId } of ordersOf(wanted))
          correlations.set(clientOrderId, event.correlationId);
        return approved.get(event.causeId ?? '') === name ? undefined : 'has no verdict that approves it';
      }
      case 'order':
        return event.isOurs && !goesBack(event.record.clientOrderId, event.correlationId)
          ? 'goes back to something else than its intent'
          : undefined;
      case 'fill':
        return goesBack(event.fill.clientOrderId, event.correlationId)
          ? undefined
          : 'goes back to something else than its intent';
      case 'control':
        return event.by === '' || event.why === '' ? 'does not say who stopped what, and why' : undefined;
      default:
        return undefined;
    }
  };

  return {
    name: 'I12 everything is on record',
    lost(events) {
      for (const id of idsIntended(events)) orphans.add(id);
    },
    committed(events) {
      for (const event of events) {
        if (event.seq !== seq + 1) fail(`after event ${seq} comes event ${event.seq}`);
        seq = event.seq;
        const problem = problemOf(event);
        if (problem !== undefined) fail(`${event.kind} ${event.id} ${problem}`);
      }
    },
    async atRest() {
      const broken = brokenLinkOf(world, seq);
      if (broken !== undefined) fail(`the chain of hashes breaks at event ${broken}`);
    },
  };
};

/** Hashes the whole journal anew. @returns the first entry that does not follow from those before it */
function brokenLinkOf({ store: { ledger } }: World, through: number): number | undefined {
  let hash = '0'.repeat(64);
  for (let seq = 1; seq <= through; seq += 1) {
    const entry = ledger.entry(seq)!;
    const { id, atMs, kind, service, correlationId, causeId, build, configurationHash, payload } = entry;
    const parts = [
      hash,
      seq,
      id,
      atMs,
      kind,
      service,
      correlationId,
      causeId,
      build,
      configurationHash,
      payload,
    ];
    hash = sha256(parts.join('\n'));
    if (hash !== entry.hash) return seq;
  }
  return hash === ledger.headHash ? undefined : through;
}
