// The errors of a run whose numbers or files are wrong. A run that is called wrongly throws a RangeError or TypeError instead.

const LISTED = 5;

/** Up to five items of a list, and how many more there are. */
export const listed = (items: readonly string[]): string =>
  items.length > LISTED
    ? `${items.slice(0, LISTED).join("; ")}; and ${items.length - LISTED} more`
    : items.join("; ");

/** A checkpoint that is not gone on from; nothing of it has been restored. */
export class CheckpointError extends Error {
  override readonly name = "CheckpointError";

  /**
   * @param file path of the checkpoint
   * @param differences what is not as it should be, one text each
   * @param cure how to go on
   */
  constructor(
    readonly file: string,
    readonly differences: readonly string[],
    cure: string,
    options?: { cause?: unknown },
  ) {
    super(`Cannot restore ${file} as ${listed(differences)}: ${cure}`, options);
  }
}
