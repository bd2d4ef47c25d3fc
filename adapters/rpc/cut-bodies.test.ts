import { connect, createServer, type Socket } from 'node:net';
import type { StrategyEngine, StrategyStatus } from '@tradewind/proto';
import { afterEach, expect, test } from 'vitest';
import type { RpcClient } from './caller.ts';
import { RiskManagerClient } from './risk-manager-client.ts';
import { only, optionsFor, riskOf, serve, until } from './rpc.test-support.ts';
import type { ServedContracts } from './serve.ts';
import { StrategyEngineClient } from './strategy-engine-client.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

const PREFACE_BYTES = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'.length;
const FRAME_HEADER_BYTES = 9;
const DATA = 0;

/**
 * How much passes before the connection is cut: to the end of the first field of the first body, which every message of ours begins with
 * (RFC 9113 section 4.1; a text of protobuf is a tag, a length and its bytes). All of it when there is no body.
 */
function bytesBeforeCut(bytes: Buffer, from: number): number {
  let at = from;
  while (at + FRAME_HEADER_BYTES <= bytes.length) {
    const body = at + FRAME_HEADER_BYTES;
    if (bytes[at + 3] === DATA) return body + 2 + bytes.readUInt8(body + 1);
    at = body + bytes.readUIntBE(at, 3);
  }
  return bytes.length;
}

/** A connection to a service that is cut within the first body: of the requests or of the answers. */
async function cutWithin(body: 'request' | 'answer', contracts: ServedContracts): Promise<number> {
  const server = await serve(contracts);
  ends.push(() => server.close());
  const proxy = createServer((near) => {
    const far = connect(server.port, '127.0.0.1');
    const passOn = (from: Socket, to: Socket, firstFrameAt: number, isCut: boolean): void => {
      let seen = Buffer.alloc(0);
      from.on('data', (piece: Buffer) => {
        const passed = seen.length;
        seen = Buffer.concat([seen, piece]);
        const end = isCut ? bytesBeforeCut(seen, firstFrameAt) : seen.length;
        to.write(seen.subarray(passed, end));
        if (end < seen.length) for (const socket of [near, far]) socket.end();
      });
      from.on('error', () => undefined);
      from.on('close', () => to.destroy());
    };
    passOn(near, far, PREFACE_BYTES, body === 'request');
    passOn(far, near, 0, body === 'answer');
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  ends.push(() => proxy.close());
  const address = proxy.address();
  if (address === null || typeof address === 'string') throw new Error('it does not listen');
  return address.port;
}

async function connected<Client extends RpcClient>(client: Client): Promise<Client> {
  ends.push(() => client.close());
  await until(() => client.health.state === 'up');
  return client;
}

test('an answer that is cut off is no answer: nobody says that there are no strategies', async () => {
  const status: StrategyStatus = {
    strategy: 's',
    definition: 'ema-cross',
    symbols: ['BTCUSDT'],
    interval: '1m',
    state: 'running',
    detail: '',
    parameters: { fast: '5' },
    evaluations: 1,
    signals: 0,
    lastUpdateMs: undefined,
  };
  const port = await cutWithin('answer', {
    strategyEngine: only<StrategyEngine>({ list: async () => [status] }),
  });
  const client = await connected(new StrategyEngineClient(optionsFor(port)));
  await expect(client.list()).rejects.toThrow('broke off');
});

test('a request that is cut off is not begun', async () => {
  const recorded: unknown[] = [];
  const port = await cutWithin('request', riskOf({ record: async (events) => void recorded.push(events) }));
  const client = await connected(new RiskManagerClient(optionsFor(port)));
  await expect(client.record([])).rejects.toThrow();
  await until(() => client.health.state === 'up');
  expect(recorded).toEqual([]);
});
