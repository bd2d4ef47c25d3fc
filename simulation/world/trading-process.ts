import type { HttpTransport, Signer, SocketTransport } from '@tradewind/binance';
import type { Result } from '@tradewind/core/result';
import type { Front } from '@tradewind/exchange-simulator';
import { type Ledger, LocalBus } from '@tradewind/proto';
import type { HaltFile } from '@tradewind/risk-manager';
import { type SystemSettings, TradingSystem, VenueConnection } from '@tradewind/trading-system';
import { type Clock, SeededRandom, type Telemetry, type Timers } from '@tradewind/utils';
import type { Disk } from './disk.ts';
import { Lifeline, type MachineClock } from './lifeline.ts';
import { Network, type NetworkConditions, type WireWitness } from './network.ts';
import type { Store } from './store.ts';
import { type BusConditions, unreliableBus } from './unreliable-bus.ts';

/** What a process finds in the world. */
export interface ProcessOutside {
  readonly time: Clock & Timers;
  readonly clock: MachineClock;
  readonly front: Front;
  readonly conditions: NetworkConditions;
  readonly store: Store;
  readonly bus: BusConditions;
  readonly disk: Disk;
  readonly signer: Signer;
  readonly settings: SystemSettings;
  readonly telemetry: Telemetry;
  readonly witness: (process: TradingProcess) => WireWitness;
  readonly replace: (own: Replaceable) => Partial<Replaceable>;
}

/** Of a process, what can be another's: so a system can be broken on purpose (variants/) without a switch in it. */
export interface Replaceable {
  readonly http: HttpTransport;
  readonly sockets: SocketTransport;
  readonly ledger: Ledger;
  readonly haltFile: HaltFile;
  readonly settings: SystemSettings;
}

const URLS = {
  rest: 'http://exchange.test',
  streams: 'ws://exchange.test',
  websocketApi: 'ws://exchange.test/ws-api/v3',
};

/** One run of the whole trading system, as one process of an operating system: it can die at any moment. */
export class TradingProcess {
  readonly name: string;
  readonly lifeline: Lifeline;
  readonly network: Network;
  /** Once it has started. */
  system: TradingSystem | undefined;
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
  async start(): Promise<Result<TradingSystem, string>> {
    const { clock, bus, store, disk, signer, telemetry, replace } = this.outside;
    const { lifeline: timers, random, network } = this;
    const own: Replaceable = {
      http: network,
      sockets: network,
      ledger: store.connect(timers),
      haltFile: disk.haltFile,
      settings: this.outside.settings,
    };
    const { http, sockets, ledger, haltFile, settings } = { ...own, ...replace(own) };
    const connection = new VenueConnection(
      { clock, timers, random, wire: { http, sockets }, bans: disk.banStore },
      {
        urls: URLS,
        recvWindowMs: 5_000,
        route: 'rest',
        signer,
        ceilings: { weightPerMinute: 6_000, ordersPerSecond: 10 },
      },
    );
    const started = await TradingSystem.start({
      clock,
      timers,
      random,
      telemetry,
      ledger,
      bus: unreliableBus(new LocalBus({ clock, timers, random, telemetry }), bus, random),
      market: connection,
      openVenue: async () => ({
        ok: true,
        value: {
          connection,
          cancelCaller: connection.newRestClient(http),
          stop: async () => connection.stop(),
        },
      }),
      haltFile,
      starts: disk.startCounter,
      holder: this.name,
      configuration: { environment: 'simulation', mode: 'testnet', hash: 'simulation', text: '' },
      settings,
    });
    if (started.ok) this.system = started.value;
    return started;
  }

  /** As kill -9 does: from now on it does nothing and hears nothing; its connections break. */
  kill(): void {
    this.lifeline.kill();
    this.network.cutSockets();
  }
}
