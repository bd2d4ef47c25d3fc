export { HttpPool, type HttpPoolOptions } from './http-pool.ts';
export { WebSockets } from './web-sockets.ts';
