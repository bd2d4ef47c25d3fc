import { quantity, quoteAmount } from '@tradewind/core/money';
import type { CommittedEvent, TradingEvent } from '@tradewind/proto';
import { MemoryLedger } from '@tradewind/proto/ledger';
import { VirtualTime } from '@tradewind/utils';
import { expect, test } from 'vitest';
import { sha256 } from '../world/sha256.ts';
import type { TradingProcess } from '../world/trading-process.ts';
import type { World } from '../world/world.ts';
import { audit } from './audit.ts';
import type { Check, MakeCheck } from './check.ts';
import { dayBeginsOnce } from './day-begins-once.ts';
import { failClosed } from './fail-closed.ts';
import { forwardOnly } from './forward-only.ts';
import { noSecret } from './no-secret.ts';
import { nothingHeldBack } from './nothing-held-back.ts';
import { type Placement, placementsIn } from './placements.ts';

/** Rules that no variant breaks (variants/): each is shown something that must not be. */
function held(make: MakeCheck, world: object = {}): { readonly check: Check; readonly said: string[] } {
  const said: string[] = [];
  return { check: make(world as World, (what) => said.push(what)), said };
}

const RECORD = {
  clientOrderId: 'a-1',
  symbol: 'BTCUSDT',
  state: 'working',
  venueOrderId: 7,
  quantity: quantity('2'),
  executedQuantity: quantity('1'),
  executedQuoteAmount: quoteAmount('100'),
  preventedQuantity: quantity('0'),
};
const orderEvent = (change: object): CommittedEvent =>
  ({ kind: 'order', isOurs: true, record: { ...RECORD, ...change } }) as unknown as CommittedEvent;

test.each([
  { from: { state: 'canceled' }, to: { state: 'working' }, why: 'goes from canceled to working' },
  { from: { state: 'absent' }, to: { state: 'filled' }, why: 'goes from absent to filled' },
  { from: { state: 'working' }, to: { state: 'in_flight' }, why: 'goes from working to in_flight' },
  { from: {}, to: { executedQuantity: quantity('0.5') }, why: 'has its executedQuantity fall' },
  { from: {}, to: { venueOrderId: 8 }, why: 'was 7 at the exchange, and is 8' },
  { from: {}, to: { quantity: quantity('3') }, why: 'grows' },
])('an order that $why is noticed', ({ from, to, why }) => {
  const { check, said } = held(forwardOnly);
  check.committed?.([orderEvent(from)]);
  expect(said).toEqual([]);
  check.committed?.([orderEvent(to)]);
  expect(said).toEqual([expect.stringContaining(why)]);
});

const clock = { latestMs: () => 1_000 };
const head = { correlationId: 'c', atMs: 1_000, service: 'order-execution' } as const;
const note = (id: string, over: Partial<TradingEvent> = {}): TradingEvent =>
  ({ ...head, id, kind: 'leader', epoch: 1, holder: 'run', ...over }) as TradingEvent;

test.each([
  { what: 'a hole in the journal', event: { seq: 2 }, why: 'after event 0 comes event 2' },
  { what: 'an event that goes back to nothing', event: { correlationId: '' }, why: 'goes back to nothing' },
  { what: 'an event of tomorrow', event: { atMs: 1_001 }, why: '1 ms ahead of every clock' },
  {
    what: 'an intent that nobody has approved',
    event: { kind: 'intent', wanted: { clientOrderId: 'a-1' } },
    why: 'has no verdict that approves it',
  },
])('$what is noticed', ({ event, why }) => {
  const { check, said } = held(audit, { clock });
  check.committed?.([{ ...note('x'), seq: 1, ...event } as CommittedEvent]);
  expect(said).toEqual([expect.stringContaining(why)]);
});

test('a journal entry that was changed afterwards breaks the chain where it stands', async () => {
  const ledger = new MemoryLedger({ clock: new VirtualTime(1_000), sha256 });
  const result = await ledger.commit([note('one'), note('two'), note('three')]);
  const { check, said } = held(audit, { clock, store: { ledger } });
  check.committed?.(result.kind === 'committed' ? result.events : []);
  await check.atRest?.();
  expect(said).toEqual([]);
  Object.assign(ledger.entry(2)!, { correlationId: 'another' });
  await check.atRest?.();
  expect(said).toEqual(['the chain of hashes breaks at event 2']);
});

