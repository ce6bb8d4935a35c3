// The 2x2 analysis against source document 001's own script (peers/document_001.py), on diagnostics of a reasoner that is trained
// here, at its checkpoints, and on synthetic ones of several seeds: every number of results, cells and sweep to 1e-9, and of the
// evolution, which the script computes in float32, to 1e-4.
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { loadDiagnostics, saveDiagnostics, synthesizeDiagnostics } from "../../data";
import { inProject } from "../../environment/paths.mjs";
import { reasoners, twoByTwo } from "../../experiments";
import { diagnoseStage, trainStage } from "../../experiments/reasoners/stages";
import { benchPython } from "../bench-python";
import { JsonLinesProcess } from "../json-lines-process";
import { peerPath } from "../python-peer";
import type { Finding, Validation } from "./validation";

const against = "document 001's script";
const synthetic = 20;
const FLOAT32 = 1e-4;

interface Answer {
  /** JSON, by tag. */
  results: Record<string, string>;
  /** CSV, by tag. */
  cells: Record<string, string>;
  sweep: Record<string, string>;
  /** CSV. */
  evolution: string;
}

export const reasonersValidation: Validation = {
  name: "reasoners",
  title:
    "the 2x2 analysis of reasoners trained here against document 001's own script (needs ../shared/seeds)",
  needs: "minutes",
  async run({ seed, rounds, onCases = () => {} }) {
    const script = documentScript();
    if (!script) {
      process.stderr.write(
        `NOT TESTED: document 001's script must be ${inProject("..", "shared", "seeds")}/001_*.txt: got none\n`,
      );
      return [];
    }
    const folder = mkdtempSync(join(tmpdir(), "dolab-validate-"));
    const peer = new JsonLinesProcess(benchPython, [peerPath("document_001")]);
    try {
      const trained = join(folder, "trained");
      const resolved = reasoners.parameters({
        seed,
        systems: ["trm"],
        twins: [],
        trmSteps: 210,
        testPuzzles: 128,
        validationPuzzles: 64,
      });
      await trainStage(resolved, trained);
      const series = (await diagnoseStage(trained)).map((name): [string, string] => [
        /_step_(\d+)_/.exec(name)?.[1] ?? "",
        join(trained, name),
      ]);
      const files = series.map(([step, path]): [string, string] => [`trm_step${step}`, path]);
      for (let i = 0; i < Math.ceil(synthetic * rounds); i++) {
        const path = join(folder, `synthetic-${i}.npz`);
        const maturity = (i % 5) / 4;
        saveDiagnostics(
          path,
          synthesizeDiagnostics({ seed: 1000 * seed + i, samples: 200 + 50 * i, maturity }),
        );
        files.push([`synthetic_${i}`, path]);
      }
      const theirs = await peer.ask<Answer>({ script, folder, files, series });
      const findings = {
        results: finding("analyze: results.json", 1e-9),
        cells: finding("analyze: cells.csv", 1e-9),
        sweep: finding("sweepThreshold", 1e-9),
        evolution: finding("evolution, float32 there", FLOAT32),
      };
      for (const [i, [tag, path]] of files.entries()) {
        const analysis = twoByTwo.analyze(loadDiagnostics(path), { source: path });
        const [results, cells, sweep] = twoByTwo.analysisFiles(analysis, tag).map(({ content }) => content);
        compare(findings.results, tag, JSON.parse(results), JSON.parse(theirs.results[tag]));
        compare(findings.cells, tag, table(cells), table(theirs.cells[tag]));
        compare(findings.sweep, tag, table(sweep), table(theirs.sweep[tag]));
        onCases(i + 1, files.length);
      }
      const checkpoints = series.map(([step, path]) => ({ step, diagnostics: loadDiagnostics(path) }));
      const own = twoByTwo.evolutionFile(twoByTwo.evolution(checkpoints), "series").content;
      compare(findings.evolution, "evolution", table(own), table(theirs.evolution));
      return Object.values(findings);
    } finally {
      await peer.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function documentScript(): string | undefined {
  const folder = inProject("..", "shared", "seeds");
  const name = existsSync(folder) ? readdirSync(folder).find((one) => one.startsWith("001_")) : undefined;
  return name && join(folder, name);
}

const finding = (check: string, tolerance: number): Finding => ({
  check,
  against,
  cases: 0,
  numbers: 0,
  worst: 0,
  tolerance,
  disagreements: [],
});

/** A CSV's fields: numbers, NaN for "nan", and text as it stands. */
const table = (text: string): unknown[][] =>
  text
    .trim()
    .split("\n")
    .map((line) =>
      line
        .split(",")
        .map((field) =>
          field === "nan" ? null : field === "" || Number.isNaN(Number(field)) ? field : Number(field),
        ),
    );

/** Compares plain data; null is NaN, as JSON has none. */
function compare(found: Finding, where: string, ours: unknown, theirs: unknown): void {
  found.cases += 1;
  const disagree = (path: string, error: number, text: string) => {
    found.worst = Math.max(found.worst, error);
    if (error > found.tolerance) found.disagreements.push(`${where}: ${path} ${text}`);
  };
  const walk = (path: string, own: unknown, other: unknown): void => {
    if (path === ".npz") return; // the path of the file
    if (typeof own === "number" && typeof other === "number") {
      found.numbers += 1;
      disagree(path, Math.abs(own - other) / Math.max(1, Math.abs(other)), `is ${own}, and ${other} there`);
    } else if (typeof own === "object" && typeof other === "object" && own !== null && other !== null) {
      const keys = new Set([...Object.keys(own), ...Object.keys(other)]);
      for (const key of keys)
        walk(
          `${path}.${key}`,
          (own as Record<string, unknown>)[key],
          (other as Record<string, unknown>)[key],
        );
    } else if (own === other) found.numbers += 1;
    else disagree(path, Number.POSITIVE_INFINITY, `is ${own}, and ${other} there`);
  };
  walk("", ours, theirs);
}
