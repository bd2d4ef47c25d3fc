import { err, ok } from '@tradewind/core/result';
import type { RiskManager, StrategyEngine, StrategyStatus } from '@tradewind/proto';
import { silentTelemetry, type Telemetry, VirtualTime } from '@tradewind/utils';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { RpcClient } from './caller.ts';
import { OrderExecutionClient } from './order-execution-client.ts';
import { CallFailed, CallUnknown } from './outcome.ts';
import { RiskManagerClient } from './risk-manager-client.ts';
import {
  approval,
  executionOf,
  executionState,
  intent,
  noBreakers,
  only,
  optionsFor,
  riskOf,
  serve,
  signal,
  TOKEN,
  until,
} from './rpc.test-support.ts';
import type { ServedContracts } from './serve.ts';
import type { RpcServer, RpcServerOptions } from './server.ts';
import { StrategyEngineClient } from './strategy-engine-client.ts';
import { EPOCH_LASTS_MS } from './told-epoch.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

async function started(contracts: ServedContracts, more: Partial<RpcServerOptions> = {}): Promise<RpcServer> {
  const server = await serve(contracts, more);
  ends.push(() => server.close());
  return server;
}
async function connected<Client extends RpcClient>(client: Client): Promise<Client> {
  ends.push(() => client.close());
  await until(() => client.health.state === 'up');
  return client;
}

