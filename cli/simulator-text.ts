import type { KeySetup } from '@tradewind/exchange-simulator';
import type { SimulatorRequest } from './simulator-options.ts';
import type { RunningSimulator } from './start-simulator.ts';

/** What is printed when the exchange listens: where, what it lists, and the keys of the demo accounts. */
export function startUpText(running: RunningSimulator, request: SimulatorRequest): string {
  const { address, controlPort, symbols, accounts } = running;
  const at = `${address.host.includes(':') ? `[${address.host}]` : address.host}:${address.port}`;
  const lines = [
    `The exchange simulator listens at ${at}`,
    `  REST           http://${at}/api/v3`,
    `  streams        ws://${at}/ws and ws://${at}/stream`,
    `  WebSocket API  ws://${at}/ws-api/v3`,
    ...(controlPort === undefined ? [] : [`  control port   http://127.0.0.1:${controlPort}/`]),
    `  symbols        ${symbols.join(', ')}`,
    `  market         ${marketText(request)}`,
  ];
  // Keys that somebody brought are theirs, and are not printed again.
  if (request.accounts.length === 0) {
    for (const [index, { keys }] of accounts.entries()) {
      lines.push(`Demo account ${index + 1}`, ...keys.flatMap(keyLines));
    }
  }
  return `${lines.join('\n')}\nCtrl-C stops it.\n`;
}

function marketText({ replay, hasTraders, seed }: SimulatorRequest): string {
  if (!hasTraders) return 'nobody but the accounts';
  return replay === undefined
    ? `made up from seed ${seed}`
    : `follows ${replay.path} at speed ${replay.speed}`;
}

function keyLines({ apiKey, kind, held }: KeySetup): string[] {
  const lines = held.trimEnd().split('\n');
  if (lines.length === 1) return [`  ${kind} key      ${apiKey}`, `       secret   ${held}`];
  return [`  ${kind} key   ${apiKey}`, ...lines.map((line) => `    ${line}`)];
}
