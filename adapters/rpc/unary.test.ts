import { createClient } from '@connectrpc/connect';
import type { UniversalClientFn } from '@connectrpc/connect/protocol';
import { createTransport } from '@connectrpc/connect/protocol-connect';
import { riskManagerMethods as methods } from '@tradewind/proto/codec';
import { RiskManagerService } from '@tradewind/proto/generated/risk_manager_pb.js';
import { StrategyEngineService } from '@tradewind/proto/generated/strategy_engine_pb.js';
import { silentTelemetry, systemClock, systemTimers } from '@tradewind/utils';
import { describe, expect, test } from 'vitest';
import { rpcHandler } from './handler.ts';
import { bytesOf, OnePiece } from './pieces.ts';
import { approval, intent, riskOf, TOKEN } from './rpc.test-support.ts';
import { headerOfToken, TOKEN_HEADER } from './token.ts';
import { unaryCalls } from './unary-calls.ts';

const BYTES_MAXIMUM = 100_000;
const validates = riskOf({
  validate: async (wanted) => {
    if ('kind' in wanted) throw new Error('nobody outside shall read this');
    return approval(wanted);
  },
});

/** Carries a request to a handler without a wire. */
function carrying(): UniversalClientFn {
  const handle = rpcHandler({
    contracts: validates,
    token: TOKEN,
    clock: systemClock,
    timers: systemTimers,
    telemetry: silentTelemetry,
  });
  return async ({ url, method, header, body = new OnePiece(new Uint8Array()), signal }) => {
    const never = new AbortController().signal;
    const request = { httpVersion: '2.0', url, method, header, body, signal: signal ?? never };
    const answer = await handle(request);
    return {
      status: answer.status,
      header: answer.header ?? new Headers(),
      body: answer.body ?? new OnePiece(new Uint8Array()),
      trailer: new Headers(),
    };
  };
}

const request = carrying();
const authority = 'http://service';
const header = { [TOKEN_HEADER]: headerOfToken(TOKEN) };
const theirs = (useBinaryFormat: boolean, timeoutMs?: number) =>
  createTransport({
    baseUrl: authority,
    httpClient: request,
    useBinaryFormat,
    readMaxBytes: BYTES_MAXIMUM,
    writeMaxBytes: BYTES_MAXIMUM,
    acceptCompression: [],
    sendCompression: null,
    compressMinBytes: BYTES_MAXIMUM,
    ...(timeoutMs === undefined ? {} : { defaultTimeoutMs: timeoutMs }),
    interceptors: [
      (next) => (call) => {
        call.header.set(TOKEN_HEADER, headerOfToken(TOKEN));
        return next(call);
      },
    ],
  });
const { stream } = theirs(true);
const ours = { unary: unaryCalls({ authority, request, header, bytesMaximum: BYTES_MAXIMUM }), stream };

describe.each([
  { who: 'our client', transport: ours },
  { who: "Connect's own client", transport: theirs(true) },
  { who: "Connect's own client with a deadline", transport: theirs(true, 5000) },
  { who: "Connect's own client in JSON", transport: theirs(false) },
])('$who', ({ transport }) => {
  const client = createClient(RiskManagerService, transport);
  const validate = (wanted: Parameters<typeof methods.validate.request.encode>[0]['wanted']) =>
    client.validate(methods.validate.request.encode({ wanted, correlationId: 'c' }));

  test('is answered', async () => {
    const { verdict } = methods.validate.response.decode(await validate(intent));
    expect(verdict).toEqual(approval(intent));
  });

  test('is told the code of a failure, and nothing of what was thrown', async () => {
    const list = { kind: 'OTO', listClientOrderId: 'l', working: intent } as const;
    const failing = validate({ ...list, pending: { ...intent, clientOrderId: 'p' } });
    await expect(failing).rejects.toMatchObject({
      code: 13,
      rawMessage: 'the service failed, its log says how',
    });
  });

  test('is told that a service is not served', async () => {
    const { listStrategies } = createClient(StrategyEngineService, transport);
    await expect(listStrategies({ correlationId: 'c' })).rejects.toMatchObject({
      code: 12,
      rawMessage: 'this process does not serve it',
    });
  });
});

test('bytes that are no message are an invalid argument', async () => {
  const answer = await request({
    url: `${authority}/${RiskManagerService.typeName}/Validate`,
    method: 'POST',
    header: new Headers({ ...header, 'content-type': 'application/proto' }),
    body: new OnePiece(Uint8Array.of(0xff)),
  });
  expect(answer.status).toBe(400);
  const said = JSON.parse(new TextDecoder().decode(await bytesOf(answer.body, BYTES_MAXIMUM, answer.header)));
  expect(said).toMatchObject({ code: 'invalid_argument' });
});

test('a body of pieces is put together, and one that is too long is refused', async () => {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    yield Uint8Array.of(1, 2);
    yield Uint8Array.of(3);
  }
  expect([...(await bytesOf(pieces(), 3, new Headers()))]).toEqual([1, 2, 3]);
  await expect(bytesOf(pieces(), 2, new Headers())).rejects.toThrow('more than 2 bytes');
});
