import { ok } from '@tradewind/core/result';
import { LocalBus } from '@tradewind/proto';
import { TradingSystem } from '@tradewind/trading-system';
import { type BusConditions, unreliableBus } from '../unreliable-bus.ts';
import type { Program } from './program.ts';

/** All services in one process: `npx tradewind start`. */
export const together =
  (conditions: BusConditions): Program =>
  async ({ outside, ledger, haltFile, settings, http, process, disk, connection }) => {
    const started = await TradingSystem.start({
      ...outside,
      ledger,
      bus: unreliableBus(new LocalBus(outside), conditions, outside.random),
      market: connection,
      openVenue: async () =>
        ok({
          connection,
          cancelCaller: connection.newRestClient(http),
          stop: async () => connection.stop(),
        }),
      haltFile,
      starts: disk.startCounter,
      holder: process.name,
      configuration: { environment: 'simulation', mode: 'testnet', hash: 'simulation', text: '' },
      settings,
    });
    if (!started.ok) return started;
    const { marketData, riskManager, orderExecution, strategyEngine } = started.value;
    const services = { marketData, riskManager, orderExecution, strategyEngine };
    return ok({ services, operated: services, stop: () => started.value.stop() });
  };
