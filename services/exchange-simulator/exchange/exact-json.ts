/** A value as JSON keeps it: whole numbers beyond doubles as `{ exact: '123' }`. What is undefined is left out. */
export function toPlain(value: unknown): unknown {
  if (typeof value === 'bigint') return { exact: value.toString() };
  if (Array.isArray(value)) return value.map(toPlain);
  if (typeof value !== 'object' || value === null) return value;
  const plain: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    if (member !== undefined) plain[name] = toPlain(member);
  }
  return plain;
}

/** The way back. No object of ours has `exact` as its only member. */
export function fromPlain(plain: unknown): unknown {
  if (Array.isArray(plain)) return plain.map(fromPlain);
  if (typeof plain !== 'object' || plain === null) return plain;
  const names = Object.keys(plain);
  const exact = (plain as { readonly exact?: unknown }).exact;
  if (names.length === 1 && typeof exact === 'string') return BigInt(exact);
  const value: Record<string, unknown> = {};
  for (const name of names) value[name] = fromPlain((plain as Record<string, unknown>)[name]);
  return value;
}
