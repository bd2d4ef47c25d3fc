import type { Bars } from '@tradewind/core/market';
import { err, ok, type Result } from '@tradewind/core/result';
import type { HistoryProblem } from '../contracts/market-data.ts';
import * as market from '../generated/tradewind/v1/market_data_pb.js';
import { bars } from './bars.ts';
import { type Codec, decodePart, list, Malformed } from './codec.ts';
import { marketSnapshot, marketUpdate, updateKind } from './market.ts';
import { message, orUndefined, record } from './record.ts';
import { intervalName, lower, text, whole } from './scalars.ts';

const historyProblem = record<HistoryProblem, market.HistoryProblem>(market.HistoryProblemSchema, {
  reason: lower(market.HistoryProblemReason),
  detail: text,
});
const history: Codec<Result<Bars, HistoryProblem>, market.GetHistoryResponse['result']> = {
  encode: (result) =>
    result.ok
      ? { case: 'bars', value: bars.encode(result.value) }
      : { case: 'problem', value: historyProblem.encode(result.error) },
  decode: (choice) => {
    if (choice.case === 'bars') return ok(decodePart('bars', bars, choice.value));
    if (choice.case === 'problem') return err(decodePart('problem', historyProblem, choice.value));
    throw new Malformed('is missing');
  },
};

const dropped = record<{ readonly symbol: string; readonly count: number }, market.DroppedUpdates>(
  market.DroppedUpdatesSchema,
  { symbol: text, count: whole },
);

export const marketDataMethods = {
  getSnapshot: {
    request: message(market.GetSnapshotRequestSchema, { symbol: text }),
    response: message(market.GetSnapshotResponseSchema, { snapshot: orUndefined(marketSnapshot) }),
  },
  subscribe: {
    request: message(market.SubscribeRequestSchema, { symbols: list(text), kinds: list(updateKind) }),
    response: message(market.SubscribeResponseSchema, {
      updates: list(marketUpdate),
      dropped: list(dropped),
    }),
  },
  followPrices: {
    request: message(market.FollowPricesRequestSchema, { symbols: list(text) }),
    response: message(market.FollowPricesResponseSchema, {
      toldAtMs: whole,
      snapshots: list(marketSnapshot),
    }),
  },
  getHistory: {
    request: message(market.GetHistoryRequestSchema, { symbol: text, interval: intervalName, count: whole }),
    response: message(market.GetHistoryResponseSchema, { result: history }),
  },
};
