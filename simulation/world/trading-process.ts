import type { Signer } from '@tradewind/binance';
import type { Result } from '@tradewind/core/result';
import type { Front } from '@tradewind/exchange-simulator';
import { type SystemSettings, VenueConnection } from '@tradewind/trading-system';
import { type Clock, SeededRandom, type Telemetry, type Timers } from '@tradewind/utils';
import type { Disk } from './disk.ts';
import { Lifeline, type MachineClock } from './lifeline.ts';
import { Network, type NetworkConditions, type WireWitness } from './network.ts';
import type { Program, Replaceable, Running } from './programs/program.ts';
import type { Store } from './store.ts';

/** What a process finds in the world. */
export interface ProcessOutside {
  readonly time: Clock & Timers;
  readonly clock: MachineClock;
  readonly front: Front;
  readonly conditions: NetworkConditions;
  readonly store: Store;
  readonly disk: Disk;
  readonly signer: Signer;
  readonly settings: SystemSettings;
  readonly telemetry: Telemetry;
  readonly program: Program;
  readonly witness: (process: TradingProcess) => WireWitness;
  readonly replace: (own: Replaceable) => Partial<Replaceable>;
  /** Ends what the process has open to others than the exchange. */
  readonly died: (process: TradingProcess) => void;
}

const URLS = {
  rest: 'http://exchange.test',
  streams: 'ws://exchange.test',
  websocketApi: 'ws://exchange.test/ws-api/v3',
};

/** One run of a program of the product, as one process of an operating system: it can die at any moment. */
export class TradingProcess {
  readonly name: string;
  readonly lifeline: Lifeline;
  readonly network: Network;
  /** Once it has started. */
  running: Running | undefined;
  private readonly outside: ProcessOutside;
  private readonly random: SeededRandom;

  /** @param name  of this run, unlike any other */
  constructor(name: string, seed: number, outside: ProcessOutside) {
    const { time, front, conditions, witness } = outside;
    this.name = name;
    this.outside = outside;
    this.random = new SeededRandom(seed);
    this.lifeline = new Lifeline(time);
    this.network = new Network({
      front,
      time,
      random: new SeededRandom(seed + 1),
      conditions,
      lifeline: this.lifeline,
      witness: witness(this),
    });
  }

  /** Resolves when it runs, or with a sentence why it cannot. Never, when it dies before. */
  async start(): Promise<Result<Running, string>> {
    const { clock, store, disk, signer, telemetry, program, replace } = this.outside;
    const { lifeline: timers, random, network } = this;
    const own: Replaceable = {
      http: network,
      sockets: network,
      ledger: store.connect(timers),
      haltFile: disk.haltFile,
      settings: this.outside.settings,
    };
    const present = { ...own, ...replace(own) };
    const { http, sockets } = present;
    const started = await program({
      ...present,
      outside: { clock, timers, random, telemetry },
      process: this,
      disk,
      connection: new VenueConnection(
        { clock, timers, random, wire: { http, sockets }, bans: disk.banStore },
        {
          urls: URLS,
          recvWindowMs: 5_000,
          route: 'rest',
          signer,
          ceilings: { weightPerMinute: 6_000, ordersPerSecond: 10 },
        },
      ),
    });
    if (started.ok) this.running = started.value;
    return started;
  }

  /** As kill -9 does: from now on it does nothing and hears nothing; its connections break. */
  kill(): void {
    this.lifeline.kill();
    this.network.cutSockets();
    this.outside.died(this);
  }
}
