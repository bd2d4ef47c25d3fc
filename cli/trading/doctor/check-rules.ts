import type { Configuration } from '@tradewind/config';
import type { Instrument } from '@tradewind/core/market';
import { type Amount, amount, formatAmount, isPositive, subtract } from '@tradewind/core/money';
import type { Finding } from './finding.ts';

/** Whether what the configuration wants is something that the exchange lists, trades, and takes in orders of our size. */
export function judgeRules(
  config: Configuration,
  instruments: ReadonlyMap<string, Instrument>,
): readonly Finding[] {
  const findings = config.symbols.flatMap((symbol) => {
    const instrument = instruments.get(symbol);
    return instrument === undefined
      ? [wrong(`${symbol} is not listed`, 'take it out of symbols, or correct its name')]
      : judgeSymbol(config, instrument);
  });
  return findings.length > 0
    ? findings
    : [
        {
          check: 'rules',
          state: 'good',
          what: `${config.symbols.join(', ')}: listed, tradable, least order below our limits and capital`,
        },
      ];
}

function judgeSymbol(
  { limits, strategies, equity_asset }: Configuration,
  { symbol, status, blockers, quoteAsset, filters }: Instrument,
): readonly Finding[] {
  const findings: Finding[] = [];
  if (blockers.length > 0) {
    findings.push(wrong(`${symbol} is not tradable: ${blockers.join(', ')}`, 'take it out of symbols'));
  } else if (status !== 'TRADING') {
    findings.push({
      check: 'rules',
      state: 'warning',
      what: `${symbol} is not traded now: ${typeof status === 'string' ? status : status.unknown}`,
      todo: 'nothing is ordered until the exchange trades it again',
    });
  }
  const least = filters.notional?.minimum as Amount | undefined;
  if (least === undefined) return findings;
  const isBelowLeast = (text: string): boolean =>
    isPositive(subtract(least, amount(quoteAsset, text) as Amount));
  const told = `the exchange takes orders of ${symbol} from ${formatAmount(least)} ${quoteAsset} on`;
  const { order_notional_maximum: orderMaximum } = limits.account;
  // Limits are in the equity asset; where prices are in another one there is nothing to compare without a rate.
  if (quoteAsset === equity_asset && orderMaximum !== 'none' && isBelowLeast(orderMaximum)) {
    findings.push(
      wrong(
        `${told}, and limits.account.order_notional_maximum is ${orderMaximum}`,
        'every order would be refused: raise the limit',
      ),
    );
  }
  for (const [name, { symbols, capital }] of Object.entries(strategies)) {
    const has = capital[quoteAsset] ?? '0';
    if (symbols.includes(symbol) && isBelowLeast(has)) {
      findings.push(
        wrong(`${told}, and ${name} has ${has} ${quoteAsset}`, `give strategies.${name}.capital more`),
      );
    }
  }
  return findings;
}

const wrong = (what: string, todo: string): Finding => ({ check: 'rules', state: 'wrong', what, todo });
