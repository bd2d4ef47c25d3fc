/** A place outside the database that keeps one small text, and a key that only this installation has. */
export interface HeadKeeper {
  /** undefined when nothing was ever kept. */
  read(): Promise<string | undefined>;
  /** Replaces the text whole or not at all. Rejects when it cannot. */
  write(text: string): Promise<void>;
  /** Ed25519, base64. */
  sign(text: string): string;
  isSignedBy(text: string, signature: string): boolean;
  /** For complaints: the file. */
  readonly place: string;
}
