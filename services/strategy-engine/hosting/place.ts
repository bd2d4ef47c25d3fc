import type { StrategyDefinition } from '@tradewind/core/strategy';
import { HostedStrategy } from './hosted-strategy.ts';
import type { HostingInput, HostingOutput, HostingSettings } from './messages.ts';
import { readValues } from './read-values.ts';

/** Where a strategy runs: on this thread, or on one of its own. */
export interface StrategyPlace {
  /** Never answers before it has returned to who is telling, unless nobody is. */
  post(input: HostingInput): void;
  /** The strategy is not called any more, and nothing more is told. */
  end(): void;
}

/** Says who is running, to a watchdog that can look at it while the event loop is blocked. */
export interface RunningMark {
  enter(instance: number): void;
  leave(): void;
}

/** A place on this thread. What is told while the strategy is running waits until it has returned. */
export class LocalPlace implements StrategyPlace {
  private readonly hosted: HostedStrategy;
  private readonly mark: RunningMark;
  private readonly instance: number;
  private readonly waiting: HostingInput[] = [];
  private isRunning = false;
  private isEnded = false;

  /** @param instance  its number, from 1 */
  constructor(
    definition: StrategyDefinition,
    settings: HostingSettings,
    instance: number,
    mark: RunningMark,
    hear: (output: HostingOutput) => void,
  ) {
    this.instance = instance;
    this.mark = mark;
    this.hosted = new HostedStrategy(
      definition,
      readValues(definition, settings.parameters),
      settings,
      (output) => {
        if (!this.isEnded) hear(output);
      },
    );
  }

  post(input: HostingInput): void {
    if (this.isEnded) return;
    if (this.isRunning) {
      this.waiting.push(input);
      return;
    }
    this.run(input);
    while (this.waiting.length > 0 && !this.isEnded) this.run(this.waiting.shift()!);
  }

  end(): void {
    this.isEnded = true;
    this.waiting.length = 0;
  }

  private run(input: HostingInput): void {
    this.isRunning = true;
    this.mark.enter(this.instance);
    try {
      this.hosted.handle(input);
    } finally {
      this.mark.leave();
      this.isRunning = false;
    }
  }
}
