import { type FuzzCase, type FuzzTarget, judged, keyOf } from './target.ts';
import { jsonOf, parseTree, type Tree } from './tree.ts';

/** So many smaller cases are tried, for so long; what is left then is small enough to look at. */
const ATTEMPTS = 3000;
const LONGEST_MS = 10_000;

/** The smallest case found that still fails in the same way. */
export async function shrunken(target: FuzzTarget, fuzzed: FuzzCase, key: string): Promise<FuzzCase> {
  let attempts = ATTEMPTS;
  const endMs = performance.now() + LONGEST_MS;
  const isOver = (): boolean => attempts <= 0 || performance.now() > endMs;
  const fails = async (smaller: FuzzCase): Promise<boolean> => {
    attempts -= 1;
    const { failure } = await judged(target, smaller);
    return failure !== undefined && keyOf(smaller, failure) === key;
  };
  let smallest = fuzzed;
  for (let isSmaller = true; isSmaller && !isOver(); ) {
    isSmaller = false;
    for (const texts of smallerTexts(smallest.texts)) {
      const smaller = { ...smallest, texts };
      if (isOver()) break;
      if (!(await fails(smaller))) continue;
      smallest = smaller;
      isSmaller = true;
      break;
    }
  }
  return smallest;
}

/** Fewer texts first, then each of them smaller. */
function* smallerTexts(texts: readonly string[]): Generator<readonly string[]> {
  for (let length = texts.length >> 1; length >= 1; length >>= 1)
    for (let at = 0; at + length <= texts.length; at += length) yield texts.toSpliced(at, length);
  for (const [at, text] of texts.entries())
    for (const smaller of smallerText(text)) yield texts.with(at, smaller);
}

function* smallerText(text: string): Generator<string> {
  const tree = parseTree(text);
  if (tree !== undefined) for (const smaller of smallerTrees(tree)) yield jsonOf(smaller);
  for (let length = text.length >> 1; length >= 1; length >>= 1)
    for (let at = 0; at < text.length; at += length) yield text.slice(0, at) + text.slice(at + length);
}

/** With one member or item less, at any depth. */
function* smallerTrees(tree: Tree): Generator<Tree> {
  if (tree.kind === 'leaf') return;
  if (tree.kind === 'list') {
    for (const at of tree.items.keys()) yield { kind: 'list', items: tree.items.toSpliced(at, 1) };
    for (const [at, item] of tree.items.entries())
      for (const smaller of smallerTrees(item)) yield { kind: 'list', items: tree.items.with(at, smaller) };
    return;
  }
  for (const at of tree.members.keys()) yield { kind: 'object', members: tree.members.toSpliced(at, 1) };
  for (const [at, [name, value]] of tree.members.entries())
    for (const smaller of smallerTrees(value))
      yield { kind: 'object', members: tree.members.with(at, [name, smaller]) };
}
