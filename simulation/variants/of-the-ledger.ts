import type { CommittedEvent, ControlBody, Ledger, TradingEvent } from '@tradewind/proto';
import type { Variant } from './variant.ts';

/** As if it had been written. The number is that of no event, so that nobody is told of it. */
const pretended = (events: readonly TradingEvent[]): readonly CommittedEvent[] =>
  events.map((event) => ({ ...event, seq: 0 }));

/** Longer than a request to the exchange waits for anything. */
const AFTER_THE_WIRE_MS = 50;

export const intentAfterTheWire: Variant = {
  name: 'intent after the wire',
  rows: ['I1', 'P1', 'P2'],
  replace: ({ ledger }, { time }) => ({
    ledger: {
      ...ledger,
      commit: (events, conditions) => {
        if (!events.some(({ kind }) => kind === 'intent')) return ledger.commit(events, conditions);
        time.after(AFTER_THE_WIRE_MS, () => void ledger.commit(events, conditions));
        return Promise.resolve({ kind: 'committed', events: pretended(events) });
      },
    },
  }),
};

const STOPS: ReadonlySet<ControlBody['action']> = new Set(['halt', 'reduce', 'breaker']);

export const haltInMemoryOnly: Variant = {
  name: 'halt in memory only',
  rows: ['I8', 'K7'],
  replace: ({ ledger }) => ({
    haltFile: { read: async () => ({ kind: 'absent' }), write: async () => undefined },
    ledger: {
      ...ledger,
      commit: (events, conditions) => {
        const kept = events.filter((event) => event.kind !== 'control' || !STOPS.has(event.action));
        return kept.length === 0
          ? Promise.resolve({ kind: 'committed', events: pretended(events) })
          : ledger.commit(kept, conditions);
      },
    },
  }),
};

/** Whoever hears of an order in doubt hears that it is over. */
const givenUp = (event: CommittedEvent): CommittedEvent =>
  event.kind === 'order' && event.record.state === 'unknown'
    ? { ...event, record: { ...event.record, state: 'absent' } }
    : event;

export const reservationReleasedOnTimeout: Variant = {
  name: 'reservation released on timeout',
  rows: ['I6', 'K8'],
  replace: ({ ledger }) => ({
    ledger: {
      ...ledger,
      commit: async (events, conditions) => {
        const result = await ledger.commit(events, conditions);
        return result.kind === 'committed' ? { ...result, events: result.events.map(givenUp) } : result;
      },
      read: async (query) => (await ledger.read(query)).map(givenUp),
    },
  }),
};

export const restartResetsTheDailyLoss: Variant = {
  name: 'restart resets the daily loss',
  rows: ['K2'],
  replace: ({ ledger }) => ({
    ledger: {
      ...ledger,
      load: async () => ({ ...(await ledger.load()), valuation: undefined, profits: [] }),
      read: async (query) => (query.kinds?.includes('valuation') ? [] : ledger.read(query)),
    },
  }),
};

export const twoLeaders: Variant = {
  name: 'two leaders',
  rows: ['I9', 'X4'],
  replace: ({ ledger }, { store }) => {
    const acquireLease: Ledger['acquireLease'] = async (request) => {
      const result = await ledger.acquireLease(request);
      const epoch = store.ledger.runningLease?.epoch;
      if (result.kind !== 'taken' || epoch === undefined) return result;
      return { kind: 'held', epoch, untilMs: result.untilMs };
    };
    return { ledger: { ...ledger, acquireLease } };
  },
};
