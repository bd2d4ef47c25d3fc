export type { PaperStore } from './account-saver.ts';
export { MemorySocket } from './memory-socket.ts';
export { MemoryWire, type WireOptions } from './memory-wire.ts';
export { PaperExchange, type PaperOptions, type PaperOutside, paperKeyOf } from './paper-exchange.ts';
export { PaperFile } from './paper-file.ts';
