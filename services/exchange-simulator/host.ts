import { err, ok, type Result } from '@tradewind/core/result';
import type { Answerer, Front, Upgrade } from './front.ts';
import { type SavedSimulator, Simulator, type SimulatorOptions, type SimulatorPorts } from './simulator.ts';
import type { WireRequest } from './wire.ts';

/** A simulator that can be put back to a saved state while its server runs. */
export class SimulatorHost implements Front {
  private readonly ports: SimulatorPorts;
  private readonly options: SimulatorOptions;
  private running: Simulator;

  /** @throws RangeError when the saved state in the options does not fit them */
  constructor(ports: SimulatorPorts, options: SimulatorOptions) {
    this.ports = ports;
    this.options = options;
    this.running = new Simulator(ports, options);
  }

  get simulator(): Simulator {
    return this.running;
  }

  /**
   * The exchange goes on from a saved state. Every socket is cut, request limits begin anew, faults are gone; the market runs on if it
   * ran. Refused, with nothing changed, when the state does not fit.
   */
  load(saved: SavedSimulator): Result<void, string> {
    let next: Simulator;
    try {
      next = new Simulator(this.ports, { ...this.options, saved });
    } catch (error) {
      // A state comes from outside: whatever it breaks while it is read is what is wrong with it.
      return err(`this state cannot be put back: ${error instanceof Error ? error.message : String(error)}`);
    }
    const before = this.running;
    const isMarketRunning = before.marketIsRunning;
    before.stop();
    this.running = next;
    if (isMarketRunning) next.startMarket();
    return ok(undefined);
  }

  /** To be called once, when its servers have stopped. */
  stop(): void {
    this.running.stop();
  }

  request(request: WireRequest, answerer: Answerer): void {
    this.running.request(request, answerer);
  }

  upgrade(request: WireRequest): Upgrade {
    return this.running.upgrade(request);
  }
}
