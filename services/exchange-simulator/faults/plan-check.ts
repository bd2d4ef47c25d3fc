import type { ExchangePort } from '../exchange/index.ts';
import type { Fault, FaultPlan } from './plan-schema.ts';
import type { FaultPlanProblem } from './read-plan.ts';

/** What a plan wants done to symbols, accounts, assets or keys that this exchange does not have; undefined when all is there. */
export function checkAgainst({ faults }: FaultPlan, exchange: ExchangePort): FaultPlanProblem | undefined {
  const assets = new Set(
    exchange.symbols.flatMap(({ instrument }) => [instrument.baseAsset, instrument.quoteAsset]),
  );
  const fields = faults.flatMap((fault, index) => {
    const missing: { field: string; what: string }[] = [];
    const at = (name: string, what: string) => missing.push({ field: `faults.${index}.${name}`, what });
    const { symbol, account, asset, apiKey } = namedIn(fault);
    if (symbol !== undefined && exchange.symbol(symbol) === undefined) {
      at('symbol', `the exchange has no symbol ${symbol}`);
    }
    if (account !== undefined && exchange.account(account) === undefined) {
      at('account', `there is no account ${account}; they are numbered from 1, in the order of --account`);
    }
    if (asset !== undefined && !assets.has(asset)) at('asset', `no symbol of the exchange is about ${asset}`);
    if (apiKey !== undefined && exchange.key(apiKey) === undefined) at('api_key', 'there is no such key');
    return missing;
  });
  return fields.length === 0 ? undefined : { fields };
}

interface Named {
  readonly symbol: string | undefined;
  readonly account: number | undefined;
  readonly asset: string | undefined;
  readonly apiKey: string | undefined;
}

const namedIn = (fault: Fault): Named => ({
  symbol: 'symbol' in fault ? fault.symbol : undefined,
  account: 'account' in fault ? fault.account : undefined,
  asset: 'asset' in fault ? fault.asset : undefined,
  apiKey: 'api_key' in fault ? fault.api_key : undefined,
});
