export { throughSeqOf } from './event-maker.ts';
export { haltByFile } from './halt-by-file.ts';
export { haltFileAt } from './halt-file.ts';
export type { HaltFile, HaltFileReading, RiskManagerParts } from './ports.ts';
export { RiskManagerService } from './service.ts';
export { DEFAULT_RISK_MANAGER_SETTINGS, type Repetition, type RiskManagerSettings } from './settings.ts';
