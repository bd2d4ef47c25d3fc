import { describe, expect, test } from 'vitest';
import type { Bus } from '../contracts/bus.ts';
import type { CommittedEvent } from '../contracts/event.ts';
import type { MarketUpdate } from '../contracts/market-data.ts';
import { NotPublished } from './not-published.ts';
import type { BusSettings } from './settings.ts';

/** One way to have a bus, as the tests of its contract need it. */
export interface BusHarness {
  readonly name: string;
  /** A bus without messages, groups and dead letters. */
  open(settings: Partial<BusSettings>): Promise<OpenBus>;
}
export interface OpenBus {
  readonly bus: Bus;
  /** Lets time pass, with all that happens in it. */
  pass(durationMs: number): Promise<void>;
  /** After so long without members a group is one that nobody reads any more. */
  readonly goneAfterMs: number;
  end(): Promise<void>;
}

const QUICK: Partial<BusSettings> = {
  retry: { firstDelayMs: 2, longestDelayMs: 4 },
  attemptsMaximum: 3,
};

export const alertOf = (seq: number): CommittedEvent => ({
  id: `e${seq}`,
  correlationId: `c${seq}`,
  atMs: 1_700_000_000_000 + seq,
  service: 'risk-manager',
  kind: 'alert',
  severity: 'info',
  name: 'test',
  message: `message ${seq}`,
  fields: { seq: String(seq) },
  seq,
});

export const feedOf = (number: number): MarketUpdate => ({
  kind: 'feed',
  feed: { symbol: 'BTCUSDT', state: 'live', sinceMs: number, detail: '' },
});

const seqOf = ({ seq }: CommittedEvent): number => seq;
const sinceOf = (update: MarketUpdate): number => (update.kind === 'feed' ? update.feed.sinceMs : -1);

