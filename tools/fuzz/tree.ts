/** JSON as it is written: a name may stand in an object twice, and a number keeps its digits, even those that no double has. */
export type Tree =
  | { readonly kind: 'object'; readonly members: readonly Member[] }
  | { readonly kind: 'list'; readonly items: readonly Tree[] }
  /** A text, a number or a word, as it stands in JSON. */
  | { readonly kind: 'leaf'; readonly json: string };
export type Member = readonly [name: string, value: Tree];

export const leaf = (json: string): Tree => ({ kind: 'leaf', json });

export function treeOf(value: unknown): Tree {
  if (Array.isArray(value)) return { kind: 'list', items: value.map(treeOf) };
  if (typeof value !== 'object' || value === null) return leaf(JSON.stringify(value) ?? 'null');
  return { kind: 'object', members: Object.entries(value).map(([name, each]) => [name, treeOf(each)]) };
}

/** @param indent  of each level; none, and everything stands on one line */
export function jsonOf(tree: Tree, indent = '', before = ''): string {
  if (tree.kind === 'leaf') return tree.json;
  const isObject = tree.kind === 'object';
  const within = before + indent;
  const colon = indent === '' ? ':' : ': ';
  const parts = isObject
    ? tree.members.map(([name, value]) => JSON.stringify(name) + colon + jsonOf(value, indent, within))
    : tree.items.map((item) => jsonOf(item, indent, within));
  const [open, close] = isObject ? ['{', '}'] : ['[', ']'];
  if (indent === '' || parts.length === 0) return open + parts.join() + close;
  return `${open}\n${within}${parts.join(`,\n${within}`)}\n${before}${close}`;
}

/** undefined for what is no JSON, and for what is nested too deeply for a machine's stack. */
export function parseTree(text: string): Tree | undefined {
  try {
    JSON.parse(text);
    return new TreeReader(text).value();
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}

const TOKEN = /[ \t\r\n]*(?:([[\]{},:])|("(?:[^"\\]|\\.)*"|[^[\]{},: \t\r\n"]+))/y;

/** Reads a text that is known to be JSON. */
class TreeReader {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  value(): Tree {
    return this.valueAfter(this.next());
  }

  private valueAfter(token: string): Tree {
    if (token === '[') {
      const items: Tree[] = [];
      for (let each = this.next(); each !== ']'; each = this.next())
        if (each !== ',') items.push(this.valueAfter(each));
      return { kind: 'list', items };
    }
    if (token !== '{') return leaf(token);
    const members: Member[] = [];
    for (let each = this.next(); each !== '}'; each = this.next()) {
      if (each === ',') continue;
      this.next();
      members.push([JSON.parse(each) as string, this.value()]);
    }
    return { kind: 'object', members };
  }

  private next(): string {
    TOKEN.lastIndex = this.at;
    const found = TOKEN.exec(this.text);
    this.at = TOKEN.lastIndex;
    return found![1] ?? found![2]!;
  }
}
