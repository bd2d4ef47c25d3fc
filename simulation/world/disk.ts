import type { BanStore } from '@tradewind/binance';
import type { StartCounter } from '@tradewind/order-execution';
import type { HaltFile } from '@tradewind/risk-manager';

const HOUR_MS = 3_600_000;

/** The small files of one machine, which outlive its processes. */
export class Disk {
  isBroken = false;
  private haltText: string | undefined;
  private bannedUntilMs: number | undefined;
  private starts: readonly number[] = [];

  readonly haltFile: HaltFile = {
    read: async () => {
      if (this.isBroken) return { kind: 'failed', detail: 'input/output error' };
      return this.haltText === undefined ? { kind: 'absent' } : { kind: 'text', text: this.haltText };
    },
    write: async (text) => {
      if (this.isBroken) return 'no space left on device';
      this.haltText = text;
      return undefined;
    },
  };

  readonly banStore: BanStore = {
    load: () => this.bannedUntilMs,
    save: (untilMs) => {
      if (!this.isBroken) this.bannedUntilMs = untilMs;
    },
  };

  readonly startCounter: StartCounter = {
    add: async (atMs) => {
      this.starts = [...this.starts.filter((each) => each > atMs - HOUR_MS), atMs].slice(-100);
      return this.starts;
    },
  };
}
