import { formatAmount, formatPrice } from '@tradewind/core/money';
import { ACCOUNT_NAMES, type Posting } from '@tradewind/core/portfolio';
import { unreachable } from '@tradewind/core/result';
import { type BreakerScope, describeRefusal } from '@tradewind/core/risk';
import type {
  AnswerBody,
  BreakBody,
  CheckResult,
  EvaluationBody,
  EventBody,
  FillBody,
  OrderBody,
  SignalBody,
  ValuationBody,
  VerdictBody,
} from '@tradewind/proto';
import { describeIntent, describeWanted } from './describe-order.ts';

/** One line for a person: what happened, with its numbers. */
export function describeEvent(event: EventBody): string {
  switch (event.kind) {
    case 'evaluation':
      return describeEvaluation(event);
    case 'signal':
      return describeSignal(event);
    case 'verdict':
      return describeVerdict(event);
    case 'intent':
      return `intent written: ${describeWanted(event.wanted)}`;
    case 'order':
      return describeOrder(event);
    case 'answer':
      return describeAnswer(event);
    case 'fill':
      return describeFill(event);
    case 'balance':
      return `${event.cause.replace('_', ' ')}: ${describePostings(event.postings)}${event.detail === '' ? '' : ` (${event.detail})`}`;
    case 'control':
      return `${event.action} of ${describeScope(event.scope)} by ${event.by}: ${event.why}`;
    case 'valuation':
      return describeValuation(event);
    case 'break':
      return describeBreak(event);
    case 'strategy':
      return `${event.strategy} ${event.action} by ${event.by}: ${event.why}`;
    case 'configuration':
      return `configuration ${event.hash.slice(0, 12)} of ${event.environment}, ${event.mode}`;
    case 'leader':
      return `epoch ${event.epoch} is held by ${event.holder}`;
    case 'alert':
      return `${event.severity}: ${event.message}`;
    default:
      return unreachable(event);
  }
}

/** Whether a person wants to be told of it as it comes: what is approved or saved happens all the time, and the rest follows from it. */
export function isNews(event: EventBody): boolean {
  switch (event.kind) {
    case 'verdict':
      return !event.isApproved;
    case 'strategy':
      return event.action !== 'saved';
    case 'control':
      return event.action !== 'losses';
    case 'signal':
    case 'fill':
    case 'balance':
    case 'break':
    case 'leader':
    case 'alert':
      return true;
    default:
      return false;
  }
}

/** One check of a verdict: `daily_loss: 12.5 of 300 USDT` */
export function describeCheck({ check, isPassed, was, limit, unit }: CheckResult): string {
  const numbers = [was, limit === undefined ? undefined : `of ${limit}`, unit].filter(
    (each) => each !== undefined,
  );
  return `${isPassed ? 'passed' : 'FAILED'} ${check}${numbers.length === 0 ? '' : `: ${numbers.join(' ')}`}`;
}

export const describeScope = (scope: BreakerScope): string =>
  scope.kind === 'strategy' || scope.kind === 'symbol' ? `${scope.kind} ${scope.name}` : `the ${scope.kind}`;

/** What moved: `ema-btc free -400 USDT, ema-btc free +0.008 BTC`; the other sides of movements are left out. */
export const describePostings = (postings: readonly Posting[]): string =>
  postings
    .filter(({ account }) => ACCOUNT_NAMES[account] === 'free')
    .map(({ subAccount, asset, amount }) => `${subAccount} ${signed(formatAmount(amount))} ${asset}`)
    .join(', ');

const signed = (text: string): string => (text.startsWith('-') ? text : `+${text}`);

function describeEvaluation({ strategy, symbol, interval, isWarm, signals, values }: EvaluationBody): string {
  const numbers = Object.entries(values).map(([name, value]) => `${name} ${Number(value.toPrecision(8))}`);
  const decision = isWarm
    ? `${signals === 0 ? 'no' : signals} signal${signals > 1 ? 's' : ''}`
    : 'still warming up';
  return `${strategy} judged the ${interval} bar of ${symbol}: ${decision}${numbers.length === 0 ? '' : ` (${numbers.join(', ')})`}`;
}

function describeSignal({ signal }: SignalBody): string {
  switch (signal.action) {
    case 'order': {
      const { tag } = signal.intent;
      return `${signal.strategy} wants ${describeIntent(signal.intent)}${tag === '' ? '' : `: ${tag}`}`;
    }
    case 'list':
      return `${signal.strategy} wants ${describeWanted(signal.list)}`;
    case 'cancel':
      return `${signal.strategy} wants ${signal.clientOrderId} canceled`;
    default:
      return unreachable(signal);
  }
}

function describeVerdict({ isApproved, checks, refusal }: VerdictBody): string {
  if (isApproved) return `approved: ${checks.length} checks passed`;
  return `refused: ${refusal === undefined ? 'without a reason' : describeRefusal(refusal)}`;
}

function describeOrder({ event, record, isOurs, reason }: OrderBody): string {
  const { clientOrderId, symbol, state, executedQuantity, quantity } = record;
  const size = quantity === undefined ? '' : ` of ${formatAmount(quantity)}`;
  const whose = isOurs ? '' : " of the owner's";
  return `order ${clientOrderId}${whose} on ${symbol}: ${event}, now ${state}, executed ${formatAmount(executedQuantity)}${size}${reason === undefined ? '' : ` (${reason})`}`;
}

function describeAnswer({ call, outcome, code, detail, latencyMs }: AnswerBody): string {
  const why = [code === undefined ? undefined : String(code), detail].filter(
    (each) => each !== undefined && each !== '',
  );
  return `exchange answers ${call}: ${outcome}${why.length === 0 ? '' : ` ${why.join(' ')}`} after ${latencyMs.toFixed(1)} ms`;
}

function describeFill({ fill, realizedPnl, quoteAsset }: FillBody): string {
  const { side, quantity, symbol, price, fee } = fill;
  const profit = side === 'SELL' ? `, realized ${formatAmount(realizedPnl)} ${quoteAsset}` : '';
  return `${side === 'BUY' ? 'bought' : 'sold'} ${formatAmount(quantity)} ${symbol} at ${formatPrice(price)}, fee ${formatAmount(fee.amount)} ${fee.asset}${profit}`;
}

const describeValuation = ({ equity, equityAsset, dayStartEquity }: ValuationBody): string =>
  `equity ${formatAmount(equity)} ${equityAsset}; the day began with ${formatAmount(dayStartEquity)}`;

const describeBreak = ({ state, name, ledger, venue, detail }: BreakBody): string =>
  `break ${state}: ${name}: the ledger has ${formatAmount(ledger)}, the exchange ${formatAmount(venue)}${detail === '' ? '' : ` (${detail})`}`;
