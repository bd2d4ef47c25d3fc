import { ok } from '@tradewind/core/result';
import type { Mutator } from '../../../tools/fuzz/mutator.ts';
import { singleInputs } from '../../../tools/fuzz/single-inputs.ts';
import type { Verdict } from '../../../tools/fuzz/target.ts';
import { treeOf } from '../../../tools/fuzz/tree.ts';
import { outcomeOfAnswer, venueErrorOf } from '../errors/outcome-of.ts';
import { limitReportOfHttp, limitReportOfSocket } from '../limits/limit-report.ts';
import { isSound, shapeOf } from '../model/sound.test-support.ts';
import { ANSWER_BODIES, ERROR_BODIES } from './answer-bodies.test-support.ts';
import { answerReaders, readerOf } from './answer-readers.test-support.ts';

const BODIES = ANSWER_BODIES.map(({ reader, body }) => ({ reader, tree: treeOf(body) }));
const TREES = BODIES.map(({ tree }) => tree);
const ERRORS = ERROR_BODIES.map(treeOf);
const ERROR_STATUSES = [400, 401, 403, 404, 409, 418, 429, 451, 500, 502, 503, 504, 302, 199];

/** The statuses by which a gateway says that the exchange has never seen a request (binance-spot.md section 7.1). */
const NEVER_SEEN = new Set([401, 403, 404, 406, 410, 418, 429, 451]);

/** The names of what is read of an unspoilt answer, by reader. */
const SHAPES: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  answerReaders.map(({ name, read }) => [
    name,
    new Set(
      ANSWER_BODIES.filter(({ reader }) => reader === name).map(({ body }) => {
        const reading = read(body);
        return shapeOf(reading.ok ? reading.value : undefined);
      }),
    ),
  ]),
);

const NOW_MS = 1.7e12;
const LONGEST_SILENCE_MS = 3 * 86_400_000;

/**
 * What HTTP answers: `reader status body`. Wrong is a value that the answer does not say; a success without a success; a refusal
 * that nothing proves, which would place an order again; and a silence that never ends.
 */
export const answersPart = singleInputs('answers', answer, judgeAnswer);

function answer(mutator: Mutator): string {
  if (mutator.chance(0.35)) {
    const reader = mutator.chance(0.5) ? 'orderFull' : mutator.oneOf(BODIES).reader;
    return `${reader} ${mutator.oneOf(ERROR_STATUSES)} ${mutator.json(mutator.oneOf(ERRORS), ERRORS)}`;
  }
  const { reader, tree } = mutator.oneOf(BODIES);
  return `${reader} 200 ${mutator.json(tree, TREES)}`;
}

function judgeAnswer(text: string): Verdict {
  const [, name = '', digits = '', body = ''] = /^(\w+) (\d+) ([\s\S]*)$/.exec(text) ?? [];
  if (!answerReaders.some((each) => each.name === name)) return { outcome: 'nothing' };
  const { call } = readerOf(name);
  const status = Number(digits);
  const response = { status, headers: { 'retry-after': body.slice(0, 5) }, body };
  const outcome = outcomeOfAnswer(ok(response), call);
  const json = parsed(body);
  const isSuccess = status >= 200 && status < 300;
  const code = isSuccess ? undefined : codeOf(json);
  const { silence } = limitReportOfHttp(status, response.headers, venueErrorOf(response), NOW_MS);
  const wrong = (what: string): Verdict => ({ outcome: outcome.kind, wrong: what });
  if (silence !== undefined && !(silence.untilMs <= NOW_MS + LONGEST_SILENCE_MS))
    return wrong('silent for ever');
  if (!isSound(limitReportOfSocket(status, json, undefined, NOW_MS))) return wrong('a limit that is none');
  switch (outcome.kind) {
    case 'done':
      if (!isSuccess && name !== 'cancelReplace') return wrong('an error is a success');
      if (json === undefined) return wrong('what is no JSON is a success');
      if (!isSound(outcome.value)) return wrong('the value is not sound');
      if (SHAPES.get(name)?.has(shapeOf(outcome.value)) !== true) return wrong('the value has other names');
      return {
        outcome: 'done',
        wrong: ORDER_READERS.has(name) ? contradictionIn(outcome.value, json) : undefined,
      };
    case 'failed':
      if (isSuccess) return wrong('a success is a refusal');
      if (code === undefined && !NEVER_SEEN.has(status)) return wrong('a refusal that nothing proves');
      return { outcome: 'failed' };
    case 'unknown':
      return { outcome: 'unknown' };
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function codeOf(json: unknown): number | undefined {
  const code = typeof json === 'object' && json !== null && 'code' in json ? json.code : undefined;
  return typeof code === 'number' && Number.isSafeInteger(code) && code < 0 ? code : undefined;
}

/** Whose answers are orders, or lists of them. */
const ORDER_READERS = new Set(['orderFull', 'cancelOrder', 'cancelOpenOrders', 'queryOrder', 'openOrders']);

/** What of an order, or of each of several, must be what JSON.parse says; decimals as counts of 10^-8. */
const SAME_NUMBERS = ['orderId', 'transactTime'] as const;
const SAME_TEXTS = ['symbol', 'clientOrderId', 'status', 'side'] as const;

function contradictionIn(value: unknown, json: unknown): string | undefined {
  if (Array.isArray(value) && Array.isArray(json)) {
    if (value.length !== json.length) return 'the list has another length';
    return value.map((each, at) => contradictionIn(each, json[at])).find((each) => each !== undefined);
  }
  if (typeof value !== 'object' || value === null || typeof json !== 'object' || json === null)
    return undefined;
  const read = value as Readonly<Record<string, unknown>>;
  const said = json as Readonly<Record<string, unknown>>;
  for (const name of [...SAME_NUMBERS, ...SAME_TEXTS]) {
    if (read[name] === undefined || !Object.hasOwn(said, name)) continue;
    if (typeof read[name] === 'object') continue;
    if (read[name] !== said[name])
      return `${name}: is ${String(read[name])}, and was ${JSON.stringify(said[name])}`;
  }
  const executed = read.executedQuantity;
  if (typeof executed === 'bigint' && executed !== unitsOf(said.executedQty))
    return `executedQuantity: is ${executed}, and was ${JSON.stringify(said.executedQty)}`;
  return undefined;
}

/** By hand, for no code of ours is to say what a decimal is: as many 10^-8 as a text has, undefined where that is not whole. */
function unitsOf(text: unknown): bigint | undefined {
  const form = /^(-?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = form.exec(String(text)) ?? [];
  if (whole === '') return undefined;
  const places = fraction.length - Number(exponent) - 8;
  const digits = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n);
  if (places <= 0) return digits * 10n ** BigInt(-places);
  const one = 10n ** BigInt(places);
  return digits % one === 0n ? digits / one : undefined;
}
