export { MemoryWire, type WireOptions } from './memory-wire.ts';
