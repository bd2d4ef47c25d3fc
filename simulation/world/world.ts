import { makeSigner, type Signer } from '@tradewind/binance';
import { invariant } from '@tradewind/core/result';
import { builtInExchangeInfo, demoAccounts, Simulator, traders } from '@tradewind/exchange-simulator';
import { SeededRandom, type Telemetry, VirtualTime } from '@tradewind/utils';
import { Disk } from './disk.ts';
import { ExchangeFaults } from './exchange-faults.ts';
import { MachineClock } from './lifeline.ts';
import { GOOD_NETWORK, type NetworkConditions, type WireWitness } from './network.ts';
import { Operator, type OperatorWitness } from './operator.ts';
import { MoodyPath } from './price-path.ts';
import { ASSETS, SETTINGS, SYMBOLS } from './settings.ts';
import { Store, type StoreWitness } from './store.ts';
import { Supervisor } from './supervisor.ts';
import { type Replaceable, TradingProcess } from './trading-process.ts';
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

/** Everything: the exchange, the network, the store, a machine with its disk and clock, the processes on it, and who runs them. */
export class World {
  readonly time: VirtualTime;
  readonly simulator: Simulator;
  readonly exchangeFaults: ExchangeFaults;
  readonly network: NetworkConditions = { ...GOOD_NETWORK };
  readonly bus: BusConditions = { ...GOOD_BUS };
  readonly store: Store;
  readonly disk = new Disk();
  readonly clock: MachineClock;
  readonly supervisor: Supervisor;
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

  constructor(seed: number, witness: Witness, replace: Replace) {
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
    const { apiKey, held } = accounts[0]!.keys.find(({ kind }) => kind === 'HMAC')!;
    this.apiKey = apiKey;
    this.secret = held;
    this.account = this.simulator.exchange.key(apiKey)!.account;
    const signer = makeSigner({ apiKey, secret: held });
    invariant(signer.ok, 'a demo key can sign');
    this.signer = signer.value;
    this.store = new Store(time, new SeededRandom(this.random.nextUint32()), witness.store);
    this.clock = new MachineClock(time);
    this.supervisor = new Supervisor(
      time,
      () => this.newProcess(),
      (text) => witness.note(text),
    );
    this.operator = new Operator(
      () => this.running?.system,
      () => this.clock.nowMs(),
      witness.operator,
    );
  }

  /** The process that is watched, while it lives. */
  get running(): TradingProcess | undefined {
    const { current } = this.supervisor;
    return current.lifeline.isAlive ? current : undefined;
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

  private newProcess(): TradingProcess {
    const { time, bus, clock, network, store, disk, signer, witness } = this;
    const name = `run-${this.processes.length + 1}`;
    const process = new TradingProcess(name, this.random.nextUint32(), {
      time,
      clock,
      front: this.simulator,
      conditions: network,
      store,
      bus,
      disk,
      signer,
      settings: SETTINGS,
      telemetry: witness.telemetry(name),
      witness: (own) => this.alsoHeard(witness.wire(own)),
      replace: (own) => this.replace(own, this),
    });
    this.processes.push(process);
    return process;
  }
}
