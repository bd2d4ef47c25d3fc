import type { Answerer, Front, Upgrade } from '../front.ts';
import type { SimulatorHost } from '../host.ts';
import type { WireRequest, WireResponse } from '../wire.ts';
import { ROUTES, type RouteAnswer } from './routes.ts';

/** The operator's door: plain JSON over HTTP, on a port of its own. docs/exchange-simulator.md lists what it can do. */
export class ControlFront implements Front {
  /** A state has every order and trade that is kept, some tens of megabytes; no text of the engine is longer than this. */
  readonly bodyBytesMax = 500 << 20;
  private readonly host: SimulatorHost;

  constructor(host: SimulatorHost) {
    this.host = host;
  }

  request(request: WireRequest, answerer: Answerer): void {
    answerer.answer(this.respond(request));
  }

  upgrade(): Upgrade {
    return { kind: 'refused', response: json(404, { error: 'the control port has no sockets' }) };
  }

  private respond(request: WireRequest): WireResponse {
    const { method, path, query, body, headers } = request;
    // The door has no lock, so that pages in a browser on this machine must not reach it, by whatever name (faults.md S2, S3).
    if (headers.origin !== undefined || !isOurName(headers.host)) {
      return json(403, { error: 'the control port is not for pages of a browser' });
    }
    const methods = ROUTES.filter((route) => route.path === path);
    const route = methods.find((each) => each.method === method);
    if (methods.length === 0) {
      return json(404, { error: `there is no ${path}; GET / lists what there is` });
    }
    if (route === undefined) {
      const allowed = methods.map((each) => each.method).join(', ');
      return json(405, { error: `${path} is for ${allowed}` });
    }
    let parsed: unknown;
    try {
      parsed = body === '' ? undefined : JSON.parse(body);
    } catch (error) {
      return json(400, { error: `the body is not JSON: ${(error as SyntaxError).message}` });
    }
    const answer: RouteAnswer = route.run(this.host, {
      parameters: new URLSearchParams(query),
      body: parsed,
    });
    return answer.ok ? json(200, answer.value) : json(400, { error: answer.error });
  }
}

/** An address, or localhost: a name that somebody else's name server gave to this machine is neither. */
function isOurName(host: string | undefined): boolean {
  if (host === undefined) return false;
  const name = host.replace(/:\d+$/, '');
  return name === 'localhost' || /^\d+\.\d+\.\d+\.\d+$/.test(name) || /^\[[0-9a-f:]+\]$/i.test(name);
}

const json = (status: number, value: unknown): WireResponse => ({
  status,
  headers: { 'content-type': 'application/json;charset=UTF-8' },
  body: JSON.stringify(value ?? null),
});
