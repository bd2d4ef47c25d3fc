import type { OrderIntent } from '@tradewind/core/orders';
import type { ScopedCommand } from '@tradewind/proto';

type Scope = Pick<ScopedCommand, 'symbol' | 'strategy'>;
type Placed = Pick<OrderIntent, 'symbol' | 'strategy'>;

/** So many are told apart; whatever was begun before more of them is taken for canceled. */
const SCOPES_MAX = 1_000;

/**
 * The scopes in which commands have canceled everything. What was begun before such a command must not leave after its answer, and may
 * be no order yet: whoever begins something keeps the moment, and asks again before anything leaves.
 */
export class CanceledScopes {
  /** The latest ones. */
  private readonly scopes: Scope[] = [];
  private count = 0;

  /** Now; grows with every command. */
  get moment(): number {
    return this.count;
  }

  add(scope: Scope): void {
    this.count += 1;
    this.scopes.push(scope);
    if (this.scopes.length > SCOPES_MAX) this.scopes.shift();
  }

  /** Whether a command has come after that moment. */
  hasCanceled(placed: Placed, sinceMoment: number): boolean {
    const commands = this.count - sinceMoment;
    if (commands > this.scopes.length) return true;
    return commands > 0 && this.scopes.slice(-commands).some((scope) => isInScope(placed, scope));
  }
}

export const isInScope = (placed: Placed, { symbol, strategy }: Scope): boolean =>
  (symbol ?? placed.symbol) === placed.symbol && (strategy ?? placed.strategy) === placed.strategy;
