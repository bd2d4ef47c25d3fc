import type { CapitalMovement } from '../model/capital.ts';
import { deposit, withdrawal } from '../model/read-capital.ts';
import { type Decode, readList } from '../model/reader.ts';
import type { Call } from './call.ts';
import { optional } from './order-parameters.ts';

export interface CapitalRange {
  readonly asset?: string;
  /** Epoch ms, at most 90 days ago. */
  readonly startTimeMs?: number;
  /** At most 1000, which is what it is when left out. */
  readonly limit?: number;
}

/** Wallet endpoints are REST only, are not on the testnet, and are counted by limiters of their own. */
const history = (
  path: string,
  { asset, startTimeMs, limit }: CapitalRange,
  decode: Decode<CapitalMovement>,
): Call<readonly CapitalMovement[]> => ({
  path,
  socketMethod: undefined,
  parameters: [
    ...optional('coin', asset),
    ...optional('startTime', startTimeMs),
    ...optional('limit', limit),
  ],
  method: 'GET',
  security: 'signed',
  cost: { weight: 0 },
  priority: 'normal',
  hasEffect: false,
  read: (body) => readList(body, decode),
});

/** Newest first, the pending ones among them. Source: Binance's wallet documents, "Deposit History". */
export const depositHistory = (range: CapitalRange = {}): Call<readonly CapitalMovement[]> =>
  history('/sapi/v1/capital/deposit/hisrec', range, deposit);

/** Newest first, refused ones among them; at most 10 a second. Source: Binance's wallet documents, "Withdraw History". */
export const withdrawalHistory = (range: CapitalRange = {}): Call<readonly CapitalMovement[]> =>
  history('/sapi/v1/capital/withdraw/history', range, withdrawal);
