import { invariant } from '@tradewind/core/result';
import type { RedisParameter, ScriptName } from '@tradewind/redis';
import {
  type ConsumerGroup,
  compareIds,
  type Entry,
  type EntryId,
  idOf,
  type Pending,
  Stream,
  textOfId,
  ZERO,
} from './stream.ts';

/** An error that Redis answers; the connection goes on. */
class RedisError extends Error {}

type Parameters = readonly RedisParameter[];

/** The data of a Redis, and of its commands those that the bus uses, with the options that it gives. Nothing of it takes time. */
export class RedisCommands {
  private readonly nowMs: () => number;
  private readonly streams = new Map<string, Stream>();

  constructor(nowMs: () => number) {
    this.nowMs = nowMs;
  }

  /** FLUSHALL. */
  flush(): void {
    this.streams.clear();
  }

  /** Lets go of the latest message of a stream, as an eviction does. */
  forgetLatest(key: string): void {
    this.streams.get(key)?.entries.pop();
  }

  run(name: string, [key = '', ...rest]: Parameters): unknown {
    const texts = rest.map(String);
    switch (name) {
      case 'XGROUP':
        return this.makeGroup(String(rest[0]), String(rest[1]), String(rest[2]));
      case 'XREADGROUP':
        return this.readGroup([String(key), ...texts]);
      case 'XAUTOCLAIM':
        return this.autoClaim(String(key), texts);
      case 'XCLAIM':
        return this.claim(String(key), texts);
      case 'XACK':
        return this.acknowledge(String(key), texts);
      case 'XPENDING':
        return this.pending(String(key), texts);
      case 'XADD':
        return this.addTrimmed(String(key), rest);
      case 'XRANGE':
        return this.range(String(key), texts);
      case 'XDEL':
        this.streams.get(String(key))?.remove(idOf(texts[0]!));
        return 1;
      default:
        throw new RedisError(`ERR unknown command '${name}'`);
    }
  }

  script(name: ScriptName, key: string, parameters: Parameters): string {
    if (name === 'tradewindPublish') return this.publish(key, parameters);
    const [group = '', member = ''] = parameters.map(String);
    const found = this.streams.get(key)?.groups.get(group);
    if (found?.pending.every(({ consumer }) => consumer !== member)) found.members.delete(member);
    return '0';
  }

  /** What the script of the bus does, step by step (adapters/redis/scripts.ts). */
  private publish(key: string, [message = '', ...rest]: Parameters): string {
    const [capacity, mayLoseOldest, goneAfterMs, onlyFor] = rest;
    const stream = this.streamAt(key);
    const fields = [bytes('m'), bytes(message), ...(onlyFor === '' ? [] : [bytes('g'), bytes(onlyFor!)])];
    const keep = (): string => textOfId(stream.add(this.nowMs(), fields));
    if (stream.entries.length < Number(capacity)) return keep();
    if (mayLoseOldest === 1) {
      stream.trimTo(Number(capacity) - 1);
      return keep();
    }
    let least: { readonly id: EntryId; readonly group: string } | undefined;
    for (const [group, { members, pending, lastDelivered }] of stream.groups) {
      const isRead = [...members.values()].some((seenMs) => this.nowMs() - seenMs <= Number(goneAfterMs));
      if (!isRead) continue;
      const { ms, count } = lastDelivered;
      const first = pending[0]?.id ?? { ms, count: count + 1 };
      if (least === undefined || compareIds(first, least.id) < 0) least = { id: first, group };
    }
    if (least === undefined) stream.trimTo(Number(capacity) - 1);
    else stream.trimBefore(least.id);
    return stream.entries.length >= Number(capacity) ? `!${least?.group}` : keep();
  }

  private makeGroup(key: string, group: string, from: string): string {
    const stream = this.streamAt(key);
    if (stream.groups.has(group)) throw new RedisError('BUSYGROUP Consumer Group name already exists');
    const lastDelivered = from === '$' ? stream.lastId : ZERO;
    stream.groups.set(group, { lastDelivered, pending: [], members: new Map() });
    return 'OK';
  }

