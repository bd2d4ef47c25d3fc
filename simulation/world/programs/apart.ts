import { ok, type Result } from '@tradewind/core/result';
import { RedisBus } from '@tradewind/redis';
import {
  MarketDataClient,
  OrderExecutionClient,
  RiskManagerClient,
  type RpcClient,
  type RpcClientOptions,
  reached,
  StrategyEngineClient,
} from '@tradewind/rpc';
import {
  publisherOver,
  startMarketDataAlone,
  startOrderExecutionAlone,
  startRiskManagerAlone,
  startStrategyEngineAlone,
} from '@tradewind/trading-system';
import { Closing } from '@tradewind/utils';
import type { RedisServer } from '../redis/redis-server.ts';
import { type RpcNetwork, TOKEN } from '../rpc/rpc-network.ts';
import type { ServiceName, Services } from '../services.ts';
import type { Program, ProgramParts, Running } from './program.ts';

/** What lies between the services. */
export interface Between {
  readonly rpc: RpcNetwork;
  readonly redis: RedisServer;
}

/** One service in its own process: `npx tradewind start risk-manager`, and so on. */
export const apart =
  (name: ServiceName, between: Between): Program =>
  async (parts) => {
    const closing = new Closing();
    const started = await start(name, parts, between, closing).catch(
      (error: unknown): Result<never, string> => ({ ok: false, error: String(error) }),
    );
    if (!started.ok) await closing.run();
    return started;
  };

async function start(
  name: ServiceName,
  parts: ProgramParts,
  { rpc, redis }: Between,
  closing: Closing,
): Promise<Result<Running, string>> {
  const { outside, process, ledger, settings, haltFile, disk, connection, http } = parts;
  const clientOf = (service: ServiceName): RpcClientOptions => ({
    ...outside,
    service,
    name,
    host: service,
    port: 1,
    token: TOKEN,
    openSession: rpc.openSessionOf(name, process),
  });
  const connected = <Client extends RpcClient>(client: Client): Promise<Client> => {
    closing.add(() => client.close());
    return reached(client);
  };
  const marketData = (followed: readonly string[] = []) =>
    connected(new MarketDataClient({ ...clientOf('market-data'), followed }));
  const riskManager = () => connected(new RiskManagerClient(clientOf('risk-manager')));
  const orderExecution = () => connected(new OrderExecutionClient(clientOf('order-execution')));
  const strategyEngine = () => connected(new StrategyEngineClient(clientOf('strategy-engine')));
  const openBus = (): RedisBus => {
    const bus = new RedisBus({
      ...outside,
      url: 'redis://redis.test',
      consumer: `${name}-machine`,
      openRedis: redis.openOf(process.lifeline),
    });
    closing.add(() => bus.close());
    return bus;
  };
  const serve = (services: Partial<Services>): Result<Running, string> => {
    closing.add(rpc.listen(name, process, { ...outside, contracts: services, token: TOKEN }));
    return ok({ services, operated: undefined, stop: () => closing.run() });
  };
  const alone = { ...outside, settings, ledger };
  const atVenue = { market: connection, firstCaller: connection.rest };
  const openVenue = async () =>
    ok({ connection, cancelCaller: connection.newRestClient(http), stop: async () => undefined });

  switch (name) {
    case 'market-data': {
      const started = await startMarketDataAlone({ ...alone, ...atVenue, bus: openBus() }, closing);
      return started.ok ? serve({ marketData: started.value }) : started;
    }
    case 'risk-manager': {
      const publish = publisherOver(openBus(), outside.telemetry);
      const started = await startRiskManagerAlone(
        { ...alone, ...atVenue, openVenue, haltFile, publish, marketData },
        closing,
      );
      return started.ok ? serve({ riskManager: started.value }) : started;
    }
    case 'order-execution': {
      const publish = publisherOver(openBus(), outside.telemetry);
      const starts = disk.startCounter;
      const started = await startOrderExecutionAlone(
        { ...alone, ...atVenue, openVenue, publish, starts, holder: process.name, marketData, riskManager },
        closing,
      );
      return started.ok ? serve({ orderExecution: started.value }) : started;
    }
    case 'strategy-engine': {
      const started = await startStrategyEngineAlone(
        { ...alone, bus: openBus(), isolation: {}, marketData, orderExecution },
        closing,
      );
      return started.ok ? serve({ strategyEngine: started.value }) : started;
    }
    case 'gateway': {
      const operated: Services = {
        marketData: await marketData(),
        strategyEngine: await strategyEngine(),
        riskManager: await riskManager(),
        orderExecution: await orderExecution(),
      };
      return ok({ services: {}, operated, stop: () => closing.run() });
    }
  }
}