describe('a contract over the wire is the contract', () => {
  test('of the risk manager', async () => {
    const told: unknown[] = [];
    const server = await started(
      riskOf({
        validate: async (wanted, correlationId) => {
          told.push(correlationId);
          return 'kind' in wanted
            ? { kind: 'refused', refusal: { reason: 'not_warm' }, checks: [] }
            : approval(wanted);
        },
        withdraw: async (ids) => void told.push(ids),
        record: async (events) => void told.push(events.length),
        resume: async () => ({ kind: 'refused', reason: 'no', detail: 'store' }),
        halt: async ({ scope }) => {
          told.push(scope);
          return { breakers: noBreakers, storedIn: ['file'], canceled: ['BTCUSDT'], unproven: [] };
        },
        heartbeat: async (beat) => void told.push(beat),
        epoch: () => undefined,
      }),
    );
    const client: RiskManager = await connected(new RiskManagerClient(optionsFor(server.port)));
    expect(await client.validate(intent, 'c1')).toEqual(approval(intent));
    const list = {
      kind: 'OTO',
      listClientOrderId: 'l',
      working: intent,
      pending: { ...intent, clientOrderId: 'p' },
    } as const;
    expect(await client.validate(list, 'c2')).toEqual({
      kind: 'refused',
      refusal: { reason: 'not_warm' },
      checks: [],
    });
    await client.withdraw(['order-1']);
    await client.record([]);
    expect(await client.resume({ scope: { kind: 'account' }, by: 'me', why: 'w' })).toMatchObject({
      detail: 'store',
    });
    const scope = { kind: 'symbol', name: 'BTCUSDT' } as const;
    const halt = await client.halt({ scope, state: 'halted', cancelsOrders: true, by: 'me', why: 'w' });
    expect(halt).toEqual({ breakers: noBreakers, storedIn: ['file'], canceled: ['BTCUSDT'], unproven: [] });
    await client.heartbeat({ epoch: 3, openOrders: 2 });
    expect(told).toEqual(['c1', 'c2', ['order-1'], 0, scope, { epoch: 3, openOrders: 2 }]);
  });

  test('K7: the epoch of the risk manager is the latest that an answer of its run told, and of no run that is gone', async () => {
    const epoch = { run: 'risk-1', changes: 2, letOn: 0, trips: [] };
    const server = await started(
      riskOf({
        validate: (wanted) => approval(wanted as typeof intent),
        heartbeat: async () => undefined,
        epoch: () => epoch,
      }),
    );
    const client = await connected(new RiskManagerClient(optionsFor(server.port)));
    const beat = () => client.heartbeat({ epoch: 1, openOrders: 0 });
    expect(client.epoch()).toBeUndefined();
    // The approval says 2.
    await client.validate(intent, 'c');
    expect(client.epoch()).toEqual({ run: 'risk-1', changes: 2, letOn: 0, trips: [] });
    epoch.changes = 3;
    await beat();
    expect(client.epoch()).toEqual({ run: 'risk-1', changes: 3, letOn: 0, trips: [] });
    await client.validate({ ...intent, clientOrderId: 'overtaken' }, 'c');
    expect(client.epoch()).toEqual({ run: 'risk-1', changes: 3, letOn: 0, trips: [] });
    Object.assign(epoch, { run: 'risk-2', changes: 0 });
    await beat();
    expect(client.epoch()).toEqual({ run: 'risk-2', changes: 0, letOn: 0, trips: [] });
    await server.close();
    await vi.waitFor(() => expect(client.health.state).not.toBe('up'));
    expect(client.epoch()).toBeUndefined();
  });

  test('I8, K7: a halt is in effect at once, and answered when nobody believes any more what he was told before', async () => {
    const time = new VirtualTime(0);
    let isHalted = false;
    const server = await started(
      riskOf({
        halt: async () => {
          isHalted = true;
          return { breakers: noBreakers, storedIn: [], canceled: [], unproven: [] };
        },
        heartbeat: async () => undefined,
        epoch: () => undefined,
      }),
      { timers: time },
    );
    const client = await connected(new RiskManagerClient(optionsFor(server.port)));
    const scope = { kind: 'system' } as const;
    let isAnswered = false;
    const halted = client
      .halt({ scope, state: 'halted', cancelsOrders: false, by: 'ann', why: 'drill' })
      .then(() => {
        isAnswered = true;
      });
    await until(() => isHalted);
    await time.advance(EPOCH_LASTS_MS - 1);
    await client.heartbeat({ epoch: 1, openOrders: 0 });
    expect(isAnswered).toBe(false);
    await time.advance(1);
    await halted;
  });

  test('of the order execution', async () => {
    const server = await started(
      executionOf({
        submit: async ({ strategy }, correlationId) => ({
          kind: 'submitted',
          clientOrderId: strategy,
          state: correlationId,
        }),
        cancel: async () => ({ kind: 'done' }),
        cancelAll: async ({ why, symbol }) => ({
          canceled: [why],
          unproven: symbol === undefined ? [] : [symbol],
        }),
        order: async () => undefined,
        state: async () => executionState,
        reconcile: async () => ({ kind: 'agreed', breaks: [], detail: '' }),
      }),
    );
    const client = await connected(new OrderExecutionClient(optionsFor(server.port)));
    expect(await client.submit(signal, 'c1')).toEqual({
      kind: 'submitted',
      clientOrderId: 'ema-cross',
      state: 'c1',
    });
    const command = { by: 'me', correlationId: 'c2', symbol: 'BTCUSDT', clientOrderId: 'order-1' };
    expect(await client.cancel(command)).toEqual({ kind: 'done' });
    expect(await client.cancelAll({ by: 'me', correlationId: 'c', why: 'stop' })).toEqual({
      canceled: ['stop'],
      unproven: [],
    });
    expect(await client.order('order-1')).toBeUndefined();
    expect(await client.state()).toEqual(executionState);
    expect(await client.reconcile()).toEqual({ kind: 'agreed', breaks: [], detail: '' });
  });

  test('of the strategy engine', async () => {
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
    const server = await started({
      strategyEngine: only<StrategyEngine>({
        list: async () => [status],
        generateSignal: async () => ok([signal]),
        start: async () => ok(status),
        stop: async () => err({ reason: 'unknown_strategy', detail: 'x' }),
        updateParameters: async ({ parameters }) => ok({ ...status, parameters }),
      }),
    });
    const client = await connected(new StrategyEngineClient(optionsFor(server.port)));
    const command = { strategy: 's', by: 'me', why: 'w' };
    expect(await client.list()).toEqual([status]);
    expect(await client.generateSignal('s')).toEqual(ok([signal]));
    expect(await client.start(command)).toEqual(ok(status));
    expect(await client.stop(command)).toEqual(err({ reason: 'unknown_strategy', detail: 'x' }));
    expect(await client.updateParameters({ ...command, parameters: { fast: '9' } })).toEqual(
      ok({ ...status, parameters: { fast: '9' } }),
    );
  });
});

