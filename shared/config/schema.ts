import { Interval } from '@tradewind/core/market';
import { parseAmount, parseRatio } from '@tradewind/core/money';
import { RISK_LIMITS_FILE } from '@tradewind/research/risk-limits';
import { z } from 'zod';

const EXPECTED_DECIMAL = 'expected a decimal in quotes, like "1000.5"';
const decimal = z
  .string({ error: EXPECTED_DECIMAL })
  .regex(/^\d+(\.\d+)?$/, { error: EXPECTED_DECIMAL, abort: true })
  .refine((text) => parseAmount('', text).ok, 'is finer or larger than an amount can be');
const share = z
  .string({ error: EXPECTED_DECIMAL })
  .regex(/^\d+(\.\d+)?$/, { error: EXPECTED_DECIMAL, abort: true })
  .refine((text) => parseRatio(text).ok, 'is finer or larger than a share can be');
/** ASCII alone: a letter that only looks like another is another market (faults.md G1). */
const symbol = z.string().regex(/^[A-Z0-9]{5,20}$/, 'expected a symbol in capital letters, like BTCUSDT');
const asset = z.string().regex(/^[A-Z0-9]{2,12}$/, 'expected an asset in capital letters, like USDT');
const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, {
    error: 'expected a name of small letters, digits and dashes, at most 32',
    abort: true,
  })
  .refine((text) => text !== 'owner', 'is the name of the account itself');
const milliseconds = (least: number, most: number) => z.int().min(least).max(most);
const port = z.int().min(0).max(65535);

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: this is how a reference is written.
/** Where a secret is, never the secret itself: `${env:NAME}`, `${file:path}`, `${vault:path#field}`. */
const reference = z
  .string()
  .regex(
    /^\$\{(env|file|vault):[^}]+\}$/,
    'a secret has no place in a file: name where it is, as ${env:NAME}, ${file:path} or ${vault:path#field}',
  );
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: from here on it would be a mistake.
const url = (schemes: string) =>
  z
    .string()
    .regex(new RegExp(`^(${schemes})://`), {
      error: `expected an address that begins with ${schemes}://`,
      abort: true,
    })
    .refine((text) => URL.canParse(text), 'is no address');

const exchange = z.strictObject({
  /** Which exchange, and so which hosts and keys belong together (faults.md G2). */
  profile: z.enum(['simulator', 'binance-testnet', 'binance']),
  /** Of a simulator that runs already; left out, one is started beside the services. Of the others they are known. */
  urls: z.strictObject({ rest: url('https?'), streams: url('wss?'), websocket_api: url('wss?') }).optional(),
  order_route: z.enum(['rest', 'websocket']).default('websocket'),
  recv_window_ms: milliseconds(100, 60_000).default(5_000),
  key: z
    .strictObject({
      api_key: reference,
      secret: reference,
      /** The account's number (uid), which the exchange must confirm. */
      account: z.int().min(0),
    })
    .optional(),
});

const simulator = z.strictObject({
  seed: z.int().min(0).default(1),
  /** Recorded klines or trades that prices follow; left out, a random market. */
  replay: z.string().optional(),
  speed: z.number().positive().default(1),
});

const paper = z.strictObject({
  balances: z.record(asset, decimal),
  maker_fee: share.default('0.001'),
  taker_fee: share.default('0.001'),
  latency_ms: milliseconds(0, 10_000).default(20),
  seed: z.int().min(0).default(1),
});

const strategy = z.strictObject({
  /** A ready strategy, or a file of one's own. */
  definition: z.string().min(1),
  symbols: z.array(symbol).min(1),
  interval: z
    .string()
    .refine((text) => Interval.parse(text) !== undefined, 'expected an interval like 1m or 4h'),
  parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  /** What of the account this strategy may use, by asset. */
  capital: z.record(asset, decimal),
  /** How long after a decision an order may still be sent. */
  signal_expires_after_ms: milliseconds(10, 600_000).default(5_000),
  /** In a worker thread of its own. */
  worker: z.boolean().default(false),
  /** What becomes of a limit order that does not fill. Left out: it rests. */
  unfilled: z
    .strictObject({
      after_ms: milliseconds(1_000, 86_400_000),
      action: z.enum(['cancel', 'reprice']),
      reprices_maximum: z.int().min(1).max(100).default(3),
    })
    .optional(),
});

