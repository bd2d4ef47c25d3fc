import { calls, makeSigner, RestClient, ServerClock, SharedRateGate } from '@tradewind/binance';
import { amount, quantity, quoteAmount } from '@tradewind/core/money';
import { invariant } from '@tradewind/core/result';
import { PaperExchange } from '@tradewind/paper-exchange';
import { SeededRandom, silentTelemetry } from '@tradewind/utils';
import { expect, test } from 'vitest';
import { MarketWorld } from './market-world.test-support.ts';

test('an order trades at what the book of another exchange shows, and is halted with its connection', async () => {
  const on = new MarketWorld();
  await on.beginQuietly();
  const balances = [['USDT', amount('USDT', '100000')]] as const;
  const store = { load: async () => undefined, save: async () => undefined };
  const outside = {
    clock: on.time,
    timers: on.time,
    telemetry: silentTelemetry,
    marketData: on.service,
    store,
  };
  const opened = await on.after(PaperExchange.open(outside, { symbols: ['BTCUSDT'], balances }));
  invariant(opened.ok, 'the market is followed');
  const paper = opened.value;
  // Whoever subscribes hears of the book with its next change.
  on.stir();
  await on.time.advance(500);
  expect(paper.halts.size).toBe(0);
  const serverClock = new ServerClock(on.time);
  const gate = new SharedRateGate({
    clock: serverClock,
    timers: on.time,
    random: new SeededRandom(1),
    bans: { load: () => undefined, save: () => undefined },
  });
  const signer = makeSigner({ apiKey: paper.key.apiKey, secret: paper.key.held });
  invariant(signer.ok, 'the key can sign');
  const rest = new RestClient(
    { http: paper.wire, gate, clock: on.time, serverClock, signer: signer.value },
    { baseUrl: paper.urls.rest, recvWindowMs: 5000, timeoutMs: 5000 },
  );
  await on.after(rest.perform(calls.serverTime()));
  await on.after(rest.synchronizer.synchronize());
  const buy = {
    clientOrderId: 'order-1',
    strategy: 'test',
    symbol: 'BTCUSDT',
    side: 'BUY' as const,
    terms: { type: 'MARKET' as const, quantity: quantity('0.2') },
    tag: '',
    decidedAtMs: on.time.nowMs(),
  };
  const placed = await on.after(
    rest.perform(calls.placeOrder(buy as Parameters<typeof calls.placeOrder>[0])),
  );
  // The other exchange offers 0.3 at 60010.
  expect(placed).toMatchObject({ kind: 'done', value: { order: { status: 'FILLED' } } });
  invariant(placed.kind === 'done', 'it is filled');
  expect(placed.value.order?.executedQuoteAmount).toEqual(quoteAmount('12002'));
  // Nobody there notices.
  expect(on.simulator.exchange.bestAsk('BTCUSDT')?.quantity).toEqual(quantity('0.3'));
  on.wire.cutSockets();
  await on.time.advance(10);
  expect([...paper.halts.values()]).toEqual(['its feed is down: the streams are not connected']);
  await on.time.advance(3000);
  // A new book is proven by the first diff that continues its snapshot.
  on.stir();
  await on.time.advance(500);
  expect(paper.halts.size).toBe(0);
  await on.after(paper.stop());
});