describe('the token', () => {
  test('a server and a client without a good one do not start', async () => {
    await expect(serve({}, { token: '' })).rejects.toThrow('share a token of 16 characters');
    expect(() => new RiskManagerClient(optionsFor(1, { token: 'short' }))).toThrow('share a token');
  });

  test('a call with another one is refused before it is begun, and says so without the token', async () => {
    let calls = 0;
    const server = await started(
      executionOf({
        submit: async () => {
          calls += 1;
          return { kind: 'submitted', clientOrderId: '', state: '' };
        },
      }),
    );
    const client = await connected(new OrderExecutionClient(optionsFor(server.port, { token: `${TOKEN}!` })));
    const result = await client.submit(signal, 'c');
    expect(result).toMatchObject({ kind: 'refused', refusal: { reason: 'not_ready', state: 'unreachable' } });
    expect(JSON.stringify(result)).toContain('token of the services is missing or wrong');
    expect(JSON.stringify(result)).not.toContain(TOKEN);
    expect(calls).toBe(0);
  });

  test('a server listens on loopback unless told otherwise', async () => {
    expect((await started({})).host).toBe('127.0.0.1');
  });
});

describe('I7: a call that fails is told as what is known of it', () => {
  test('nobody listens: it surely never arrived', async () => {
    const server = await serve({});
    await server.close();
    const options = optionsFor(server.port);
    const [risk, execution, engine] = [
      new RiskManagerClient(options),
      new OrderExecutionClient(options),
      new StrategyEngineClient(options),
    ];
    for (const client of [risk, execution, engine]) ends.push(() => client.close());
    await until(() => risk.health.state === 'down' && execution.health.state === 'down');
    expect(await risk.validate(intent, 'c')).toMatchObject({
      kind: 'refused',
      refusal: { reason: 'risk_unavailable' },
    });
    expect(await execution.submit(signal, 'c')).toMatchObject({
      kind: 'refused',
      refusal: { reason: 'not_ready' },
    });
    const command = { by: 'me', correlationId: 'c', symbol: 'BTCUSDT', clientOrderId: 'x' };
    expect(await execution.cancel(command)).toMatchObject({ kind: 'refused', reason: 'unavailable' });
    expect(await engine.stop({ strategy: 's', by: 'me', why: '' })).toMatchObject({
      ok: false,
      error: { reason: 'unavailable' },
    });
    await expect(execution.state()).rejects.toBeInstanceOf(CallFailed);
    await expect(risk.record([])).rejects.toBeInstanceOf(CallFailed);
  });

  test('the answer does not come in time: nobody knows', async () => {
    const server = await started(
      executionOf({
        submit: () => new Promise(() => undefined),
        cancel: () => new Promise(() => undefined),
        state: () => new Promise(() => undefined),
      }),
    );
    const client = await connected(new OrderExecutionClient(optionsFor(server.port, { callMs: 30 })));
    await expect(client.submit(signal, 'c')).rejects.toBeInstanceOf(CallUnknown);
    const command = { by: 'me', correlationId: 'c', symbol: 'BTCUSDT', clientOrderId: 'x' };
    expect(await client.cancel(command)).toMatchObject({ kind: 'unknown' });
    await expect(client.state()).rejects.toBeInstanceOf(CallFailed);
    expect(client.health.state).toBe('up');
  });

  test('the service ends in the middle of it: nobody knows', async () => {
    let isAsked = false;
    const server = await serve(
      executionOf({
        submit: () => {
          isAsked = true;
          return new Promise(() => undefined);
        },
      }),
    );
    const client = await connected(new OrderExecutionClient(optionsFor(server.port)));
    const submitting = client.submit(signal, 'c').catch((error: unknown) => error);
    await until(() => isAsked);
    await server.close();
    expect(await submitting).toBeInstanceOf(CallUnknown);
  });

  test('I11: the service throws: nobody knows, and what it threw stays in its own log', async () => {
    const logged: unknown[] = [];
    const telemetry: Telemetry = {
      ...silentTelemetry,
      log: { write: (_level, event, fields) => void logged.push([event, fields]) },
    };
    const server = await started(
      executionOf({ submit: () => Promise.reject(new Error('password=canary')) }),
      { telemetry },
    );
    const client = await connected(new OrderExecutionClient(optionsFor(server.port)));
    const error = await client.submit(signal, 'c').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CallUnknown);
    expect(String(error)).not.toContain('canary');
    expect(JSON.stringify(logged)).toContain('canary');
  });

  test('a service that a process does not serve was surely not asked', async () => {
    const server = await started(riskOf({}));
    const client = await connected(new OrderExecutionClient(optionsFor(server.port)));
    expect(await client.submit(signal, 'c')).toMatchObject({
      kind: 'refused',
      refusal: { reason: 'not_ready' },
    });
  });

  test('a risk manager that approves something else has approved nothing', async () => {
    const withdrawn: string[] = [];
    const server = await started(
      riskOf({
        validate: async () => approval({ ...intent, side: 'SELL' }),
        withdraw: async (ids) => void withdrawn.push(...ids),
      }),
    );
    const client = await connected(new RiskManagerClient(optionsFor(server.port)));
    expect(await client.validate(intent, 'c')).toMatchObject({
      kind: 'refused',
      refusal: { reason: 'risk_unavailable' },
    });
    await until(() => withdrawn.length === 1);
    expect(withdrawn).toEqual(['order-1']);
  });

  test('K1: what a lost verdict may have reserved is withdrawn, and its order is not asked for again', async () => {
    const asked: string[] = [];
    const withdrawn: string[] = [];
    const server = await started(
      riskOf({
        validate: (wanted) => {
          const id = (wanted as typeof intent).clientOrderId;
          asked.push(id);
          return id === 'order-1'
            ? new Promise(() => undefined)
            : Promise.resolve(approval(wanted as typeof intent));
        },
        withdraw: async (ids) => void withdrawn.push(...ids),
      }),
    );
    const client = await connected(new RiskManagerClient(optionsFor(server.port, { callMs: 50 })));
    expect(await client.validate(intent, 'c')).toMatchObject({ kind: 'refused' });
    await until(() => withdrawn.length > 0);
    expect(await client.validate(intent, 'c')).toMatchObject({
      kind: 'refused',
      refusal: { reason: 'risk_unavailable' },
    });
    const next = { ...intent, clientOrderId: 'order-2' };
    expect(await client.validate(next, 'c')).toEqual(approval(next));
    expect([asked, withdrawn]).toEqual([['order-1', 'order-2'], ['order-1']]);
  });

  test('K1: what is still to be withdrawn is not asked for again, or its withdrawal would take the new approval away', async () => {
    const asked: string[] = [];
    const server = await started(
      riskOf({
        validate: async (wanted) => {
          asked.push((wanted as typeof intent).clientOrderId);
          return approval(wanted as typeof intent);
        },
        withdraw: () => new Promise(() => undefined),
      }),
    );
    const client = await connected(new RiskManagerClient(optionsFor(server.port, { callMs: 50 })));
    expect(await client.validate(intent, 'c')).toEqual(approval(intent));
    await expect(client.withdraw(['order-1'])).rejects.toBeInstanceOf(CallUnknown);
    expect(await client.validate(intent, 'c')).toMatchObject({
      kind: 'refused',
      refusal: { reason: 'risk_unavailable' },
    });
    expect(asked).toEqual(['order-1']);
  });

  test('what could not be withdrawn is withdrawn when the risk manager is back', async () => {
    const withdrawn: string[] = [];
    const contracts = riskOf({ withdraw: async (ids) => void withdrawn.push(...ids) });
    const first = await serve(contracts);
    const client = await connected(new RiskManagerClient(optionsFor(first.port)));
    await first.close();
    await until(() => client.health.state === 'down');
    await expect(client.withdraw(['order-1'])).rejects.toBeInstanceOf(CallFailed);
    const second = await serve(contracts, { port: first.port });
    ends.push(() => second.close());
    await until(() => client.health.state === 'up');
    await client.withdraw(['order-2']);
    expect(withdrawn).toEqual(['order-1', 'order-2']);
  });
});

test('a client finds its service again, and tells of every change', async () => {
  const contracts = executionOf({ state: async () => executionState });
  const first = await serve(contracts);
  const client = await connected(new OrderExecutionClient(optionsFor(first.port)));
  const states: string[] = [];
  client.onHealth(({ state }) => states.push(state));
  await first.close();
  await until(() => client.health.state === 'down');
  const second = await serve(contracts, { port: first.port });
  ends.push(() => second.close());
  await until(() => client.health.state === 'up');
  expect(await client.state()).toEqual(executionState);
  client.close();
  expect(states).toEqual(['down', 'up', 'closed']);
  await expect(client.state()).rejects.toBeInstanceOf(CallFailed);
});
