export type { UserEvent, UserEventKind, UserEventSink } from './user-event.ts';
export { type UserEventAudience, UserEvents } from './user-events.ts';
