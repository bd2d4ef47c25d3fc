import { type Log, pause, type Timers } from '@tradewind/utils';

/** Where the account of a paper exchange is kept. */
export interface PaperStore {
  /** undefined when nothing was ever saved. Rejects when what was saved cannot be read. */
  load(): Promise<string | undefined>;
  /** Replaces what was saved: after a crash at any moment the old or the new is there, whole. Resolves when it would survive one. */
  save(text: string): Promise<void>;
}

interface Held {
  /** It may go when this many changes are saved; undefined while the command that it belongs to may still change something. */
  changes: number | undefined;
  readonly deliver: () => void;
  readonly drop: () => void;
}

/** Answers and events that wait for the store; with more everything that waits is dropped, as when the exchange is lost. */
const HELD_MAX = 10_000;
const AGAIN_AFTER_MS = 1_000;

/**
 * Lets nothing out before what it depends on is saved: an order that was told is an order that is known after a crash. What changes
 * while a save is under way is saved together by the next one.
 */
export class AccountSaver {
  private readonly store: PaperStore;
  private readonly timers: Timers;
  private readonly log: Log;
  private readonly stateText: () => string;
  private changes = 0;
  private saved = 0;
  private held: Held[] = [];
  private saving: Promise<void> | undefined;
  private isStopped = false;

  constructor(store: PaperStore, { timers, log }: { timers: Timers; log: Log }, stateText: () => string) {
    this.store = store;
    this.timers = timers;
    this.log = log;
    this.stateText = stateText;
  }

  /** The account is not what was saved any more. */
  changed(): void {
    this.changes += 1;
    // Not before the command that runs now has done everything that it does.
    this.saving ??= Promise.resolve().then(() => this.save());
  }

  /** Delivers when everything up to now is saved, in the order of the calls. @param drop  instead, when it cannot be */
  pass(deliver: () => void, drop: () => void): void {
    if (this.held.at(-1)?.changes !== undefined || this.held.length === 0)
      void Promise.resolve().then(() => this.settle());
    this.held.push({ changes: undefined, deliver, drop });
    if (this.held.length > HELD_MAX) this.dropAll();
  }

  /** Resolves when everything is saved, or cannot be. */
  async stop(): Promise<void> {
    this.isStopped = true;
    await this.saving;
    this.dropAll();
  }

  private async save(): Promise<void> {
    while (this.saved < this.changes) {
      const { changes } = this;
      try {
        await this.store.save(this.stateText());
      } catch (error) {
        this.log.write('error', 'paper_account_not_saved', { detail: String(error) });
        if (this.isStopped) break;
        await pause(this.timers, AGAIN_AFTER_MS);
        continue;
      }
      this.saved = changes;
      this.release();
    }
    this.saving = undefined;
  }

  /** The commands whose answers and events came last have done everything that they do. */
  private settle(): void {
    for (let at = this.held.length - 1; at >= 0 && this.held[at]!.changes === undefined; at -= 1)
      this.held[at]!.changes = this.changes;
    this.release();
  }

  private release(): void {
    const ready = this.held.findIndex(({ changes }) => changes === undefined || changes > this.saved);
    const released = ready === -1 ? this.held : this.held.slice(0, ready);
    this.held = ready === -1 ? [] : this.held.slice(ready);
    for (const { deliver } of released) deliver();
  }

  private dropAll(): void {
    const { held } = this;
    this.held = [];
    if (held.length > 0) this.log.write('error', 'paper_answers_dropped', { count: held.length });
    for (const { drop } of held) drop();
  }
}
