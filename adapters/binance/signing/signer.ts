/** Signs what is sent. Holds its key where no print of it, error or JSON shows it. */
export interface Signer {
  readonly apiKey: string;
  readonly algorithm: 'hmac' | 'ed25519' | 'rsa';
  /** @returns the signature as it stands in JSON: hex for HMAC, base64 for the others; not yet percent-encoded */
  sign(text: string): string;
}
