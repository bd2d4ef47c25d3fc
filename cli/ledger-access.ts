import type { Result } from '@tradewind/core/result';
import type { HeadKeeper, LedgerReader } from '@tradewind/postgres';
import type { Command } from 'commander';

/** A ledger to be looked at. */
export interface OpenedLedger {
  readonly reader: LedgerReader;
  /** Keeps its signed end; undefined where none was ever kept. */
  readonly keeper: HeadKeeper | undefined;
  close(): Promise<void>;
}

/** How the commands find the ledger: the options that say where it is, and the opening. */
export interface LedgerAccess<Place> {
  readonly withPlace: (command: Command) => Command;
  /** @returns a sentence where there is none, or it cannot be read */
  open(place: Place): Promise<Result<OpenedLedger, string>>;
}

/** The exit codes of `tradewind ledger`; `--help` shows them. */
export const LEDGER_EXIT_CODES = {
  0: 'done; of verify: the ledger is whole',
  1: 'Tradewind itself failed',
  2: 'the command is wrong, there is no ledger, it cannot be read, or the output cannot be written',
  3: 'the ledger is broken: the first entry that is not as it was written is named',
} as const;
