import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { amount, quantity, ratio } from '@tradewind/core/money';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { describeRiskLimitsProblem, readRiskLimits } from './index.ts';
import { RISK_LIMITS_FILE } from './schema.ts';

const file = {
  account: {
    order_notional_maximum: '1000',
    order_share_of_equity_maximum: '0.5',
    exposure_maximum: 'none',
    open_orders_maximum: 5,
    order_rate: { orders: 10, window_ms: 60_000, kept_for_reducing: 2 },
    daily_loss_maximum: '100.5',
    drawdown_maximum: '0.2',
  },
  strategies: {
    'ema-cross': {
      exposure_maximum: 'none',
      open_orders_maximum: 'none',
      order_rate: 'none',
      consecutive_losses_maximum: 4,
    },
  },
  symbols: {
    BTCUSDT: {
      position_maximum: '0.25',
      exposure_maximum: 'none',
      open_orders_maximum: 'none',
      price_collar: '0.05',
      price_age_ms_maximum: 60_000,
    },
  },
  assets: { BTC: { exposure_maximum: 'none', share_of_equity_maximum: '0.9' } },
};

function written(content: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-limits-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'risk.json');
  writeFileSync(path, content);
  return path;
}

const read = (content: object) => readRiskLimits(written(JSON.stringify(content)));

async function complaintAbout(path: string): Promise<string> {
  const limits = await readRiskLimits(path);
  return limits.ok ? '' : describeRiskLimitsProblem({ ...limits.error, file: 'risk.json' });
}

test('a file of limits says each of them', async () => {
  const limits = await read({ $schema: 'risk-limits.schema.json', ...file });
  if (!limits.ok) throw new Error(describeRiskLimitsProblem(limits.error));
  expect(limits.value.content).toEqual(file);
  expect(limits.value.limits).toEqual({
    account: {
      orderNotionalMaximum: amount('equity', '1000'),
      orderShareOfEquityMaximum: ratio('0.5'),
      exposureMaximum: 'none',
      openOrdersMaximum: 5,
      orderRate: { orders: 10, windowMs: 60_000, keptForReducing: 2 },
      dailyLossMaximum: amount('equity', '100.5'),
      drawdownMaximum: ratio('0.2'),
    },
    strategies: new Map([
      [
        'ema-cross',
        {
          exposureMaximum: 'none',
          openOrdersMaximum: 'none',
          orderRate: 'none',
          consecutiveLossesMaximum: 4,
        },
      ],
    ]),
    symbols: new Map([
      [
        'BTCUSDT',
        {
          positionMaximum: quantity('0.25'),
          exposureMaximum: 'none',
          openOrdersMaximum: 'none',
          priceCollar: ratio('0.05'),
          priceAgeMsMaximum: 60_000,
        },
      ],
    ]),
    assets: new Map([['BTC', { exposureMaximum: 'none', shareOfEquityMaximum: ratio('0.9') }]]),
  });
});

test('no limit has a default', async () => {
  const { drawdown_maximum: _, ...account } = file.account;
  expect(await complaintAbout(written(JSON.stringify({ ...file, account })))).toBe(
    'risk.json: field account.drawdown_maximum: is missing; a limit is a value or "none", and none has a default',
  );
  const { assets: __, ...rest } = file;
  expect(await complaintAbout(written(JSON.stringify(rest)))).toBe('risk.json: field assets: is missing');
});

test.each([
  { field: 'drawdown_maximum', was: 0.2, sentence: 'expected a decimal in quotes, like "1000", or "none"' },
  {
    field: 'daily_loss_maximum',
    was: '-5',
    sentence: 'expected a decimal in quotes, like "1000", or "none"',
  },
  { field: 'daily_loss_maximum', was: '0.123456789', sentence: 'is finer or larger than an amount can be' },
  {
    field: 'daily_loss_maximum',
    was: null,
    sentence: 'expected a decimal in quotes, like "1000", or "none"',
  },
  { field: 'open_orders_maximum', was: 1.5, sentence: 'expected a whole number, or "none"' },
  { field: 'open_orders_maximum', was: '5', sentence: 'expected a whole number, or "none"' },
  { field: 'max_loss', was: '5', sentence: 'there is no such field' },
])('account.$field = $was is refused', async ({ field, was, sentence }) => {
  const account = { ...file.account, [field]: was };
  expect(await complaintAbout(written(JSON.stringify({ ...file, account })))).toBe(
    `risk.json: field account.${field}: ${sentence}`,
  );
});

test.each([
  { when: 'is not there', path: () => '/no/such/file', sentence: 'there is no such file' },
  { when: 'is no JSON', path: () => written('{'), sentence: 'it is not JSON' },
  { when: 'is another JSON', path: () => written('[]'), sentence: 'field (the whole file)' },
])('a file that $when is told', async ({ path, sentence }) => {
  expect(await complaintAbout(path())).toContain(`risk.json: ${sentence}`);
});

test.each([
  { when: 'twice', member: '"assets": {}', sentence: 'field assets: is there twice' },
  {
    when: 'under a name that a parser drops',
    member: '"__proto__": {}',
    sentence: 'field __proto__: is a name',
  },
  { when: 'under no name', member: '"": {}', sentence: 'field "": there is no such field' },
  { when: 'too deep', member: `"a": ${'['.repeat(100_000)}`, sentence: 'it is nested too deeply' },
])('a limit that is there $when is not left out in silence (fuzz)', async ({ member, sentence }) => {
  const text = `{${member},${JSON.stringify(file).slice(1)}`;
  expect(await complaintAbout(written(text))).toContain(`risk.json: ${sentence}`);
});

test('the schema for editors says what is checked', () => {
  const schema = new URL('../../shared/schemas/risk-limits.schema.json', import.meta.url);
  expect(JSON.parse(readFileSync(schema, 'utf8'))).toEqual(z.toJSONSchema(RISK_LIMITS_FILE));
});