const guards = z.strictObject({
  /** Hard rejects by the exchange within the window after which a strategy is stopped. */
  rejects_maximum: z.int().min(1).default(5),
  rejects_window_ms: milliseconds(1_000, 86_400_000).default(60_000),
  /** The same wish of a strategy, over and over (faults.md K10). */
  repeats_maximum: z.int().min(1).default(20),
  repeats_window_ms: milliseconds(1_000, 86_400_000).default(10_000),
  /** How long a callback of a strategy may take. */
  block_maximum_ms: milliseconds(50, 60_000).default(1_000),
  /** Without a sign of life of order execution for so long, everything is canceled. */
  dead_man_after_ms: milliseconds(1_000, 600_000).default(15_000),
  sweep_every_ms: milliseconds(1_000, 30_000).default(20_000),
  /** After a crash the next run waits for what is left of it; it ends well before the dead man's switch. */
  lease_ms: milliseconds(1_000, 120_000).default(4_000),
  /** What we ask of the exchange at most, though it may allow more: others may share our address (faults.md R3, R4). */
  weight_per_minute_maximum: z.int().min(500).default(4_800),
  orders_per_second_maximum: z.int().min(1).default(10),
});

const address = z.strictObject({
  host: z.string().default('127.0.0.1'),
  port,
  /** Where /metrics, /health and /ready are; left out, nowhere. */
  operator_port: port.optional(),
});

/**
 * The file of one environment. Strict: an unknown field is an error, a limit that is left out as well. Everything that the
 * services need is here, secrets as references.
 */
export const CONFIGURATION_FILE = z.strictObject({
  $schema: z.string().optional(),
  environment: z.enum(['local', 'development', 'staging', 'production']),
  mode: z.enum(['paper', 'testnet', 'live']).default('paper'),
  equity_asset: asset,
  symbols: z.array(symbol).min(1).max(100),
  exchange,
  simulator: simulator.optional(),
  paper: paper.optional(),
  strategies: z.record(name, strategy),
  limits: RISK_LIMITS_FILE,
  guards: guards.prefault({}),
  /** Left out: a PostgreSQL of our own in the data folder. */
  ledger: z.strictObject({ url: reference }).optional(),
  /** Only for services that run apart. */
  redis: z.strictObject({ url: reference }).optional(),
  /** Where each service listens when they run apart, and the token they know one another by. */
  services: z
    .strictObject({
      token: reference,
      'market-data': address,
      'strategy-engine': address,
      'risk-manager': address,
      'order-execution': address,
      /** Where order execution lets the exchange of paper trading be reached; for paper alone. */
      'paper-exchange': address.optional(),
    })
    .optional(),
  gateway: z
    .strictObject({
      host: z.string().default('127.0.0.1'),
      port: port.default(7400),
      token: reference.optional(),
    })
    .prefault({}),
  vault: z
    .strictObject({ url: url('https?'), token: reference, mount: z.string().default('secret') })
    .optional(),
  telemetry: z
    .strictObject({
      log_level: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
      /** Where spans are sent, OTLP over HTTP; left out, nowhere. */
      otlp_url: url('https?').optional(),
      /** Of all correlation ids, what share is traced. */
      traced_share: z.number().min(0).max(1).default(0.01),
    })
    .prefault({}),
  recording: z.strictObject({ enabled: z.boolean().default(true) }).prefault({}),
});

export type Configuration = z.infer<typeof CONFIGURATION_FILE>;
export type StrategyConfiguration = Configuration['strategies'][string];
