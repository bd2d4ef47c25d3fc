/** The thread of one strategy: the same host as on the main thread, with messages in between. */
import { parentPort, workerData } from 'node:worker_threads';
import { invariant } from '@tradewind/core/result';
import type { StrategyDefinition } from '@tradewind/core/strategy';
import { HostedStrategy } from '../hosting/hosted-strategy.ts';
import type { HostingInput, HostingOutput } from '../hosting/messages.ts';
import { readValues } from '../hosting/read-values.ts';
import type { FromThread, ThreadData, ToThread } from './thread-messages.ts';

const port = parentPort;
invariant(port !== null, 'this file is started as a thread');
const tell = (message: FromThread): void => port.postMessage(message);
const hear = (output: HostingOutput): void => tell({ kind: 'output', output });

const { module, settings } = workerData as ThreadData;
let hosted: { handle(input: HostingInput): void } | undefined;
try {
  const { default: definition } = (await import(module)) as { readonly default: StrategyDefinition };
  hosted = new HostedStrategy(definition, readValues(definition, settings.parameters), settings, hear);
} catch (error) {
  hear({ kind: 'failed', cause: 'threw', detail: `${module} cannot be loaded: ${String(error)}` });
}
port.on('message', (message: ToThread) => {
  if (message.kind === 'ping') tell({ kind: 'pong', number: message.number });
  else hosted?.handle(message.input);
});
