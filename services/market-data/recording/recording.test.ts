import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { invariant } from '@tradewind/core/result';
import type { MarketUpdate } from '@tradewind/proto';
import { loadBars } from '@tradewind/research/history';
import { silentTelemetry } from '@tradewind/utils';
import { describe, expect, onTestFinished, test } from 'vitest';
import { MarketWorld } from '../market-world.test-support.ts';
import type { RecordedSession } from './recorded-session.ts';
import { openSession, SessionFolder, writeKlineFiles } from './session-files.ts';
import { readLine, textOfLine } from './session-line.ts';
import { isComplete, readManifest } from './session-manifest.ts';
import { type RecorderOptions, SessionRecorder, type SessionSink } from './session-recorder.ts';

const OPTIONS: RecorderOptions = {
  symbols: ['BTCUSDT'],
  intervals: ['1m'],
  environment: 'local',
  build: 'test',
};

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-session-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

async function read(folder: string): Promise<RecordedSession> {
  const opened = await openSession(folder);
  invariant(opened.ok, opened.ok ? '' : opened.error);
  return opened.value;
}

async function updatesOf(session: RecordedSession): Promise<MarketUpdate[]> {
  const updates: MarketUpdate[] = [];
  for await (const update of session.updates()) updates.push(update);
  return updates;
}

interface Told {
  readonly updates: readonly MarketUpdate[];
  readonly recorder: SessionRecorder;
}

/** A market of some minutes, with a break of the connection, recorded; and what a subscriber beside was told. */
async function recorded(sink: SessionSink): Promise<Told> {
  const on = new MarketWorld({ hasTraders: true, intervals: ['1m'] });
  on.simulator.startMarket();
  await on.time.advance(70_000);
  await on.after(on.service.start());
  const recorder = new SessionRecorder(
    { clock: on.time, timers: on.time, telemetry: silentTelemetry, marketData: on.service, sink },
    OPTIONS,
  );
  await on.after(recorder.start());
  const updates: MarketUpdate[] = [];
  const beside = on.service.subscribe({ symbols: ['BTCUSDT'] }, (update) => updates.push(update));
  await on.time.advance(10_000);
  on.wire.cutSockets();
  await on.time.advance(40_000);
  beside.end();
  await on.after(recorder.stop());
  return { updates, recorder };
}

/** What a recorder did to its sink. */
class NotedSink implements SessionSink {
  readonly texts: string[] = [];
  readonly manifests: string[] = [];

  async append(text: string): Promise<void> {
    this.texts.push(text);
  }

  async writeManifest(text: string): Promise<void> {
    this.manifests.push(text);
  }

  async close(): Promise<void> {}
}

const noted = new NotedSink();
let recording: Promise<Told> | undefined;
/** One recording for all tests that only read it. */
const recordedOnce = (): Promise<Told> => {
  recording ??= recorded(noted);
  return recording;
};

/** The one recording in a folder. @param isKilled  before the end could be said */
async function folderWith(isZipped: boolean, isKilled = false): Promise<string> {
  await recordedOnce();
  const folder = join(newFolder(), 'one');
  const files = await SessionFolder.create(folder, isZipped);
  for (const text of noted.texts) await files.append(text);
  await files.writeManifest((isKilled ? noted.manifests[0] : noted.manifests.at(-1))!);
  await files.close();
  return folder;
}

