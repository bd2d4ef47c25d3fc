export { BanFile, type BanFileProblem } from './ban-file.ts';
export { HttpPool, type HttpPoolOptions } from './http-pool.ts';
export { WebSockets } from './web-sockets.ts';
