import { forgetOldest } from '@tradewind/utils';

/** Tells the first time from every repetition, for the latest keys; when it is full the oldest is forgotten. */
export class RecentKeys {
  private readonly keys = new Set<string>();
  private readonly keysMax: number;

  constructor(keysMax = 1000) {
    this.keysMax = keysMax;
  }

  has(key: string): boolean {
    return this.keys.has(key);
  }

  add(key: string): void {
    this.keys.add(key);
    forgetOldest(this.keys, this.keysMax);
  }
}
