export interface BenchOptions {
  /** Small sizes: the whole bench ends within 90 s. */
  readonly quick: boolean;
}

/** Figures and sizes by flat name, e.g. `intake.p99_ms`. A figure that can't be measured here is left out. */
export type Figures = Readonly<Record<string, number | string>>;

/** One file a measure. Every figure comes from a real run; ratios are ours ÷ theirs in operations per second. */
export interface Measure {
  readonly name: string;
  run(options: BenchOptions): Promise<Figures>;
}
