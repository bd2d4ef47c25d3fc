import { BanFile, HttpPool, makeSigner, type Signer, WebSockets } from '@tradewind/binance';
import { type Amount, amount, ratio } from '@tradewind/core/money';
import { err, ok, type Result } from '@tradewind/core/result';
import { describeListenProblem, startServer } from '@tradewind/exchange-simulator';
import { PaperExchange, PaperFile, paperKeyOf } from '@tradewind/paper-exchange';
import type { MarketData } from '@tradewind/proto';
import {
  checkKey,
  type OpenVenue,
  VENUE_URLS,
  VenueConnection,
  type VenueSettings,
  type VenueUrls,
  type VenueWire,
} from '@tradewind/trading-system';
import { type Random, systemClock, systemTimers, type Telemetry } from '@tradewind/utils';
import type { RunningSimulator } from '../start-simulator.ts';
import type { LoadedEnvironment } from './environment.ts';
import type { ResolvedSecrets } from './secret-sources.ts';
import type { StartWaits } from './start-waits.ts';

export interface ConnectionParts {
  readonly environment: LoadedEnvironment;
  readonly secrets: ResolvedSecrets;
  /** The one that was started beside the services, if one was. */
  readonly simulator: RunningSimulator | undefined;
  readonly random: Random;
  readonly telemetry: Telemetry;
  readonly startWaits: StartWaits;
}

/** Real connections to an exchange, and how they end. */
export interface MarketConnection {
  readonly connection: VenueConnection;
  close(): Promise<void>;
}

/** Connects to the exchange of the configuration, with its key where there is one. */
export async function connectMarket(parts: ConnectionParts): Promise<Result<MarketConnection, string>> {
  const { environment, random, telemetry } = parts;
  const settings = venueSettingsOf(parts);
  if (!settings.ok) return settings;
  const bans = BanFile.open(environment.folder.banFile, ({ path, detail }) =>
    telemetry.log.write('error', 'ban_not_saved', { path, detail }),
  );
  if (!bans.ok) return err(`${bans.error.path}: ${bans.error.detail}`);
  const http = new HttpPool({ timers: systemTimers });
  const wire = { http, sockets: new WebSockets() };
  const connection = new VenueConnection(
    { clock: systemClock, timers: systemTimers, random, wire, bans: bans.value },
    settings.value,
  );
  return ok({ connection, close: () => http.destroy() });
}

/** Where the exchange of a configuration is, what we may ask of it, and its key where orders go there. */
export function venueSettingsOf(
  parts: Pick<ConnectionParts, 'environment' | 'secrets' | 'simulator'>,
): Result<VenueSettings, string> {
  const { exchange, mode } = parts.environment.config;
  const signer = mode === 'paper' ? ok(undefined) : signerOf(parts);
  if (!signer.ok) return signer;
  return ok({
    urls: urlsOf(parts),
    recvWindowMs: exchange.recv_window_ms,
    route: exchange.order_route,
    ceilings: ceilingsOf(parts.environment),
    ...(signer.value === undefined ? {} : { signer: signer.value }),
  });
}

/** Orders go to the same exchange as prices come from, after its key has been judged; on paper to an exchange in this process. */
export function venueOpener(
  parts: ConnectionParts,
  market: VenueConnection,
): (marketData: MarketData) => Promise<Result<OpenVenue, string>> {
  return parts.environment.config.mode === 'paper'
    ? (marketData) => openPaper(parts, marketData)
    : () => openReal(parts, market);
}

/** The same exchange, once its key has been judged. */
export async function openReal(
  { environment, telemetry, startWaits }: ConnectionParts,
  market: VenueConnection,
): Promise<Result<OpenVenue, string>> {
  const { exchange, mode } = environment.config;
  if (exchange.key !== undefined) {
    const demand = { account: exchange.key.account, isLive: mode === 'live' };
    const checked = await checkKey(startWaits.callerOf(market), demand);
    if (!checked.ok) return checked;
    for (const warning of checked.value) telemetry.log.write('warn', 'key_warning', { detail: warning });
  }
  const http = new HttpPool({ timers: systemTimers, connectionsMax: 2 });
  return ok({ connection: market, cancelCaller: market.newRestClient(http), stop: () => http.destroy() });
}

/**
 * An exchange in this process, around the prices of another one.
 * @param place  where processes beside this one can reach it; left out, none can
 */
