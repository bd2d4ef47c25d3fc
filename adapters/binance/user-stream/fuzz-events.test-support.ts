import { quantity, unitsOf } from '@tradewind/core/money';
import { isFinal, type OrderRecord } from '@tradewind/core/orders';
import type { Mutator } from '../../../tools/fuzz/mutator.ts';
import type { FuzzCase, FuzzTarget, Verdict } from '../../../tools/fuzz/target.ts';
import { type Tree, treeOf } from '../../../tools/fuzz/tree.ts';
import examplesOfModel from '../model/example-vectors.json' with { type: 'json' };
import type { PlacedOrder } from '../model/order.ts';
import { isSound } from '../model/sound.test-support.ts';
import type { Outcome } from '../outcome.ts';
import { readerOf } from '../rest/answer-readers.test-support.ts';
import socketExamples from '../websocket-api/websocket-api-examples.json' with { type: 'json' };
import { type LiveStream, liveStream } from './live-stream.test-support.ts';
import type { OrderChange } from './order-projection.ts';
import { rawReport } from './reports.test-support.ts';
import examples from './user-event-examples.json' with { type: 'json' };

const START = 1_700_000_000_000;
const PLACE = readerOf('orderFull').call;
/** The request id of the placement: the first subscribes. */
const PLACE_ID = 2;
const MINE = [
  { clientOrderId: 'mine-1', symbol: 'BTCUSDT', quantity: quantity('3') },
  { clientOrderId: 'mine-2', symbol: 'BTCUSDT', quantity: quantity('3') },
];

const envelope = (event: object): object => ({ subscriptionId: 0, event });
const report = (order: number, changes: object): object =>
  envelope(rawReport({ i: 6 + order, c: `mine-${order}`, ...changes }));
const trade = (order: number, nth: number): object =>
  report(order, {
    x: 'TRADE',
    X: nth === 3 ? 'FILLED' : 'PARTIALLY_FILLED',
    t: 100 * order + nth,
    l: '1.00000000',
    L: '10.00000000',
    z: `${nth}.00000000`,
    Y: '10.00000000',
    Z: `${10 * nth}.00000000`,
    n: '0.001',
    N: 'BTC',
    m: true,
    I: 1000 * order + nth,
  });
const ENDS: readonly ((order: number, executed: number) => object)[] = ['CANCELED', 'EXPIRED'].map(
  (status) => (order, executed) =>
    report(order, {
      x: status,
      X: status,
      z: `${executed}.00000000`,
      Z: `${10 * executed}.00000000`,
      I: 1000 * order + 9,
    }),
);

/** What the answer to the placement says, if it is the first order: it has its first fill, of which an event may tell as well. */
const PLACED = {
  ...examplesOfModel.restExamples.orderFull,
  clientOrderId: 'mine-1',
  orderId: 7,
  status: 'PARTIALLY_FILLED',
  origQty: '3.00000000',
  executedQty: '1.00000000',
  cummulativeQuoteQty: '10.00000000',
  fills: [
    { tradeId: 101, price: '10.00000000', qty: '1.00000000', commission: '0.001', commissionAsset: 'BTC' },
  ],
};

const REPLIES: readonly object[] = [
  { id: PLACE_ID, status: 200, result: PLACED },
  { id: PLACE_ID, status: 200, result: PLACED },
  { id: PLACE_ID, status: 200, result: examplesOfModel.restExamples.orderAck },
  { id: PLACE_ID, status: 400, error: { code: -2010, msg: 'Duplicate order sent.' } },
  {
    id: PLACE_ID,
    status: 400,
    error: { code: -1007, msg: 'Timeout waiting for response from backend server.' },
  },
  { id: PLACE_ID, status: 418, error: { code: -1003, msg: 'IP banned until 1700000100000.' } },
  { id: PLACE_ID, status: 503, error: { code: -1000, msg: 'An unknown error.' } },
];
const OTHERS: readonly object[] = [
  examples.outboundAccountPosition,
  examples.listStatus,
  examples.balanceUpdate,
  examples.externalLockUpdate,
  ...examples.marketOrderSequence.map(envelope),
];
/** After these the stream asks again before it believes. */
const ENDINGS: readonly object[] = [
  examples.eventStreamTerminated,
  socketExamples.serverShutdown,
  socketExamples.sessionRevoked,
];
const ALL: readonly Tree[] = [
  ...OTHERS,
  ...ENDINGS,
  ...REPLIES,
  report(1, {}),
  trade(1, 2),
  ENDS[0]!(1, 1),
].map(treeOf);

