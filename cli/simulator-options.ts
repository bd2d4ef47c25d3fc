import { type Amount, isPositive, parseAmount } from '@tradewind/core/money';
import { ok, type Result } from '@tradewind/core/result';
import { badInput, type Complaint } from './complaint.ts';
import { readSeed } from './read-values.ts';

/** The options as they were typed; those with a default are always there. */
export interface TypedSimulatorOptions {
  readonly port: string;
  readonly host: string;
  readonly symbols?: string;
  readonly seed: string;
  readonly exchangeInfo?: string;
  readonly replay?: string;
  readonly speed?: string;
  readonly account?: readonly string[];
  readonly state?: string;
  readonly faults?: string;
  readonly controlPort?: string;
  readonly traders: boolean;
  readonly quiet?: boolean;
}

/** An account that the command line names. */
export interface TypedAccount {
  readonly apiKey: string;
  readonly secret: string;
  readonly balances: readonly (readonly [asset: string, amount: Amount])[];
}

/** What the options mean. */
export interface SimulatorRequest {
  readonly port: number;
  readonly host: string;
  /** undefined: what the built-in list or the file suggests. */
  readonly symbols: readonly string[] | undefined;
  readonly seed: number;
  readonly exchangeInfo: string | undefined;
  readonly replay: { readonly path: string; readonly speed: number } | undefined;
  /** Empty for the demo accounts. */
  readonly accounts: readonly TypedAccount[];
  readonly state: string | undefined;
  readonly faults: string | undefined;
  readonly controlPort: number | undefined;
  readonly hasTraders: boolean;
  readonly isQuiet: boolean;
}

export function readSimulatorOptions(typed: TypedSimulatorOptions): Result<SimulatorRequest, Complaint> {
  const port = readPort('--port', typed.port);
  if (!port.ok) return port;
  const controlPort =
    typed.controlPort === undefined ? ok(undefined) : readPort('--control-port', typed.controlPort);
  if (!controlPort.ok) return controlPort;
  if (controlPort.value !== undefined && controlPort.value !== 0 && controlPort.value === port.value) {
    return badInput(
      `--control-port ${controlPort.value}: is the port of the exchange itself; choose another one`,
    );
  }
  const symbols = typed.symbols === undefined ? ok(undefined) : readSymbols(typed.symbols);
  if (!symbols.ok) return symbols;
  const seed = readSeed(typed.seed);
  if (!seed.ok) return seed;
  const replay = readReplay(typed);
  if (!replay.ok) return replay;
  const accounts = readAccounts(typed.account ?? []);
  if (!accounts.ok) return accounts;
  const { host, exchangeInfo, state, faults, traders, quiet = false } = typed;
  return ok({
    port: port.value,
    host,
    symbols: symbols.value,
    seed: seed.value,
    exchangeInfo,
    replay: replay.value,
    accounts: accounts.value,
    state,
    faults,
    controlPort: controlPort.value,
    hasTraders: traders,
    isQuiet: quiet,
  });
}

const PORT_MAX = 65_535;

function readPort(option: string, text: string): Result<number, Complaint> {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= PORT_MAX) return ok(port);
  return badInput(`${option} ${text}: expected a port from 1 to 65535, or 0 for any that is free`);
}

function readSymbols(text: string): Result<string[], Complaint> {
  const symbols = text.split(',');
  const bad = symbols.find((symbol) => !/^[\p{L}\d_\-.]{1,50}$/u.test(symbol));
  if (bad !== undefined) {
    return badInput(`--symbols ${text}: expected names of symbols with commas between, like BTCUSDT,ETHUSDT`);
  }
  const twice = symbols.find((symbol, index) => symbols.indexOf(symbol) !== index);
  return twice === undefined ? ok(symbols) : badInput(`--symbols ${text}: ${twice} is there twice`);
}

const SPEED_MAX = 100_000;

function readReplay({
  replay,
  speed,
  traders,
}: TypedSimulatorOptions): Result<SimulatorRequest['replay'], Complaint> {
  if (replay === undefined) {
    if (speed !== undefined) return badInput('--speed belongs to --replay: nothing else runs at a speed');
    return ok(undefined);
  }
  if (!traders)
    return badInput('--replay and --no-traders exclude one another: a replay needs who trades it');
  const factor = speed === undefined ? 1 : Number(speed);
  if (/^\d+(\.\d+)?$/.test(speed ?? '1') && factor > 0 && factor <= SPEED_MAX) {
    return ok({ path: replay, speed: factor });
  }
  return badInput(
    `--speed ${speed}: expected a factor above 0, at most ${SPEED_MAX}, like 60 for a minute a second`,
  );
}

function readAccounts(texts: readonly string[]): Result<TypedAccount[], Complaint> {
  const accounts: TypedAccount[] = [];
  for (const text of texts) {
    const account = readAccount(text);
    if (!account.ok) return account;
    if (accounts.some(({ apiKey }) => apiKey === account.value.apiKey)) {
      return badInput(`--account ${account.value.apiKey}: this key is given twice`);
    }
    accounts.push(account.value);
  }
  return ok(accounts);
}

/** `key:secret:USDT=1000,BTC=0.5`; the balances may be left out. The secret is not told again in a complaint. */
function readAccount(text: string): Result<TypedAccount, Complaint> {
  const [apiKey = '', secret = '', list = '', ...rest] = text.split(':');
  if (!/^[A-Za-z0-9]+$/.test(apiKey) || !/^[A-Za-z0-9]+$/.test(secret) || rest.length > 0) {
    return badInput(
      `--account ${apiKey}: expected KEY:SECRET:ASSET=AMOUNT,..., key and secret of letters and digits, ` +
        'like myKey:mySecret:USDT=1000,BTC=0.5',
    );
  }
  const balances: [string, Amount][] = [];
  for (const part of list === '' ? [] : list.split(',')) {
    const [, asset = '', digits = ''] = /^([^=]+)=(\d+(?:\.\d+)?)$/.exec(part) ?? [];
    const amount = parseAmount(asset, digits);
    if (asset === '' || !amount.ok || !isPositive(amount.value)) {
      return badInput(
        `--account ${apiKey}: ${part}: expected an asset and an amount above zero with at most 8 decimals, like BTC=0.5`,
      );
    }
    if (balances.some(([other]) => other === asset)) {
      return badInput(`--account ${apiKey}: ${asset} is there twice`);
    }
    balances.push([asset, amount.value]);
  }
  return ok({ apiKey, secret, balances });
}
