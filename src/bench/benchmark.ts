// What a benchmark declares. Each is one small file under benchmarks/, listed in every-benchmark.ts: what it measures
// and what is aimed at, and how to start the two sides, dolab's own and the peer's. Both sides are started once, stay
// warm, and do the same work on the same input; harness.ts lets them take turns.

/** What is aimed at: a value in the measure's unit, or a ratio of ours to the peer's in the same run. */
export type Target = { atMost: number } | { ratioAtMost: number };

export interface Measure {
  /** Under which the sides report it. */
  key: string;
  /** Such as "rank AUC of 1e6 scores". */
  title: string;
  unit: "seconds" | "bytes" | "flop/s";
  /** What the peer runs, such as "sklearn.metrics.roc_auc_score"; absent where there is no peer. */
  peer?: string;
  target?: Target;
}

/** What a side computed, so that two sides that do different work are found out: to be equal within 1e-9. */
export type Result = number | readonly number[];

/** One turn of one side. */
export interface Turn {
  /** Values by key, in the measure's unit, such as the seconds of one repetition. */
  values: Readonly<Record<string, number>>;
  results?: Readonly<Record<string, Result>>;
}

export interface Side {
  /** @param repeat how often to do the work in this turn; the values are those of one repetition, on average */
  turn(repeat: number): Promise<Turn>;
  /** Ends its process, if it has one. */
  close?(): Promise<void>;
  /** Versions of the libraries it uses. */
  versions?(): Promise<Readonly<Record<string, string>>>;
}

export interface Benchmark {
  /** The file's name, and how one asks for it: `npm run bench -- NAME`. */
  name: string;
  title: string;
  measures: readonly Measure[];
  /** Turns of each side that are not counted; at least 1 where a peer is to be compared with. */
  warmUps: number;
  /** Turns of each side that are. */
  turns: number;
  /** Repetitions in one turn, for work of few milliseconds; default 1. */
  repeat?: number;
  /** Takes minutes: runs only when asked for by name. */
  onlyByName?: boolean;
  /**
   * What its peer is made of: the scratch Python environment, or that with torch, or with torch and transformers. Those
   * that need more than the first run only when asked for by name: the place of models.
   */
  needs?: "python" | "torch" | "transformers";
  /** Prepares the input and starts both sides. */
  start(): Promise<{ ours: Side; peer?: Side }>;
}