test.each([
  { what: 'changes without a reason', knew: 5, said: 1 },
  { what: 'changes for a fill of the day before that it did not know of', knew: 2, said: 0 },
])('a beginning of the day that $what is noticed $said times', ({ knew, said: times }) => {
  const MIDNIGHT_MS = Date.UTC(2026, 0, 2);
  const valuation = (seq: number, through: number, dayStart: string) =>
    ({
      kind: 'valuation',
      seq,
      id: `risk-a-${seq}-through-${through}`,
      atMs: MIDNIGHT_MS + seq,
      dayStartEquity: quoteAmount(dayStart),
    }) as unknown as CommittedEvent;
  const yesterday = { ...valuation(1, 0, '90'), atMs: MIDNIGHT_MS - 10 };
  const late = { kind: 'fill', seq: 3, fill: { timeMs: MIDNIGHT_MS - 1 } } as unknown as CommittedEvent;
  const { check, said } = held(dayBeginsOnce);
  check.committed?.([yesterday, late, valuation(6, knew, '100'), valuation(9, 8, '99')]);
  expect(said).toHaveLength(times);
});

test('an order of ours that counts at rest and is not open at the exchange is noticed', async () => {
  const uses = [{ name: 'account open orders', was: '1' }];
  const openOrders = [{ placedClientOrderId: 'a-1' }, { placedClientOrderId: 'by hand' }];
  const { check, said } = held(nothingHeldBack, {
    services: { riskManager: { state: async () => ({ uses }) } },
    simulator: { exchange: { openOrders: () => ({ ok: true, value: openOrders }) } },
  });
  check.committed?.([{ kind: 'intent', wanted: { clientOrderId: 'a-1' } } as unknown as CommittedEvent]);
  await check.atRest?.();
  expect(said).toEqual([]);
  openOrders.shift();
  await check.atRest?.();
  expect(said).toEqual(['the risk manager counts 1 open orders, the exchange has 0']);
});

test('a secret is noticed in a log line and in a journal entry, and is not repeated', () => {
  const entry = { id: 'x', correlationId: 'c', payload: '{"detail":"canary"}' };
  const { check, said } = held(noSecret, { secret: 'canary', store: { ledger: { entry: () => entry } } });
  check.logged?.('request_failed url=https://x/?key=canary');
  check.committed?.([{ seq: 1 } as CommittedEvent]);
  check.logged?.('all is well');
  expect(said).toEqual([expect.stringContaining('a log line'), expect.stringContaining('journal entry 1')]);
  expect(said.join()).not.toContain('canary');
});

test.each([
  {
    what: 'that comes too late',
    nowMs: 20_000,
    market: 19_999,
    user: 19_999,
    why: 'its decision has expired',
  },
  { what: 'without prices', nowMs: 9_999, market: -21_000, user: 9_000, why: 'nothing of the market' },
  { what: 'without a user stream', nowMs: 9_999, market: 9_000, user: -46_000, why: 'nothing of its orders' },
])('an order $what is noticed', ({ nowMs, market, user, why }) => {
  const time = { nowMs: () => nowMs, elapsedMs: () => nowMs };
  const { check, said } = held(failClosed, { time, clock: time });
  const wanted = { clientOrderId: 'a-1' };
  check.committed?.([{ kind: 'intent', wanted, expiresAtMs: 10_000 } as unknown as CommittedEvent]);
  const process = { name: 'run-1', network: { heardAtMs: { market, user } } } as unknown as TradingProcess;
  check.placing?.(process, { clientOrderId: 'a-1', side: 'BUY' } as Placement);
  expect(said).toEqual([expect.stringContaining(why)]);
});

test('of a request every order that it may place is known, with its side, quantity and dearest price', () => {
  const request = { method: 'POST', headers: {}, timeoutMs: 0 } as const;
  const body =
    'symbol=BTCUSDT&workingClientOrderId=w&workingSide=BUY&workingQuantity=2&workingPrice=10&pendingSide=SELL' +
    '&pendingQuantity=2&pendingAboveClientOrderId=a&pendingAbovePrice=12&pendingBelowClientOrderId=b&pendingBelowStopPrice=9';
  const listed = placementsIn({ ...request, url: 'http://x/api/v3/orderList/otoco', body });
  expect(listed.map(({ clientOrderId, side, price }) => [clientOrderId, side, price])).toEqual([
    ['w', 'BUY', 1_000_000_000n],
    ['a', 'SELL', 1_200_000_000n],
    ['b', 'SELL', 900_000_000n],
  ]);
  expect(placementsIn({ ...request, url: 'http://x/api/v3/order/test', body })).toEqual([]);
  expect(
    placementsIn({ ...request, method: 'DELETE', url: 'http://x/api/v3/order?newClientOrderId=c' }),
  ).toEqual([]);
});
