import { HttpPool, makeSigner, WebSockets } from '@tradewind/binance';
import { checkKey, VenueConnection } from '@tradewind/trading-system';
import { SeededRandom, silentTelemetry, systemClock, systemTimers } from '@tradewind/utils';
import { expect, onTestFinished, test } from 'vitest';
import { exchangeWith } from './processes.test-support.ts';

// Live trading is with Binance alone, so that the whole command cannot be tried on a simulator; the check that it makes first can.
test.each([
  ['G3: may withdraw', { withdraw: true, from: ['127.0.0.1'] }, 'the key may withdraw'],
  ['G3: works from every address', { withdraw: false, from: undefined }, 'works from every address'],
  ['may trade, not withdraw, and works from here alone', { withdraw: false, from: ['127.0.0.1'] }, undefined],
])(
  'before live trading an exchange is asked what the key may do: one that %s',
  async (_what, { withdraw, from }, objection) => {
    const { host, address } = await exchangeWith(['firstKey:firstSecret:USDT=20000']);
    const { exchange } = host.simulator;
    const { account } = exchange.key('firstKey')!;
    exchange.addKey({
      apiKey: 'liveKey',
      account,
      kind: 'HMAC',
      secret: 'liveSecret',
      permissions: { read: true, trade: true, withdraw },
      allowedAddresses: from,
    });
    const signer = makeSigner({ apiKey: 'liveKey', secret: 'liveSecret' });
    if (!signer.ok) throw new Error(signer.error.reason);
    const http = new HttpPool({ timers: systemTimers });
    onTestFinished(() => http.destroy());
    const at = `127.0.0.1:${address.port}`;
    const { rest } = new VenueConnection(
      {
        clock: systemClock,
        timers: systemTimers,
        random: new SeededRandom(1),
        wire: { http, sockets: new WebSockets() },
        bans: { load: () => undefined, save: () => undefined },
        metrics: silentTelemetry.metrics,
      },
      {
        urls: { rest: `http://${at}`, streams: `ws://${at}`, websocketApi: `ws://${at}/ws-api/v3` },
        recvWindowMs: 5000,
        route: 'rest',
        signer: signer.value,
        ceilings: { weightPerMinute: 4800, ordersPerSecond: 10 },
      },
    );
    const checked = await checkKey(rest, { account, isLive: true });
    expect(checked).toEqual(
      objection === undefined
        ? { ok: true, value: [] }
        : { ok: false, error: expect.stringContaining(objection) },
    );
  },
);
