import { describe, expect, test } from 'vitest';
import { play, scripted, still, testMarket } from './test-market.test-support.ts';

const MINUTE = 60_000;

describe('several intervals', () => {
  const inputs = () =>
    [
      { kind: 'bars', symbol: 'BTCUSDT', interval: '1m' },
      { kind: 'bars', symbol: 'BTCUSDT', interval: '5m' },
    ] as const;
  const heardOn = (bars: readonly string[], warmup = 0): string[] => {
    const heard: string[] = [];
    play(
      scripted(
        (context) => ({
          onBar: ({ interval, count, open, high, low, close, openTimeMs }) => {
            if (interval.name === '1m' && context.isWarm) heard.push(`${context.nowMs / MINUTE} warm`);
            if (interval.name === '5m')
              heard.push(
                `${context.nowMs / MINUTE} #${count} from ${openTimeMs / MINUTE}: ${open} ${high} ${low} ${close}`,
              );
          },
        }),
        { inputs, warmup: () => warmup },
      ),
      { markets: [testMarket('BTC/USDT', bars)] },
    );
    return heard.filter(
      (line, place) => !line.endsWith('warm') || place === heard.findIndex((other) => other.endsWith('warm')),
    );
  };

  test('show coarser bars when they close, made of the finer ones, and leave out one that has not closed', () => {
    const bars = [
      '100 101 99 100',
      '100 105 100 104',
      '104 104 90 95',
      still(95),
      '95 97 95 96',
      still(96),
      '96 98 96 97',
    ];
    expect(heardOn(bars)).toEqual(['1 warm', '5 #1 from 0: 100 105 90 96']);
  });

  test('close a coarser bar at its own time, when a halt has swallowed its last minutes', () => {
    const bars = [still(100), still(101), '', '', '', '', '', '', still(102), still(103), still(104)];
    expect(heardOn(bars)).toEqual([
      '1 warm',
      '5 #1 from 0: 100 101 100 101',
      '10 #2 from 5: 102 103 102 103',
    ]);
  });

  test('are all warmed up before the first order', () => {
    expect(heardOn(Array(11).fill(still(100)), 2)).toEqual([
      '5 #1 from 0: 100 100 100 100',
      '10 #2 from 5: 100 100 100 100',
      '11 warm',
    ]);
  });

  test('that the data do not make are refused', () => {
    const finer = scripted(() => ({}), {
      inputs: () => [{ kind: 'bars', symbol: 'BTCUSDT', interval: '1s' }],
    });
    const markets = [testMarket('BTC/USDT', [still(100)])];
    expect(() => play(finer, { markets })).toThrow('needs 1s bars of BTCUSDT, which 1m bars do not make');
    const trades = scripted(() => ({}), { inputs: () => [{ kind: 'trades', symbol: 'BTCUSDT' }] });
    expect(() => play(trades, { markets })).toThrow(
      'needs trades of BTCUSDT, and a backtest on bars has none',
    );
    const other = scripted(() => ({}), {
      inputs: () => [{ kind: 'bars', symbol: 'ETHUSDT', interval: '1m' }],
    });
    expect(() => play(other, { markets })).toThrow('needs bars of ETHUSDT, which this run does not have');
  });
});
