export type { ApiLink, SocketCall } from './api-link.ts';
export {
  type ApiListener,
  type ApiTrouble,
  WebSocketApi,
  type WebSocketApiOptions,
} from './websocket-api.ts';
