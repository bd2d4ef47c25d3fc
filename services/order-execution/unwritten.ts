import { ordersOf } from '@tradewind/core/orders';
import { unreachable } from '@tradewind/core/result';
import type { Wanted } from '@tradewind/core/risk';
import type { JournalQuery, Ledger, SignalRefusal } from '@tradewind/proto';
import type { Telemetry } from '@tradewind/utils';
import type { Journal, Written } from './journal.ts';
import type { ExecutionParts } from './ports.ts';

export interface UnwrittenParts {
  readonly telemetry: Telemetry;
  readonly risk: ExecutionParts['risk'];
  readonly journal: Journal;
  readonly ledger: Pick<Ledger, 'read'>;
}

/**
 * An order was approved, and its intent is not written: it is not sent, and what it reserves is given back.
 * @returns why it is refused
 */
export async function unwrittenRefusal(
  parts: UnwrittenParts,
  approved: Wanted,
  written: Exclude<Written, { kind: 'committed' }>,
): Promise<SignalRefusal> {
  const ids = ordersOf(approved).map(({ clientOrderId }) => clientOrderId);
  switch (written.kind) {
    case 'abandoned':
      await withdrawUnwritten(parts, ids);
      return { reason: 'ledger_unavailable', detail: 'nobody knows whether the intent is written' };
    case 'failed':
      await withdraw(parts, ids);
      return { reason: 'ledger_unavailable', detail: written.detail };
    case 'refused': {
      await withdraw(parts, ids);
      const { refusal } = written;
      if (refusal.reason === 'stale_epoch') return { reason: 'not_leader', epoch: refusal.epoch };
      if (refusal.reason === 'client_order_id_used') return refusal;
      return { reason: 'ledger_unavailable', detail: refusal.reason };
    }
    default:
      return unreachable(written);
  }
}

/**
 * This leader's time has ended. Where another begins the risk manager lets go by itself what is not written; the same one may lead on with
 * another session.
 */
async function withdrawUnwritten(parts: UnwrittenParts, clientOrderIds: readonly string[]): Promise<void> {
  const { journal, ledger } = parts;
  // What is read then is all there is.
  await journal.end();
  const query: JournalQuery = {
    afterSeq: 0,
    limit: 1,
    kinds: ['intent'],
    clientOrderId: clientOrderIds[0]!,
  };
  const intents = await ledger.read(query).catch(() => undefined);
  if (intents?.length === 0) await withdraw(parts, clientOrderIds);
}

async function withdraw(
  { risk, telemetry }: UnwrittenParts,
  clientOrderIds: readonly string[],
): Promise<void> {
  try {
    await risk.withdraw(clientOrderIds);
  } catch (error) {
    // The reservation stays: too little is traded rather than too much.
    telemetry.log.write('warn', 'reservation_not_withdrawn', { detail: String(error) });
  }
}