describe.each([{ isZipped: true }, { isZipped: false }])('a session (zipped: $isZipped)', ({ isZipped }) => {
  test('gives back every update in its order, and its bars as a backtest reads them', async () => {
    const folder = await folderWith(isZipped);
    const session = await read(folder);
    const [instrument, ...updates] = await updatesOf(session);
    expect(instrument).toMatchObject({ kind: 'instrument', instrument: { symbol: 'BTCUSDT' } });
    expect(updates).toEqual((await recordedOnce()).updates);
    expect(session.isComplete).toBe(true);
    expect(session.manifest).toMatchObject({ ...OPTIONS, lines: expect.any(Number), dropped: 0 });

    const paths = await writeKlineFiles(session, join(folder, 'klines'));
    expect(readdirSync(join(folder, 'klines'))).toEqual(['BTCUSDT-1m.csv']);
    const loaded = await loadBars(paths);
    invariant(loaded.ok, 'a backtest reads it');
    const [series] = loaded.value.series;
    // From the first trade, before the session, to its last closed minute.
    expect(series?.bars).toMatchObject({ symbol: 'BTCUSDT', length: 2, runs: [{ start: 0 }] });
  });

  test('X1: what was appended before a kill can be read, and it is known that the end is missing', async () => {
    const folder = await folderWith(isZipped, true);
    const [name] = readdirSync(folder).filter((each) => each.startsWith('updates'));
    const path = join(folder, name!);
    truncateSync(path, Math.floor(readFileSync(path).length * 0.9));
    const session = await read(folder);
    const updates = await updatesOf(session);
    const told = (await recordedOnce()).updates;
    expect(updates.length).toBeGreaterThan(told.length / 2);
    expect(updates.slice(1)).toEqual(told.slice(0, updates.length - 1));
    expect(session.isComplete).toBe(false);
  });
});

test('X2: when the disk does not keep up what cannot wait is dropped, counted, and the session is incomplete', async () => {
  const sink = new NotedSink();
  let isStuck = true;
  let release = (): void => undefined;
  sink.append = (text) => {
    sink.texts.push(text);
    return new Promise((resolve) => {
      release = resolve;
      if (!isStuck) resolve();
    });
  };
  const on = new MarketWorld({ hasTraders: true });
  await on.begin();
  const recorder = new SessionRecorder(
    { clock: on.time, timers: on.time, telemetry: silentTelemetry, marketData: on.service, sink },
    { ...OPTIONS, bufferMax: 2000 },
  );
  await on.after(recorder.start());
  await on.time.advance(8_000);
  on.wire.cutSockets();
  await on.time.advance(2_000);
  expect(recorder.dropped).toBeGreaterThan(10);
  isStuck = false;
  release();
  await on.after(recorder.stop());
  const read = readManifest(sink.manifests.at(-1)!);
  invariant(read.ok, 'the manifest can be read');
  expect(read.value.dropped).toBe(recorder.dropped);
  expect(isComplete(read.value)).toBe(false);
  // Feed states are in it all the same.
  expect(sink.texts.join('')).toContain('"state":"down"');
});

test('P8: what the disk refuses counts as dropped, and recording goes on', async () => {
  const sink = new NotedSink();
  let refusals = 0;
  sink.append = async (text) => {
    refusals += 1;
    if (refusals <= 3) throw new Error('no space left');
    sink.texts.push(text);
  };
  const { recorder } = await recorded(sink);
  expect(recorder.dropped).toBeGreaterThan(3);
  expect(sink.texts.length).toBeGreaterThan(10);
});

test('a damaged line is left out and counted', async () => {
  const folder = await folderWith(false);
  const before = await updatesOf(await read(folder));
  appendFileSync(join(folder, 'updates.jsonl'), '{"kind":"trade","price":"x"}\n{"kind":"what"}\nno json\n');
  const session = await read(folder);
  expect(await updatesOf(session)).toEqual(before);
  expect([session.damaged, session.isComplete]).toEqual([3, false]);
});

test('M14: decimals are written in plain notation, down to the last place', () => {
  const line =
    '{"kind":"trade","at":1,"symbol":"PEPEUSDT","id":7,"price":"0.00000001","quantity":"90000000000.00000001","time":2,"buyerIsMaker":true}';
  const read = readLine(line);
  invariant(read.ok, 'it is a line');
  expect(textOfLine(read.value)).toBe(line);
});

test('a folder without a session says so', async () => {
  expect(await openSession('/nowhere')).toEqual({
    ok: false,
    error: expect.stringContaining('/nowhere: holds no session'),
  });
});