/**
 * What one connection of the WebSocket API says while an order is being placed: events of orders and balances, and the answer.
 * Wrong is a fill told twice, a final state that is left, a figure that falls, an answer that no frame gave, and a stream that
 * stays silent after it. Of events that are only told twice or at another time, all must be known in the end that they say.
 */
export const eventsPart: FuzzTarget = {
  name: 'events',
  make: (mutator) => ({ part: 'events', texts: story(mutator) }),
  judge,
};

function story(mutator: Mutator): string[] {
  const frames: object[] = [];
  for (const order of [1, 2]) {
    const executed = mutator.below(4);
    frames.push(report(order, { x: 'NEW', X: 'NEW', I: 1000 * order }));
    for (let nth = 1; nth <= executed; nth += 1) frames.push(trade(order, nth));
    if (executed < 3 && mutator.chance(0.6)) frames.push(mutator.oneOf(ENDS)(order, executed));
  }
  if (mutator.chance(0.7)) frames.push(mutator.oneOf(REPLIES));
  if (mutator.chance(0.7)) frames.push(mutator.oneOf(OTHERS));
  if (mutator.chance(0.1)) frames.push(mutator.oneOf(ENDINGS));
  const isSpoilt = mutator.chance(0.8);
  const texts = frames.map((frame) =>
    isSpoilt && mutator.chance(0.5) ? mutator.json(treeOf(frame), ALL) : JSON.stringify(frame),
  );
  return mutator.order(mutator.order(texts));
}

async function judge({ texts }: FuzzCase): Promise<Verdict> {
  const watch = new Watch();
  const live = await liveStream(START, { orderChanged: (change) => watch.orderChanged(change) });
  const { orders } = live.user.account;
  for (const each of MINE) orders.track(each);
  const placed = live.api.perform(PLACE).then((outcome) => {
    if (outcome.kind === 'done') live.user.takePlacement(outcome.value as PlacedOrder);
    return outcome;
  });
  await live.time.advance(0);
  for (const text of texts) {
    if (live.socket.ended === undefined && !live.socket.isGone) live.socket.say(text);
    await live.time.advance(0);
    for (const { clientOrderId } of MINE)
      watch.record(orders.byClientOrderId('BTCUSDT', clientOrderId)?.record);
  }
  const known = MINE.map(({ clientOrderId }) => orders.byClientOrderId('BTCUSDT', clientOrderId)?.record);
  // Longer than a placement waits for its answer, and than the stream waits before it asks for what was not understood.
  await live.time.advance(12_000);
  const outcome = await placed;
  const wrong =
    watch.wrong ??
    (live.gate.outstanding === 0 ? undefined : 'a permit was never given back') ??
    wrongAnswer(outcome, texts) ??
    wrongOrders(known, texts) ??
    wrongAfterwards(live);
  const verdict = { outcome: `${live.user.status.state}, placement ${outcome.kind}`, wrong };
  live.user.stop();
  live.api.stop();
  return verdict;
}

/** What no news may ever do. */
class Watch {
  private readonly fills = new Set<string>();
  private readonly records = new Map<string, OrderRecord>();
  wrong: string | undefined;

  orderChanged({ order, fills }: OrderChange): void {
    for (const { symbol, tradeId, orderId } of fills) {
      const key = `${symbol} ${tradeId} ${orderId}`;
      if (this.fills.has(key)) this.wrong ??= `the fill ${key} was told twice`;
      this.fills.add(key);
    }
    if (!isSound(order.record)) this.wrong ??= 'a record that is not sound';
    this.record(order.record);
  }

