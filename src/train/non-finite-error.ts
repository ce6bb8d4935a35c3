/** A number of a training run became NaN or infinite; the run has ended without keeping the step. */
export class NonFiniteError extends Error {
  override readonly name = "NonFiniteError";

  /**
   * @param metric its name; or that of a variable
   * @param step steps done when it came, from 1
   * @param checkpoint file of the last good checkpoint, where there is one
   */
  constructor(
    readonly metric: string,
    readonly value: number,
    readonly step: number,
    readonly checkpoint: string | undefined,
  ) {
    const before = checkpoint
      ? `the last good checkpoint is ${checkpoint}`
      : "there is no checkpoint before it";
    super(
      `Cannot go on training as "${metric}" must be finite: got ${value} at step ${step}; ${before}; lower the ` +
        `learning rate or clip the gradients, or go on regardless (nonFinite: "continue")`,
    );
  }
}
