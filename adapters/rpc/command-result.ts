import type { CommandResult } from '@tradewind/proto';
import type { CallOutcome } from './outcome.ts';

/** A command that may have been done is not known; one that never arrived is refused. */
export function commandResultOf(outcome: CallOutcome<{ readonly result: CommandResult }>): CommandResult {
  switch (outcome.kind) {
    case 'answered':
      return outcome.value.result;
    case 'not_received':
      return { kind: 'refused', reason: 'unavailable', detail: outcome.detail };
    case 'unknown':
      return { kind: 'unknown', detail: outcome.detail };
  }
}
