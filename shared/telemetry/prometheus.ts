import type { Labels, Metrics } from '@tradewind/utils';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** From a tenth of a millisecond to ten seconds. */
const SECONDS = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];

/** Metrics in a registry of their own, as Prometheus reads them. */
export class PrometheusMetrics implements Metrics {
  private readonly registry = new Registry();
  private readonly counts = new Map<string, Counts>();

  /** The body of /metrics. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  readonly contentType: string = this.registry.contentType;

  counter: Metrics['counter'] = (name, help, labels) => {
    const known = this.counts.get(name);
    if (known !== undefined) return known;
    const counts = new Counts(labels);
    const collect = (): void => counts.show(counter);
    const counter = new Counter({ name, help, labelNames: labels, registers: [this.registry], collect });
    this.counts.set(name, counts);
    return counts;
  };

  gauge: Metrics['gauge'] = (name, help, labels) => {
    const gauge =
      this.known(name, Gauge) ?? new Gauge({ name, help, labelNames: labels, registers: [this.registry] });
    return { set: (values, value) => gauge.set(values, value) };
  };

  histogram: Metrics['histogram'] = (name, help, labels, buckets = SECONDS) => {
    const histogram =
      this.known(name, Histogram) ??
      new Histogram({ name, help, labelNames: labels, buckets: [...buckets], registers: [this.registry] });
    return { observe: (values, value) => histogram.observe(values, value) };
  };

  private known<M>(name: string, kind: abstract new (...parts: never[]) => M): M | undefined {
    const metric: unknown = this.registry.getSingleMetric(name);
    return metric instanceof kind ? metric : undefined;
  }
}

/**
 * One counter: a tree, a level of it for each label. An order passes some counters before it leaves, and the library's own way to add one
 * checks, sorts and joins the labels; it hears of counts when somebody asks.
 */
class Counts {
  private readonly labels: readonly string[];
  private readonly root = new Branch();

  constructor(labels: readonly string[]) {
    this.labels = labels;
  }

  add(values: Labels, amount = 1): void {
    let branch = this.root;
    for (const label of this.labels) branch = branch.of(values[label]!);
    branch.count += amount;
  }

  show(counter: Counter): void {
    counter.reset();
    for (const [values, count] of this.root.counts()) {
      const pairs = this.labels.map((label, place) => [label, values[place]!]);
      counter.inc(Object.fromEntries(pairs) as Labels, count);
    }
  }
}

class Branch {
  count = 0;
  private readonly branches = new Map<string, Branch>();

  of(value: string): Branch {
    let branch = this.branches.get(value);
    if (branch === undefined) {
      branch = new Branch();
      this.branches.set(value, branch);
    }
    return branch;
  }

  /** Of every combination of label values that there has been. */
  *counts(values: readonly string[] = []): Iterable<readonly [values: readonly string[], count: number]> {
    if (this.count > 0) yield [values, this.count];
    for (const [value, branch] of this.branches) yield* branch.counts([...values, value]);
  }
}
