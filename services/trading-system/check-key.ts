import { type Caller, calls, describeOutcome, judgeKey, type KeyObjection } from '@tradewind/binance';
import { err, ok, type Result } from '@tradewind/core/result';

export interface KeyDemand {
  /** The account's number (uid) that the configuration means. */
  readonly account: number;
  /** Whether orders are real: then what the key may do is asked, and a key from everywhere is refused (faults.md G3). */
  readonly isLive: boolean;
}

/**
 * Whether this key is the one that is meant, and may do no more than it must. Asked before anything else is done with it.
 * @returns a sentence that says why not, or what a person should know nevertheless
 */
export async function checkKey(
  caller: Caller,
  { account, isLive }: KeyDemand,
): Promise<Result<readonly string[], string>> {
  const found = await caller.perform(calls.account());
  if (found.kind !== 'done')
    return err(`the exchange does not tell of the account: ${describeOutcome(found)}`);
  const { uid, canTrade } = found.value;
  if (uid !== account) {
    return err(`the key is of account ${uid ?? 'unknown'}, and exchange.key.account says ${account}`);
  }
  if (!canTrade) return err(`account ${account} may not trade`);
  return isLive ? checkRestrictions(caller) : ok([]);
}

async function checkRestrictions(caller: Caller): Promise<Result<readonly string[], string>> {
  const asked = await caller.perform(calls.apiRestrictions());
  if (asked.kind !== 'done')
    return err(`the exchange does not tell what the key may do: ${describeOutcome(asked)}`);
  const { objections, warnings } = judgeKey(asked.value, true);
  const [objection] = objections;
  if (objection !== undefined) return err(OBJECTIONS[objection.reason]);
  if (warnings.some(({ reason }) => reason === 'key_works_from_every_address')) {
    return err('the key works from every address; restrict it to this machine at the exchange');
  }
  return ok(
    warnings.map((warning) =>
      warning.reason === 'key_may_more_than_needed'
        ? `the key may also trade ${warning.permission}`
        : warning.reason,
    ),
  );
}

const OBJECTIONS: Readonly<Record<KeyObjection['reason'], string>> = {
  key_may_withdraw: 'the key may withdraw; take that right from it at the exchange',
  key_may_transfer: 'the key may transfer coins to other accounts; take that right from it at the exchange',
  key_may_not_read: 'the key may not read; give it that right at the exchange',
  key_may_not_trade: 'the key may not trade on spot; give it that right at the exchange',
};
