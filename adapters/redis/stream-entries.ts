/** One entry of a stream as Redis answers it; without its fields when it has been trimmed away since it was read. */
export interface StreamEntry {
  readonly id: string;
  readonly fields: ReadonlyMap<string, Buffer> | undefined;
}

type RawEntry = readonly [id: Buffer, fields: readonly Buffer[] | null];

/** Of XRANGE, and the second part of XAUTOCLAIM. */
export const entriesOf = (reply: unknown): readonly StreamEntry[] =>
  ((reply as readonly (RawEntry | null)[] | null) ?? []).flatMap((raw) =>
    raw === null ? [] : [entryOf(raw)],
  );

/** Of XREADGROUP over one stream: nothing when it waited in vain. */
export function entriesRead(reply: unknown): readonly StreamEntry[] {
  const streams = reply as readonly (readonly [Buffer, readonly RawEntry[]])[] | null;
  return entriesOf(streams?.[0]?.[1]);
}

function entryOf([id, raw]: RawEntry): StreamEntry {
  if (raw === null) return { id: id.toString(), fields: undefined };
  const fields = new Map<string, Buffer>();
  for (let index = 0; index + 1 < raw.length; index += 2) {
    fields.set((raw[index] as Buffer).toString(), raw[index + 1] as Buffer);
  }
  return { id: id.toString(), fields };
}

export const textField = ({ fields }: StreamEntry, name: string): string =>
  fields?.get(name)?.toString() ?? '';
