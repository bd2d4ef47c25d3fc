import { formatAmount, formatPrice } from '@tradewind/core/money';
import { legsOf, limitPriceOf, type OrderIntent, type OrderListIntent } from '@tradewind/core/orders';
import { unreachable } from '@tradewind/core/result';
import type { BreakerScope } from '@tradewind/core/risk';
import type { EventBody, Signal } from '@tradewind/proto';

/** What an event says, in one line for a person. `ledger show --json` has all of it. */
export function describeEvent(event: EventBody): string {
  switch (event.kind) {
    case 'evaluation':
      return `${event.strategy} ${event.symbol} ${event.interval}: ${event.isWarm ? `${event.signals} signals` : 'not warm yet'}`;
    case 'signal':
      return `${event.signal.strategy} wants ${describeSignal(event.signal)}`;
    case 'verdict': {
      const of = `${event.clientOrderId} (${event.strategy} ${event.symbol})`;
      return event.isApproved
        ? `approved ${of}`
        : `refused ${of}: ${event.refusal?.reason ?? 'no reason given'}`;
    }
    case 'intent':
      return describeWanted(event.wanted);
    case 'order': {
      const { clientOrderId, symbol, state, executedQuantity, quantity } = event.record;
      const size = quantity === undefined ? '' : ` of ${formatAmount(quantity)}`;
      const why = event.reason === undefined ? '' : `: ${event.reason}`;
      return `${clientOrderId} ${symbol} ${event.event}, now ${state}, executed ${formatAmount(executedQuantity)}${size}${why}`;
    }
    case 'answer': {
      const detail = event.detail === undefined ? '' : `: ${event.detail}`;
      return `${event.call} ${event.clientOrderId} ${event.symbol} ${event.outcome} after ${event.latencyMs.toFixed(1)} ms${detail}`;
    }
    case 'fill': {
      const { clientOrderId, symbol, side, quantity, price, fee, liquidity } = event.fill;
      const what = `${side} ${formatAmount(quantity)} ${symbol} at ${formatPrice(price)}`;
      return `${clientOrderId} ${what} as ${liquidity.toLowerCase()}, fee ${formatAmount(fee.amount)} ${fee.asset}, realized ${formatAmount(event.realizedPnl)} ${event.quoteAsset}`;
    }
    case 'balance': {
      const moved = event.postings.map(
        ({ subAccount, asset, amount }) => `${subAccount} ${formatAmount(amount)} ${asset}`,
      );
      return `${event.cause}: ${moved.join(', ')}${event.detail === '' ? '' : ` (${event.detail})`}`;
    }
    case 'control':
      return `${event.action} of ${describeScope(event.scope)} by ${event.by}: ${event.why}`;
    case 'valuation':
      return `equity ${formatAmount(event.equity)} ${event.equityAsset}, day began with ${formatAmount(event.dayStartEquity)}`;
    case 'break':
      return `${event.state} ${event.name}: books ${formatAmount(event.ledger)}, exchange ${formatAmount(event.venue)} ${event.asset}`;
    case 'strategy':
      return `${event.strategy} ${event.action} by ${event.by}${event.why === '' ? '' : `: ${event.why}`}`;
    case 'configuration':
      return `${event.environment}, ${event.mode}, ${event.hash}`;
    case 'leader':
      return `epoch ${event.epoch}: ${event.holder}`;
    case 'alert':
      return `${event.severity} ${event.name}: ${event.message}`;
    default:
      return unreachable(event);
  }
}

function describeSignal(signal: Signal): string {
  switch (signal.action) {
    case 'order':
      return describeWanted(signal.intent);
    case 'list':
      return describeWanted(signal.list);
    case 'cancel':
      return `${signal.clientOrderId} ${signal.symbol} canceled`;
    default:
      return unreachable(signal);
  }
}

function describeWanted(wanted: OrderIntent | OrderListIntent): string {
  if ('kind' in wanted)
    return `${wanted.kind} ${wanted.listClientOrderId}: ${legsOf(wanted).map(describeWanted).join('; ')}`;
  const { clientOrderId, symbol, side, terms } = wanted;
  const size =
    terms.quantity === undefined ? `for ${formatAmount(terms.quoteAmount)}` : formatAmount(terms.quantity);
  const price = limitPriceOf(terms);
  return `${clientOrderId} ${side} ${size} ${symbol} ${terms.type}${price === undefined ? '' : ` at ${formatPrice(price)}`}`;
}

const describeScope = (scope: BreakerScope): string =>
  scope.kind === 'strategy' || scope.kind === 'symbol' ? `${scope.kind} ${scope.name}` : `the ${scope.kind}`;
