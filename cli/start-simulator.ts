import { readExchangeInfo } from '@tradewind/core/market';
import { ok, type Result } from '@tradewind/core/result';
import {
  type AccountSetup,
  ControlFront,
  demoAccounts,
  describeFaultPlanProblem,
  describeListenProblem,
  findReplay,
  hmacKey,
  type MakeMarket,
  type Replay,
  type RunningServer,
  readFaultPlan,
  type SavedSimulator,
  SimulatorHost,
  type SimulatorPorts,
  startServer,
  traders,
} from '@tradewind/exchange-simulator';
import { badInput, type Complaint } from './complaint.ts';
import { readJsonFile, writeWholeFile } from './json-files.ts';
import { assetsOf, type ListedExchange, listExchange } from './list-exchange.ts';
import type { SimulatorRequest } from './simulator-options.ts';

/** An exchange that listens. */
export interface RunningSimulator {
  readonly host: SimulatorHost;
  readonly address: { readonly host: string; readonly port: number };
  readonly controlPort: number | undefined;
  readonly symbols: readonly string[];
  readonly accounts: readonly AccountSetup[];
  /** Ends all connections and saves the state where one was asked for. */
  stop(): Promise<Result<void, Complaint>>;
}

/** Builds the exchange that the options describe and opens its ports. Nothing is left open when it cannot. */
export async function startSimulator(
  request: SimulatorRequest,
  ports: SimulatorPorts,
): Promise<Result<RunningSimulator, Complaint>> {
  const { seed } = request;
  const replay = request.replay === undefined ? ok(undefined) : await findReplay({ ...request.replay, seed });
  if (!replay.ok) return badInput(`--replay ${replay.error}`);
  const listed = await listExchange(request, replay.value?.symbols ?? []);
  if (!listed.ok) return listed;
  const saved = await readState(request.state);
  if (!saved.ok) return saved;
  const accounts = accountsOf(request, listed.value);
  if (!accounts.ok) return accounts;
  const market = await marketOf(request, listed.value, replay.value);
  if (!market.ok) return market;
  const host = makeHost(request, ports, listed.value, accounts.value, market.value, saved.value);
  if (!host.ok) return host;
  const planned = await installFaults(request.faults, host.value);
  if (!planned.ok) return planned;
  host.value.simulator.startMarket();
  const servers = await openPorts(request, host.value);
  if (!servers.ok) {
    host.value.stop();
    return servers;
  }
  const [main, control] = servers.value;
  return ok({
    host: host.value,
    address: { host: main.host, port: main.port },
    controlPort: control?.port,
    symbols: listed.value.symbols,
    accounts: accounts.value,
    async stop() {
      await Promise.all(servers.value.map((server) => server?.stop()));
      const state = host.value.simulator.save();
      host.value.stop();
      return request.state === undefined ? ok(undefined) : writeWholeFile('--state', request.state, state);
    },
  });
}

async function readState(file: string | undefined): Promise<Result<SavedSimulator | undefined, Complaint>> {
  if (file === undefined) return ok(undefined);
  const read = await readJsonFile('--state', file, 'may be missing');
  if (!read.ok || read.value === undefined) return read as Result<undefined, Complaint>;
  const { value } = read;
  if (typeof value === 'object' && value !== null && 'version' in value && 'exchange' in value) {
    return ok(value as SavedSimulator);
  }
  return badInput(`--state ${file}: is no state that the simulator saved; name a new file, or remove it`);
}

function accountsOf(
  { accounts, seed }: SimulatorRequest,
  { info }: ListedExchange,
): Result<readonly AccountSetup[], Complaint> {
  const assets = assetsOf(info);
  if (accounts.length === 0) return ok(demoAccounts(assets, seed));
  for (const { apiKey, balances } of accounts) {
    const unknown = balances.find(([asset]) => !assets.includes(asset));
    if (unknown !== undefined) {
      return badInput(
        `--account ${apiKey}: no symbol is about ${unknown[0]}; the assets are ${assets.join(', ')}`,
      );
    }
  }
  return ok(accounts.map(({ apiKey, secret, balances }) => ({ balances, keys: [hmacKey(apiKey, secret)] })));
}

async function marketOf(
  { hasTraders, seed }: SimulatorRequest,
  { info }: ListedExchange,
  replay: Replay | undefined,
): Promise<Result<MakeMarket | undefined, Complaint>> {
  if (!hasTraders) return ok(undefined);
  if (replay === undefined) return ok(traders({ seed }));
  const { instruments } = readExchangeInfo(info);
  const market = await replay.market((symbol) => instruments.get(symbol));
  return market.ok ? market : badInput(`--replay ${market.error}`);
}

function makeHost(
  { state }: SimulatorRequest,
  ports: SimulatorPorts,
  { info }: ListedExchange,
  accounts: readonly AccountSetup[],
  market: MakeMarket | undefined,
  saved: SavedSimulator | undefined,
): Result<SimulatorHost, Complaint> {
  const options = {
    exchangeInfo: info,
    accounts,
    ...(market === undefined ? {} : { market }),
    ...(saved === undefined ? {} : { saved }),
  };
  try {
    return ok(new SimulatorHost(ports, options));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return badInput(
      `--state ${state}: ${error.message}; start with the symbols it was saved with, or without it`,
    );
  }
}

async function installFaults(
  file: string | undefined,
  host: SimulatorHost,
): Promise<Result<void, Complaint>> {
  if (file === undefined) return ok(undefined);
  const read = await readJsonFile('--faults', file, 'must be there');
  if (!read.ok) return read;
  const plan = readFaultPlan(read.value);
  const installed = plan.ok ? host.simulator.faults.install(plan.value) : plan;
  return installed.ok
    ? ok(undefined)
    : badInput(`--faults ${file}: ${describeFaultPlanProblem(installed.error)}`);
}

/** The control port has no lock: it is for this machine only, whatever `--host` says. */
const CONTROL_HOST = '127.0.0.1';

async function openPorts(
  { host: address, port, controlPort }: SimulatorRequest,
  host: SimulatorHost,
): Promise<Result<readonly [RunningServer, RunningServer | undefined], Complaint>> {
  const main = await startServer(host, { host: address, port });
  if (!main.ok) return badInput(`--port: ${describeListenProblem(main.error)}`);
  if (controlPort === undefined) return ok([main.value, undefined]);
  const control = await startServer(new ControlFront(host), { host: CONTROL_HOST, port: controlPort });
  if (control.ok) return ok([main.value, control.value]);
  await main.value.stop();
  return badInput(`--control-port: ${describeListenProblem(control.error)}`);
}
