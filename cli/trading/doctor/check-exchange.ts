import {
  BanFile,
  calls,
  describeOutcome,
  HttpPool,
  type HttpRequest,
  type HttpTransport,
  WebSockets,
} from '@tradewind/binance';
import { checkKey, VenueConnection, type VenueSettings } from '@tradewind/trading-system';
import { type Random, silentTelemetry, systemClock, systemTimers, utcText } from '@tradewind/utils';
import type { LoadedEnvironment } from '../environment.ts';
import { judgeRules } from './check-rules.ts';
import type { Finding } from './finding.ts';

/** An order is taken for recvWindow after its time; half of it is left for the way. */
const CLOCK_WRONG_MS = 1000;
const USED_WEIGHT = 'x-mbx-used-weight-1m';

/** Asks the exchange itself: the same questions as a start asks first. Nothing is ordered. */
export async function checkExchange(
  environment: LoadedEnvironment,
  settings: VenueSettings,
  random: Random,
): Promise<readonly Finding[]> {
  const { config, folder } = environment;
  const bans = BanFile.open(folder.banFile, () => undefined);
  if (!bans.ok) {
    const { path, detail } = bans.error;
    return [
      {
        check: 'limits',
        state: 'wrong',
        what: `${path}: ${detail}`,
        todo: 'delete it only when you know that the exchange has not banned this address',
      },
    ];
  }
  const bannedUntilMs = bans.value.load() ?? 0;
  if (bannedUntilMs > systemClock.nowMs()) return [banned(bannedUntilMs)];
  const pool = new HttpPool({ timers: systemTimers, connectionsMax: 1 });
  const http = new WeighedHttp(pool);
  try {
    const connection = new VenueConnection(
      {
        clock: systemClock,
        timers: systemTimers,
        random,
        wire: { http, sockets: new WebSockets() },
        bans: bans.value,
        metrics: silentTelemetry.metrics,
      },
      settings,
    );
    const clock = await checkClock(connection);
    if (clock.state === 'wrong') return [clock];
    return [
      clock,
      await checkPermissions(environment, connection),
      ...(await checkRules(environment, connection)),
      judgeWeight(http.usedWeight, config.guards.weight_per_minute_maximum),
    ];
  } finally {
    await pool.destroy();
  }
}

/** Remembers what the exchange says that this address has used, whoever here used it. */
class WeighedHttp implements HttpTransport {
  usedWeight: number | undefined;
  private readonly http: HttpTransport;

  constructor(http: HttpTransport) {
    this.http = http;
  }

  async send(request: HttpRequest): ReturnType<HttpTransport['send']> {
    const answer = await this.http.send(request);
    const told = answer.ok ? Number(answer.value.headers[USED_WEIGHT]) : Number.NaN;
    if (Number.isFinite(told)) this.usedWeight = told;
    return answer;
  }
}

const banned = (untilMs: number): Finding => ({
  check: 'limits',
  state: 'wrong',
  what: `this address is banned until ${utcText(untilMs)}`,
  todo: 'ask nothing of the exchange until then, by no program: every question makes the ban longer',
});

async function checkClock({ rest }: VenueConnection): Promise<Finding> {
  const measured = await rest.synchronizer.synchronize();
  if (measured.ok) return judgeClock(measured.value.offsetMs, measured.value.uncertaintyMs);
  const { error } = measured;
  return {
    check: 'clock',
    state: 'wrong',
    what:
      error.reason === 'no_answer'
        ? `the exchange does not answer: ${error.last.replaceAll('_', ' ')}`
        : `the time of the exchange cannot be measured: ${error.reason.replaceAll('_', ' ')}`,
    todo: 'check the network, and that the exchange may be reached from here',
  };
}

/** @param offsetMs  how far the exchange is ahead of this machine */
export function judgeClock(offsetMs: number, uncertaintyMs: number): Finding {
  const by = Math.round(Math.abs(offsetMs));
  const what = `this machine is ${by} ms ${offsetMs > 0 ? 'behind' : 'ahead of'} the exchange, to within ${Math.ceil(uncertaintyMs)} ms`;
  if (by <= CLOCK_WRONG_MS) return { check: 'clock', state: 'good', what };
  // Signatures carry the measured time of the exchange; what is wrong is every time in the ledger.
  return { check: 'clock', state: 'warning', what, todo: 'let this machine follow a time server (NTP)' };
}

async function checkPermissions(
  { config: { exchange, mode } }: LoadedEnvironment,
  { rest }: VenueConnection,
): Promise<Finding> {
  if (mode === 'paper') {
    return { check: 'permissions', state: 'skipped', what: 'paper money needs no key' };
  }
  if (exchange.key === undefined)
    return { check: 'permissions', state: 'skipped', what: 'the key of a simulator' };
  const checked = await checkKey(rest, { account: exchange.key.account, isLive: mode === 'live' });
  if (!checked.ok) {
    return {
      check: 'permissions',
      state: 'wrong',
      what: checked.error,
      todo: 'put that right in the settings of the key at the exchange, or in exchange.key',
    };
  }
  const may = mode === 'live' ? 'may trade, may not withdraw, works from here alone' : 'may trade';
  return checked.value.length === 0
    ? { check: 'permissions', state: 'good', what: `account ${exchange.key.account}: the key ${may}` }
    : {
        check: 'permissions',
        state: 'warning',
        what: checked.value.join('; '),
        todo: 'take from the key what it does not need',
      };
}

async function checkRules(
  { config }: LoadedEnvironment,
  { rest }: VenueConnection,
): Promise<readonly Finding[]> {
  const asked = await rest.perform(calls.exchangeInfo(config.symbols));
  if (asked.kind === 'done') return judgeRules(config, asked.value.instruments);
  return [
    {
      check: 'rules',
      state: 'wrong',
      what: `the exchange does not tell the rules of ${config.symbols.join(', ')}: ${describeOutcome(asked)}`,
      todo: 'correct symbols where one is unknown to it; else try again in a minute',
    },
  ];
}

/** @param used  what the exchange has counted for this address in this minute */
export function judgeWeight(used: number | undefined, ceiling: number): Finding {
  if (used === undefined) {
    return { check: 'limits', state: 'skipped', what: 'the exchange does not tell what has been used' };
  }
  const what = `weight ${used} of the ${ceiling} a minute that we allow ourselves; no ban`;
  if (used <= ceiling * 0.8) return { check: 'limits', state: 'good', what };
  return {
    check: 'limits',
    state: 'warning',
    what,
    todo: 'something at this address asks a lot: find it, or lower guards.weight_per_minute_maximum',
  };
}
