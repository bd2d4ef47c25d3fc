import { isPositive } from '@tradewind/core/money';
import type { ExecutionReport } from '../exchange/index.ts';
import { fixedPoint } from '../notation/fixed-point.ts';
import { type TimeUnit, timeIn } from '../notation/time-unit.ts';

const ZERO = '0.00000000';

/** An executionReport as JSON. The keys are those of binance-spot.md section 9.3, in the order of the samples. */
export function executionReportJson(report: ExecutionReport, eventTimeMs: number, unit: TimeUnit): string {
  const { order, fill } = report;
  const quantity = order.quantity === undefined ? ZERO : fixedPoint(order.quantity);
  const trade =
    fill === undefined
      ? `"l":"${ZERO}","z":"${fixedPoint(order.executedQuantity)}","L":"${ZERO}","n":"0","N":null`
      : `"l":"${fixedPoint(fill.quantity)}","z":"${fixedPoint(order.executedQuantity)}","L":"${fixedPoint(fill.price)}"` +
        `,"n":"${fixedPoint(fill.commission)}","N":"${fill.commissionAsset}"`;
  const isTrade = fill !== undefined;
  return (
    `{"e":"executionReport","E":${timeIn(unit, eventTimeMs)},"s":"${order.symbol}","c":"${order.clientOrderId}"` +
    `,"S":"${order.side}","o":"${order.type}","f":"${order.timeInForce}","q":"${quantity}"` +
    `,"p":"${fixedPoint(order.price)}","P":"${fixedPoint(order.stopPrice)}","F":"${fixedPoint(order.icebergQuantity)}"` +
    `,"g":${order.orderListId},"C":"${report.originalClientOrderId}","x":"${report.executionType}"` +
    `,"X":"${order.status}","r":"${report.rejectReason}","i":${order.orderId},${trade}` +
    `,"T":${timeIn(unit, report.timeMs)},"t":${fill?.tradeId ?? -1},"I":${report.executionId}` +
    `,"w":${report.isOnBook},"m":${fill?.isMaker ?? false},"M":${isTrade}` +
    `,"O":${timeIn(unit, order.createdAtMs)},"Z":"${fixedPoint(order.executedQuote)}"` +
    `,"Y":"${isTrade ? fixedPoint(fill.quoteQuantity) : ZERO}","Q":"${fixedPoint(order.quoteOrderQuantity)}"` +
    `${order.workingTimeMs > 0 ? `,"W":${timeIn(unit, order.workingTimeMs)}` : ''}` +
    `,"V":"${order.selfTradePrevention}"${conditionalJson(report, unit)}}`
  );
}

/** The keys that only some orders have. */
function conditionalJson(report: ExecutionReport, unit: TimeUnit): string {
  const { order } = report;
  let json = '';
  if (order.trailingDelta > 0) {
    json += `,"d":${order.trailingDelta},"D":${timeIn(unit, order.trailingTimeMs)}`;
  }
  if (order.strategyId !== undefined) json += `,"j":${order.strategyId}`;
  if (order.strategyType !== undefined) json += `,"J":${order.strategyType}`;
  if (order.preventedMatchId !== undefined) json += preventionJson(report);
  if (order.pegPriceType !== undefined) {
    json += `,"gP":"${order.pegPriceType}"`;
    if (order.pegOffsetLevels !== undefined) json += `,"gOT":"PRICE_LEVEL","gOV":${order.pegOffsetLevels}`;
    if (order.peggedPrice !== undefined) json += `,"gp":"${fixedPoint(order.peggedPrice)}"`;
  }
  if (report.executionType === 'EXPIRED' && order.expiryReason !== 'NONE') {
    json += `,"eR":"${order.expiryReason}"`;
  }
  return json;
}

/** What self-trade prevention took, in all and now; l, L and Y stay zero, pl, pL and pY tell what would have traded. */
function preventionJson(report: ExecutionReport): string {
  const { order, prevention } = report;
  let json = `,"v":${order.preventedMatchId},"A":"${fixedPoint(order.preventedQuantity)}"`;
  if (prevention !== undefined) json += `,"B":"${fixedPoint(prevention.quantity)}"`;
  if (order.tradeGroup !== undefined) json += `,"u":${order.tradeGroup}`;
  if (prevention === undefined) return json;
  json += `,"U":${prevention.counterOrderId},"Cs":"${prevention.counterSymbol}"`;
  if (!isPositive(prevention.quantity)) return json;
  return (
    `${json},"pl":"${fixedPoint(prevention.quantity)}","pL":"${fixedPoint(prevention.price)}"` +
    `,"pY":"${fixedPoint(prevention.quoteQuantity)}"`
  );
}
