import { ok } from '@tradewind/core/result';
import { SeededRandom } from '@tradewind/utils';
import { describe, expect, test } from 'vitest';
import { testWithSharedData } from '../../../tools/shared-data.ts';
import { outcomeOfAnswer, venueErrorOf } from '../errors/outcome-of.ts';
import { limitReportOfHttp, limitReportOfSocket } from '../limits/limit-report.ts';
import examples from '../model/example-vectors.json' with { type: 'json' };
import { readUserEvent } from '../model/read-user-event.ts';
import type { Outcome } from '../outcome.ts';
import { answerReaders, readerOf } from './answer-readers.test-support.ts';
import { mutatedJson, mutatedText } from './mutation.test-support.ts';
import { recordedAnswers, recordedEvents } from './recordings.test-support.ts';

/** More for a long run: FUZZ_RUNS=1000000. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 10_000);

const rest = examples.restExamples;
const limits = rest.rateLimitOrder;

/** Every example of an answer, by the reader that must read it. */
const BODIES: readonly { readonly reader: string; readonly body: unknown }[] = [
  { reader: 'time', body: { serverTime: 1565246363776 } },
  { reader: 'exchangeInfo', body: { ...rest.exchangeInfo, rateLimits: limits } },
  { reader: 'depth', body: rest.depth },
  { reader: 'trades', body: rest.trades },
  { reader: 'aggTrades', body: rest.aggTrades },
  { reader: 'klines', body: rest.klines },
  { reader: 'avgPrice', body: rest.avgPrice },
  { reader: 'ticker24hr', body: [rest.ticker24hrFull] },
  { reader: 'tickerPrice', body: [rest.tickerPrice] },
  { reader: 'bookTicker', body: [rest.bookTicker] },
  { reader: 'orderFull', body: rest.orderFull },
  { reader: 'orderFull', body: rest.orderAck },
  { reader: 'orderFull', body: rest.sorOrder },
  { reader: 'orderTestCommission', body: rest.orderTestCommission },
  { reader: 'cancelOrder', body: rest.cancelOrder },
  { reader: 'cancelOpenOrders', body: rest.cancelOpenOrders },
  { reader: 'cancelReplace', body: rest.cancelReplace.success },
  { reader: 'amend', body: rest.amend },
  { reader: 'amend', body: rest.amendInList },
  { reader: 'orderListOco', body: rest.orderListOco },
  { reader: 'orderListOco', body: rest.orderListOtoco },
  { reader: 'orderListOco', body: rest.orderListOpoco },
  { reader: 'cancelOrderList', body: rest.cancelOrderList },
  { reader: 'account', body: rest.account },
  { reader: 'queryOrder', body: rest.queryOrder },
  { reader: 'openOrders', body: [rest.queryOrder, rest.queryOrder] },
  { reader: 'orderList', body: rest.orderList },
  { reader: 'openOrderLists', body: [rest.orderList] },
  { reader: 'myTrades', body: rest.myTrades },
  { reader: 'rateLimitOrder', body: limits },
  { reader: 'myPreventedMatches', body: rest.myPreventedMatches },
  { reader: 'accountCommission', body: rest.accountCommission },
  { reader: 'orderAmendments', body: rest.orderAmendments },
  { reader: 'myFilters', body: rest.myFilters },
  { reader: 'apiRestrictions', body: { ipRestrict: false, createTime: 1, enableReading: true } },
];
const ERRORS: readonly unknown[] = [
  { code: -2010, msg: 'Duplicate order sent.' },
  { code: -1003, msg: 'Way too much request weight used; IP banned until 1700000000000.' },
  { code: -1015, msg: 'Too many new orders; current limit is 1 orders per 10 SECOND.' },
  ...Object.values(rest.cancelReplace).slice(1),
];
const EVENTS: readonly unknown[] = [
  ...examples.userDataEvents.map(({ event }) => event),
  ...examples.lowLiquiditySequence,
];

/**
 * Whether a value has only what a value of ours can have: exact amounts, whole numbers that JSON carries without loss, texts,
 * and no number that a float could have spoiled.
 */
function isSound(value: unknown): boolean {
  switch (typeof value) {
    case 'bigint':
    case 'boolean':
    case 'string':
    case 'undefined':
      return true;
    case 'number':
      return Number.isSafeInteger(value);
    case 'object':
      if (value === null) return false;
      if (value instanceof Map) return [...value].every(([key, each]) => isSound(key) && isSound(each));
      return Object.values(value).every(isSound);
    default:
      return false;
  }
}

/** The names that a value has, all the way down but not inside lists, which may be empty. */
const shapeOf = (value: unknown): string =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Map)
    ? Object.keys(value).sort().join()
    : typeof value;

