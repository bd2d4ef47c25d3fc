import type { Answerer } from '../front.ts';
import type { WireRequest, WireResponse } from '../wire.ts';
import type { FaultEngine } from './engine.ts';
import { errorBody, errorText } from './error-answers.ts';
import type { RequestFacts } from './facts.ts';
import type { RequestFate } from './request-fate.ts';

/** Answers a request over HTTP; the same as `RestApi.handle` of the protocol. */
export type AnswerRest = (request: WireRequest, receivedAtMs: number, forwardedAtMs?: number) => WireResponse;

/** The way of requests over HTTP through the faults. */
export class RestRequests {
  private readonly engine: FaultEngine;
  private readonly handle: AnswerRest;

  constructor(engine: FaultEngine, handle: AnswerRest) {
    this.engine = engine;
    this.handle = handle;
  }

  request(request: WireRequest, answerer: Answerer): void {
    const { engine } = this;
    const { clock, timers, exchange } = engine.ports;
    if (!engine.concernsRequests) {
      answerer.answer(this.handle(request, clock.nowMs()));
      return;
    }
    const facts = restFacts(request, (apiKey) => exchange.key(apiKey)?.account);
    const fate = engine.fateOf(facts);
    if (fate.isLost) {
      answerer.cut(NOTHING, 0);
      return;
    }
    const receivedAtMs = clock.nowMs();
    const proceed = (): void => this.proceed(request, facts, fate, receivedAtMs, answerer);
    if (fate.delayRequestMs > 0) timers.after(fate.delayRequestMs, proceed);
    else proceed();
  }

  private proceed(
    request: WireRequest,
    facts: RequestFacts,
    fate: RequestFate,
    receivedAtMs: number,
    answerer: Answerer,
  ): void {
    const { timers } = this.engine.ports;
    const response = this.respond(request, facts, fate, receivedAtMs);
    const { lostAnswer } = fate;
    if (lostAnswer?.isSilent === true) return;
    const end = (): void => {
      if (lostAnswer === undefined) answerer.answer(response);
      else answerer.cut(response, lostAnswer.afterBytes);
    };
    if (fate.delayAnswerMs > 0) timers.after(fate.delayAnswerMs, end);
    else end();
  }

  private respond(
    request: WireRequest,
    facts: RequestFacts,
    fate: RequestFate,
    receivedAtMs: number,
  ): WireResponse {
    const { engine } = this;
    const nowMs = engine.ports.clock.nowMs();
    const { error } = fate;
    const answer =
      error === undefined || error.isExecuted
        ? engine.around(fate, facts, () => this.handle(request, receivedAtMs, nowMs))
        : NOTHING;
    if (error !== undefined) {
      const text = errorText(error.answer, error.retryAfterS, nowMs);
      return { status: text.status, headers: text.headers, body: errorBody(text) };
    }
    if (fate.changes.length === 0 || answer.status >= 400) return answer;
    const body = engine.changes.apply(fate, facts, JSON.parse(answer.body));
    return { ...answer, body: JSON.stringify(body) };
  }
}

const NOTHING: WireResponse = { status: 500, headers: {}, body: '' };

function restFacts(
  { method, path, query, body, headers, remoteAddress }: WireRequest,
  accountOf: (apiKey: string) => number | undefined,
): RequestFacts {
  let parameters: URLSearchParams | undefined;
  const apiKey = headers['x-mbx-apikey'];
  return {
    api: 'rest',
    endpoint: `${method} ${path}`,
    address: remoteAddress,
    account: apiKey === undefined ? undefined : accountOf(apiKey),
    parameter(name) {
      // A name in both counts as the query says it (binance-spot.md section 2.2), and the query comes first here.
      parameters ??= new URLSearchParams(`${query}&${body}`);
      return parameters.get(name) ?? undefined;
    },
  };
}
