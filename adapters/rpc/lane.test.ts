import { connect } from 'node:http2';
import type { RiskManager } from '@tradewind/proto';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { FrameReader, frameBytes, LANE_PATH, type LaneFrame } from './lane-frames.ts';
import { RiskManagerClient } from './risk-manager-client.ts';
import { noBreakers, optionsFor, riskOf, serve, TOKEN, until } from './rpc.test-support.ts';
import { headerOfToken, TOKEN_HEADER } from './token.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

test('frames come as they were, however their bytes are cut', () => {
  const frame: fc.Arbitrary<LaneFrame> = fc.record({
    number: fc.nat(2 ** 32 - 1),
    head: fc.string({ unit: 'grapheme', maxLength: 30 }),
    body: fc.uint8Array({ maxLength: 200 }),
  });
  fc.assert(
    fc.property(
      fc.array(frame),
      fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }),
      (frames, sizes) => {
        const bytes = Buffer.concat(frames.map(frameBytes));
        const reader = new FrameReader(1_000);
        const read: LaneFrame[] = [];
        for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
          const end = at + sizes[turn % sizes.length]!;
          read.push(...reader.take(bytes.subarray(at, end))!);
          at = end;
        }
        expect(read.map(({ body, ...rest }) => ({ ...rest, body: [...body] }))).toEqual(
          frames.map(({ body, ...rest }) => ({ ...rest, body: [...body] })),
        );
        expect(reader.isWithinFrame).toBe(false);
      },
    ),
  );
});

test('S8: bytes that are no frames, and frames that are too long, are seen by their first bytes', () => {
  const long = frameBytes({ number: 1, head: '/x', body: new Uint8Array(1_000) });
  expect(new FrameReader(1_011).take(long.subarray(0, 4))).toBeUndefined();
  expect(new FrameReader(1_012).take(long)).toHaveLength(1);
  // A head that would reach beyond its frame.
  const short = frameBytes({ number: 1, head: '/x', body: new Uint8Array() });
  short.writeUInt16BE(3, 8);
  expect(new FrameReader(1_000).take(short)).toBeUndefined();
});

/** A risk manager that answers when the test lets it, and what it was asked. */
async function serving() {
  const asked: string[] = [];
  let underway = 0;
  let most = 0;
  const waiting: (() => void)[] = [];
  const withdraw: RiskManager['withdraw'] = async ([id = '']) => {
    asked.push(id);
    underway += 1;
    most = Math.max(most, underway);
    await new Promise<void>((resolve) => waiting.push(resolve));
    underway -= 1;
    if (id === 'bad') throw new Error('this one fails');
  };
  const server = await serve(riskOf({ withdraw }), { closeMs: 60_000 });
  const client = new RiskManagerClient(optionsFor(server.port));
  ends.push(() => client.close());
  await until(() => client.health.state === 'up');
  const answerAll = (): void => {
    for (const answer of waiting.splice(0).toReversed()) answer();
  };
  return { server, client, asked, answerAll, most: () => most };
}

test('more calls than a lane takes are all under way at once, and each gets its own answer', async () => {
  const { server, client, asked, answerAll, most } = await serving();
  ends.push(() => server.close());
  const ids = Array.from({ length: 300 }, (_, index) => (index === 7 ? 'bad' : `order-${index}`));
  // One that is too large for the lane.
  const large = client.withdraw(['large', 'x'.repeat(100_000)]);
  const results = Promise.allSettled(ids.map((id) => client.withdraw([id])));
  await until(() => asked.length === 301);
  expect(most()).toBe(301);
  answerAll();
  await large;
  const failed = (await results).flatMap(({ status }, index) => (status === 'rejected' ? [ids[index]] : []));
  expect(failed).toEqual(['bad']);
});

test('calls that nobody waits for any more and that never end keep no halt from being made', async () => {
  let asked = 0;
  const withdraw: RiskManager['withdraw'] = () => {
    asked += 1;
    return new Promise(() => undefined);
  };
  const halt = async () => ({ breakers: noBreakers, storedIn: ['file'], canceled: [], unproven: [] });
  const server = await serve(riskOf({ withdraw, halt }));
  ends.push(() => server.close());
  const client = new RiskManagerClient(optionsFor(server.port, { callMs: 100 }));
  ends.push(() => client.close());
  await until(() => client.health.state === 'up');
  // A lane takes 256, of which 128 wait for an answer.
  for (const wanted of [100, 200, 300]) {
    const results = Promise.allSettled(Array.from({ length: 100 }, () => client.withdraw(['order-1'])));
    await until(() => asked === wanted);
    await results;
  }
  const scope = { kind: 'account' } as const;
  const order = { scope, state: 'halted', cancelsOrders: false, by: 'me', why: 'w' } as const;
  expect(await client.halt(order)).toMatchObject({ storedIn: ['file'] });
});

test('an answer that is too long for a message fails its own call, and no other of the lane', async () => {
  const canceled = ['x'.repeat(17 * 1024 * 1024)];
  const halt = async () => ({ breakers: noBreakers, storedIn: [], canceled, unproven: [] });
  const withdrawn = Promise.withResolvers<void>();
  const server = await serve(riskOf({ halt, withdraw: () => withdrawn.promise }));
  ends.push(() => server.close());
  const client = new RiskManagerClient(optionsFor(server.port));
  ends.push(() => client.close());
  await until(() => client.health.state === 'up');
  const other = client.withdraw(['order-1']);
  const order = {
    scope: { kind: 'account' },
    state: 'halted',
    cancelsOrders: true,
    by: 'me',
    why: 'w',
  } as const;
  await expect(client.halt(order)).rejects.toThrow('the answer is longer than');
  withdrawn.resolve();
  await other;
});

test('a service that ends answers what is under way on a lane, and then its connection ends at once', async () => {
  const { server, client, asked, answerAll } = await serving();
  const withdrawn = client.withdraw(['order-1']);
  await until(() => asked.length === 1);
  const closed = server.close();
  await until(() => client.health.state === 'up');
  answerAll();
  await withdrawn;
  // Within the time of the test, far below the minute after which it would be cut off.
  await closed;
});

test('a lane is opened to nobody without the token, before any call on it is read', async () => {
  const { server, asked, answerAll } = await serving();
  ends.push(() => server.close());
  const session = connect(`http://127.0.0.1:${server.port}`);
  ends.push(() => session.destroy());
  const statusFor = (token: string): Promise<number | undefined> =>
    new Promise((resolve) => {
      const stream = session.request({
        ':method': 'POST',
        ':path': LANE_PATH,
        [TOKEN_HEADER]: headerOfToken(token),
      });
      stream.on('error', () => undefined);
      stream.on('response', (head) => resolve(head[':status']));
      const head = '/tradewind.v1.RiskManagerService/Withdraw';
      stream.end(frameBytes({ number: 1, head, body: new Uint8Array() }));
    });
  expect(await statusFor('not the token of these')).toBe(401);
  expect(asked).toEqual([]);
  expect(await statusFor(TOKEN)).toBe(200);
  answerAll();
});
