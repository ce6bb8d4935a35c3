// The checksum list that `sha256sum` writes: a line a file, 64 hexadecimal digits, two spaces (or a space and "*"), name.

/**
 * Reads a list of SHA-256 checksums.
 *
 * @param list where it comes from, to name in an error
 * @returns checksum by path; a leading "./" of a path is dropped
 * @throws {SyntaxError} naming the list and line where a line is something else
 */
export function parseSha256Sums(text: string, list: string): Map<string, string> {
  const sums = new Map<string, string>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const [, sum, path] = /^([0-9a-fA-F]{64}) [ *](.+)$/.exec(line) ?? [];
    if (path === undefined)
      throw new SyntaxError(
        `Cannot read ${list} as a line must be a SHA-256 checksum and a path, as sha256sum writes them: got ` +
          `"${line.slice(0, 80)}" on line ${index + 1}`,
      );
    sums.set(path.replace(/^\.\//, ""), sum.toLowerCase());
  }
  return sums;
}
