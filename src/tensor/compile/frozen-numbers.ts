// Checks whether a step still does what its graph does. The graph keeps every number of the host as it was when it was traced: a
// learning rate that follows a counter would stay at its first value without a word. So the step's host code is run again at
// the 2nd call, the 16th, 128th, 1024th ... with stand-ins for all tensors: nothing is computed, and it costs the host's part only.
import { OtherStepError } from "./replay";
import { sameTrace, type Trace, type TraceOptions } from "./trace";

const FIRST_RECALL = 2;
const FACTOR = 8;

export class FrozenNumbers {
  private calls = 1;
  private due = FIRST_RECALL;

  /**
   * Runs the host code again where it is time to.
   *
   * @param once traces the step, given the options
   * @throws {Error} where it does something else than in `trace`, saying what and what to write instead
   */
  beforeCall(trace: Trace, once: (options: Pick<TraceOptions, "earlier" | "recalls">) => Trace): void {
    if (this.calls + 1 === this.due) {
      const change = changeSince(trace, once);
      if (change) throw new Error(refusal(change, this.due), { cause: change });
      this.due *= FACTOR;
    }
    this.calls++;
  }
}

function changeSince(
  trace: Trace,
  once: Parameters<FrozenNumbers["beforeCall"]>[1],
): OtherStepError | undefined {
  try {
    const now = once({ earlier: trace, recalls: true });
    return sameTrace(trace, now) ? undefined : new OtherStepError("it assigns or returns something else");
  } catch (error) {
    if (error instanceof OtherStepError) return error;
    // What the step captures is in the graph, and may be gone: then it cannot be run again, and is taken at its word.
    if (/disposed|reading 'backend'/i.test(String(error))) return undefined;
    throw error;
  }
}

function refusal({ message, stack = "" }: OtherStepError, call: number): string {
  const place = /\(?(\/[^()]*:\d+:\d+)\)?$/;
  const lines = stack.split("\n").slice(1);
  const own = lines.find((line) => !/node_modules|node:|tfjs-|[\\/]src[\\/](tensor|train)[\\/]/.test(line));
  const at = own ? ` at ${place.exec(own)?.[1] ?? own.trim()}` : "";
  return (
    `Cannot run the compiled step as it does not do the same in each call: in call ${call}, ${message}${at}. Its graph would ` +
    "keep the first for ever. Pass it as an argument: compile((x, rate) => ...), then step(x, tf.scalar(schedule(n))); or train " +
    "by createTrainer, whose learningRate may be a function of the step"
  );
}
