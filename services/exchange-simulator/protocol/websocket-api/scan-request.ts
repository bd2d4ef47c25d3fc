import { ParameterList } from '../parameters/parameter-list.ts';

/** One request of the WebSocket API. */
export interface ScannedRequest {
  /** As it was sent, to be echoed: JSON of an integer, a text or null. */
  readonly id: string;
  readonly method: string;
  readonly parameters: ParameterList;
}

export type ScanProblem = 'not_json' | 'bad_id' | 'no_method' | 'bad_parameters' | 'duplicate_parameter';
export interface ScanRefusal {
  readonly problem: ScanProblem;
  /** The id, as far as it was understood; 'null' otherwise. */
  readonly id: string;
}

const CHARACTERS_MAX = 65_536;
const PARAMETERS_MAX = 64;
const DEPTH_MAX = 16;
const ID_TEXT_MAX = 36;
const INT64_MAX = 9223372036854775807n;
/** So many characters of a whole number cannot pass it. */
const SURELY_INT64 = 18;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what JSON does not allow inside a string.
const NOT_PLAIN = /[\\\u0000-\u001f]/;
const WHOLE_NUMBER = /^-?[0-9]{1,19}$/;

/**
 * Reads a request without building an object of it: numbers have to keep the characters they were sent with, because they
 * are part of what was signed, and orders come by the ten thousand. As strict as JSON itself.
 */
export function scanRequest(text: string): ScannedRequest | ScanRefusal {
  if (text.length > CHARACTERS_MAX) return { problem: 'not_json', id: 'null' };
  const scanner = new Scanner(text);
  const request = scanner.request();
  return request ?? { problem: scanner.problem, id: scanner.id };
}

export const isScanned = (it: ScannedRequest | ScanRefusal): it is ScannedRequest => 'method' in it;

class Scanner {
  problem: ScanProblem = 'not_json';
  id = 'null';
  private readonly text: string;
  /** No string in it is escaped or broken, so that the next quotation mark ends it. */
  private readonly isPlain: boolean;
  private at = 0;

  constructor(text: string) {
    this.text = text;
    this.isPlain = !NOT_PLAIN.test(text);
  }

  request(): ScannedRequest | undefined {
    let method: string | undefined;
    let parameters: ParameterList | undefined;
    let rejected: ScanProblem | undefined;
    const isObject = this.members((name) => {
      const start = this.at;
      if (name === 'params' && this.peek() === '{') {
        parameters = new ParameterList();
        return this.parameters(parameters);
      }
      const value = this.value(0);
      if (value === undefined) return false;
      if (name === 'id') {
        const raw = this.text.slice(start, this.at);
        if (isId(raw, value)) this.id = raw;
        else rejected ??= 'bad_id';
      } else if (name === 'method') {
        // Of a name that comes twice the last one counts, as in any reading of JSON.
        method = this.text[start] === '"' ? value : undefined;
      } else if (name === 'params') {
        parameters = undefined;
        if (value !== '') rejected ??= 'bad_parameters';
      }
      return true;
    });
    this.skipSpace();
    if (!isObject || this.at < this.text.length) return this.refuse(this.problem);
    if (rejected !== undefined) return this.refuse(rejected);
    if (method === undefined) return this.refuse('no_method');
    return { id: this.id, method, parameters: parameters ?? new ParameterList() };
  }

  private refuse(problem: ScanProblem): undefined {
    this.problem = problem;
    return undefined;
  }

  private parameters(list: ParameterList): boolean {
    return this.members((name) => {
      const value = this.value(1);
      if (value === undefined) return false;
      if (!list.add(name, value)) {
        this.problem = 'duplicate_parameter';
        return false;
      }
      if (list.count <= PARAMETERS_MAX) return true;
      this.problem = 'bad_parameters';
      return false;
    });
  }

  /** An object whose members `read` takes one by one, from the beginning of their values. */
  private members(read: (name: string) => boolean): boolean {
    this.skipSpace();
    if (!this.take('{')) return false;
    this.skipSpace();
    if (this.take('}')) return true;
    for (;;) {
      this.skipSpace();
      const name = this.peek() === '"' ? this.string() : undefined;
      if (name === undefined) return false;
      this.skipSpace();
      if (!this.take(':')) return false;
      this.skipSpace();
      if (!read(name)) return false;
      this.skipSpace();
      if (this.take('}')) return true;
      if (!this.take(',')) return false;
    }
  }

  /** The value as text: strings decoded, numbers and whole structures as they were sent, null as ''. */
  private value(depth: number): string | undefined {
    const first = this.peek();
    if (first === '"') return this.string();
    if (first === '{' || first === '[') return this.structure(depth);
    if (first === 't') return this.word('true');
    if (first === 'f') return this.word('false');
    if (first === 'n') return this.word('null') === undefined ? undefined : '';
    NUMBER.lastIndex = this.at;
    if (!NUMBER.test(this.text)) return undefined;
    const start = this.at;
    this.at = NUMBER.lastIndex;
    return this.text.slice(start, this.at);
  }

  private structure(depth: number): string | undefined {
    if (depth >= DEPTH_MAX) return undefined;
    const start = this.at;
    if (this.peek() === '{') {
      const isWhole = this.members(() => this.value(depth + 1) !== undefined);
      return isWhole ? this.text.slice(start, this.at) : undefined;
    }
    this.at += 1;
    this.skipSpace();
    if (this.take(']')) return '[]';
    for (;;) {
      this.skipSpace();
      if (this.value(depth + 1) === undefined) return undefined;
      this.skipSpace();
      if (this.take(']')) return this.text.slice(start, this.at);
      if (!this.take(',')) return undefined;
    }
  }

  private string(): string | undefined {
    const { text } = this;
    const start = this.at + 1;
    if (this.isPlain) {
      const end = text.indexOf('"', start);
      if (end < 0) return undefined;
      this.at = end + 1;
      return text.slice(start, end);
    }
    let isEscaped = false;
    for (let index = start; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      if (code === 34) {
        this.at = index + 1;
        return isEscaped ? unescaped(text.slice(start - 1, this.at)) : text.slice(start, index);
      }
      if (code < 32) return undefined;
      if (code === 92) {
        isEscaped = true;
        index += 1;
      }
    }
    return undefined;
  }

  private word(word: string): string | undefined {
    if (!this.text.startsWith(word, this.at)) return undefined;
    this.at += word.length;
    return word;
  }

  private peek(): string | undefined {
    return this.text[this.at];
  }

  private take(character: string): boolean {
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  private skipSpace(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
      this.at += 1;
    }
  }
}

function unescaped(json: string): string | undefined {
  try {
    return JSON.parse(json) as string;
  } catch {
    return undefined;
  }
}

/** A signed 64-bit integer, a text of at most 36 characters, or null (binance-spot.md section 8.2). */
function isId(sent: string, value: string): boolean {
  if (sent === 'null') return true;
  if (sent.startsWith('"')) return value.length <= ID_TEXT_MAX;
  if (!WHOLE_NUMBER.test(sent)) return false;
  if (sent.length <= SURELY_INT64) return true;
  const whole = BigInt(sent);
  return whole <= INT64_MAX && whole >= -INT64_MAX - 1n;
}
