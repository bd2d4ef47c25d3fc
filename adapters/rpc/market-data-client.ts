import { createClient } from '@connectrpc/connect';
import type { Bars, IntervalName } from '@tradewind/core/market';
import { err, type Result } from '@tradewind/core/result';
import type {
  HistoryProblem,
  MarketData,
  MarketRequest,
  MarketSnapshot,
  MarketUpdate,
  Subscription,
} from '@tradewind/proto';
import { marketDataMethods as methods } from '@tradewind/proto/codec';
import { MarketDataService } from '@tradewind/proto/generated/market_data_pb.js';
import { agoMs } from '@tradewind/utils';
import { Caller, type RpcClient, type RpcClientOptions } from './caller.ts';
import type { StreamSource } from './lasting-stream.ts';
import { answerOrThrow } from './outcome.ts';
import { older, PriceStream } from './price-stream.ts';
import { UpdateStream } from './update-stream.ts';

export interface MarketDataClientOptions extends RpcClientOptions {
  /** A stream that is silent for longer is dead: three signs of life of the server at least. Left out: 3000 ms. */
  readonly silenceMsMaximum?: number;
  /** Symbols whose snapshots are told by the service all the time, so that they need not be asked for. Left out: none. */
  readonly followed?: readonly string[];
}

const SILENCE_MS = 3_000;

/**
 * The market data of another process. While its stream is down, every symbol of a subscription is told as `down`; when it comes back, the
 * first updates are the states of the feeds, as at the beginning. Updates that this reader was too slow for are told as a `gap` of their
 * symbol, followed by the state that its feed has. `snapshot` throws `CallFailed`.
 */
export class MarketDataClient implements MarketData, RpcClient {
  private readonly options: MarketDataClientOptions;
  private readonly caller: Caller;
  private readonly client;
  private readonly streams = new Set<UpdateStream>();
  private readonly prices: PriceStream | undefined;

  constructor(options: MarketDataClientOptions) {
    this.options = options;
    this.caller = new Caller(options);
    this.client = createClient(MarketDataService, this.caller.transport);
    this.prices = this.followPrices();
  }

  /** At once what the service has told lately of a symbol that is followed. */
  snapshot(symbol: string): MarketSnapshot | Promise<MarketSnapshot | undefined> {
    return this.prices?.latest(symbol) ?? this.askFor(symbol);
  }

  async history(
    symbol: string,
    interval: IntervalName,
    count: number,
  ): Promise<Result<Bars, HistoryProblem>> {
    const { getHistory } = this.client;
    const request = { symbol, interval, count, correlationId: this.caller.nextCorrelationId() };
    const outcome = await this.caller.call('history', methods.getHistory, getHistory, request);
    return outcome.kind === 'answered'
      ? outcome.value.result
      : err({ reason: 'unavailable', detail: outcome.detail });
  }

  subscribe({ symbols, kinds = [] }: MarketRequest, listener: (update: MarketUpdate) => void): Subscription {
    const request = methods.subscribe.request.encode({
      symbols,
      kinds,
      correlationId: this.caller.nextCorrelationId(),
    });
    const stream = new UpdateStream({
      ...this.streamParts,
      symbols,
      open: (signal) => this.client.subscribe(request, { signal }),
      listener,
    });
    this.streams.add(stream);
    return {
      end: () => {
        this.streams.delete(stream);
        stream.end();
      },
    };
  }

  get health() {
    return this.caller.connection.health;
  }

  onHealth(listener: Parameters<RpcClient['onHealth']>[0]): () => void {
    return this.caller.connection.onHealth(listener);
  }

  close(): void {
    for (const stream of this.streams) stream.end();
    this.prices?.end();
    this.caller.connection.close();
  }

  /** Older by all the time since it was asked for: nobody knows when within it the service answered. */
  private async askFor(symbol: string): Promise<MarketSnapshot | undefined> {
    const { getSnapshot } = this.client;
    const { clock } = this.options;
    const request = { symbol, correlationId: this.caller.nextCorrelationId() };
    const asked = { elapsedMs: clock.elapsedMs(), wallMs: clock.nowMs() };
    const { snapshot } = answerOrThrow(
      await this.caller.call('snapshot', methods.getSnapshot, getSnapshot, request),
    );
    return snapshot && older(snapshot, agoMs(clock, asked));
  }

  private followPrices(): PriceStream | undefined {
    const { followed: symbols = [] } = this.options;
    if (symbols.length === 0) return undefined;
    const correlationId = this.caller.nextCorrelationId();
    const request = methods.followPrices.request.encode({ symbols, correlationId });
    return new PriceStream({
      ...this.streamParts,
      open: (signal) => this.client.followPrices(request, { signal }),
    });
  }

  private get streamParts(): Pick<StreamSource<unknown>, 'connection' | 'outside' | 'silenceMsMaximum'> {
    const { clock, timers, random, telemetry, silenceMsMaximum = SILENCE_MS } = this.options;
    const outside = { clock, timers, random, telemetry };
    return { connection: this.caller.connection, outside, silenceMsMaximum };
  }
}
