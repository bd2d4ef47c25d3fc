import { err, ok, type Result } from '@tradewind/core/result';
import { fieldProblemsOf, nameProblemIn, tooDeepAt } from '@tradewind/research/risk-limits';
import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { ConfigurationProblem } from './problem.ts';
import { checkRules } from './rules.ts';
import { CONFIGURATION_FILE, type Configuration } from './schema.ts';

/**
 * Reads the text of a configuration file. All problems are told at once, up to a hundred, each with its line.
 * @param file  its name, for the problems
 */
export function readConfiguration(
  text: string,
  file: string,
): Result<Configuration, readonly ConfigurationProblem[]> {
  const whole = (offset: number, what: string) =>
    err([{ file, line: lineAt(text, offset), field: '', what }]);
  if (text.length > CHARACTERS_MAX)
    return whole(0, `it has more than ${CHARACTERS_MAX} characters; that is no configuration`);
  const deepAt = tooDeepAt(text);
  if (deepAt !== undefined) return whole(deepAt, 'it is nested too deeply');
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { disallowComments: true });
  const [first] = errors;
  if (first !== undefined || tree === undefined) {
    const what = text.trim() === '' ? 'it is empty' : `it is not JSON: ${wordsOf(first)}`;
    return whole(first?.offset ?? 0, what);
  }
  const misnamed = nameProblemIn(text);
  if (misnamed !== undefined) {
    const { name: field, offset, what } = misnamed;
    return err([{ file, line: lineAt(text, offset), field, what }]);
  }
  const locate = (field: string): number =>
    lineAt(text, offsetOf(tree, field === '' ? [] : field.split('.')));
  const read = CONFIGURATION_FILE.safeParse(JSON.parse(text), { reportInput: true });
  const problems = read.success ? checkRules(read.data) : read.error.issues.flatMap(fieldProblemsOf);
  if (read.success && problems.length === 0) return ok(read.data);
  const told = problems
    .slice(0, PROBLEMS_TOLD)
    .map(({ field, what }) => ({ file, line: locate(field), field, what }));
  const untold = problems.length - told.length;
  return err(
    untold === 0 ? told : [...told, { file, line: 1, field: '', what: `and ${untold} problems more` }],
  );
}

/** Thirty times what the largest of ours has. What is quadratic in it must not matter. */
const CHARACTERS_MAX = 262_144;
/** Nobody reads more, and where each is has to be looked for. */
const PROBLEMS_TOLD = 100;

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

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;
