import { createHash, timingSafeEqual } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { type Operated, operatorPage } from '@tradewind/telemetry';
import type { Telemetry } from '@tradewind/utils';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Gateway } from './gateway.ts';
import { ROUTES } from './routes.ts';

export interface GatewayServerOptions {
  readonly gateway: Gateway;
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Whoever has it commands the account. */
  readonly token: string;
  readonly operated: Operated;
  readonly telemetry: Telemetry;
}

export interface RunningGateway {
  readonly host: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** Commands are small; what is larger is no command (faults.md S8). */
const BODY_BYTES_MAX = 16 * 1024;

/**
 * The control API. Every request under /api needs the token in `Authorization: Bearer`; a Host that is not ours (S3), a body that
 * is not JSON (S2), too large (S8) or has fields too many (S11) is refused; who sends slowly is cut off (S9).
 * @throws Error with a sentence when the port cannot be had
 */
export async function startGateway(options: GatewayServerOptions): Promise<RunningGateway> {
  const server = fastify({
    bodyLimit: BODY_BYTES_MAX,
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    requestTimeout: 5_000,
    connectionTimeout: 10_000,
    keepAliveTimeout: 5_000,
    forceCloseConnections: true,
    http: { headersTimeout: 5_000, maxHeaderSize: 8 * 1024 },
  });
  server.server.maxConnections = 100;
  guard(server, options);
  for (const route of ROUTES) {
    server.route({
      method: route.method,
      url: route.path,
      handler: async (request, reply) => {
        const body = route.body.safeParse(request.body ?? {});
        if (!body.success) {
          const [issue] = body.error.issues;
          const field = issue?.path.join('.') ?? '';
          return reply
            .code(400)
            .send({ reason: 'bad_request', detail: `${field === '' ? 'body' : field}: ${issue?.message}` });
        }
        const answer = await route.handle(options.gateway, body.data);
        return reply.code(answer.status).send(answer.body);
      },
    });
  }
  for (const path of ['/metrics', '/health', '/ready']) {
    server.get(path, async (_request, reply) => {
      const page = await operatorPage(path, options.operated);
      return reply
        .code(page?.status ?? 404)
        .type(page?.contentType ?? 'text/plain')
        .send(page?.body);
    });
  }
  const { host, port } = await listen(server, options);
  return { host, port, stop: () => server.close() };
}

function guard(server: FastifyInstance, { host, token, telemetry }: GatewayServerOptions): void {
  const expected = digestOf(`Bearer ${token}`);
  server.addHook('onRequest', async (request, reply) => {
    if (!isOurHost(request.headers.host, host))
      return refuse(reply, 421, 'wrong_host', 'this is not the host that was asked for');
    if (!request.url.startsWith('/api/')) return undefined;
    // Digests of one length, so that the time of comparing tells nothing of the token.
    const isKnown = timingSafeEqual(digestOf(request.headers.authorization ?? ''), expected);
    if (isKnown) return undefined;
    telemetry.log.write('warn', 'gateway_refused', { path: request.url, address: request.ip });
    return refuse(reply, 401, 'no_token', 'the token is missing or wrong');
  });
  // A page in a browser can send text/plain to any address without asking; it cannot send JSON.
  server.removeContentTypeParser('text/plain');
  server.setErrorHandler<Error & { statusCode?: number; code?: string }>((error, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status < 500) return refuse(reply, status, 'bad_request', error.message);
    logFailure(telemetry, request, error);
    return refuse(reply, 500, 'failed', 'the gateway could not answer; its log says why');
  });
  server.setNotFoundHandler((_request, reply) =>
    refuse(reply, 404, 'not_found', 'there is nothing under this path'),
  );
}

function logFailure({ log }: Telemetry, { url }: FastifyRequest, error: Error): void {
  log.write('error', 'gateway_failed', { path: url, message: error.message });
}

const refuse = (reply: FastifyReply, status: number, reason: string, detail: string): FastifyReply =>
  reply.code(status).send({ reason, detail });

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();

/** A name that was made to point at this machine is not this machine's name (DNS rebinding, faults.md S3). */
function isOurHost(header: string | undefined, host: string): boolean {
  const name = header?.replace(/:\d+$/, '') ?? '';
  return name === host || name === '127.0.0.1' || name === 'localhost' || name === '[::1]';
}

async function listen(
  server: FastifyInstance,
  { host, port }: GatewayServerOptions,
): Promise<{ readonly host: string; readonly port: number }> {
  try {
    await server.listen({ host, port });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why =
      code === 'EADDRINUSE'
        ? 'another program listens there; set gateway.port to another one, or to 0 for any that is free'
        : message;
    throw new Error(`gateway ${host}:${port}: ${why}`, { cause: error });
  }
  return { host, port: (server.server.address() as AddressInfo).port };
}
