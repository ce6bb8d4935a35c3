// A Markdown table whose columns line up, so that it also reads well on a terminal.

/** @returns the lines, each ended by a newline */
export function formatTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [headings, ...rows].map((row) =>
    row.map((cell) => cell.replaceAll("|", "\\|").replace(/\s+/g, " ")),
  );
  const widths = headings.map((_, column) => Math.max(3, ...cells.map((row) => row[column].length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(" | ")} |\n`;
  const rule = `|${widths.map((width) => "-".repeat(width + 2)).join("|")}|\n`;
  const [head, ...body] = cells;
  return [line(head), rule, ...body.map(line)].join("");
}
