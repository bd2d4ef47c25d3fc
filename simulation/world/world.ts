import { makeSigner, type Signer } from '@tradewind/binance';
import { invariant } from '@tradewind/core/result';
import { builtInExchangeInfo, demoAccounts, Simulator, traders } from '@tradewind/exchange-simulator';
import { type Random, SeededRandom, type Telemetry, VirtualTime } from '@tradewind/utils';
import { Disk } from './disk.ts';
import { ExchangeFaults } from './exchange-faults.ts';
import { MachineClock } from './lifeline.ts';
import { Listings } from './listings.ts';
import { GOOD_NETWORK, type NetworkConditions, type WireWitness } from './network.ts';
import { Operator, type OperatorWitness } from './operator.ts';
import { MoodyPath } from './price-path.ts';
import { apart } from './programs/apart.ts';
import type { Program, Replaceable } from './programs/program.ts';
import { together } from './programs/together.ts';
import { RedisServer } from './redis/redis-server.ts';
import { RpcNetwork } from './rpc/rpc-network.ts';
import { type Deployment, SERVICE_NAMES, type ServiceName, type Services } from './services.ts';
import { ASSETS, SETTINGS, SYMBOLS } from './settings.ts';
import { Store, type StoreWitness } from './store.ts';
import { Supervisor } from './supervisor.ts';
import { TradingProcess } from './trading-process.ts';
import { type BusConditions, GOOD_BUS } from './unreliable-bus.ts';

/** 2026-01-05, 12:00 UTC, and one run in four two minutes and a half before the end of that day (faults.md K3). */
const NOON_MS = 1_767_614_400_000;
const LATE_MS = NOON_MS + 12 * 3_600_000 - 150_000;
/** Of the whole made-up market, for each symbol: a quiet one, so that a day does not take long. */
const ORDERS_PER_SECOND = 2;

/** What becomes of our orders that meet one another, where they do not say so themselves (binance-spot.md section 5). */
const PREVENTIONS = ['EXPIRE_MAKER', 'EXPIRE_TAKER', 'EXPIRE_BOTH', 'DECREMENT'] as const;

const withPrevention = (info: { readonly symbols?: readonly object[] }, mode: string) => ({
  ...info,
  symbols: (info.symbols ?? []).map((entry) => ({ ...entry, defaultSelfTradePreventionMode: mode })),
});

const START_PRICES = { BTCUSDT: 60_000, ETHUSDT: 3_000 } as const;

const pathsOf = (seed: number): ReadonlyMap<string, MoodyPath> =>
  new Map(SYMBOLS.map((symbol, index) => [symbol, new MoodyPath(START_PRICES[symbol], seed + index)]));

/** Who looks at what happens in the world, without touching it. */
export interface Witness {
  afterEach(): void;
  readonly wire: (process: TradingProcess) => WireWitness;
  readonly store: StoreWitness;
  readonly operator: OperatorWitness;
  readonly telemetry: (process: string) => Telemetry;
  note(text: string): void;
}

/** Puts something else in the place of what is a process's own. */
export type Replace = (own: Replaceable, world: World) => Partial<Replaceable>;

/**
 * Everything: the exchange, the network, the store, a machine with its disk and clock, the processes on it, what lies between them where
 * the services run apart, and who runs them.
 */
export class World {
  readonly time: VirtualTime;
  readonly simulator: Simulator;
  readonly exchangeFaults: ExchangeFaults;
  readonly listings: Listings;
  readonly network: NetworkConditions = { ...GOOD_NETWORK };
  readonly bus: BusConditions = { ...GOOD_BUS };
  readonly store: Store;
  readonly disk = new Disk();
  readonly clock: MachineClock;
  /** What lies between services that run apart. */
  readonly rpc: RpcNetwork;
  readonly redis: RedisServer;
  /** By what they keep running: everything together, or one service each. */
  readonly supervisors: ReadonlyMap<ProgramName, Supervisor>;
  readonly operator: Operator;
  /** What we sign with. */
  readonly apiKey: string;
  /** The number of our account at the exchange. */
  readonly account: number;
  /** What its requests are signed with. */
  readonly secret: string;
  /** Every one that has ever been started. */
  readonly processes: TradingProcess[] = [];
  private readonly waitingForCommand: (() => void)[] = [];
  private readonly random: SeededRandom;
  private readonly signer: Signer;
  private readonly witness: Witness;
  private readonly replace: Replace;

