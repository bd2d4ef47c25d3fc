import type { Random } from '@tradewind/utils';
import { STRANGE, STRANGE_BYTES, STRANGE_NAMES } from './strange.ts';
import { jsonOf, leaf, type Member, type Tree } from './tree.ts';

/** Spoils what is well formed: JSON in its structure, any text in its bytes, a row of texts in its order. All chance is one `Random`. */
export class Mutator {
  private readonly random: Random;

  constructor(random: Random) {
    this.random = random;
  }

  chance(share: number): boolean {
    return this.random.nextFraction() < share;
  }

  below(limit: number): number {
    return this.random.nextUint32() % limit;
  }

  oneOf<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }

  /** JSON with one to three changes of its structure and, once in eight times, of its bytes as well. */
  json(sample: Tree, others: readonly Tree[], indent = ''): string {
    let tree = sample;
    for (let changes = 1 + this.below(3); changes > 0; changes -= 1) tree = this.tree(tree, others);
    const json = jsonOf(tree, indent);
    return this.chance(1 / 8) ? this.bytes(json, json) : json;
  }

  /** One change somewhere in a tree. */
  tree(tree: Tree, others: readonly Tree[]): Tree {
    if (tree.kind === 'leaf' || this.chance(0.04)) return this.value(tree);
    if (tree.kind === 'list') return { kind: 'list', items: this.items(tree.items, others) };
    return { kind: 'object', members: this.members(tree.members, others) };
  }

  /** A text with one change of its bytes: cut, doubled, moved, replaced, grown, or joined to the end of another. */
  bytes(text: string, other: string): string {
    const at = this.below(text.length + 1);
    const length = 1 + this.below(20);
    const strange = this.oneOf(STRANGE_BYTES);
    switch (this.below(9)) {
      case 0:
        return text.slice(0, at);
      case 1:
        return text.slice(0, at) + text.slice(at + length);
      case 2:
        return text.slice(0, at + length) + text.slice(at);
      case 3: {
        const to = at + length + this.below(40);
        return text.slice(0, at) + text.slice(at + length, to) + text.slice(at, at + length) + text.slice(to);
      }
      case 4:
        return text.slice(0, at) + String.fromCharCode(this.below(0x300)) + text.slice(at + 1);
      case 5:
        return text.slice(0, at) + other.slice(this.below(other.length + 1));
      case 6:
        return this.chance(0.1)
          ? text.slice(0, at) + strange.repeat(this.size()) + text.slice(at)
          : strange + text;
      default:
        return text.slice(0, at) + strange + text.slice(at + this.below(3));
    }
  }

  /** Texts with some of them left out, told twice or told at another time. */
  order(texts: readonly string[]): string[] {
    const changed = [...texts];
    for (let changes = this.below(4); changes > 0 && changed.length > 1; changes -= 1) {
      const at = this.below(changed.length);
      const to = this.below(changed.length);
      const how = this.below(3);
      if (how === 0) changed.splice(at, 1);
      else if (how === 1) changed.splice(to, 0, changed[at]!);
      else changed.splice(to, 0, ...changed.splice(at, 1));
    }
    return changed;
  }

  private members(members: readonly Member[], others: readonly Tree[]): readonly Member[] {
    const change = this.below(14);
    if (members.length === 0 || change === 0)
      return [...members, [this.oneOf(STRANGE_NAMES), this.oneOf(STRANGE)]];
    const at = this.below(members.length);
    const [name, value] = members[at]!;
    const other = this.below(members.length);
    switch (change) {
      case 1:
        return members.toSpliced(at, 1);
      case 2:
        return members.toSpliced(other, 0, [
          this.chance(0.3) ? this.nameLike(name, members) : name,
          this.chance(0.5) ? value : this.tree(value, others),
        ]);
      case 3:
        return members.with(at, [this.nameLike(name, members), value]);
      case 4:
        return members.with(at, [name, members[other]![1]]).with(other, [members[other]![0], value]);
      case 5:
        return members.with(at, [name, memberNamed(name, this.oneOf(others)) ?? this.oneOf(STRANGE)]);
      default:
        return members.with(at, [name, this.tree(value, others)]);
    }
  }

  private items(items: readonly Tree[], others: readonly Tree[]): readonly Tree[] {
    if (items.length === 0) return [this.oneOf(STRANGE)];
    const at = this.below(items.length);
    const other = this.below(items.length);
    switch (this.below(9)) {
      case 0:
        return items.toSpliced(at, 1);
      case 1:
        return items.toSpliced(other, 0, items[at]!);
      case 2:
        return items.with(at, items[other]!).with(other, items[at]!);
      case 3:
        return items.toSpliced(at, 0, this.oneOf(STRANGE));
      case 4:
        return this.chance(0.05) ? Array.from({ length: this.size() }, () => items[at]!) : items.slice(0, at);
      default:
        return items.with(at, this.tree(items[at]!, others));
    }
  }

  private nameLike(name: string, members: readonly Member[]): string {
    switch (this.below(5)) {
      case 0:
        return this.oneOf(STRANGE_NAMES);
      case 1:
        return this.oneOf(members)[0];
      case 2:
        return this.chance(0.5) ? name.toUpperCase() : name.toLowerCase();
      case 3:
        return `${name}${this.oneOf(STRANGE_BYTES)}`;
      default:
        return name.slice(0, this.below(name.length + 1)) + name.slice(this.below(name.length + 1));
    }
  }

  /** Another value in the place of one: strange, or a little other. */
  private value(tree: Tree): Tree {
    if (this.chance(0.02)) return this.nested();
    if (tree.kind !== 'leaf' || this.chance(0.5)) return this.oneOf(STRANGE);
    const { json } = tree;
    if (json.startsWith('"')) return leaf(JSON.stringify(this.textLike(JSON.parse(json) as string)));
    if (!/^-?\d/.test(json)) return this.oneOf(STRANGE);
    const digits = [
      `-${json}`,
      `${json}0`,
      `${json}.5`,
      `"${json}"`,
      json.slice(0, -1) || '0',
      `1${json.replace('-', '')}`,
    ];
    return leaf(this.oneOf(digits).replace(/^--/, ''));
  }

  private textLike(text: string): string {
    const at = this.below(text.length + 1);
    switch (this.below(7)) {
      case 0:
        return text.slice(0, at) + text.slice(at + 1);
      case 1:
        return text.slice(0, at) + this.oneOf(STRANGE_BYTES) + text.slice(at);
      case 2:
        return this.chance(0.5) ? text.toUpperCase() : text.toLowerCase();
      case 3:
        return this.chance(0.05) ? text.repeat(this.size()) : text.repeat(2);
      case 4:
        return text.split('').toReversed().join('');
      case 5:
        return text.replace(/\d/, String(this.below(10)));
      default:
        return text.slice(0, at) + String.fromCharCode(this.below(128)) + text.slice(at + 1);
    }
  }

  private nested(): Tree {
    const depth = this.size();
    return this.chance(0.5)
      ? leaf('['.repeat(depth) + ']'.repeat(depth))
      : leaf(`${'{"a":'.repeat(depth)}0${'}'.repeat(depth)}`);
  }

  /** Seldom large: what is quadratic shows at ten thousand. */
  private size(): number {
    return this.chance(0.05) ? 10_000 : 10 ** this.below(4);
  }
}

/** A member of that name anywhere in a tree, the outermost first. */
function memberNamed(name: string, tree: Tree): Tree | undefined {
  if (tree.kind === 'leaf') return undefined;
  const within = tree.kind === 'list' ? tree.items.slice(0, 8) : tree.members.map(([, value]) => value);
  const here = tree.kind === 'object' ? tree.members.find(([each]) => each === name)?.[1] : undefined;
  if (here !== undefined) return here;
  for (const each of within) {
    const found = memberNamed(name, each);
    if (found !== undefined) return found;
  }
  return undefined;
}
