import { connect } from 'node:http2';
import { connect as openSocket } from 'node:net';
import { createNodeHttpClient } from '@connectrpc/connect-node';
import type { OpenSession } from './session.ts';

export const openHttp2Session: OpenSession = ({ host, port }, listener) => {
  const authority = `http://${host}:${port}`;
  // Without waiting for more to send: together with delayed acknowledgements that wait is 40 ms a call.
  const session = connect(authority, {
    createConnection: () => openSocket({ host, port, noDelay: true }),
  });
  let detail = 'the connection was closed';
  session.on('error', (error) => {
    detail = error.message;
  });
  session.on('connect', () => listener.opened());
  // The service is about to end: what is under way may still be answered, nothing new is begun.
  session.on('goaway', () => session.close());
  session.on('close', () => listener.closed(detail));
  const sessions = {
    authority,
    request: async (
      method: string,
      path: string,
      headers: Parameters<typeof session.request>[0] & object,
      settings: object,
    ) => session.request({ ...headers, ':method': method, ':path': path }, settings),
    // Signs of life are asked for in any case.
    notifyResponseByteRead: () => undefined,
  };
  return {
    request: createNodeHttpClient({ httpVersion: '2', sessionProvider: () => sessions }),
    ping: (answered) => {
      if (!session.destroyed) session.ping((error) => error === null && answered());
    },
    destroy: (reason) => session.destroy(reason === undefined ? undefined : new Error(reason)),
  };
};
