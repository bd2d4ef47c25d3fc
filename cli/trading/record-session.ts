import { join } from 'node:path';
import { SessionFolder, SessionRecorder } from '@tradewind/market-data';
import type { MarketData } from '@tradewind/proto';
import { marketNeedsOf } from '@tradewind/strategy-engine';
import type { ServiceOutside, SystemSettings } from '@tradewind/trading-system';
import { utcText } from '@tradewind/utils';
import { VERSION } from '../version.ts';
import type { Closing } from './closing.ts';
import type { LoadedEnvironment } from './environment.ts';

/** Records what the strategies see into a folder of the sessions, as long as the configuration wants it. */
export async function recordSession(
  { config, folder }: LoadedEnvironment,
  outside: ServiceOutside,
  marketData: MarketData,
  { symbols, instances }: SystemSettings,
  closing: Closing,
): Promise<void> {
  if (!config.recording.enabled) return;
  const name = utcText(outside.clock.nowMs()).slice(0, 19).replaceAll(':', '-');
  const sink = await SessionFolder.create(join(folder.sessions, name), true);
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
  closing.add(() => recorder.stop());
}
