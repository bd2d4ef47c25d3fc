import { join } from 'node:path';
import { openSession, SessionFolder, SessionRecorder, writeKlineFiles } from '@tradewind/market-data';
import type { MarketData } from '@tradewind/proto';
import { marketNeedsOf } from '@tradewind/strategy-engine';
import type { ServiceOutside, SystemSettings } from '@tradewind/trading-system';
import { type Closing, utcText } from '@tradewind/utils';
import { VERSION } from '../version.ts';
import type { LoadedEnvironment } from './environment.ts';

/**
 * Records what the strategies see into a folder of the sessions, as long as the configuration wants it. At the end the folder also has
 * the bars as kline files: the input of a backtest.
 */
export async function recordSession(
  { config, folder }: LoadedEnvironment,
  outside: ServiceOutside,
  marketData: MarketData,
  { symbols, instances }: SystemSettings,
  closing: Closing,
): Promise<void> {
  if (!config.recording.enabled) return;
  const name = utcText(outside.clock.nowMs()).slice(0, 19).replaceAll(':', '-');
  const place = join(folder.sessions, name);
  const sink = await SessionFolder.create(place, true);
  const recorder = new SessionRecorder(
    { ...outside, marketData, sink },
    {
      symbols,
      intervals: marketNeedsOf(instances).intervals,
      environment: config.environment,
      build: VERSION,
    },
  );
  await recorder.start();
  closing.add(async () => {
    await recorder.stop();
    const recorded = await openSession(place);
    // Beside the session its bars, as `tradewind backtest --data` takes them.
    if (recorded.ok) await writeKlineFiles(recorded.value, join(place, 'klines'));
    else outside.telemetry.log.write('warn', 'session_without_klines', { detail: recorded.error });
  });
}
