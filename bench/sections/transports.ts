import { hasRedisServer } from '../../tools/own-redis.ts';
import { interleave } from '../harness/child.ts';
import { runVariant } from '../harness/engine-runs.ts';
import { printTable } from '../harness/report.ts';
import { ratios, showSummary, summarize } from '../harness/summary.ts';
import type { TransportLine } from '../variants/transports.ts';
import type { Section } from './section.ts';

const WITHOUT_REDIS = ['rpc', 'http2', 'local'] as const;
const WITH_REDIS = ['redis', 'redis-ping'] as const;

/** What it costs to speak over a wire, beside the least that such a wire costs. Both ends are in one process. */
export const transports: Section = {
  title: () => 'transports: a verdict over RPC, an event over the bus, both ends in one process',

  async run({ rounds }) {
    const variants = hasRedisServer ? [...WITHOUT_REDIS, ...WITH_REDIS] : WITHOUT_REDIS;
    const lines = await interleave(rounds, variants, (variant) =>
      runVariant<TransportLine>(`transports-${variant}`, {}),
    );
    const of = (variant: string, field: keyof TransportLine): number[] =>
      (lines as Readonly<Record<string, readonly TransportLine[]>>)[variant]!.map((line) => line[field]);
    const row = (title: string, variant: string, floor: string): string[] => [
      title,
      showSummary(summarize(of(variant, 'p50')), 0),
      showSummary(summarize(of(variant, 'p99')), 0),
      showSummary(ratios(of(variant, 'p50'), of(floor, 'p50')), 1),
      showSummary(summarize(of(variant, 'perSecond')), 0),
    ];
    printTable(
      ['way', 'p50 us', 'p99 us', 'p50 / floor', 'a second'],
      [
        row('bare echo on a stream of HTTP/2 (floor)', 'http2', 'http2'),
        row('RPC: validate, asked and answered', 'rpc', 'http2'),
        ...(hasRedisServer
          ? [
              row('Redis PING (floor)', 'redis-ping', 'redis-ping'),
              row('Redis: published to handler', 'redis', 'redis-ping'),
            ]
          : []),
        row('one process: published to handler', 'local', 'local'),
      ],
    );
    if (!hasRedisServer) console.log('\nno Redis server here: tools/scripts/install-servers.sh installs one');
  },
};
