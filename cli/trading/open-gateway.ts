import { randomBytes } from 'node:crypto';
import { err, ok, type Result } from '@tradewind/core/result';
import { type Gateway, type RunningGateway, startGateway } from '@tradewind/gateway';
import type { LoadedEnvironment } from './environment.ts';
import type { OpenTelemetry } from './output.ts';
import { forgetRunning, writeRunning } from './running-file.ts';
import type { ResolvedSecrets } from './secret-sources.ts';

const LOOK_EVERY_MS = 1000;

/** Opens the control API and leaves its address and token for the commands. @returns a sentence where the port cannot be had */
export async function openGateway(
  gateway: Gateway,
  { config, folder }: LoadedEnvironment,
  secrets: ResolvedSecrets,
  { metrics, telemetry }: Pick<OpenTelemetry, 'metrics' | 'telemetry'>,
): Promise<Result<RunningGateway, string>> {
  const token = secrets.gatewayToken?.reveal() ?? randomBytes(32).toString('hex');
  const { host, port } = config.gateway;
  let obstacles: readonly string[] = ['nobody has been asked yet'];
  let running: RunningGateway;
  try {
    running = await startGateway({
      gateway,
      host,
      port,
      token,
      operated: { metrics, obstacles: () => obstacles },
      telemetry,
    });
  } catch (error) {
    return err((error as Error).message);
  }
  const timer = setInterval(() => {
    gateway.obstacles().then(
      (found) => {
        obstacles = found;
      },
      (error: unknown) => {
        obstacles = [String(error)];
      },
    );
  }, LOOK_EVERY_MS);
  await writeRunning(folder, { host: running.host, port: running.port, token, pid: process.pid });
  return ok({
    ...running,
    async stop() {
      clearInterval(timer);
      await forgetRunning(folder);
      await running.stop();
    },
  });
}
