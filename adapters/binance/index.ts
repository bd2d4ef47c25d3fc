export type { CallFailure, Outcome, UnknownCause } from './outcome.ts';
export type {
  HttpFailure,
  HttpRequest,
  HttpResponse,
  HttpTransport,
  Socket,
  SocketListener,
  SocketTransport,
} from './ports.ts';
