import { err, ok, type Result } from '@tradewind/core/result';
import { fieldProblemsOf } from '@tradewind/research/risk-limits';
import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { ConfigurationProblem } from './problem.ts';
import { checkRules } from './rules.ts';
import { CONFIGURATION_FILE, type Configuration } from './schema.ts';

/**
 * Reads the text of a configuration file. All problems are told at once, each with its line.
 * @param file  its name, for the problems
 */
export function readConfiguration(
  text: string,
  file: string,
): Result<Configuration, readonly ConfigurationProblem[]> {
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { disallowComments: true });
  const [first] = errors;
  if (first !== undefined || tree === undefined) {
    const what = text.trim() === '' ? 'it is empty' : `it is not JSON: ${wordsOf(first)}`;
    return err([{ file, line: lineAt(text, first?.offset ?? 0), field: '', what }]);
  }
  const repeated = repeatedKeyIn(tree);
  if (repeated !== undefined) {
    return err([
      { file, line: lineAt(text, repeated.offset), field: String(repeated.value), what: 'is there twice' },
    ]);
  }
  const locate = (field: string): number =>
    lineAt(text, offsetOf(tree, field === '' ? [] : field.split('.')));
  const read = CONFIGURATION_FILE.safeParse(JSON.parse(text), { reportInput: true });
  const problems = read.success ? checkRules(read.data) : read.error.issues.flatMap(fieldProblemsOf);
  if (read.success && problems.length === 0) return ok(read.data);
  return err(problems.map(({ field, what }) => ({ file, line: locate(field), field, what })));
}

/** 'close brace expected' for CloseBraceExpected. */
const wordsOf = (error: ParseError | undefined): string =>
  error === undefined
    ? 'nothing is there'
    : printParseErrorCode(error.error)
        .replace(/(?<=.)[A-Z]/g, ' $&')
        .toLowerCase();

/** Where a field is, or the nearest thing around it that is there. */
function offsetOf(tree: Node, path: readonly string[]): number {
  for (let length = path.length; length > 0; length -= 1) {
    const segments = path.slice(0, length).map((each) => (/^\d+$/.test(each) ? Number(each) : each));
    const node = findNodeAtLocation(tree, segments);
    if (node !== undefined) return (node.parent?.type === 'property' ? node.parent : node).offset;
  }
  return tree.offset;
}

/** The second of two equal names in one object: a parser would silently take the last one, which may lift a limit. */
function repeatedKeyIn(node: Node): Node | undefined {
  const seen = new Set<unknown>();
  for (const child of node.children ?? []) {
    const [key] = child.type === 'property' ? (child.children ?? []) : [];
    if (key !== undefined && seen.has(key.value)) return key;
    seen.add(key?.value ?? child);
    const within = repeatedKeyIn(child);
    if (within !== undefined) return within;
  }
  return undefined;
}

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;