describe('answers', () => {
  test.each(BODIES)('the example that is mutated is read: $reader', ({ reader, body }) => {
    expect(readerOf(reader).read(body)).toMatchObject({ ok: true });
  });

  test('every shape of answer is among them', () => {
    const covered = new Set(BODIES.map(({ reader }) => reader));
    expect(answerReaders.map(({ name }) => name).filter((name) => !covered.has(name))).toEqual(['ping']);
  });

  test(`${RUNS} answers with mutated members are read soundly, or not at all`, () => {
    const random = new SeededRandom(1);
    const counts = { done: 0, failed: 0, unknown: 0 };
    for (let run = 0; run < RUNS; run++) {
      const { reader, body } = BODIES[run % BODIES.length]!;
      const { call } = readerOf(reader);
      const text = JSON.stringify(mutatedJson(body, random));
      const outcome = outcomeOfAnswer(ok({ status: 200, headers: {}, body: text }), call);
      counts[outcome.kind] += 1;
      if (outcome.kind === 'done' && !(isSound(outcome.value) && hasShapeOf(reader, outcome.value)))
        expect.unreachable(`${reader} was read from ${text}`);
      if (outcome.kind === 'failed') expect.unreachable(`a success cannot be a refusal: ${text}`);
    }
    // Neither is everything refused nor everything believed.
    expect(counts.done).toBeGreaterThan(RUNS / 10);
    expect(counts.unknown).toBeGreaterThan(RUNS / 10);
  });

  test(`${RUNS} answers with mutated bytes end as an outcome`, () => {
    const random = new SeededRandom(2);
    for (let run = 0; run < RUNS; run++) {
      const { reader, body } = BODIES[run % BODIES.length]!;
      const text = mutatedText(JSON.stringify(body), random);
      const outcome = outcomeOfAnswer(ok({ status: 200, headers: {}, body: text }), readerOf(reader).call);
      if (outcome.kind === 'done' && !isSound(outcome.value))
        expect.unreachable(`${reader} was read from ${text}`);
    }
  });

  test(`${RUNS} mutated errors with any status are never taken for a success`, () => {
    const random = new SeededRandom(3);
    const statuses = [400, 401, 403, 409, 418, 429, 500, 502, 503, 504];
    const order = readerOf('orderFull').call;
    const replace = readerOf('cancelReplace').call;
    for (let run = 0; run < RUNS; run++) {
      const error = ERRORS[run % ERRORS.length];
      const isText = random.nextFraction() < 0.3;
      const body = isText
        ? mutatedText(JSON.stringify(error), random)
        : JSON.stringify(mutatedJson(error, random));
      const status = statuses[random.nextUint32() % statuses.length]!;
      const response = { status, headers: { 'retry-after': mutatedText('30', random) }, body };
      const placed: Outcome<unknown> = outcomeOfAnswer(ok(response), order);
      if (placed.kind === 'done') expect.unreachable(`an order was placed by ${status} ${body}`);
      const replaced = outcomeOfAnswer(ok(response), replace);
      if (replaced.kind === 'done' && !isSound(replaced.value)) expect.unreachable(body);
      const { silence } = limitReportOfHttp(status, response.headers, venueErrorOf(response), 1.7e12);
      if (silence !== undefined && !(silence.untilMs <= 1.7e12 + 3 * 86_400_000))
        expect.unreachable(`silent for ever after ${body}`);
    }
  });

  test(`${RUNS / 10} mutated descriptions of limits say something sound or nothing`, () => {
    const random = new SeededRandom(4);
    for (let run = 0; run < RUNS / 10; run++) {
      const report = limitReportOfSocket(200, mutatedJson(limits, random), undefined, 1.7e12);
      if (!isSound(report)) expect.unreachable(JSON.stringify(report));
    }
  });
});

describe('what others have recorded', () => {
  testWithSharedData(`${RUNS} mutated recordings are read soundly, or not at all`, () => {
    const random = new SeededRandom(6);
    const answers = recordedAnswers();
    const events = recordedEvents();
    for (let run = 0; run < RUNS; run++) {
      const { reader, body } = answers[run % answers.length]!;
      const mutated = mutatedJson(body, random);
      const reading = readerOf(reader).read(mutated);
      if (reading.ok && !isSound(reading.value)) expect.unreachable(`${reader}: ${JSON.stringify(mutated)}`);
      const event = mutatedJson(events[run % events.length]!.event, random);
      const told = readUserEvent(event);
      if (told.ok && !isSound(told.value)) expect.unreachable(JSON.stringify(event));
    }
  });
});

describe('user events', () => {
  test(`${RUNS} mutated events are read soundly, or not at all`, () => {
    const random = new SeededRandom(5);
    let read = 0;
    for (let run = 0; run < RUNS; run++) {
      const event = mutatedJson(EVENTS[run % EVENTS.length], random);
      const reading = readUserEvent(event);
      if (!reading.ok) continue;
      read += 1;
      if (!isSound(reading.value)) expect.unreachable(JSON.stringify(event));
    }
    expect(read).toBeGreaterThan(RUNS / 10);
    expect(read).toBeLessThan(RUNS);
  });
});

/** The members of what is read from the unspoilt examples, by reader. */
const SHAPES: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  answerReaders.map(({ name, read }) => [
    name,
    new Set(
      BODIES.filter(({ reader }) => reader === name).map(({ body }) => {
        const reading = read(body);
        return shapeOf(reading.ok ? reading.value : undefined);
      }),
    ),
  ]),
);

const hasShapeOf = (reader: string, value: unknown): boolean =>
  SHAPES.get(reader)?.has(shapeOf(value)) === true;
