/** A name in a JSON text that cannot be left as it is. */
export interface NameProblem {
  readonly name: string;
  /** Where it stands. */
  readonly offset: number;
  readonly what: string;
}

/** Brackets, and texts with whether a colon makes names of them; in valid JSON nothing else matters here. */
const TOKEN = /[[\]{}]|("(?:[^"\\]|\\.)*")(\s*:)?/g;

/** No file of ours is nested so deeply; a parser that calls itself would run out of stack a good deal later. */
const DEPTH_MAX = 32;

/** Where a text, JSON or not, opens more brackets than any file of ours does; undefined where it does not. */
export function tooDeepAt(text: string): number | undefined {
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') depth -= 1;
    if (depth > DEPTH_MAX) return index;
  }
  return undefined;
}

/**
 * The first name that stands twice in one object, or that JavaScript keeps for itself: a parser would silently take the last of the
 * two and drop the other, which may lift a limit.
 * @param json  a text that is known to be JSON
 */
export function nameProblemIn(json: string): NameProblem | undefined {
  const around: Set<string>[] = [];
  for (const { 0: token, 1: text, 2: colon, index: offset } of json.matchAll(TOKEN)) {
    if (token === '{' || token === '[') around.push(new Set());
    else if (token === '}' || token === ']') around.pop();
    else if (text !== undefined && colon !== undefined) {
      const name = JSON.parse(text) as string;
      const names = around.at(-1)!;
      if (names.has(name)) return { name: shownName(name), offset, what: 'is there twice' };
      if (name === '__proto__') return { name, offset, what: 'is a name that nothing may have' };
      names.add(name);
    }
  }
  return undefined;
}

/** A name that is no text at all would look as if none were named. */
export const shownName = (name: string): string => (name === '' ? '""' : name);