export async function openPaper(
  { environment, random, telemetry }: ConnectionParts,
  marketData: MarketData,
  place?: { readonly host: string; readonly port: number },
): Promise<Result<OpenVenue, string>> {
  const { config, folder } = environment;
  const { paper, symbols, exchange } = config;
  if (paper === undefined) return err('paper: is missing');
  const opened = await PaperExchange.open(
    {
      clock: systemClock,
      timers: systemTimers,
      telemetry,
      marketData,
      store: new PaperFile(folder.paperState),
    },
    {
      symbols,
      balances: Object.entries(paper.balances).map(
        ([asset, text]) => [asset, amount(asset, text) as Amount] as const,
      ),
      commission: { maker: ratio(paper.maker_fee), taker: ratio(paper.taker_fee) },
      latencyMs: paper.latency_ms,
      seed: paper.seed,
    },
  );
  if (!opened.ok) return opened;
  const { wire, front, urls } = opened.value;
  const server = place === undefined ? ok(undefined) : await startServer(front, place);
  if (!server.ok) {
    await opened.value.stop();
    return err(`services.paper-exchange: ${describeListenProblem(server.error)}`);
  }
  const connection = paperConnection(
    { http: wire, sockets: wire },
    { rest: urls.rest, streams: urls.api, websocketApi: urls.api },
    { random, telemetry },
    paper.seed,
    { route: exchange.order_route, ceilings: ceilingsOf(environment) },
  );
  if (!connection.ok) return connection;
  connection.value.start();
  return ok({
    connection: connection.value,
    cancelCaller: connection.value.newRestClient(wire),
    async stop() {
      connection.value.stop();
      await server.value?.stop();
      await opened.value.stop();
    },
  });
}

/** The paper exchange of another process, for who only cancels there. */
export function openPaperElsewhere({
  environment,
  random,
  telemetry,
}: ConnectionParts): Result<OpenVenue, string> {
  const { paper, services, exchange } = environment.config;
  const place = services?.['paper-exchange'];
  if (paper === undefined || place === undefined) return err('services.paper-exchange: is missing');
  const at = `${place.host}:${place.port}`;
  const http = new HttpPool({ timers: systemTimers, connectionsMax: 2 });
  const connection = paperConnection(
    { http, sockets: new WebSockets() },
    { rest: `http://${at}`, streams: `ws://${at}`, websocketApi: `ws://${at}/ws-api/v3` },
    { random, telemetry },
    paper.seed,
    { route: exchange.order_route, ceilings: ceilingsOf(environment) },
  );
  if (!connection.ok) return connection;
  return ok({
    connection: connection.value,
    cancelCaller: connection.value.rest,
    stop: () => http.destroy(),
  });
}

function paperConnection(
  wire: VenueWire,
  urls: VenueUrls,
  { random, telemetry }: Pick<ConnectionParts, 'random' | 'telemetry'>,
  seed: number,
  settings: Pick<VenueSettings, 'route' | 'ceilings'>,
): Result<VenueConnection, string> {
  const key = paperKeyOf(seed);
  const signer = makeSigner({ apiKey: key.apiKey, secret: key.held });
  if (!signer.ok) return err(`the key of the paper account: ${signer.error.reason}`);
  // It bans nobody that would have to be remembered.
  const bans = { load: () => undefined, save: () => undefined };
  return ok(
    new VenueConnection(
      { clock: systemClock, timers: systemTimers, random, metrics: telemetry.metrics, wire, bans },
      { ...settings, urls, recvWindowMs: 5_000, signer: signer.value },
    ),
  );
}

const ceilingsOf = ({ config: { guards } }: LoadedEnvironment): VenueSettings['ceilings'] => ({
  weightPerMinute: guards.weight_per_minute_maximum,
  ordersPerSecond: guards.orders_per_second_maximum,
});

function urlsOf({ environment, simulator }: Pick<ConnectionParts, 'environment' | 'simulator'>): VenueUrls {
  const { profile, urls } = environment.config.exchange;
  if (urls !== undefined) return { rest: urls.rest, streams: urls.streams, websocketApi: urls.websocket_api };
  if (profile !== 'simulator') return VENUE_URLS[profile];
  const at = `127.0.0.1:${simulator?.address.port ?? 0}`;
  return { rest: `http://${at}`, streams: `ws://${at}`, websocketApi: `ws://${at}/ws-api/v3` };
}

/** The key of the configuration; of a simulator that was started beside, that of its first demo account. */
function signerOf({
  secrets,
  simulator,
}: Pick<ConnectionParts, 'secrets' | 'simulator'>): Result<Signer, string> {
  const demo = simulator?.accounts[0]?.keys[0];
  const apiKey = secrets.apiKey?.reveal() ?? demo?.apiKey;
  const secret = secrets.apiSecret?.reveal() ?? demo?.held;
  if (apiKey === undefined || secret === undefined) return err('exchange.key: is missing');
  const signer = makeSigner({ apiKey, secret });
  return signer.ok ? signer : err(`exchange.key: ${signer.error.reason.replaceAll('_', ' ')}`);
}
