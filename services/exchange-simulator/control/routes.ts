import { err, ok, type Result } from '@tradewind/core/result';
import { describeFaultPlanProblem, readAction, readFaultPlan } from '../faults/read-plan.ts';
import type { SimulatorHost } from '../host.ts';
import type { SavedSimulator } from '../simulator.ts';
import { accountView, exactTexts } from './oracle-view.ts';

/** What was asked of the control port. */
export interface ControlRequest {
  readonly parameters: URLSearchParams;
  /** Parsed JSON; undefined without a body. */
  readonly body: unknown;
}

/** JSON, or one sentence that says why not. */
export type RouteAnswer = Result<unknown, string>;

export interface Route {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly path: string;
  readonly summary: string;
  readonly run: (host: SimulatorHost, request: ControlRequest) => RouteAnswer;
}

const ADVANCE_MS_MAX = 3_600_000;
const WHY_NOT_ADVANCED = {
  it_runs: 'the market runs; stop it first',
  it_cannot: 'there is no market that could be moved on: none that has been started, or a recording',
};

export const ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/',
    summary: 'what the control port can do',
    run: () => ok(ROUTES.map(({ method, path, summary }) => ({ method, path, summary }))),
  },
  {
    method: 'GET',
    path: '/status',
    summary: 'the time at the exchange, open sockets, whether the market runs, how often each fault struck',
    run: ({ simulator }) =>
      ok({
        time_ms: simulator.clock.nowMs(),
        clock_ahead_ms: simulator.clock.aheadMs,
        market_is_running: simulator.marketIsRunning,
        market_end: simulator.marketEnd,
        sockets: simulator.sockets.list().map(({ path, socket }) => ({ path, from: socket.remoteAddress })),
        symbols: simulator.exchange.symbols.map(({ symbol, entry }) => ({ symbol, status: entry.status })),
        faults: simulator.faults.status(),
      }),
  },
  {
    method: 'GET',
    path: '/faults',
    summary: 'the installed fault plan',
    run: ({ simulator }) => ok(simulator.faults.installed),
  },
  {
    method: 'PUT',
    path: '/faults',
    summary: 'installs a fault plan in place of the one before',
    run: ({ simulator }, { body }) => {
      const plan = readFaultPlan(body);
      const done = plan.ok ? simulator.faults.install(plan.value) : plan;
      return done.ok ? ok(simulator.faults.status()) : err(describeFaultPlanProblem(done.error));
    },
  },
  {
    method: 'DELETE',
    path: '/faults',
    summary: 'everything behaves again; what has been done to the exchange stays done',
    run: ({ simulator }) => {
      simulator.faults.clear();
      return ok([]);
    },
  },
  {
    method: 'POST',
    path: '/actions',
    summary: 'has one action of the fault plans done at once: a deposit, a status, a trade by hand ...',
    run: ({ simulator }, { body }) => {
      const action = readAction(body);
      const done = action.ok ? simulator.faults.perform(action.value) : action;
      return done.ok ? ok(null) : err(describeFaultPlanProblem(done.error));
    },
  },
  {
    method: 'GET',
    path: '/oracle/accounts',
    summary: 'true balances of every account',
    run: ({ simulator }) => ok(simulator.exchange.oracle.accounts.map(accountView)),
  },
  {
    method: 'GET',
    path: '/oracle/lists',
    summary: 'every order list',
    run: ({ simulator }) => ok(exactTexts(simulator.exchange.oracle.lists())),
  },
  ofSymbol('/oracle/orders', 'every order of a symbol', ({ exchange }, symbol) =>
    exchange.oracle.orders(symbol),
  ),
  ofSymbol('/oracle/fills', 'every fill of a symbol, of both sides', ({ exchange }, symbol) =>
    exchange.oracle.fills(symbol),
  ),
  ofSymbol('/oracle/trades', 'the public trades of a symbol', ({ exchange }, symbol) =>
    exchange.oracle.trades(symbol),
  ),
  ofSymbol('/oracle/book', 'the whole visible book of a symbol', ({ exchange }, symbol) =>
    exchange.depth(symbol, 5000),
  ),
  {
    method: 'GET',
    path: '/state',
    summary: 'the state of the exchange, to be put back later',
    run: ({ simulator }) => ok(simulator.save()),
  },
  {
    method: 'PUT',
    path: '/state',
    summary: 'puts the exchange back to a state; every socket is cut, faults are gone',
    run: (host, { body }) => {
      if (!isSaved(body)) return err('this is no state that GET /state gave');
      const loaded = host.load(body);
      return loaded.ok ? ok(null) : loaded;
    },
  },
  {
    method: 'POST',
    path: '/market/stop',
    summary: 'the market stands still: only the accounts trade',
    run: ({ simulator }) => {
      simulator.pauseMarket();
      return ok(null);
    },
  },
  {
    method: 'POST',
    path: '/market/start',
    summary: 'the market goes on',
    run: ({ simulator }) => {
      simulator.startMarket();
      return ok(null);
    },
  },
  {
    method: 'POST',
    path: '/market/advance',
    summary: 'what the stopped market would do in ?ms=1000 happens at once, at most an hour',
    run: ({ simulator }, { parameters }) => {
      const ms = Number(parameters.get('ms'));
      if (!Number.isInteger(ms) || ms < 1 || ms > ADVANCE_MS_MAX) {
        return err(`ms: expected a whole number from 1 to ${ADVANCE_MS_MAX}`);
      }
      const problem = simulator.advanceMarket(ms);
      return problem === undefined ? ok(null) : err(WHY_NOT_ADVANCED[problem]);
    },
  },
];

/** Looks at one symbol, or with `account` only at the rows that are this account's. */
function ofSymbol(
  path: string,
  summary: string,
  look: (simulator: SimulatorHost['simulator'], symbol: string) => unknown,
): Route {
  return {
    method: 'GET',
    path,
    summary: `${summary}: ?symbol=BTCUSDT, with &account=1 only those of an account`,
    run: ({ simulator }, { parameters }) => {
      const symbol = parameters.get('symbol') ?? '';
      if (simulator.exchange.symbol(symbol) === undefined) {
        return err(`symbol ${JSON.stringify(symbol)}: the exchange has no such symbol`);
      }
      const account = parameters.get('account');
      const all = look(simulator, symbol);
      const isMeant = (row: object): boolean => 'account' in row && String(row.account) === account;
      return ok(exactTexts(account === null || !Array.isArray(all) ? all : all.filter(isMeant)));
    },
  };
}

const isSaved = (body: unknown): body is SavedSimulator =>
  typeof body === 'object' && body !== null && 'version' in body && body.version === 1 && 'exchange' in body;
