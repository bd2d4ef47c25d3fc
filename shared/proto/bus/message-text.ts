import type { BusMessages, Topic } from '../contracts/bus.ts';

/** A message as JSON text, for people. */
export const messageText = (_topic: Topic, message: BusMessages[Topic]): string =>
  JSON.stringify(message, (_name, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
