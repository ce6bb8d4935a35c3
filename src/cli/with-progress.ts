// A progress bar around work that says how many of how many units are done; it starts when their number is known.
import type { Progress } from "../io";
import { terminalProgress } from "../notebook";

/** @returns what the work returns; where it throws, the bar is marked as failed */
export async function withProgress<Value>(
  label: string,
  unit: string,
  work: (onProgress: (done: number, total: number) => void) => Promise<Value>,
): Promise<Value> {
  let bar: Progress | undefined;
  try {
    const value = await work((done, total) => {
      bar ??= terminalProgress()(total, { label, unit });
      bar.update(done);
    });
    bar?.finish();
    return value;
  } catch (error) {
    bar?.fail();
    throw error;
  }
}
