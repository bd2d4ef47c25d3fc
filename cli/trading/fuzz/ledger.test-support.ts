import { createHash } from 'node:crypto';
import { chainedText, entryOf, type JournalEntry, NO_HASH } from '@tradewind/proto/ledger';
import { eventArbitrary } from '@tradewind/proto/ledger/events';
import fc from 'fast-check';
import type { Mutator } from '../../../tools/fuzz/mutator.ts';
import { singleInputs } from '../../../tools/fuzz/single-inputs.ts';
import type { Verdict } from '../../../tools/fuzz/target.ts';
import { parseTree } from '../../../tools/fuzz/tree.ts';
import { ExportCheck } from '../export-check.ts';
import { CSV_HEADER, csvRow, jsonLine } from '../ledger-formats.ts';

const JOURNALS = 120;
const ENTRIES = 3;
/** Of what JavaScript can write as a date: the end of the year 9999. */
const LATEST_MS = 253_402_300_799_999;

/** Made by hand, line for line: what an export of a whole ledger is. */
interface Export {
  readonly header: string;
  readonly lines: readonly string[];
  /** After each line. */
  readonly hashes: readonly string[];
}

const EXPORTS: readonly Export[] = fc
  .sample(fc.array(eventArbitrary, { minLength: ENTRIES, maxLength: ENTRIES }), {
    numRuns: JOURNALS,
    seed: 1,
  })
  .flatMap((events) => {
    const entries: JournalEntry[] = [];
    for (const event of events) {
      const text = entryOf(
        { ...event, atMs: Math.abs(event.atMs) % LATEST_MS },
        { build: '1.0, "beta"', configurationHash: 'c0' },
      );
      const entry = { ...text, seq: entries.length + 1 };
      const hash = createHash('sha256')
        .update(chainedText(entries.at(-1)?.hash ?? NO_HASH, entry))
        .digest('hex');
      entries.push({ ...entry, hash });
    }
    const hashes = entries.map(({ hash }) => hash);
    return [
      { header: '', lines: entries.map(jsonLine), hashes },
      { header: CSV_HEADER, lines: entries.map(csvRow), hashes },
    ];
  });
const textOf = ({ header, lines }: Export): string => header + lines.join('');

/**
 * An export of a whole ledger. It is whole, and then it is to the last character what was written, or the beginning of it; or it is
 * broken, and then the entry is named in whose line the first difference lies.
 */
export const ledgerTarget = singleInputs('ledger', spoilt, judge);

function spoilt(mutator: Mutator): string {
  const written = mutator.oneOf(EXPORTS);
  const other = mutator.oneOf(EXPORTS);
  switch (mutator.below(5)) {
    case 0:
      return written.header + mutator.order(mutator.order(written.lines)).join('');
    case 1:
      return mutator.bytes(textOf(written), textOf(other));
    case 2: {
      const at = mutator.below(ENTRIES);
      return (
        written.header +
        written.lines.with(at, other.lines[mutator.chance(0.5) ? at : mutator.below(ENTRIES)]!).join('')
      );
    }
    default: {
      const at = mutator.below(ENTRIES);
      return (
        written.header +
        written.lines.with(at, spoiltLine(mutator, written.lines[at]!, other.lines[at]!)).join('')
      );
    }
  }
}

function spoiltLine(mutator: Mutator, line: string, other: string): string {
  const tree = parseTree(line);
  const otherTree = parseTree(other);
  if (tree === undefined || mutator.chance(0.2)) return mutator.bytes(line, other);
  return `${mutator.json(tree, [otherTree ?? tree])}\n`;
}

function judge(text: string): Verdict {
  const check = new ExportCheck();
  const lines = linesOf(text);
  for (const line of lines) check.take(line);
  const { verification } = check;
  const common = commonLines(text, lines);
  if (verification.kind === 'whole') {
    const { entries, hash } = verification;
    const isWritten = EXPORTS.some(
      ({ header, lines, hashes }) =>
        text === header + lines.slice(0, entries).join('') && hash === (hashes[entries - 1] ?? NO_HASH),
    );
    return {
      outcome: entries === ENTRIES ? 'whole' : 'cut',
      wrong: isWritten ? undefined : 'what was never written is whole',
    };
  }
  return {
    outcome: 'broken',
    wrong:
      verification.seq === common + 1
        ? undefined
        : `another entry is named: ${verification.seq}, and the first difference is in ${common + 1}`,
  };
}

/** With their line breaks; the last one may have none. */
function linesOf(text: string): readonly string[] {
  const lines = text.split('\n');
  const rest = lines.pop()!;
  return [...lines.map((line) => `${line}\n`), ...(rest === '' ? [] : [rest])];
}

/** How many entries a text has in common with one that was written, from the first on. */
function commonLines(text: string, lines: readonly string[]): number {
  const isCsv = text.startsWith(CSV_HEADER);
  const own = isCsv ? lines.slice(1) : lines;
  const counts = EXPORTS.filter(({ header }) => (header !== '') === isCsv).map(({ lines }) => {
    const different = lines.findIndex((line, at) => line !== own[at]);
    return different < 0 ? lines.length : different;
  });
  return Math.max(...counts);
}
