export type { ServerSocket, SocketHandler, WireRequest, WireResponse } from './wire.ts';
