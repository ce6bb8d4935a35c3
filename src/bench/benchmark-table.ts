// The table of measurements, as Markdown that also reads well on a terminal: medians, in brackets the least and the
// greatest, and under the table what they were measured with.
import type { BenchmarkRecord } from "./benchmark-record";
import type { MeasuredRow, Spread, Verdict } from "./harness";
import { formatTable } from "./markdown-table";

const headings = ["benchmark", "measure", "dolab", "peer", "ratio", "target", ""];

/** @returns Markdown: the table, and a line on each record's circumstances */
export function formatBenchmarks(records: readonly BenchmarkRecord[]): string {
  const rows = records.flatMap((record) =>
    record.rows.map((row) => [
      record.benchmark,
      row.title,
      formatSpread(row.ours, row.unit),
      row.peer ? `${formatSpread(row.peer, row.unit)} ${row.peerName ?? ""}`.trim() : "–",
      row.ratio ? formatSpread(row.ratio) : "–",
      formatTarget(row),
      formatVerdict(row.verdict),
    ]),
  );
  return `${formatTable(headings, rows)}\nMedians (least–greatest); ratios are dolab to peer, pair by pair.\n\n${records.map(circumstances).join("\n")}\n`;
}

/** Such as "missed by 12 %"; empty where nothing is aimed at. */
export function formatVerdict(verdict: Verdict | undefined): string {
  if (!verdict) return "";
  if (verdict.met) return "met";
  const percent = 100 * verdict.missedBy;
  return `missed by ${percent < 99.5 ? percent.toPrecision(2) : percent.toFixed(0)} %`;
}

/** @param unit none for a ratio */
export function formatSpread(
  { median, least, greatest, values }: Spread,
  unit?: MeasuredRow["unit"],
): string {
  const [scale, name] = scaleOf(median, unit);
  const show = (value: number) => significant(value / scale);
  const range = values.length > 1 ? ` (${show(least)}–${show(greatest)})` : "";
  return `${show(median)}${name && ` ${name}`}${range}`;
}

function scaleOf(value: number, unit?: MeasuredRow["unit"]): [number, string] {
  if (unit === "bytes") return value < 1e9 ? [1e6, "MB"] : [1e9, "GB"];
  if (unit === "flop/s") return [1e9, "GFLOP/s"];
  if (unit === "seconds") return value < 1 ? [1e-3, "ms"] : [1, "s"];
  return [1, ""];
}

/** Three significant digits, never in scientific notation. */
const significant = (value: number) => (Math.abs(value) < 999.5 ? value.toPrecision(3) : value.toFixed(0));

function formatTarget({ target, unit }: MeasuredRow): string {
  if (!target) return "–";
  if ("ratioAtMost" in target) return `≤ ${Number(target.ratioAtMost.toPrecision(3))} × peer`;
  const [scale, name] = scaleOf(target.atMost, unit);
  return `≤ ${target.atMost / scale} ${name}`;
}

function circumstances({
  benchmark,
  measuredAt,
  machine,
  load,
  warmUps,
  turns,
  peerVersions,
}: BenchmarkRecord): string {
  const peers = Object.entries(peerVersions).map(([name, version]) => `${name} ${version}`);
  return `- \`${benchmark}\`: ${[
    measuredAt.replace("T", " ").replace(/:\d\d\.\d+Z$/, " UTC"),
    `dolab ${machine.version}`,
    machine.description,
    machine.backend,
    ...peers,
    `${turns} turns after ${warmUps} to warm up`,
    `load ${load.before.toFixed(1)} before, ${load.after.toFixed(1)} after`,
  ].join("; ")}`;
}
