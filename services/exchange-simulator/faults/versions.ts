interface Version<Value> {
  /** Elapsed ms; minus infinity for what was there before anybody looked. */
  readonly atMs: number;
  readonly value: Value;
}

/** What a thing was at some time. Not known: it has not changed since, so it was what it is now. */
export type Past<Value> =
  | { readonly isKnown: false }
  /** undefined: it did not exist yet. */
  | { readonly isKnown: true; readonly value: Value | undefined };

/** The values that named things had, as long as they are of interest. */
export class Versions<Value> {
  private readonly all = new Map<string, Version<Value>[]>();
  /** When each change was, oldest first, to find what can be forgotten. */
  private readonly changes: { readonly key: string; readonly atMs: number }[] = [];
  private forgotten = 0;

  /** What a thing is when the looking begins. */
  begin(key: string, value: Value): void {
    this.all.set(key, [{ atMs: Number.NEGATIVE_INFINITY, value }]);
  }

  /** A new value from now on; nobody will ask for what was before `cutoffMs`. */
  put(key: string, value: Value, atMs: number, cutoffMs: number): void {
    const versions = this.all.get(key);
    if (versions === undefined) this.all.set(key, [{ atMs, value }]);
    else versions.push({ atMs, value });
    this.changes.push({ key, atMs });
    this.forget(cutoffMs);
  }

  at(key: string, atMs: number): Past<Value> {
    const versions = this.all.get(key);
    if (versions === undefined) return { isKnown: false };
    return { isKnown: true, value: versions.findLast((version) => version.atMs <= atMs)?.value };
  }

  /** The present values of all that has changed lately. */
  *newest(): Iterable<Value> {
    for (const versions of this.all.values()) yield versions.at(-1)!.value;
  }

  clear(): void {
    this.all.clear();
    this.changes.length = 0;
    this.forgotten = 0;
  }

  private forget(cutoffMs: number): void {
    while (this.forgotten < this.changes.length && this.changes[this.forgotten]!.atMs <= cutoffMs) {
      const { key } = this.changes[this.forgotten]!;
      const versions = this.all.get(key) ?? [];
      // The newest of the old ones is what it was at the cutoff.
      while (versions.length > 1 && versions[1]!.atMs <= cutoffMs) versions.shift();
      if (versions.length === 1 && versions[0]!.atMs <= cutoffMs) this.all.delete(key);
      this.forgotten += 1;
    }
    if (this.forgotten < 1024 || this.forgotten * 2 < this.changes.length) return;
    this.changes.splice(0, this.forgotten);
    this.forgotten = 0;
  }
}
