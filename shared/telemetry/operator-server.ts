import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Operated, operatorPage } from './operator-pages.ts';

export interface OperatorServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** Serves `/metrics`, `/health` and `/ready` of a service that has no other pages. Rejects when the port cannot be had. */
export async function startOperatorServer(
  operated: Operated,
  host: string,
  port: number,
): Promise<OperatorServer> {
  const server = createServer({ headersTimeout: 5_000, requestTimeout: 5_000 }, (request, response) => {
    operatorPage(request.method === 'GET' ? (request.url ?? '') : '', operated)
      .then((page) => {
        response.writeHead(page?.status ?? 404, { 'content-type': page?.contentType ?? 'text/plain' });
        response.end(page?.body ?? 'not found');
      })
      .catch(() => response.writeHead(500).end());
  });
  server.maxConnections = 50;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
