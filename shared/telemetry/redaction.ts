const SECRET_NAME = /secret|token|password|passphrase|api_?key|signature|authorization|private_?key/i;
const REDACTED = '[redacted]';

/**
 * Takes secrets out of what is about to be printed: by the name of the field, and, wherever they stand, the very values that
 * the configuration resolved (faults.md S1).
 */
export class Redaction {
  private readonly values: string[] = [];

  /** From now on this value is printed nowhere. Values below 6 characters would blot out ordinary words, and are no secrets. */
  hide(value: string): void {
    if (value.length < SHORTEST) return;
    this.values.push(value, encodeURIComponent(value));
    // The longest first, so that one that holds another leaves nothing of it behind.
    this.values.sort((a, b) => b.length - a.length);
  }

  field(name: string, value: string): string {
    return SECRET_NAME.test(name) ? REDACTED : this.text(value);
  }

  text(text: string): string {
    let clean = text;
    for (const value of this.values) if (clean.includes(value)) clean = clean.replaceAll(value, REDACTED);
    return clean;
  }
}

const SHORTEST = 6;
