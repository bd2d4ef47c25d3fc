import { describe, expect } from 'vitest';
import { testWithSharedData } from '../../../tools/shared-data.ts';
import { readUserEvent } from '../model/read-user-event.ts';
import { readerOf } from './answer-readers.test-support.ts';
import { gunzippedJson, recordedAnswers, recordedEvents } from './recordings.test-support.ts';

describe('answers that others have recorded', () => {
  testWithSharedData('of Binance.Net and NautilusTrader are read', () => {
    for (const { name, reader, body } of recordedAnswers()) {
      expect({ name, reading: readerOf(reader).read(body) }).toMatchObject({ name, reading: { ok: true } });
    }
  });

  testWithSharedData('of all tickers of a day, among them symbols that nobody trades', () => {
    const reading = readerOf('ticker24hr').read(gunzippedJson('rest/ticker-24hr-all-2020-10-07.json.gz'));
    expect(reading.ok).toBe(true);
    const tickers = (reading.ok ? reading.value : []) as readonly {
      readonly firstTradeId: unknown;
      readonly ask: unknown;
    }[];
    // Both numbers stand in the description of the recording; one of the empty books still has a bid.
    expect(tickers.filter(({ firstTradeId }) => firstTradeId === undefined)).toHaveLength(273);
    expect(tickers.filter(({ ask }) => ask === undefined)).toHaveLength(274);
  });

  testWithSharedData('of exchange info, of the exchange and of its testnet', () => {
    for (const file of [
      'rest/exchangeInfo-binance-2020-10-07.json.gz',
      'rest/exchangeInfo-binance-2021-10-12.json.gz',
      'rest/exchangeInfo-testnet-2024-09-08.json.gz',
    ]) {
      const body = gunzippedJson(file) as { readonly symbols: readonly unknown[] };
      const reading = readerOf('exchangeInfo').read(body);
      expect(reading).toMatchObject({ ok: true });
      const rules = (reading.ok ? reading.value : {}) as {
        readonly instruments: ReadonlyMap<string, unknown>;
      };
      expect(rules.instruments.size).toBe(body.symbols.length);
    }
  });

  testWithSharedData('of user events are read, but for three that somebody wrote by hand', () => {
    const unread = recordedEvents().flatMap(({ name, event }) => {
      const reading = readUserEvent(event);
      return reading.ok ? [] : [`${name}: ${reading.error.path}`];
    });
    expect(recordedEvents().length).toBeGreaterThanOrEqual(19);
    // No execution id, no list id, no prevention mode: the exchange sends them always (binance-spot.md section 9.3).
    expect(unread).toEqual([
      'user_data_json/execution_report_expired.json: $.I',
      'user_data_json/execution_report_new.json: $.I',
      'user_data_json/execution_report_trade.json: $.I',
    ]);
  });
});