/** What a `Bus` promises, for every way there is to have one. */
export function describeBus(harness: BusHarness): void {
  const withBus =
    (
      work: (open: OpenBus & { until: (isTrue: () => boolean) => Promise<void> }) => Promise<void>,
      settings: Partial<BusSettings> = {},
    ) =>
    async () => {
      const open = await harness.open({ ...QUICK, ...settings });
      const until = async (isTrue: () => boolean): Promise<void> => {
        for (let attempt = 0; !isTrue(); attempt += 1) {
          if (attempt === UNTIL_ATTEMPTS) throw new Error('what was waited for did not happen');
          await open.pass(UNTIL_PASS_MS);
        }
      };
      try {
        await work({ ...open, until });
      } finally {
        await open.end();
      }
    };

  describe(`a bus ${harness.name}`, () => {
    test(
      'every group hears everything from when it was first named, in the order of publishing, with its correlation id',
      withBus(async ({ bus, until }) => {
        const heard: Record<string, string[]> = { one: [], other: [], late: [] };
        const listen = (group: string) =>
          bus.subscribe(
            'alerts',
            group,
            ({ seq }, correlationId) => void heard[group]!.push(`${seq} ${correlationId}`),
          );
        listen('one');
        listen('other');
        for (const seq of [1, 2, 3]) await bus.publish('alerts', alertOf(seq), `c${seq}`);
        await until(() => heard.one!.length === 3 && heard.other!.length === 3);
        listen('late');
        await bus.publish('alerts', alertOf(4), 'c4');
        await until(() => heard.late!.length === 1 && heard.one!.length === 4);
        expect(heard.one).toEqual(['1 c1', '2 c2', '3 c3', '4 c4']);
        expect(heard.late).toEqual(['4 c4']);
      }),
    );

    test(
      'a message arrives as it was published, and only at its topic',
      withBus(async ({ bus, until }) => {
        const alerts: CommittedEvent[] = [];
        const updates: MarketUpdate[] = [];
        bus.subscribe('alerts', 'group', (event) => void alerts.push(event));
        bus.subscribe('market-data', 'group', (update) => void updates.push(update));
        await bus.publish('alerts', alertOf(7), 'c7');
        await bus.publish('market-data', feedOf(8), 'c8');
        await until(() => alerts.length === 1 && updates.length === 1);
        expect(alerts).toEqual([alertOf(7)]);
        expect(updates).toEqual([feedOf(8)]);
      }),
    );

    test(
      'of the members of a group one hears each message',
      withBus(async ({ bus, until }) => {
        const heard: number[] = [];
        for (let member = 0; member < 2; member += 1)
          bus.subscribe('orders', 'group', (event) => void heard.push(seqOf(event)));
        const all = Array.from({ length: 20 }, (_, index) => index + 1);
        for (const seq of all) await bus.publish('orders', alertOf(seq), '');
        await until(() => heard.length >= all.length);
        expect(heard.toSorted((a, b) => a - b)).toEqual(all);
      }),
    );

    test(
      'a group that nobody read for a while goes on where it stopped, and an ended subscription hears no more',
      withBus(async ({ bus, until, pass }) => {
        const [before, after]: [number[], number[]] = [[], []];
        const first = bus.subscribe('fills', 'group', (event) => void before.push(seqOf(event)));
        await bus.publish('fills', alertOf(1), '');
        await until(() => before.length === 1);
        first.end();
        first.end();
        await bus.publish('fills', alertOf(2), '');
        await bus.publish('fills', alertOf(3), '');
        await pass(5);
        bus.subscribe('fills', 'group', (event) => void after.push(seqOf(event)));
        await until(() => after.length === 2);
        expect([before, after]).toEqual([[1], [2, 3]]);
      }),
    );

    test(
      'P10: a message whose handler threw or rejected comes again, and none of its group overtakes it',
      withBus(async ({ bus, until }) => {
        const calls: number[] = [];
        bus.subscribe('orders', 'group', (event) => {
          calls.push(seqOf(event));
          if (calls.length === 1) throw new Error('thrown');
          return calls.length === 2 ? Promise.reject(new Error('rejected')) : undefined;
        });
        for (const seq of [1, 2]) await bus.publish('orders', alertOf(seq), '');
        await until(() => calls.length === 4);
        expect(calls).toEqual([1, 1, 1, 2]);
        expect(await bus.deadLetters(10)).toEqual([]);
      }),
    );

    test(
      'when the attempts are spent a message goes to the dead letters, and the group goes on; other groups notice nothing',
      withBus(async ({ bus, until }) => {
        const [failing, well]: [number[], number[]] = [[], []];
        bus.subscribe('orders', 'failing', (event) => {
          failing.push(seqOf(event));
          if (seqOf(event) === 1) throw new TypeError('cannot read it');
        });
        bus.subscribe('orders', 'well', (event) => void well.push(seqOf(event)));
        for (const seq of [1, 2]) await bus.publish('orders', alertOf(seq), `c${seq}`);
        await until(() => failing.length === 4 && well.length === 2);
        expect(failing).toEqual([1, 1, 1, 2]);
        const letters = await bus.deadLetters(10);
        expect(letters).toMatchObject([
          {
            topic: 'orders',
            group: 'failing',
            attempts: 3,
            error: 'TypeError: cannot read it',
            correlationId: 'c1',
          },
        ]);
        expect(JSON.parse(letters[0]!.text)).toBeTypeOf('object');
        expect(letters[0]!.text).toContain('message 1');
      }),
    );

    test(
      'a dead letter that is replayed comes to its own group, and is off the list',
      withBus(async ({ bus, until, pass }) => {
        const [failing, well]: [number[], number[]] = [[], []];
        let isBroken = true;
        bus.subscribe('control', 'failing', (event) => {
          failing.push(seqOf(event));
          if (isBroken) throw new Error('broken');
        });
        bus.subscribe('control', 'well', (event) => void well.push(seqOf(event)));
        await bus.publish('control', alertOf(1), 'c1');
        let ids: string[] = [];
        await until(() => failing.length === 3);
        for (let attempt = 0; ids.length === 0 && attempt < 100; attempt += 1) {
          await pass(1);
          ids = (await bus.deadLetters(10)).map(({ id }) => id);
        }
        isBroken = false;
        expect(await bus.replayDeadLetters(['control/12345', 'no id at all'])).toBe(0);
        expect(await bus.replayDeadLetters(ids)).toBe(1);
        await until(() => failing.length === 4);
        expect(await bus.deadLetters(10)).toEqual([]);
        expect(await bus.replayDeadLetters(ids)).toBe(0);
        expect([failing, well]).toEqual([[1, 1, 1, 1], [1]]);
      }),
    );

    test(
      'dead letters are bounded, and the oldest go',
      withBus(
        async ({ bus, until }) => {
          let calls = 0;
          bus.subscribe('alerts', 'group', () => {
            calls += 1;
            throw new Error('no');
          });
          for (const seq of [1, 2, 3, 4, 5]) await bus.publish('alerts', alertOf(seq), `c${seq}`);
          await until(() => calls === 5);
          let kept: readonly string[] = [];
          const look = async (): Promise<void> => {
            kept = (await bus.deadLetters(10)).map(({ correlationId }) => correlationId);
          };
          await look();
          for (let attempt = 0; kept.at(-1) !== 'c5' && attempt < 100; attempt += 1) await look();
          expect(kept).toEqual(['c4', 'c5']);
          expect((await bus.deadLetters(1)).map(({ correlationId }) => correlationId)).toEqual(['c4']);
        },
        { deadLettersMaximum: 2, attemptsMaximum: 1 },
      ),
    );

    test(
      'X2: a reader of market data that is too slow loses the oldest, and hears the latest',
      withBus(
        async ({ bus, until }) => {
          const heard: number[] = [];
          let release = (): void => undefined;
          const held = new Promise<void>((resolve) => {
            release = resolve;
          });
          bus.subscribe('market-data', 'slow', (update) => {
            heard.push(sinceOf(update));
            return heard.length === 1 ? held : undefined;
          });
          await bus.publish('market-data', feedOf(1), '');
          await until(() => heard.length === 1);
          for (let number = 2; number <= 20; number += 1)
            await bus.publish('market-data', feedOf(number), '');
          release();
          await until(() => heard.at(-1) === 20);
          expect(heard).toEqual([1, 17, 18, 19, 20]);
        },
        { capacity: 4 },
      ),
    );

    test(
      'X2: no order event is dropped for a slow reader: publishing is refused, until the reader has caught up',
      withBus(
        async ({ bus, until }) => {
          const heard: number[] = [];
          let release = (): void => undefined;
          const held = new Promise<void>((resolve) => {
            release = resolve;
          });
          bus.subscribe('orders', 'slow', (event) => {
            heard.push(seqOf(event));
            return heard.length === 1 ? held : undefined;
          });
          await bus.publish('orders', alertOf(1), '');
          await until(() => heard.length === 1);
          for (const seq of [2, 3, 4]) await bus.publish('orders', alertOf(seq), '');
          const refusal = await bus.publish('orders', alertOf(5), '').catch((error: unknown) => error);
          expect(refusal).toBeInstanceOf(NotPublished);
          expect(refusal).toMatchObject({ reason: 'full', topic: 'orders' });
          // Another topic has room.
          await bus.publish('fills', alertOf(6), '');
          release();
          await until(() => heard.length === 4);
          let isKept = false;
          for (let attempt = 0; !isKept && attempt < 100; attempt += 1) {
            isKept = await bus.publish('orders', alertOf(7), '').then(
              () => true,
              () => false,
            );
          }
          await until(() => heard.length === 5);
          expect(heard).toEqual([1, 2, 3, 4, 7]);
        },
        { capacity: 4 },
      ),
    );

    test(
      'X2: a group that nobody reads any more does not hold up the others for ever',
      withBus(
        async ({ bus, until, pass, goneAfterMs }) => {
          const [gone, here]: [number[], number[]] = [[], []];
          const subscription = bus.subscribe('fills', 'gone', (event) => void gone.push(seqOf(event)));
          bus.subscribe('fills', 'here', (event) => void here.push(seqOf(event)));
          await bus.publish('fills', alertOf(1), '');
          await until(() => gone.length === 1 && here.length === 1);
          subscription.end();
          await pass(goneAfterMs);
          for (let seq = 2; seq <= 20; seq += 1) {
            await bus.publish('fills', alertOf(seq), '');
            await until(() => here.length === seq);
          }
          expect([gone, here]).toEqual([[1], Array.from({ length: 20 }, (_, index) => index + 1)]);
        },
        { capacity: 4 },
      ),
    );

    test(
      'a handler may publish, also to the topic that it reads',
      withBus(async ({ bus, until }) => {
        const heard: number[] = [];
        bus.subscribe('alerts', 'group', async (event) => {
          heard.push(seqOf(event));
          if (seqOf(event) < 3) await bus.publish('alerts', alertOf(seqOf(event) + 1), '');
        });
        await bus.publish('alerts', alertOf(1), '');
        await until(() => heard.length === 3);
        expect(heard).toEqual([1, 2, 3]);
      }),
    );

    test(
      'closing waits for the handler that is at work; after it nothing is told or taken',
      withBus(async ({ bus, until }) => {
        const told: string[] = [];
        let release = (): void => undefined;
        const held = new Promise<void>((resolve) => {
          release = resolve;
        });
        bus.subscribe('orders', 'group', async (event) => {
          told.push(`begun ${seqOf(event)}`);
          await held;
          told.push(`ended ${seqOf(event)}`);
        });
        for (const seq of [1, 2]) await bus.publish('orders', alertOf(seq), '');
        await until(() => told.length === 1);
        const closing = bus.close().then(() => told.push('closed'));
        release();
        await closing;
        await expect(bus.publish('orders', alertOf(3), '')).rejects.toMatchObject({ reason: 'closed' });
        expect(told).toEqual(['begun 1', 'ended 1', 'closed']);
      }),
    );
  });
}

const UNTIL_ATTEMPTS = 2_000;
const UNTIL_PASS_MS = 2;
