import { ordersOf } from '@tradewind/core/orders';
import type { Signal, SignalRefusal } from '@tradewind/proto';
import { Waits } from '@tradewind/utils';
import type { Instance } from './instance.ts';
import type { StrategyEngineOptions } from './options.ts';

export type SignalSenderParts = Pick<
  StrategyEngineOptions,
  'clock' | 'timers' | 'random' | 'telemetry' | 'execution'
>;
type Sender = Pick<Instance, 'hearRefusal'>;

/** Hands signals to order execution, and finds out what became of those whose answer is lost. */
export class SignalSender {
  private readonly parts: SignalSenderParts;
  private readonly waits: Waits;

  constructor(parts: SignalSenderParts) {
    this.parts = parts;
    this.waits = new Waits(parts);
  }

  async send(sender: Sender, signal: Signal, correlationId: string): Promise<void> {
    const { telemetry, execution } = this.parts;
    const { strategy } = signal;
    const span = telemetry.tracer.start('submit_signal', correlationId, { strategy });
    try {
      const result = await execution.submit(signal, correlationId);
      if (result.kind === 'refused') sender.hearRefusal(signal, result.refusal, correlationId);
    } catch (error) {
      // Nobody knows whether it was taken; only asking tells (faults.md I4).
      const fields = { strategy, error: String(error) };
      telemetry.log.write('warn', 'signal_unanswered', fields, correlationId);
      void this.ask(sender, signal, correlationId);
    } finally {
      span.end();
    }
  }

  /** Nothing is asked any more. */
  end(): void {
    this.waits.end();
  }

  /** Asks what became of a signal when it cannot be sent any more, and again until there is an answer. */
  private async ask(sender: Sender, signal: Signal, correlationId: string): Promise<void> {
    const { clock } = this.parts;
    while (await this.waits.wait(Math.max(0, signal.expiresAtMs - clock.nowMs()) + ASK_MS)) {
      const isTaken = await this.isTaken(signal).catch(() => undefined);
      if (isTaken === undefined) continue;
      if (!isTaken) sender.hearRefusal(signal, LOST, correlationId);
      return;
    }
  }

  private async isTaken(signal: Signal): Promise<boolean> {
    if (signal.action === 'cancel') return false;
    const [{ clientOrderId }] = ordersOf(signal.action === 'order' ? signal.intent : signal.list);
    return (await this.parts.execution.order(clientOrderId)) !== undefined;
  }
}

const ASK_MS = 2000;
const LOST: SignalRefusal = {
  reason: 'not_ready',
  state: 'unanswered',
  detail: 'the answer of order execution was lost, and it knows nothing of the signal',
};
