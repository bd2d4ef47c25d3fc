import type { Instrument } from '@tradewind/core/market';
import { err, ok, type Result } from '@tradewind/core/result';
import {
  DamagedRecording,
  describeRecordingProblem,
  openRecording,
  pricePathsOf,
  ReplayedMarket,
} from '../market/index.ts';
import { MarketTime } from './market-time.ts';
import { type MakeMarket, traders } from './traders.ts';

export interface ReplayOptions {
  /** A file or a folder. */
  readonly path: string;
  /** 1 is as it happened. */
  readonly speed: number;
  /** Of the traders that follow recorded prices. */
  readonly seed: number;
}

/** A recording that was found: whose market it is, and how it becomes one. */
export interface Replay {
  /** What its files say; a capture of many symbols says nothing. */
  readonly symbols: readonly string[];
  /**
   * Of klines and trades the prices are followed, by traders that keep books around them; a capture of streams, which has books of its
   * own, is played as it is.
   * @param instrumentOf  of the symbols that the exchange lists
   */
  market(instrumentOf: (symbol: string) => Instrument | undefined): Promise<Result<MakeMarket, string>>;
}

/** Looks what is there. @returns or one sentence that says what is wrong with it */
export async function findReplay({ path, speed, seed }: ReplayOptions): Promise<Result<Replay, string>> {
  const listed = new Map<string, Instrument | undefined>();
  const recording = await openRecording([path], (symbol) => listed.get(symbol));
  if (!recording.ok) return err(describeRecordingProblem(recording.error));
  const { files, bars } = recording.value;
  const symbols = new Set([
    ...bars.map((series) => series.bars.symbol),
    ...files.flatMap(({ symbol }) => symbol ?? []),
  ]);
  return ok({
    symbols: [...symbols],
    async market(instrumentOf) {
      for (const symbol of symbols) listed.set(symbol, instrumentOf(symbol));
      if (files.some(({ kind }) => kind === 'capture')) return ok(playing(recording.value, speed));
      try {
        return ok(traders({ seed, paths: await pricePathsOf(recording.value, speed) }));
      } catch (error) {
        if (error instanceof DamagedRecording) return err(`${error.path}: cannot be read (${error.message})`);
        throw error;
      }
    },
  });
}

/** The recording is the market around the clients' orders. */
const playing =
  (recording: ConstructorParameters<typeof ReplayedMarket>[0]['recording'], speed: number): MakeMarket =>
  (exchange, { clock, timers }) => {
    const time = new MarketTime(clock, timers);
    let ended: string | undefined;
    const market = new ReplayedMarket({
      feed: exchange,
      recording,
      symbols: exchange.symbols.map(({ symbol }) => symbol),
      clock: time,
      timers: time,
      speed,
      onEnd: (outcome) => {
        ended = outcome.ok ? 'the recording has ended' : describeRecordingProblem(outcome.error);
      },
    });
    return {
      start: () => market.start(),
      pause: () => time.pause(),
      resume: () => time.resume(),
      stop() {
        market.stop();
        time.pause();
      },
      accounts: [],
      ended: () => ended,
    };
  };
