import { err, ok, type Result } from '@tradewind/core/result';
import type { Log, Timer, Timers } from '@tradewind/utils';
import type { Head } from './batch-writer.ts';
import type { Statement } from './connection.ts';
import type { HeadKeeper } from './head-keeper.ts';

/** How long the kept end may lag behind the journal. */
const KEEP_EVERY_MS = 1000;

export type Query = <Row extends object>(statement: Statement) => Promise<readonly Row[]>;

/** Keeps the end of the journal, signed, outside the database: after commits, at most once a second, and at the end. */
export class SignedHead {
  private readonly keeper: HeadKeeper;
  private readonly timers: Timers;
  private readonly log: Log;
  private ledgerId = '';
  private latest: Head | undefined;
  private timer: Timer | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(keeper: HeadKeeper, timers: Timers, log: Log) {
    this.keeper = keeper;
    this.timers = timers;
    this.log = log;
  }

  /** Compares the kept end with the journal. @returns a sentence when the journal does not have it */
  async begin(query: Query): Promise<Result<void, string>> {
    const compared = await compareHead(this.keeper, query);
    if (compared.kind === 'broken') {
      return err(
        `${compared.what} Restore a backup; or, when you know why, look at it with \`tradewind ledger verify\` and delete ${this.keeper.place}.`,
      );
    }
    this.ledgerId = await ledgerIdOf(query);
    return ok(undefined);
  }

  moved(head: Head): void {
    this.latest = head;
    this.timer ??= this.timers.after(KEEP_EVERY_MS, () => {
      this.timer = undefined;
      this.keep();
    });
  }

  async close(): Promise<void> {
    this.timer?.cancel();
    this.timer = undefined;
    this.keep();
    await this.writing;
  }

  private keep(): void {
    const { latest } = this;
    if (latest === undefined) return;
    this.latest = undefined;
    this.writing = this.writing.then(() => this.write(latest));
  }

  private async write({ seq, hash }: Head): Promise<void> {
    const { keeper, ledgerId } = this;
    const signature = keeper.sign(signedText({ ledger: ledgerId, seq, hash }));
    try {
      await keeper.write(`${JSON.stringify({ ledger: ledgerId, seq, hash, signature })}\n`);
    } catch (error) {
      // The journal is whole without it; only a tail that is cut off before the next one would not show.
      const detail = error instanceof Error ? error.message : String(error);
      this.log.write('warn', 'ledger_head_not_kept', { place: keeper.place, detail });
    }
  }
}

export type HeadComparison =
  | { readonly kind: 'agrees'; readonly seq: number }
  /** None was ever kept. */
  | { readonly kind: 'absent' }
  /** `seq` is the entry that is gone or changed; 0 when the kept end itself is not what was kept. `what` is a sentence. */
  | { readonly kind: 'broken'; readonly seq: number; readonly what: string };

export async function compareHead(keeper: HeadKeeper, query: Query): Promise<HeadComparison> {
  const text = await keeper.read();
  if (text === undefined) return { kind: 'absent' };
  const kept = keptHeadOf(text);
  if (kept === undefined || !keeper.isSignedBy(signedText(kept), kept.signature)) {
    return { kind: 'broken', seq: 0, what: `The signature in ${keeper.place} is not that of its text.` };
  }
  if (kept.ledger !== (await ledgerIdOf(query))) {
    return {
      kind: 'broken',
      seq: 0,
      what: `The end of the journal in ${keeper.place} is that of another ledger.`,
    };
  }
  const [entry] = await query<{ readonly hash: string }>({
    text: 'SELECT hash FROM tradewind.journal WHERE seq = $1',
    values: [kept.seq],
  });
  if (entry?.hash === kept.hash || kept.seq === 0) return { kind: 'agrees', seq: kept.seq };
  if (entry !== undefined) {
    return { kind: 'broken', seq: kept.seq, what: `Entry ${kept.seq} is not the one whose hash was signed.` };
  }
  const [last] = await query<{ readonly seq: string }>({
    text: 'SELECT coalesce(max(seq), 0) AS seq FROM tradewind.journal',
  });
  const what = `The journal ends with entry ${last!.seq}, and entry ${kept.seq} was signed as written: its tail is cut off.`;
  return { kind: 'broken', seq: Number(last!.seq) + 1, what };
}

interface KeptHead extends Head {
  readonly ledger: string;
  readonly signature: string;
}

/** One line for each part; none has a line break. */
const signedText = ({ ledger, seq, hash }: Omit<KeptHead, 'signature'>): string =>
  `tradewind ledger head\n${ledger}\n${seq}\n${hash}`;

async function ledgerIdOf(query: Query): Promise<string> {
  const [row] = await query<{ readonly id: string }>({ text: 'SELECT ledger_id AS id FROM tradewind.head' });
  return row!.id;
}

function keptHeadOf(text: string): KeptHead | undefined {
  try {
    const { ledger, seq, hash, signature } = JSON.parse(text) as Partial<Record<keyof KeptHead, unknown>>;
    const isKept =
      typeof ledger === 'string' &&
      Number.isSafeInteger(seq) &&
      typeof hash === 'string' &&
      typeof signature === 'string';
    return isKept ? { ledger, seq: seq as number, hash, signature } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
