export { type KlineFile, RecordedSession } from './recording/recorded-session.ts';
export { openSession, SessionFolder, writeKlineFiles } from './recording/session-files.ts';
export type { SessionManifest } from './recording/session-manifest.ts';
export {
  type RecorderOptions,
  type RecorderOutside,
  SessionRecorder,
  type SessionSink,
} from './recording/session-recorder.ts';
export { type MarketDataOutside, type MarketDataProblem, MarketDataService } from './service.ts';
export type { MarketDataSettings } from './settings.ts';
export { VenueRulesWatch } from './venue-rules.ts';
