export type { UserEvent, UserEventKind, UserEventSink } from './user-event.ts';
export { terminatedJson, type UserEventAudience, UserEvents } from './user-events.ts';
