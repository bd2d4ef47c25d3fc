import { DUPLICATE_PARAMETER, ILLEGAL_CHARACTERS, type Refusal, TOO_MANY_PARAMETERS } from '../refusal.ts';

/** More names than any request has; bounds the work that one request can ask for. */
const PARAMETERS_MAX = 64;

/**
 * The parameters of one request as texts, with what has been read of them: an exchange refuses what it does not read.
 * Few and short-lived, so a search through a list is faster than building a map.
 */
export class ParameterList {
  private readonly names: string[] = [];
  private readonly values: string[] = [];
  private readonly wasRead: boolean[] = [];

  get count(): number {
    return this.names.length;
  }

  get readCount(): number {
    let count = 0;
    for (const one of this.wasRead) if (one) count += 1;
    return count;
  }

  /** Without marking it as read; undefined when it was not sent, '' when it was sent empty. */
  peek(name: string): string | undefined {
    const index = this.names.indexOf(name);
    return index < 0 ? undefined : this.values[index];
  }

  /** As `peek`, and counts as read. */
  take(name: string): string | undefined {
    const index = this.names.indexOf(name);
    if (index < 0) return undefined;
    this.wasRead[index] = true;
    return this.values[index];
  }

  /** @param index  below `count`, in the order in which they were sent */
  nameAt(index: number): string {
    return this.names[index]!;
  }

  valueAt(index: number): string {
    return this.values[index]!;
  }

  /** False when the name is there already. */
  add(name: string, value: string): boolean {
    if (this.names.includes(name)) return false;
    this.names.push(name);
    this.values.push(value);
    this.wasRead.push(false);
    return true;
  }

  /** Adds what the other list does not have yet. */
  addTo(other: ParameterList): void {
    for (let index = 0; index < this.names.length; index += 1) {
      other.add(this.names[index]!, this.values[index]!);
    }
  }
}

/**
 * Reads a query string and a form body. A name in both counts once, with the value of the query string; a name twice in one of
 * them is refused. Source: binance-spot.md section 2.2.
 */
export function readForm(query: string, body: string): ParameterList | Refusal {
  const list = new ParameterList();
  const refused = addForm(list, query);
  if (refused !== undefined) return refused;
  if (body === '') return list;
  const ofBody = new ParameterList();
  const refusedBody = addForm(ofBody, body);
  if (refusedBody !== undefined) return refusedBody;
  ofBody.addTo(list);
  return list;
}

function addForm(list: ParameterList, text: string): Refusal | undefined {
  let start = 0;
  while (start < text.length) {
    let end = text.indexOf('&', start);
    if (end < 0) end = text.length;
    if (end > start) {
      const equals = text.indexOf('=', start);
      const hasValue = equals >= 0 && equals < end;
      const name = decoded(text.slice(start, hasValue ? equals : end));
      const value = hasValue ? decoded(text.slice(equals + 1, end)) : '';
      if (name === undefined || value === undefined) return ILLEGAL_CHARACTERS;
      if (!list.add(name, value)) return DUPLICATE_PARAMETER;
      if (list.count > PARAMETERS_MAX) return TOO_MANY_PARAMETERS;
    }
    start = end + 1;
  }
  return undefined;
}

/** undefined for an escape that is none, or bytes that are no UTF-8. */
function decoded(text: string): string | undefined {
  if (!text.includes('%')) return text.includes('+') ? text.replaceAll('+', ' ') : text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
