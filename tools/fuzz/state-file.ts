import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Found, Progress } from './campaign.ts';
import type { TargetName } from './targets.ts';

/** Where a campaign stands, so that it goes on after it was stopped or killed. */
export interface CampaignState {
  readonly target: TargetName;
  readonly from: number;
  readonly progress: Progress;
  readonly found: readonly Found[];
}

/** undefined when there is no such file */
export function readState(file: string): CampaignState | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as CampaignState;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whole or not at all. */
export function writeState(file: string, state: CampaignState): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(state, undefined, 2)}\n`);
  renameSync(`${file}.new`, file);
}
