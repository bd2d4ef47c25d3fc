import type { CommitResult, TradingEvent } from '@tradewind/proto';
import { silentTelemetry, VirtualTime } from '@tradewind/utils';
import { expect, test } from 'vitest';
import { Recorder } from './recorder.ts';

const evaluation = (id: number): TradingEvent => ({
  ...{ id: `${id}`, correlationId: 'c', atMs: id, service: 'strategy-engine' },
  ...{ kind: 'evaluation', strategy: 'main', symbol: 'BTCUSDT', interval: '1m', closeTimeMs: id },
  ...{ isWarm: true, signals: 0, values: {} },
});
const alert = (id: string): TradingEvent => ({
  ...{ id, correlationId: 'c', atMs: 1, service: 'strategy-engine' },
  ...{ kind: 'alert', severity: 'info', name: 'x', message: '', fields: {} },
});

/** A ledger that answers as it is told, and what it was given. */
function recording(answer: () => CommitResult['kind'] | Error) {
  const time = new VirtualTime(0);
  const given: string[][] = [];
  const told: string[] = [];
  const recorder = new Recorder(
    {
      timers: time,
      telemetry: silentTelemetry,
      bus: { publish: async (_, message) => void told.push((message as TradingEvent).id) },
      ledger: {
        commit: async (events) => {
          given.push(events.map(({ id }) => id));
          const kind = answer();
          if (kind instanceof Error) throw kind;
          if (kind === 'committed')
            return { kind, events: events.map((event, i) => ({ ...event, seq: i + 1 })) };
          if (kind === 'refused') return { kind, refusal: { reason: 'stale_epoch', epoch: 1, current: 2 } };
          return { kind, detail: 'down' };
        },
      },
    },
    () => undefined,
  );
  return { time, recorder, given, told };
}

test('events are written together, in their order, and then told', async () => {
  const { time, recorder, given, told } = recording(() => 'committed');
  for (let id = 0; id < 600; id += 1) recorder.record(evaluation(id));
  expect(given).toEqual([]);
  await time.advance(100);
  expect(given.map(({ length }) => length)).toEqual([500, 100]);
  expect(told).toEqual(given.flat());
  recorder.end();
});

test.each(['failed', 'unknown', new Error('the connection is gone')])(
  'P6: what ended with %s is written again',
  async (first) => {
    const answers = [first, 'committed'] as (CommitResult['kind'] | Error)[];
    const { time, recorder, given, told } = recording(() => answers.shift()!);
    recorder.record(evaluation(1));
    await time.advance(100);
    recorder.record(evaluation(2));
    await time.advance(1000);
    expect([given, told]).toEqual([
      [['1'], ['1', '2']],
      ['1', '2'],
    ]);
    recorder.end();
  },
);

test('while the ledger is down evaluations are dropped beyond a bound, and counted; nothing else is', async () => {
  const { time, recorder, given } = recording(() => 'failed');
  for (let id = 0; id < 10_005; id += 1) recorder.record(evaluation(id));
  recorder.record(alert('important'));
  expect(recorder.dropped).toBe(5);
  expect(await recorder.flush()).toBe(false);
  expect(given).toHaveLength(3);
  await time.advance(0);
  recorder.end();
});

test('what is refused is let go, so that the rest gets through', async () => {
  const answers: CommitResult['kind'][] = ['refused', 'committed'];
  const { recorder, told } = recording(() => answers.shift()!);
  recorder.record(evaluation(1));
  expect(await recorder.flush()).toBe(true);
  recorder.record(evaluation(2));
  expect(await recorder.flush()).toBe(true);
  expect(told).toEqual(['2']);
  recorder.end();
  recorder.record(evaluation(3));
  expect(await recorder.flush()).toBe(true);
});
