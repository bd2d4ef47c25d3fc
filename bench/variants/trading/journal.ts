import type { CommittedEvent, JournalQuery, Ledger } from '@tradewind/proto';

const PAGE = 10_000;

/** Every event of some kinds, in order. */
export async function eventsOf(
  ledger: Pick<Ledger, 'read'>,
  kinds: NonNullable<JournalQuery['kinds']>,
): Promise<readonly CommittedEvent[]> {
  const events: CommittedEvent[] = [];
  for (;;) {
    const page = await ledger.read({ afterSeq: events.at(-1)?.seq ?? 0, limit: PAGE, kinds });
    events.push(...page);
    if (page.length < PAGE) return events;
  }
}
