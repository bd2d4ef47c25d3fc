import { type Amount, type Ratio, ratio } from '@tradewind/core/money';
import { err, invariant, ok, type Result } from '@tradewind/core/result';
import {
  type AccountSetup,
  demoAccounts,
  type ExchangePort,
  type Front,
  type KeySetup,
  type SavedSimulator,
  Simulator,
  type SymbolEntry,
} from '@tradewind/exchange-simulator';
import type { MarketData, Subscription } from '@tradewind/proto';
import type { Clock, Telemetry, Timers } from '@tradewind/utils';
import { AccountSaver, type PaperStore } from './account-saver.ts';
import { entryOf, exchangeInfoOf } from './instrument-entry.ts';
import { MarketFollower } from './market-follower.ts';
import { MemoryWire } from './memory-wire.ts';
import { SavingFront } from './saving-front.ts';

export interface PaperOutside {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly telemetry: Telemetry;
  /** The market that is followed. It has started: the rules of the symbols are known. */
  readonly marketData: MarketData;
  readonly store: PaperStore;
}

export interface PaperOptions {
  readonly symbols: readonly string[];
  /** What the account begins with, the first time; what was saved goes before. */
  readonly balances: readonly (readonly [asset: string, amount: Amount])[];
  /** What trades cost; Binance's standard of 0.1 % each unless said otherwise. */
  readonly commission?: { readonly maker: Ratio; readonly taker: Ratio };
  /** How long requests, answers and events are under way, each. */
  readonly latencyMs?: number;
  /** Makes the key of the account; the account that was saved belongs to the key of the same seed. */
  readonly seed?: number;
}

/** What is kept between two runs. */
interface SavedPaper {
  readonly version: 1;
  /** Of exchangeInfo: symbols that are not followed any more still have orders and trades. */
  readonly entries: readonly SymbolEntry[];
  readonly simulator: SavedSimulator;
}

const DEFAULT_LATENCY_MS = 5;
/** Closed orders, trades and the like that can still be asked for, of each symbol. Each save writes all of them: 3 ms with so many. */
const RECORDS_KEPT = 100;
/** Of the followed market; nobody asks a paper exchange for its prices. */
const TRADES_KEPT = 1000;

/**
 * An exchange for paper trading: the simulator, in this process, around whose one account the market of somewhere else is shown
 * (docs/fills.md, "Paper"). The ordinary client reaches it over a wire in memory.
 *
 * What it has told, it knows after a crash: nothing leaves before what it depends on is saved. The followed market is not saved.
 */
export class PaperExchange {
  /** HTTP and sockets of the client. */
  readonly wire: MemoryWire;
  /** Where the client believes to connect to. */
  readonly urls = { rest: 'http://paper.exchange', api: 'ws://paper.exchange/ws-api/v3' } as const;
  /** Its whole protocol, for who is to reach it from another process. */
  readonly front: Front;
  /** The key of the account; it is not allowed to withdraw. */
  readonly key: KeySetup;
  /** The exchange itself, past the wire: for who compares books. */
  readonly exchange: ExchangePort;
  private readonly simulator: Simulator;
  private readonly saver: AccountSaver;
  private readonly follower: MarketFollower;
  private readonly subscription: Subscription;

  /** Takes up what was saved, or opens the account; then follows the market. @returns what is wrong, in one sentence */
  static async open(outside: PaperOutside, options: PaperOptions): Promise<Result<PaperExchange, string>> {
    const entries = new Map<string, SymbolEntry>();
    let saved: SavedPaper | undefined;
    try {
      saved = readSaved(await outside.store.load());
    } catch (error) {
      return err(`the saved paper account cannot be read: ${messageOf(error)}`);
    }
    for (const entry of saved?.entries ?? []) entries.set(entry.symbol, entry);
    for (const symbol of options.symbols) {
      const snapshot = await outside.marketData.snapshot(symbol);
      if (snapshot === undefined) return err(`${symbol} is not among the symbols whose market is followed`);
      entries.set(symbol, entryOf(snapshot.instrument));
    }
    try {
      return ok(new PaperExchange(outside, options, [...entries.values()], saved?.simulator));
    } catch (error) {
      // What was saved comes from outside: whatever it breaks while it is read is what is wrong with it.
      if (saved === undefined) throw error;
      return err(`the saved paper account cannot be taken up: ${messageOf(error)}`);
    }
  }

  private constructor(
    { clock, timers, telemetry, marketData, store }: PaperOutside,
    { symbols, balances, commission, latencyMs = DEFAULT_LATENCY_MS, seed = 1 }: PaperOptions,
    entries: readonly SymbolEntry[],
    saved: SavedSimulator | undefined,
  ) {
    const { log } = telemetry;
    const { demo, key } = demoOf(seed);
    this.key = key;
    this.simulator = new Simulator(
      { clock, timers },
      {
        exchangeInfo: exchangeInfoOf(entries),
        accounts: [{ balances, keys: demo.keys }],
        exchange: {
          recordsKept: RECORDS_KEPT,
          tradesKept: TRADES_KEPT,
          ...(commission === undefined
            ? {}
            : { standardCommission: { ...commission, buyer: ratio('0'), seller: ratio('0') } }),
        },
        ...(saved === undefined ? {} : { saved }),
      },
    );
    this.exchange = this.simulator.exchange;
    this.saver = new AccountSaver(store, { timers, log }, () => this.stateText(entries));
    this.follower = new MarketFollower(this.exchange, entries, log);
    const changed = (): void => this.saver.changed();
    this.exchange.listen({
      executionReport: changed,
      listStatus: changed,
      accountPosition: changed,
      balanceUpdate: changed,
      externalLock: changed,
    });
    this.front = new SavingFront(this.simulator, this.saver);
    this.wire = new MemoryWire(this.front, timers, {
      latencyMs,
      remoteAddress: '127.0.0.1',
    });
    this.saver.changed();
    this.subscription = marketData.subscribe({ symbols, kinds: ['trade', 'book'] }, (update) =>
      this.follower.take(update),
    );
  }

  /** Symbols that are not matched now, and why: their market is not known. */
  get halts(): ReadonlyMap<string, string> {
    return this.follower.halts;
  }

  /** Follows the market no more and cuts every socket; resolves when the account is saved. */
  async stop(): Promise<void> {
    this.subscription.end();
    this.simulator.stop();
    await this.saver.stop();
  }

  private stateText(entries: readonly SymbolEntry[]): string {
    const saved: SavedPaper = {
      version: 1,
      entries,
      simulator: this.simulator.save({ leavesOut: 'market' }),
    };
    return JSON.stringify(saved);
  }
}

/** The key of the account of a seed: for who reaches a paper exchange of another process. */
export const paperKeyOf = (seed: number): KeySetup => demoOf(seed).key;

function demoOf(seed: number): { readonly demo: AccountSetup; readonly key: KeySetup } {
  const [demo] = demoAccounts([], seed);
  const key = demo?.keys.find(({ kind }) => kind === 'HMAC');
  invariant(demo !== undefined && key !== undefined, 'there is a demo account, and it has an HMAC key');
  return { demo, key };
}

/** @throws Error when it is none */
function readSaved(text: string | undefined): SavedPaper | undefined {
  if (text === undefined) return undefined;
  const saved = JSON.parse(text) as Partial<SavedPaper> | null;
  if (saved?.version !== 1 || !Array.isArray(saved.entries) || saved.simulator === undefined)
    throw new Error('it is of another version');
  return saved as SavedPaper;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
