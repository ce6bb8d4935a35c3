// How a run was made: preset, seed, data, device, parameters. Shown as a compact strip in the cell, and carried in the
// same output as data, from which the report and the index of reports read it.
import process from "node:process";
import { type DisplayBundle, display } from "./display";
import { escapeHtml } from "./escape-html";
import { inkOfTheme } from "./figure-theme";
import { formatDuration } from "./format-duration";
import { noteBundle } from "./note";
import { type Json, plainJson } from "./plain-json";

export const runMime = "application/vnd.dolab.run+json";

export interface RunAnnouncement {
  title: string;
  /** smoke, quick, standard or paper. */
  preset: string;
  seed: number | string | readonly number[];
  /** Where the data came from, such as "CIFAR-10 (cached copy, checksum verified)". */
  dataSource: string;
  /** A built-in generator stands in for the published data. */
  dataIsSynthetic?: boolean;
  /** The run's whole configuration. */
  parameters: object;
  /** Those parameters that were set over what the notebook says. */
  overrides?: object;
  /** Such as "native TensorFlow 2.21". */
  backend?: string;
  /** Such as "CPU, 2 cores". */
  device?: string;
  wallTimeSeconds?: number;
  /** Versions worth recording beside Node's. */
  versions?: Readonly<Record<string, string>>;
}

/** The announcement as it is stored in the notebook. */
export interface RunRecord {
  schema: 1;
  title: string;
  preset: string;
  seed: string;
  dataSource: string;
  dataIsSynthetic: boolean;
  parameters: { [key: string]: Json };
  overrides: { [key: string]: Json };
  backend?: string;
  device?: string;
  wallTimeSeconds?: number;
  versions: { [name: string]: string };
  announcedAt: string;
}

/**
 * Shows how the run is made, in the running cell. The first announcement of a notebook is that of its report.
 *
 * @param run its preset, seed, data, device and parameters, such as an experiment's `describe` gives; synthetic data are
 *   cautioned of
 * @example
 * import { announceRun, runBundle } from "dolab";
 * const run = { title: "Darts", preset: "smoke", seed: 0, dataSource: "a seeded generator", parameters: { darts: 100 } };
 * announceRun(run);
 * runBundle(run).data["text/plain"]; // => "Darts\nPreset: smoke\nSeed: 0\nData: a seeded generator"
 */
export function announceRun(run: RunAnnouncement): void {
  display(runBundle(run));
}

/**
 * Makes the output that `announceRun` shows, as HTML, plain text and data.
 *
 * @param run its preset, seed, data, device and parameters
 * @param now the time that is recorded
 * @example
 * import { type RunRecord, runBundle } from "dolab";
 * const run = { title: "Darts", preset: "smoke", seed: 0, dataSource: "a seeded generator", parameters: { darts: 100 } };
 * const { data } = runBundle(run, new Date("2026-01-31"));
 * const record = data["application/vnd.dolab.run+json"] as RunRecord;
 * record.announcedAt; // => "2026-01-31T00:00:00.000Z"
 * record.parameters; // => { darts: 100 }
 */
export function runBundle(run: RunAnnouncement, now = new Date()): DisplayBundle {
  const { title, preset, dataSource, dataIsSynthetic = false, backend, device, wallTimeSeconds } = run;
  const record: RunRecord = {
    schema: 1,
    title,
    preset,
    seed: Array.isArray(run.seed) ? run.seed.join(", ") : String(run.seed),
    dataSource,
    dataIsSynthetic,
    parameters: plainJson(run.parameters, "parameters") as RunRecord["parameters"],
    overrides: plainJson(run.overrides ?? {}, "overrides") as RunRecord["overrides"],
    ...(backend ? { backend } : {}),
    ...(device ? { device } : {}),
    ...(wallTimeSeconds === undefined ? {} : { wallTimeSeconds }),
    versions: { node: process.versions.node, ...run.versions },
    announcedAt: now.toISOString(),
  };
  const facts = runFacts(record);
  const strip = facts.map(
    ([name, value]) =>
      `<div><dt style="float: none; width: auto; font-size: 11px; font-weight: 400; letter-spacing: 0.04em; color: var(--jp-content-font-color2, inherit)">` +
      `${escapeHtml(name)}</dt><dd style="float: none; width: auto; margin: 0; font-weight: 600">${escapeHtml(value)}</dd></div>`,
  );
  const caution = dataIsSynthetic ? noteBundle(syntheticData(dataSource), "warning").data : null;
  const html =
    `<style>${inkOfTheme}</style><div class="dolab-run" style="margin: 0.4em 0 0.8em; font-size: 13px">` +
    `<dl style="display: flex; flex-wrap: wrap; gap: 0.5em 2em; margin: 0; padding: 0.6em 0; ` +
    `border: solid var(--jp-border-color2, rgba(128, 128, 128, 0.3)); border-width: 1px 0">${strip.join("")}</dl>` +
    `${caution?.["text/html"] ?? ""}</div>`;
  const lines = [title, ...facts.map(([name, value]) => `${name}: ${value}`)];
  if (caution) lines.push(String(caution["text/plain"]));
  return {
    data: { [runMime]: record, "text/html": html, "text/plain": lines.join("\n") },
    metadata: {},
  };
}

const syntheticData = (dataSource: string) =>
  `The data are not the published ones: ${dataSource} stands in for them, and the numbers below are its numbers`;

function runFacts(record: RunRecord): [string, string][] {
  const changed = Object.entries(record.overrides).map(([key, value]) => `${key} = ${JSON.stringify(value)}`);
  const facts: [string, string | undefined][] = [
    ["Preset", record.preset],
    ["Seed", record.seed],
    ["Data", record.dataSource],
    ["Device", [record.backend, record.device].filter(Boolean).join(", ")],
    ["Set for this run", changed.join(", ")],
    ["Wall time", record.wallTimeSeconds === undefined ? "" : formatDuration(record.wallTimeSeconds)],
  ];
  return facts.filter((fact): fact is [string, string] => Boolean(fact[1]));
}
