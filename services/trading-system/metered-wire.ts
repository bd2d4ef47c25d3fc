import type { Call, Caller, HttpTransport, Outcome } from '@tradewind/binance';
import type { Counter, Metrics } from '@tradewind/utils';

type Requests = Counter<'endpoint' | 'status_code'>;

const requestsOf = (metrics: Metrics): Requests =>
  metrics.counter(
    'api_requests_total',
    'Requests to the exchange by what was asked and how it was answered',
    ['endpoint', 'status_code'],
  );

/** Counts what goes over REST; a request without an answer has the reason for a status. */
export function meteredHttp(http: HttpTransport, metrics: Metrics): HttpTransport {
  const requests = requestsOf(metrics);
  return {
    async send(request) {
      const answer = await http.send(request);
      const status = answer.ok ? String(answer.value.status) : answer.error.kind;
      requests.add({ endpoint: pathOf(request.url), status_code: status });
      return answer;
    },
  };
}

/** Counts what goes over the WebSocket API, whose answers have the statuses of REST. */
export function meteredCaller(caller: Caller, metrics: Metrics): Caller {
  const requests = requestsOf(metrics);
  return {
    prepare: (call) => caller.prepare?.(call) ?? call,
    async perform<T>(call: Call<T>) {
      const outcome = await caller.perform(call);
      requests.add({ endpoint: call.socketMethod ?? call.path, status_code: statusOf(outcome) });
      return outcome;
    },
  };
}

/** Without its query, in which keys and signatures stand. */
const pathOf = (url: string): string => /^[a-z]+:\/\/[^/?]+([^?]*)/.exec(url)?.[1] ?? '';

function statusOf(outcome: Outcome<unknown>): string {
  if (outcome.kind === 'done') return '200';
  if (outcome.kind === 'unknown')
    return 'status' in outcome.cause ? String(outcome.cause.status) : outcome.cause.reason;
  return outcome.failure.reason === 'refused' ? String(outcome.failure.status) : outcome.failure.reason;
}
