import { isZero, price, priceToNumber, type Quantity, quantity } from '@tradewind/core/money';
import type { OrderIntent, OrderTerms } from '@tradewind/core/orders';
import { type BreakerScope, isSameScope } from '@tradewind/core/risk';
import type { HaltOrder, HaltResult } from '@tradewind/proto';
import type { Services } from './services.ts';

/** Sees what a person was told. */
export interface OperatorWitness {
  halted(order: HaltOrder, result: HaltResult): void;
  /** Asked for; from then on the scope may trade again. */
  resuming(scope: BreakerScope): void;
}

const COMMANDED = { by: 'operator', correlationId: 'by hand', why: 'a look at something' };
/** Less than the strategies order, by symbol. */
const AMENDED_TO: Readonly<Record<string, Quantity>> = {
  BTCUSDT: quantity('0.0005'),
  ETHUSDT: quantity('0.01'),
};
const REPLACED_WITHIN_MS = 5_000;
/** Far enough from where orders rest for the other side of the book to be nearer. */
const BEYOND = 0.01;

export type OrderChange = 'amend' | 'replace' | 'replace_in_vain' | 'cancel';

/** Nobody waits for it, and between services a call may fail or its end never be known: a person is told so, and goes on. */
const give = (command: Promise<unknown> | undefined): void => {
  command?.catch(() => undefined);
};

/** A maker's order that would take: the exchange refuses it once the order that it replaces is canceled. */
function takingMaker({ side, terms }: OrderIntent): OrderTerms {
  if (terms.type !== 'LIMIT' && terms.type !== 'LIMIT_MAKER') return terms;
  const beyond = priceToNumber(terms.price) * (side === 'BUY' ? 1 + BEYOND : 1 - BEYOND);
  return { type: 'LIMIT_MAKER', quantity: terms.quantity, price: price(beyond.toFixed(2)) };
}

/** The person who runs the system: commands go to the process that runs, and answers may never come. */
export class Operator {
  private readonly system: () => Services | undefined;
  private readonly witness: OperatorWitness;
  private readonly nowMs: () => number;
  private replacements = 0;
  private halts: readonly BreakerScope[] = [];

  constructor(system: () => Services | undefined, nowMs: () => number, witness: OperatorWitness) {
    this.system = system;
    this.nowMs = nowMs;
    this.witness = witness;
  }

  /** @returns for the trace */
  halt(given: Pick<HaltOrder, 'scope' | 'state' | 'cancelsOrders'>): string {
    const order: HaltOrder = { ...given, by: 'operator', why: 'a look at something' };
    const text = JSON.stringify(given);
    const running = this.system();
    if (running === undefined) return `${text}, but nothing runs`;
    this.halts = [...this.halts, order.scope];
    give(
      running.riskManager.halt(order).then((result) => {
        // It may have been let go before the answer came.
        if (this.halts.includes(order.scope)) this.witness.halted(order, result);
      }),
    );
    return text;
  }

  /** The oldest halt is taken off, with all others of its scope. */
  resume(): string {
    const running = this.system();
    const [scope] = this.halts;
    if (scope === undefined || running === undefined) return 'nothing is halted, or nothing runs';
    this.halts = this.halts.filter((each) => !isSameScope(each, scope));
    this.witness.resuming(scope);
    give(running.riskManager.resume({ scope, by: 'operator', why: 'it was nothing' }));
    return JSON.stringify(scope);
  }

  /** Changes an open order by hand: half of it, another in its place, one that is refused, or none. */
  changeOrder(how: OrderChange): string {
    give(this.changeOldest(how));
    return `${how} the oldest open one`;
  }

  cancelAll(symbol: string): string {
    give(this.system()?.orderExecution.cancelAll({ symbol, ...COMMANDED }));
    return symbol;
  }

  flatten(strategy: string): string {
    give(this.system()?.orderExecution.flatten({ strategy, ...COMMANDED }));
    return strategy;
  }

  /** What the exchange says is right, but for what it says is gone altogether: that is waited for. */
  explainBreaks(): string {
    give(this.explainAll());
    return 'all of them';
  }

  parameters(strategy: string, parameters: Readonly<Record<string, string>>): string {
    const command = { strategy, parameters, by: 'operator', why: 'another idea' };
    give(this.system()?.strategyEngine.updateParameters(command));
    return `${strategy} ${JSON.stringify(parameters)}`;
  }

  private async changeOldest(how: OrderChange): Promise<void> {
    const execution = this.system()?.orderExecution;
    const order = (await execution?.openOrders())?.find(({ record }) => record.state === 'working');
    if (execution === undefined || order === undefined) return;
    const { clientOrderId, symbol } = order.intent;
    const command = { ...COMMANDED, clientOrderId, symbol };
    if (how === 'cancel') await execution.cancel(command);
    else if (how === 'amend') await execution.amend({ ...command, newQuantity: AMENDED_TO[symbol]! });
    else {
      const decidedAtMs = this.nowMs();
      this.replacements += 1;
      const terms = how === 'replace' ? order.intent.terms : takingMaker(order.intent);
      const clientOrderId = `by-hand-${this.replacements}`;
      const replacement = { ...order.intent, clientOrderId, terms, decidedAtMs };
      await execution.replace({ ...command, replacement, expiresAtMs: decidedAtMs + REPLACED_WITHIN_MS });
    }
  }

  private async explainAll(): Promise<void> {
    const execution = this.system()?.orderExecution;
    const state = await execution?.state();
    for (const { name, venue } of state?.breaks ?? [])
      if (!isZero(venue)) await execution?.resolveBreak({ ...COMMANDED, name });
  }
}
