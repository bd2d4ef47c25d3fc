import { absolute, isNegative } from '@tradewind/core/money';
import { utcText } from '@tradewind/utils';
import type { Transfer } from '../../exchange/index.ts';
import { fixedPoint } from '../../notation/fixed-point.ts';
import { timeIn } from '../../notation/time-unit.ts';
import { rangeTooLong } from '../refusal.ts';
import type { Answer, Call, Operation } from './operation.ts';

const ROWS_MAX = 1000;
const DAY_MS = 86_400_000;
const RANGE_MAX_DAYS = 90;
/** What a finished one is called: a deposit that is credited, a withdrawal that is completed. */
const CREDITED = 1;
const COMPLETED = 6;

/** The newest first, as the wallet endpoints tell. @returns undefined when the request is refused */
function readTransfers(
  call: Call,
  isAskedFor: (transfer: Transfer) => boolean,
): readonly Transfer[] | undefined {
  const { parameters, nowMs } = call;
  const coin = parameters.text('coin');
  const startTimeMs = parameters.time('startTime', nowMs);
  const endTimeMs = parameters.time('endTime', nowMs) ?? nowMs;
  const offset = parameters.integer('offset') ?? 0;
  const limit = parameters.limit(ROWS_MAX, ROWS_MAX);
  if (startTimeMs !== undefined && endTimeMs - startTimeMs > RANGE_MAX_DAYS * DAY_MS)
    parameters.refuse(rangeTooLong(RANGE_MAX_DAYS * 24));
  parameters.finish();
  if (parameters.refusal !== undefined) return undefined;
  const fromMs = startTimeMs ?? endTimeMs - RANGE_MAX_DAYS * DAY_MS;
  return call.exchange
    .transfers(call.account)
    .filter(
      (each) =>
        isAskedFor(each) &&
        (coin ?? each.asset) === each.asset &&
        each.timeMs >= fromMs &&
        each.timeMs <= endTimeMs,
    )
    .toReversed()
    .slice(offset, offset + limit);
}

function depositHistory(call: Call): Answer {
  const transfers = readTransfers(call, ({ delta }) => !isNegative(delta));
  if (transfers === undefined) return call.parameters.refusal!;
  return JSON.stringify(
    transfers.map(({ id, asset, delta, timeMs }) => ({
      id: `D${call.account}-${id}`,
      amount: fixedPoint(delta),
      coin: asset,
      network: asset,
      status: CREDITED,
      address: '',
      addressTag: '',
      txId: `in-${call.account}-${id}`,
      insertTime: timeIn(call.unit, timeMs),
      transferType: 0,
      confirmTimes: '1/1',
      unlockConfirm: 0,
      walletType: 0,
    })),
  );
}

function withdrawalHistory(call: Call): Answer {
  const transfers = readTransfers(call, ({ delta }) => isNegative(delta));
  if (transfers === undefined) return call.parameters.refusal!;
  return JSON.stringify(
    transfers.map(({ id, asset, delta, timeMs }) => ({
      id: `W${call.account}-${id}`,
      amount: fixedPoint(absolute(delta)),
      transactionFee: '0',
      coin: asset,
      status: COMPLETED,
      address: '',
      txId: `out-${call.account}-${id}`,
      applyTime: utcText(timeMs).slice(0, 19).replace('T', ' '),
      network: asset,
      transferType: 0,
      walletType: 0,
    })),
  );
}

/** Source: Binance's wallet documents, "Deposit History" and "Withdraw History"; weights there are of limiters of their own. */
export const CAPITAL: readonly Operation[] = [
  {
    rest: ['GET', '/sapi/v1/capital/deposit/hisrec'],
    webSocket: undefined,
    security: 'USER_DATA',
    weight: 1,
    run: depositHistory,
  },
  {
    rest: ['GET', '/sapi/v1/capital/withdraw/history'],
    webSocket: undefined,
    security: 'USER_DATA',
    weight: 1,
    run: withdrawalHistory,
  },
];
