import { type Bars, Interval, type Run, type TickColumn } from '@tradewind/core/market';
import * as wire from '../generated/tradewind/v1/market_pb.js';
import { type Codec, decodePart, list, Malformed } from './codec.ts';
import { record } from './record.ts';
import { text, whole } from './scalars.ts';

const runs = list(record<Run, wire.BarRun>(wire.BarRunSchema, { start: whole, openTimeMs: whole }));
const column = list(whole);

const interval: Codec<Interval, string> = {
  encode: ({ name }) => name,
  decode: (name) => {
    const found = Interval.parse(name);
    if (found === undefined || found.name !== name)
      throw new Malformed(`is no interval: '${name.slice(0, 40)}'`);
    return found;
  },
};

/** What stands in a message as it is; the columns become typed arrays. */
const head = record<Pick<Bars, 'symbol' | 'interval' | 'priceDecimals' | 'volumeDecimals'>, wire.Bars>(
  wire.BarsSchema,
  { symbol: text, interval, priceDecimals: whole, volumeDecimals: whole },
);

const PRICES = ['open', 'high', 'low', 'close'] as const;
const INT32_MAX = 2 ** 31 - 1;

export const bars: Codec<Bars, wire.Bars> = {
  encode: (value) => {
    const message = head.encode(value);
    for (const name of [...PRICES, 'volume'] as const) message[name] = column.encode([...value[name]]);
    message.runs = runs.encode(value.runs);
    return message;
  },
  decode: (message) => {
    const columns = Object.fromEntries(
      ([...PRICES, 'volume'] as const).map((name) => [name, decodePart(name, column, message[name])]),
    ) as Record<(typeof PRICES)[number] | 'volume', readonly number[]>;
    const { length } = columns.volume;
    for (const name of PRICES) {
      if (columns[name].length !== length)
        throw Malformed.within(name, new Malformed('has another length than the volumes'));
    }
    const { open, high, low, close, volume } = columns;
    const isSmall = PRICES.every((name) => columns[name].every((value) => value <= INT32_MAX));
    const ticksOf = (values: readonly number[]): TickColumn =>
      isSmall ? Int32Array.from(values) : Float64Array.from(values);
    return {
      ...head.decode(message),
      length,
      open: ticksOf(open),
      high: ticksOf(high),
      low: ticksOf(low),
      close: ticksOf(close),
      volume: Float64Array.from(volume),
      runs: checkedRuns(decodePart('runs', runs, message.runs), length),
    };
  },
};

/** Times are counted from the starts of runs: the first run begins with the first bar, and each later one after the one before. */
function checkedRuns(found: readonly Run[], length: number): readonly Run[] {
  let next = 0;
  for (const [index, { start }] of found.entries()) {
    const isInPlace = index === 0 ? start === 0 : start >= next && start < length;
    if (!isInPlace) throw Malformed.within('runs', new Malformed(`run ${index} begins at bar ${start}`));
    next = start + 1;
  }
  if ((found.length === 0) !== (length === 0))
    throw Malformed.within('runs', new Malformed('do not cover the bars'));
  return found;
}
