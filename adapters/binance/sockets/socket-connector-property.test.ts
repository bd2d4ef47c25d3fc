import { SeededRandom, VirtualTime } from '@tradewind/utils';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ConnectionAttempts } from './connection-attempts.ts';
import type { Connection, ConnectorListener } from './connector.ts';
import { type ScriptedSocket, ScriptedSockets } from './scripted-sockets.test-support.ts';
import { SocketConnector } from './socket-connector.ts';

/** What an exchange, a network and a listener can do to a line, in any order. */
const action = fc.oneof(
  fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 60_000 }) }),
  fc.record({
    kind: fc.constantFrom('open', 'cut', 'say', 'ping', 'ready', 'retire', 'abandon', 'send'),
    which: fc.nat(3),
  }),
);

test('whatever happens to a line, gaps are told in pairs, one connection is in use at most, and it comes back', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 60 }), fc.integer(), async (actions, seed) => {
      const time = new VirtualTime(1_700_000_000_000);
      const transport = new ScriptedSockets();
      const connections: Connection[] = [];
      const isGone = new Set<number>();
      let isInGap = false;
      const listener: ConnectorListener = {
        opened: (connection) => void connections.push(connection),
        message: (connection) => expect(isGone.has(connection.id)).toBe(false),
        closed: (connection) => {
          expect(isGone.has(connection.id)).toBe(false);
          isGone.add(connection.id);
        },
        gapBegan: () => {
          expect(isInGap).toBe(false);
          isInGap = true;
        },
        gapEnded: ({ fromMs, toMs }) => {
          expect(isInGap).toBe(true);
          expect(toMs).toBeGreaterThanOrEqual(fromMs);
          isInGap = false;
        },
      };
      const connector = new SocketConnector(
        {
          url: () => 'wss://exchange/ws',
          transport,
          clock: time,
          timers: time,
          random: new SeededRandom(seed),
          attempts: new ConnectionAttempts(time),
        },
        listener,
      );
      connector.start();
      const living = (): ScriptedSocket[] => transport.sockets.filter((socket) => !socket.isGone);
      for (const each of actions) {
        if (each.kind === 'pass') await time.advance(each.ms);
        else {
          const socket = living().at(-1 - each.which);
          const connection = connections.at(-1 - each.which);
          if (each.kind === 'open') socket?.open();
          else if (each.kind === 'cut') socket?.cut();
          else if (each.kind === 'say') socket?.say('{}');
          else if (each.kind === 'ping') socket?.ping();
          else if (each.kind === 'ready') connection?.ready();
          else if (each.kind === 'retire') connection?.retire('told to');
          else if (each.kind === 'abandon') connection?.abandon('told to');
          else connection?.send('{}');
        }
        // Whoever is in use is open, and a gap is what there is when nobody is, after the first.
        expect(connector.current?.isOpen ?? true).toBe(true);
        if (connector.current !== undefined) expect(isInGap).toBe(false);
        // The one in use, its successor, and those that only finish what they owe.
        expect(living().length).toBeLessThanOrEqual(2 + 20);
      }
      // The world is well again.
      for (let i = 0; i < 20 && connector.state !== 'ready'; i += 1) {
        await time.advance(20_000);
        const next = living().at(-1);
        if (next !== undefined && !next.isOpened) next.open();
        connections.at(-1)?.ready();
        next?.ping();
      }
      expect(connector.state).toBe('ready');
      connector.stop();
      expect(connector.state).toBe('stopped');
      expect(living()).toEqual([]);
      expect(time.pending).toBe(0);
    }),
    { numRuns: Number(process.env.FUZZ_RUNS ?? 300) },
  );
});
