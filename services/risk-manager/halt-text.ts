import { err, ok, type Result } from '@tradewind/core/result';
import type { BreakerScope, BreakerStates } from '@tradewind/core/risk';
import type { ControlBody } from '@tradewind/proto';
import { readBody, writeBody } from '@tradewind/proto/ledger';

/** What a halt file holds: the last change of control with the whole state after it, as the journal writes it. */
export const haltTextOf = (control: ControlBody): string => `${writeBody(control)}\n`;

/** @returns why it cannot be read, which counts as a halt (faults.md I8) */
export function readHaltText(text: string): Result<BreakerStates, string> {
  const body = readBody(text.trimEnd());
  if (!body.ok) return err(body.error.detail);
  return body.value.kind === 'control' ? ok(body.value.breakers) : err('it is no change of control');
}

/** The scope whose open orders a person wants canceled as well; undefined when none is. */
export function scopeToCancelIn(text: string): BreakerScope | undefined {
  const body = readBody(text.trimEnd());
  return body.ok && body.value.kind === 'control' && body.value.action === 'cancel_all'
    ? body.value.scope
    : undefined;
}
