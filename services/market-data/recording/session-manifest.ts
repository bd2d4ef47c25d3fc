import type { IntervalName } from '@tradewind/core/market';
import { err, ok, type Result } from '@tradewind/core/result';

/** What a session is, beside its lines. */
export interface SessionManifest {
  readonly version: 1;
  readonly symbols: readonly string[];
  readonly intervals: readonly IntervalName[];
  /** 'local', 'staging': where it was recorded. */
  readonly environment: string;
  readonly build: string;
  /** Epoch ms. */
  readonly startedAtMs: number;
  /** undefined while it is recorded, and for ever when the recording was killed. */
  readonly endedAtMs?: number;
  /** Lines that were written. */
  readonly lines: number;
  /** Updates that are missing in it, because they could not be written in time or at all. */
  readonly dropped: number;
}

/** Whether everything is in it that was told from its start to its end. */
export const isComplete = ({ endedAtMs, dropped }: SessionManifest): boolean =>
  endedAtMs !== undefined && dropped === 0;

export const textOfManifest = (manifest: SessionManifest): string => `${JSON.stringify(manifest, null, 2)}\n`;

export function readManifest(text: string): Result<SessionManifest, string> {
  try {
    const manifest = JSON.parse(text) as Partial<SessionManifest> | null;
    if (manifest?.version !== 1) return err('its manifest is of another version');
    if (!Array.isArray(manifest.symbols) || !Array.isArray(manifest.intervals))
      return err('its manifest names no symbols and intervals');
    return ok(manifest as SessionManifest);
  } catch (error) {
    return err(`its manifest cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