  constructor(seed: number, deployment: Deployment, witness: Witness, replace: Replace) {
    this.witness = witness;
    this.replace = replace;
    this.random = new SeededRandom(seed);
    this.time = new VirtualTime(this.random.nextUint32() % 4 === 0 ? LATE_MS : NOON_MS, () =>
      witness.afterEach(),
    );
    const { time } = this;
    const info = builtInExchangeInfo(SYMBOLS);
    invariant(info.ok, 'the symbols are built in');
    const accounts = demoAccounts(ASSETS, seed);
    this.simulator = new Simulator(
      { clock: time, timers: time },
      {
        exchangeInfo: withPrevention(info.value, PREVENTIONS[this.random.nextUint32() % PREVENTIONS.length]!),
        accounts,
        market: traders({ seed, paths: pathsOf(seed), ordersPerSecond: ORDERS_PER_SECOND }),
      },
    );
    this.exchangeFaults = new ExchangeFaults(this.simulator);
    this.listings = new Listings(this.simulator);
    const { apiKey, held } = accounts[0]!.keys.find(({ kind }) => kind === 'HMAC')!;
    this.apiKey = apiKey;
    this.secret = held;
    this.account = this.simulator.exchange.key(apiKey)!.account;
    const signer = makeSigner({ apiKey, secret: held });
    invariant(signer.ok, 'a demo key can sign');
    this.signer = signer.value;
    this.store = new Store(time, new SeededRandom(this.random.nextUint32()), witness.store);
    this.clock = new MachineClock(time);
    // Of their own, so that the rest of a world is drawn in the same way with them and without.
    this.rpc = new RpcNetwork(time, new SeededRandom(seed ^ RPC_CHANCES));
    this.redis = new RedisServer(time, new SeededRandom(seed ^ REDIS_CHANCES), this.bus);
    this.supervisors = new Map(
      (deployment === 'together' ? (['tradewind'] as const) : SERVICE_NAMES).map((name) => [
        name,
        new Supervisor(
          time,
          () => this.newProcess(name),
          (text) => witness.note(text),
        ),
      ]),
    );
    this.operator = new Operator(
      () => this.operated,
      () => this.clock.nowMs(),
      witness.operator,
    );
  }

  start(): void {
    for (const supervisor of this.supervisors.values()) supervisor.start();
  }

  /** Who keeps running what a service is in. */
  supervisorOf(service: ServiceName): Supervisor {
    const { supervisors } = this;
    const found = supervisors.get(service) ?? supervisors.get('tradewind');
    invariant(found !== undefined, 'every service is kept running');
    return found;
  }

  /** Draws only where there is a choice. */
  anySupervisor(random: Random): Supervisor {
    const all = [...this.supervisors.values()];
    return all.length === 1 ? all[0]! : all[random.nextUint32() % all.length]!;
  }

  /** The services that run, looked at directly. */
  get services(): Partial<Services> {
    return Object.assign({}, ...this.watched.map(({ running }) => running?.services));
  }

  /** What a person reaches: the services themselves, or through the gateway's calls. */
  get operated(): Services | undefined {
    return this.watched.map(({ running }) => running?.operated).find((each) => each !== undefined);
  }

  /** Whether everything that is to run does. */
  get isUp(): boolean {
    return (
      this.watched.length === this.supervisors.size &&
      this.watched.every(({ running }) => running !== undefined)
    );
  }

  private get watched(): readonly TradingProcess[] {
    return [...this.supervisors.values()]
      .map(({ current }) => current)
      .filter(({ lifeline }) => lifeline.isAlive);
  }

  /** Calls back when the next request that changes something at the exchange leaves. */
  atNextCommand(callback: () => void): void {
    this.waitingForCommand.push(callback);
  }

  private alsoHeard({ requested, sent }: WireWitness): WireWitness {
    return {
      requested: (request) => {
        requested(request);
        if (request.method !== 'GET') for (const callback of this.waitingForCommand.splice(0)) callback();
      },
      sent,
    };
  }

  private newProcess(program: ProgramName): TradingProcess {
    const { time, clock, network, store, disk, signer, witness } = this;
    const number = this.processes.length + 1;
    const name = program === 'tradewind' ? `run-${number}` : `${program}-${number}`;
    const process = new TradingProcess(name, this.random.nextUint32(), {
      time,
      clock,
      front: this.listings,
      conditions: network,
      store,
      disk,
      signer,
      settings: SETTINGS,
      telemetry: witness.telemetry(name),
      program: this.programOf(program),
      witness: (own) => this.alsoHeard(witness.wire(own)),
      replace: (own) => this.replace(own, this),
      died: ({ lifeline }) => this.rpc.breakAllOf(lifeline),
    });
    this.processes.push(process);
    return process;
  }

  private programOf(name: ProgramName): Program {
    return name === 'tradewind' ? together(this.bus) : apart(name, this);
  }
}

type ProgramName = ServiceName | 'tradewind';

const RPC_CHANCES = 0x5bd1e995;
const REDIS_CHANCES = 0x1b873593;
