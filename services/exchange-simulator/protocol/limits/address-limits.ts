import { banned, type Refusal, tooManyRequests, tooMuchWeight } from '../refusal.ts';
import { BucketCounter, intervalSuffix, intervalText, type RateLimit } from './rate-limit.ts';

export interface BanRules {
  /** How many requests an address may still send into an exhausted bucket before it is banned. */
  readonly refusalsBeforeBan: number;
  readonly shortestMs: number;
  readonly longestMs: number;
  /** A ban that follows the last one within this time is twice as long. */
  readonly memoryMs: number;
}

/** From 2 minutes to 3 days (binance-spot.md section 3.2); how many requests it takes is not documented. */
export const BAN_RULES: BanRules = {
  refusalsBeforeBan: 10,
  shortestMs: 2 * 60_000,
  longestMs: 3 * 86_400_000,
  memoryMs: 3 * 86_400_000,
};

/** More addresses than any test has; past it the one that came first is forgotten, unless it is banned. */
const ADDRESSES_MAX = 10_000;

interface UsageOptions {
  readonly limits: readonly RateLimit[];
  readonly ban: BanRules;
  readonly banned: () => void;
}

/** What one address has used up: request weight, requests, connections, and the bans it earned. */
export class AddressUsage {
  readonly weights: readonly BucketCounter[];
  private readonly requests: readonly BucketCounter[];
  private readonly connections: readonly BucketCounter[];
  private readonly headerNames: readonly string[];
  private readonly rules: BanRules;
  private readonly banned: () => void;
  private refusals = 0;
  private refusedUntilMs = 0;
  private bannedUntilMs = 0;
  private lastBanMs = 0;

  constructor(options: UsageOptions) {
    const countersOf = (type: RateLimit['rateLimitType']): BucketCounter[] =>
      options.limits.filter((limit) => limit.rateLimitType === type).map((limit) => new BucketCounter(limit));
    this.weights = countersOf('REQUEST_WEIGHT');
    this.requests = countersOf('RAW_REQUESTS');
    this.connections = countersOf('CONNECTIONS');
    this.headerNames = this.weights.map(
      (it) => `x-mbx-used-weight-${intervalSuffix(it.limit).toLowerCase()}`,
    );
    this.rules = options.ban;
    this.banned = options.banned;
  }

  banUntil(nowMs: number): number | undefined {
    return nowMs < this.bannedUntilMs ? this.bannedUntilMs : undefined;
  }

  /** Counts a request over HTTP and its weight; a refused one counts too. */
  request(weight: number, nowMs: number): Refusal | undefined {
    if (nowMs < this.bannedUntilMs) return banned(this.bannedUntilMs);
    for (const counter of this.requests) {
      if (counter.add(1, nowMs) > counter.limit.limit) {
        const { limit } = counter;
        return this.refused(tooManyRequests(limit.limit, intervalText(limit), counter.endMs(nowMs)), nowMs);
      }
    }
    return this.weigh(weight, nowMs);
  }

  /** Counts weight alone: a request of the WebSocket API. */
  weigh(weight: number, nowMs: number): Refusal | undefined {
    if (nowMs < this.bannedUntilMs) return banned(this.bannedUntilMs);
    let exhausted: BucketCounter | undefined;
    for (const counter of this.weights) {
      if (counter.add(weight, nowMs) > counter.limit.limit) exhausted ??= counter;
    }
    if (exhausted === undefined) return undefined;
    const { limit } = exhausted;
    return this.refused(tooMuchWeight(limit.limit, intervalText(limit), exhausted.endMs(nowMs)), nowMs);
  }

  /** Counts a connection to the WebSocket API and what it weighs. */
  connect(weight: number, nowMs: number): Refusal | undefined {
    if (nowMs < this.bannedUntilMs) return banned(this.bannedUntilMs);
    for (const counter of this.connections) {
      if (counter.add(1, nowMs) > counter.limit.limit) {
        const { limit } = counter;
        return this.refused(tooManyRequests(limit.limit, intervalText(limit), counter.endMs(nowMs)), nowMs);
      }
    }
    return this.weigh(weight, nowMs);
  }

  /** Gives weight back: what placed or canceled successfully costs none. */
  refund(weight: number, nowMs: number): void {
    for (const counter of this.weights) counter.add(-weight, nowMs);
  }

  /** Bans the address at once, as an operator or a fault does. */
  ban(durationMs: number, nowMs: number): number {
    this.bannedUntilMs = nowMs + durationMs;
    this.banned();
    return this.bannedUntilMs;
  }

  writeHeaders(headers: Record<string, string>, nowMs: number): void {
    for (let index = 0; index < this.weights.length; index += 1) {
      const used = String(this.weights[index]!.count(nowMs));
      headers[this.headerNames[index]!] = used;
      if (index === 0) headers['x-mbx-used-weight'] = used;
    }
  }

  /** The header of `/sapi` paths (binance-spot.md section 2.6). */
  writeSapiHeaders(headers: Record<string, string>, nowMs: number): void {
    for (const counter of this.weights) {
      const name = `x-sapi-used-ip-weight-${intervalSuffix(counter.limit).toLowerCase()}`;
      headers[name] = String(counter.count(nowMs));
    }
  }

  private refused(refusal: Refusal, nowMs: number): Refusal {
    if (nowMs >= this.refusedUntilMs) this.refusals = 0;
    this.refusedUntilMs = refusal.retryAtMs ?? nowMs;
    this.refusals += 1;
    if (this.refusals <= this.rules.refusalsBeforeBan) return refusal;
    this.refusals = 0;
    const wasRecent = this.lastBanMs > 0 && nowMs - this.bannedUntilMs < this.rules.memoryMs;
    const { shortestMs, longestMs } = this.rules;
    this.lastBanMs = wasRecent ? Math.min(this.lastBanMs * 2, longestMs) : shortestMs;
    return banned(this.ban(this.lastBanMs, nowMs));
  }
}

/** The usage of every address: REST and the WebSocket API share it. */
export class AddressLimits {
  private readonly limits: readonly RateLimit[];
  private readonly rules: BanRules;
  private readonly usages = new Map<string, AddressUsage>();
  private readonly banListeners: ((address: string) => void)[] = [];

  constructor(limits: readonly RateLimit[], rules: BanRules = BAN_RULES) {
    this.limits = limits;
    this.rules = rules;
  }

  /** Tells of every ban from now on, when it begins. */
  listenForBans(listener: (address: string) => void): void {
    this.banListeners.push(listener);
  }

  of(address: string, nowMs: number): AddressUsage {
    let usage = this.usages.get(address);
    if (usage === undefined) {
      if (this.usages.size >= ADDRESSES_MAX) this.forgetOne(nowMs);
      usage = new AddressUsage({
        limits: this.limits,
        ban: this.rules,
        banned: () => {
          for (const tell of this.banListeners) tell(address);
        },
      });
      this.usages.set(address, usage);
    }
    return usage;
  }

  private forgetOne(nowMs: number): void {
    for (const [address, usage] of this.usages) {
      if (usage.banUntil(nowMs) !== undefined) continue;
      this.usages.delete(address);
      return;
    }
    const oldest = this.usages.keys().next();
    if (oldest.done !== true) this.usages.delete(oldest.value);
  }
}
