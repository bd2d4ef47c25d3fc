import type { RiskManager } from '@tradewind/proto';
import { RiskManagerClient } from '@tradewind/rpc';
import { SeededRandom, silentTelemetry, VirtualTime } from '@tradewind/utils';
import { expect, test } from 'vitest';
import { Lifeline } from '../lifeline.ts';
import type { Network } from '../network.ts';
import type { Peer } from '../peer.ts';
import type { RpcConditions } from './conditions.ts';
import { RpcNetwork, TOKEN } from './rpc-network.ts';

const RESUME = { scope: { kind: 'account' }, by: 'a test', why: 'to see' } as const;

/** Order execution, and a risk manager that counts how often it was let go. */
async function connected() {
  const time = new VirtualTime(1_767_225_600_000);
  const network = new RpcNetwork(time, new SeededRandom(1));
  const peer = (name: string): Peer => ({
    name,
    lifeline: new Lifeline(time),
    network: { heardOfMarketBy: () => undefined } as unknown as Network,
  });
  const done: string[] = [];
  const serve = (name: string): Peer => {
    const process = peer(name);
    const riskManager = {
      resume: async () => {
        done.push(name);
        return { kind: 'done' };
      },
    } as unknown as RiskManager;
    network.listen('risk-manager', process, {
      contracts: { riskManager },
      token: TOKEN,
      clock: time,
      timers: process.lifeline,
      telemetry: silentTelemetry,
    });
    return process;
  };
  const service = serve('risk-manager-1');
  const caller = peer('order-execution-2');
  const client = new RiskManagerClient({
    service: 'risk-manager',
    name: 'order-execution',
    host: 'risk-manager',
    port: 1,
    token: TOKEN,
    clock: time,
    timers: caller.lifeline,
    random: new SeededRandom(2),
    telemetry: silentTelemetry,
    openSession: network.openSessionOf('order-execution', caller),
  });
  await time.advance(100);
  expect(client.health.state).toBe('up');
  const conditions: RpcConditions = network.conditions('order-execution', 'risk-manager');
  const resume = () => time.until(client.resume(RESUME), 1, 60_000);
  return { time, network, client, conditions, service, serve, done, resume };
}

test('a call is carried out and answered, and takes the time of two ways', async () => {
  const { time, conditions, resume, done } = await connected();
  conditions.latencyMs = 50;
  const beganMs = time.elapsedMs();
  expect(await resume()).toEqual({ kind: 'done' });
  expect(time.elapsedMs() - beganMs).toBeGreaterThanOrEqual(100);
  expect(done).toEqual(['risk-manager-1']);
});

test.each([
  { lost: 'requestLoss', done: [] },
  { lost: 'answerLoss', done: ['risk-manager-1'] },
] as const)(
  '$lost: nobody knows the end of the call, and it was carried out $done.length times',
  async (given) => {
    const { time, conditions, resume, done, client } = await connected();
    conditions[given.lost] = 1;
    expect(await resume()).toMatchObject({ kind: 'unknown' });
    expect(done).toEqual(given.done);
    conditions[given.lost] = 0;
    await time.advance(10_000);
    expect(client.health.state).toBe('up');
  },
);

test('a connection over which nothing passes is noticed by its missing signs of life, and made again', async () => {
  const { time, network, conditions, client, resume } = await connected();
  conditions.isDown = true;
  network.silence('order-execution', 'risk-manager');
  await time.advance(10_000);
  expect(client.health.state).toBe('down');
  expect(await resume()).toMatchObject({ kind: 'refused', reason: 'unavailable' });
  conditions.isDown = false;
  await time.advance(10_000);
  expect(await resume()).toEqual({ kind: 'done' });
});

test('while a service sleeps its calls wait, and what it was asked before it was killed is not known', async () => {
  const { time, network, client, service, serve, done, resume } = await connected();
  service.lifeline.pause();
  const asked = client.resume(RESUME);
  await time.advance(1_000);
  expect(done).toEqual([]);
  service.lifeline.kill();
  network.breakAllOf(service.lifeline);
  expect(await time.until(asked, 1, 1_000)).toMatchObject({ kind: 'unknown' });
  expect(await resume()).toMatchObject({ kind: 'refused', reason: 'unavailable' });
  serve('risk-manager-3');
  await time.advance(10_000);
  expect(await resume()).toEqual({ kind: 'done' });
  expect(done).toEqual(['risk-manager-3']);
});

test('of two that listen as one service the later one is found', async () => {
  const { time, network, service, serve, resume, done } = await connected();
  const next = serve('risk-manager-3');
  network.breakAllOf(service.lifeline);
  await time.advance(10_000);
  expect(await resume()).toEqual({ kind: 'done' });
  expect(done).toEqual([next.name]);
});
