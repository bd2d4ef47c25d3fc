import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The first line of what was thrown, whatever was. */
export function messageOf(thrown: unknown): string {
  const text = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return text.split('\n', 1)[0] ?? '';
}

/** Where in a file something was thrown, as ' (name.ts:12)'; empty when the file has no part in it. */
export function placeIn(file: string, thrown: unknown): string {
  const line = lineIn(file, thrown);
  return line === undefined ? '' : ` (${basename(file)}:${line})`;
}

/** The line of the innermost call that lies in the file. */
export function lineIn(file: string, thrown: unknown): number | undefined {
  const stack = thrown instanceof Error ? (thrown.stack ?? '') : '';
  for (const name of [pathToFileURL(file).href, file]) {
    const at = stack.indexOf(`${name}:`);
    const [, line] = /^(\d+)/.exec(stack.slice(at + name.length + 1)) ?? [];
    if (at >= 0 && line !== undefined) return Number(line);
  }
  return undefined;
}
