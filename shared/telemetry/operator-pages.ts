/** What a service is asked for by whoever runs it. */
export interface Operated {
  readonly metrics: { text(): Promise<string>; readonly contentType: string };
  /** What keeps the service from doing its work; empty when it can. */
  readonly obstacles: () => readonly string[];
}

export interface OperatorPage {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/**
 * `/metrics` for Prometheus; `/health`: the process lives; `/ready`: it can do its work, or 503 with what keeps it from that.
 * @returns undefined for every other path
 */
export async function operatorPage(
  path: string,
  { metrics, obstacles }: Operated,
): Promise<OperatorPage | undefined> {
  if (path === '/metrics')
    return { status: 200, contentType: metrics.contentType, body: await metrics.text() };
  if (path === '/health') return json(200, { status: 'alive' });
  if (path !== '/ready') return undefined;
  const found = obstacles();
  return found.length === 0
    ? json(200, { status: 'ready' })
    : json(503, { status: 'not_ready', obstacles: found });
}

const json = (status: number, body: object): OperatorPage => ({
  status,
  contentType: 'application/json; charset=utf-8',
  body: JSON.stringify(body),
});
