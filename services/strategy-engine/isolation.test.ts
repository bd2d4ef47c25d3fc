import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock, systemTimers, VirtualTime } from '@tradewind/utils';
import { describe, expect, test } from 'vitest';
import { START_MS, testBars, worldOf } from './engine-world.test-support.ts';
import {
  forgetBlocked,
  type HostingSettings,
  LoopState,
  readBlocked,
  startStrategyThread,
  type Thread,
} from './index.ts';
import { probe } from './probe.test-support.ts';
import { ThreadPlace } from './worker/thread-place.ts';

describe('X3: a process that a strategy blocks', () => {
  test('is ended by its watchdog, and the strategy is named for the next start', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'blocked-'));
    const file = join(folder, 'blocked');
    const script = fileURLToPath(new URL('./watchdog/blocked-process.test-support.ts', import.meta.url));
    const child = spawn(process.execPath, [script, file], { stdio: 'ignore' });
    const signal = await new Promise((settle) => child.on('exit', (_, by) => settle(by)));
    expect([signal, readBlocked(file)]).toEqual(['SIGKILL', ['bad']]);
    forgetBlocked(file);
    expect(readBlocked(file)).toEqual([]);
    await rm(folder, { recursive: true });
  });

  test('starts next time with that strategy disabled, and forgets the name only when the ledger has it', async () => {
    const definition = probe(() => ({}));
    const world = await worldOf({
      instances: [
        { strategy: 'good', definition },
        { strategy: 'bad', definition },
      ],
    });
    world.market.histories.set('BTCUSDT 1m', testBars('BTCUSDT', []));
    let forgotten = 0;
    const engine = await world.start({
      blockedBefore: ['bad'],
      blockedRecorded: () => {
        forgotten += 1;
      },
    });
    expect((await engine.list()).map(({ state }) => state)).toEqual(['running', 'disabled']);
    expect(forgotten).toBe(1);
    expect((await world.journal('strategy')).at(-1)).toMatchObject({ action: 'disabled', strategy: 'bad' });
    await engine.close();
  });

  test('that comes back before it is ended disables the strategy, and sends nothing that it decided in between', async () => {
    const watch = new LoopState();
    const world = await worldOf({
      instances: [
        {
          strategy: 'bad',
          definition: probe((context) => ({
            onTimer: () => {
              // The watchdog finds the loop silent while this runs.
              watch.haltRisk(watch.running);
              context.market().buyShare(1n as never);
            },
            onStart: () => context.setTimer('block', START_MS + 10),
          })),
        },
        { strategy: 'good', definition: probe(() => ({})) },
      ],
      engine: { watch },
    });
    world.market.histories.set('BTCUSDT 1m', testBars('BTCUSDT', []));
    const engine = await world.start();
    await world.time.advance(10);
    expect(world.execution.signals).toEqual([]);
    await world.time.advance(100);
    expect((await engine.list()).map(({ state }) => state)).toEqual(['disabled', 'running']);
    expect([watch.isRiskHalted, watch.beats > 0]).toEqual([false, true]);
    await world.time.advance(1000);
    expect((await world.journal('alert')).map(({ name, fields }) => [name, fields.strategy])).toEqual([
      ['strategy_disabled', 'bad'],
      ['event_loop_blocked', 'bad'],
    ]);
    await engine.close();
  });
});

describe('a strategy on a thread of its own', () => {
  const settings: HostingSettings = {
    strategy: 'main',
    symbols: ['BTCUSDT'],
    interval: '1m',
    parameters: {},
    instruments: [],
    ...{ signalLifeMs: 1, signalsPerBarMaximum: 1, signalsPerSecondMaximum: 1, barsKept: 1 },
  };
  const save = { kind: 'save', nowMs: 0, ticket: 1 } as const;

  test('that does not answer any more is ended, and nobody else', async () => {
    const time = new VirtualTime(0);
    const heard: unknown[] = [];
    let answer = (): void => undefined;
    let terminated = 0;
    const thread: Thread = {
      post: () => undefined,
      ping: (answered) => {
        answer = answered;
      },
      terminate: () => {
        terminated += 1;
      },
    };
    const place = new ThreadPlace({ threads: () => thread, timers: time }, 'file:x', settings, (output) =>
      heard.push(output),
    );
    place.post(save);
    // A thread may take its time to begin.
    await time.advance(29_000);
    answer();
    await time.advance(4000);
    place.post(save);
    place.post(save);
    await time.advance(4999);
    expect([heard, terminated]).toEqual([[], 0]);
    await time.advance(1);
    expect(heard).toEqual([{ kind: 'failed', cause: 'blocked', detail: 'it has not answered for 5000 ms' }]);
    expect(terminated).toBe(1);
    place.post(save);
    place.end();
  });

  test('runs as beside the others: the same host, with messages in between', async () => {
    const module = new URL('./worker/thread-strategy.test-support.ts', import.meta.url).href;
    const { default: definition } = await import('./worker/thread-strategy.test-support.ts');
    const world = await worldOf({
      startMs: systemClock.nowMs(),
      instances: [{ strategy: 'main', definition, worker: { module } }],
      engine: { clock: systemClock, timers: systemTimers, threads: startStrategyThread },
    });
    world.market.histories.set('BTCUSDT 1m', testBars('BTCUSDT', []));
    const engine = await world.start();
    const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
      while (!(await isSo())) await new Promise((settle) => setTimeout(settle, 5));
    };
    await until(async () => (await engine.list())[0]!.state === 'running');
    const openTimeMs = Math.floor(systemClock.nowMs() / 60_000) * 60_000;
    const flat = { open: 100n, high: 100n, low: 100n, close: 100n, volume: 1n, quoteVolume: 1n } as never;
    world.market.bar({
      ...{ symbol: 'BTCUSDT', interval: '1m', openTimeMs, closeTimeMs: systemClock.nowMs() },
      ...{ ...(flat as object), trades: 1, source: 'trades' },
    } as never);
    await until(() => world.execution.signals.length > 0);
    expect(world.execution.signals[0]).toMatchObject({ action: 'order', intent: { tag: 'from a thread' } });
    await engine.close();
    expect((await world.ledger.load()).strategies[0]?.state).toMatchObject({
      snapshot: { host: { strategy: { bars: 1 } } },
    });
  });
});