  record(record: OrderRecord | undefined): void {
    if (record === undefined) return;
    const { symbol, venueOrderId, clientOrderId, state, executedQuantity } = record;
    const key = `${symbol} ${venueOrderId ?? clientOrderId}`;
    const before = this.records.get(key);
    this.records.set(key, record);
    if (before === undefined) return;
    if (isFinal(before.state) && state !== before.state)
      this.wrong ??= `the order ${key} went from ${before.state} to ${state}`;
    if (executedQuantity < before.executedQuantity) this.wrong ??= `what the order ${key} had executed fell`;
  }
}

/** Who still says that it hears everything must understand a good event. */
function wrongAfterwards({ user, socket }: LiveStream): string | undefined {
  if (user.status.state === 'idle') return 'the stream has not begun';
  if (!user.isLive || socket.isGone || socket.ended !== undefined) return undefined;
  socket.say(report(9, { i: 4_000_000_000, c: 'after-all-that' }));
  const record = user.account.orders.byOrderId('BTCUSDT', 4_000_000_000)?.record;
  return record?.state === 'working' && unitsOf(record.executedQuantity) === 0n
    ? undefined
    : 'a good event after them was not understood';
}

interface Said {
  readonly id?: unknown;
  readonly status?: unknown;
  readonly result?: { readonly orderId?: unknown };
  readonly error?: { readonly code?: unknown };
  readonly event?: Readonly<Record<string, unknown>>;
}

/** What ends a call is a frame with its number that says so. */
function wrongAnswer(outcome: Outcome<unknown>, texts: readonly string[]): string | undefined {
  const replies = texts.map(saidBy).filter((said) => said?.id === PLACE_ID);
  if (outcome.kind === 'done') {
    const { orderId } = outcome.value as { readonly orderId: number };
    return replies.some((said) => said?.status === 200 && said.result?.orderId === orderId)
      ? undefined
      : `no frame says that the order ${orderId} was placed`;
  }
  if (outcome.kind !== 'failed' || outcome.failure.reason !== 'refused') return undefined;
  return replies.some((said) => Number.isInteger(said?.status) && said?.status !== 200)
    ? undefined
    : 'no frame refuses the placement';
}

function saidBy(text: string): Said | undefined {
  try {
    // UTF-8 may begin with its mark.
    const said = JSON.parse(text.replace(/^\ufeff/, '')) as unknown;
    return typeof said === 'object' && said !== null ? said : undefined;
  } catch {
    return undefined;
  }
}

/** Where nothing is spoilt but the order, the plain reading of all that was told: the largest figure counts, and an end is an end. */
function wrongOrders(
  known: readonly (OrderRecord | undefined)[],
  texts: readonly string[],
): string | undefined {
  if (!texts.every((text) => PRISTINE.has(text))) return undefined;
  const said = texts.map(saidBy);
  const answer = said.find((each) => each?.id === PLACE_ID)?.result;
  const events = said.map((each) => each?.event);
  if (answer?.orderId === PLACED.orderId)
    events.push({ i: PLACED.orderId, z: PLACED.executedQty, X: PLACED.status });
  for (const [index, record] of known.entries()) {
    const own = events.filter((event) => event?.i === 7 + index);
    const executed = Math.max(0, ...own.map((event) => Number(event?.z)));
    if (Number(unitsOf(record!.executedQuantity)) !== executed * 1e8)
      return `mine-${index + 1} executed another quantity`;
    const ends = own
      .map((event) => event?.X)
      .filter((state) => state !== 'NEW' && state !== 'PARTIALLY_FILLED');
    const open = own.length > 0 ? 'working' : 'created';
    const wanted = ends.length > 0 ? String(ends[0]).toLowerCase() : open;
    if (record!.state !== wanted) return `mine-${index + 1} is ${record!.state} and should be ${wanted}`;
  }
  return undefined;
}

/** Every frame that a story is made of. */
const PRISTINE: ReadonlySet<string> = new Set(
  [
    ...[1, 2].flatMap((order) => [
      report(order, { x: 'NEW', X: 'NEW', I: 1000 * order }),
      ...[1, 2, 3].map((nth) => trade(order, nth)),
      ...[0, 1, 2].flatMap((executed) => ENDS.map((end) => end(order, executed))),
    ]),
    ...REPLIES,
    ...OTHERS,
  ].map((frame) => JSON.stringify(frame)),
);