  /** GROUP group member COUNT n [BLOCK ms] STREAMS key from. Null when there is nothing: who blocks asks again. */
  private readGroup(texts: readonly string[]): unknown {
    const [, groupName = '', member = ''] = texts;
    const count = Number(texts[texts.indexOf('COUNT') + 1]);
    const [key = '', from = ''] = texts.slice(texts.indexOf('STREAMS') + 1);
    const { stream, group } = this.groupOf(key, groupName);
    group.members.set(member, this.nowMs());
    if (from !== '>') {
      const own = group.pending.filter(({ consumer }) => consumer === member).slice(0, count);
      for (const each of own) this.deliver(each, member);
      return [[bytes(key), own.map(({ id }) => replyOf(id, stream.entry(id)))]];
    }
    const fresh = stream.after(group.lastDelivered, count);
    if (fresh.length === 0) return null;
    for (const { id } of fresh) {
      group.lastDelivered = id;
      group.pending.push({ id, consumer: member, deliveredAtMs: this.nowMs(), deliveries: 1 });
    }
    return [[bytes(key), fresh.map((entry) => replyOf(entry.id, entry))]];
  }

  private deliver(pending: Pending, member: string): void {
    pending.consumer = member;
    pending.deliveredAtMs = this.nowMs();
    pending.deliveries += 1;
  }

  /** group member idle-ms from COUNT n */
  private autoClaim(
    key: string,
    [groupName = '', member = '', idleMs, , , count]: readonly string[],
  ): unknown {
    const { stream, group } = this.groupOf(key, groupName);
    group.members.set(member, this.nowMs());
    const old = group.pending
      .filter(({ deliveredAtMs }) => this.nowMs() - deliveredAtMs >= Number(idleMs))
      .slice(0, Number(count));
    const left = old.filter(({ id }) => stream.entry(id) !== undefined);
    group.pending = group.pending.filter((each) => !old.includes(each) || left.includes(each));
    for (const each of left) this.deliver(each, member);
    return [bytes('0-0'), left.map(({ id }) => replyOf(id, stream.entry(id))), []];
  }

  /** group member 0 id JUSTID: the message is still being worked on. */
  private claim(key: string, [groupName = '', member = '', , id = '']: readonly string[]): unknown {
    const { group } = this.groupOf(key, groupName);
    const found = group.pending.find((each) => textOfId(each.id) === id);
    if (found === undefined) return [];
    found.consumer = member;
    found.deliveredAtMs = this.nowMs();
    return [bytes(id)];
  }

  private acknowledge(key: string, [groupName = '', id = '']: readonly string[]): number {
    const group = this.streams.get(key)?.groups.get(groupName);
    if (group === undefined) return 0;
    const before = group.pending.length;
    group.pending = group.pending.filter((each) => textOfId(each.id) !== id);
    return before - group.pending.length;
  }

  /** group id id 1 */
  private pending(key: string, [groupName = '', id = '']: readonly string[]): unknown {
    const { group } = this.groupOf(key, groupName);
    return group.pending
      .filter((each) => textOfId(each.id) === id)
      .map((each) => [bytes(id), bytes(each.consumer), this.nowMs() - each.deliveredAtMs, each.deliveries]);
  }

  /** MAXLEN n * name value ... */
  private addTrimmed(key: string, [, maximum, , ...fields]: Parameters): Buffer {
    const stream = this.streamAt(key);
    const id = stream.add(this.nowMs(), fields.map(bytes));
    stream.trimTo(Number(maximum));
    return bytes(textOfId(id));
  }

  /** '-' '+' COUNT n, or one id twice. */
  private range(key: string, [from = '', , , count]: readonly string[]): unknown {
    const entries = this.streams.get(key)?.entries ?? [];
    const chosen = from === '-' ? entries : entries.filter(({ id }) => textOfId(id) === textOfId(idOf(from)));
    return chosen.slice(0, Number(count ?? chosen.length)).map((entry) => replyOf(entry.id, entry));
  }

  private groupOf(key: string, name: string): { readonly stream: Stream; readonly group: ConsumerGroup } {
    const stream = this.streams.get(key);
    const group = stream?.groups.get(name);
    if (stream === undefined || group === undefined)
      throw new RedisError(`NOGROUP No such key '${key}' or consumer group '${name}'`);
    return { stream, group };
  }

  private streamAt(key: string): Stream {
    invariant(key !== '', 'a stream has a key');
    let stream = this.streams.get(key);
    if (stream === undefined) {
      stream = new Stream();
      this.streams.set(key, stream);
    }
    return stream;
  }
}

const bytes = (value: RedisParameter): Buffer =>
  Buffer.isBuffer(value) ? value : Buffer.from(String(value));

const replyOf = (id: EntryId, entry: Entry | undefined): unknown => [
  bytes(textOfId(id)),
  entry === undefined ? null : entry.fields,
];
