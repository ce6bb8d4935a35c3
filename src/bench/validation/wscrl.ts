// The claims of document 004's scaling experiment: implicit latent causal models of five model seeds on three natures with three
// variables, trained as its training=scaling_fast does, disentangle better than .9 each and .95 on average, and better than the
// disentangled VAE and the beta-VAE of the same seeds on average. Data seeds are those from `seed` on, from 302, the document's own.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { wscrl } from "../../experiments";
import type { ModelKind } from "../../experiments/wscrl/configuration";
import { mean } from "../../stats";
import type { Finding, Validation, ValidationOptions } from "./validation";

const [modelSeeds, dataSeeds] = [5, 3];
const [firstModelSeed, firstDataSeed] = [4901, 302];
/** The least disentanglement of each ILCM, and of their mean. */
const [leastOne, leastMean] = [0.9, 0.95];

export const wscrlValidation: Validation = {
  name: "wscrl",
  title: "ILCM, dVAE and beta-VAE of five model seeds on three natures of three variables",
  needs: "minutes",
  run: (options) => validateOrder(options, { dimension: 3 }),
};

/** @param options.rounds times five model seeds and three data seeds, at least one each */
export async function validateOrder(
  { seed, rounds, onCases = () => {} }: ValidationOptions,
  { dimension, ...more }: { dimension: number } & Parameters<typeof wscrl.parameters>[0],
): Promise<Finding[]> {
  const count = (usual: number) => Math.max(1, Math.round(usual * Math.sqrt(rounds)));
  const seeds = (first: number, usual: number) =>
    Array.from({ length: count(usual) }, (_, i) => first + seed + i);
  const resolved = wscrl.parameters({
    preset: "quick",
    dimensions: [dimension],
    modelSeeds: seeds(firstModelSeed, modelSeeds),
    dataSeeds: seeds(firstDataSeed, dataSeeds),
    ...more,
  });
  const folder = mkdtempSync(join(tmpdir(), "dolab-validate-"));
  try {
    const data = await wscrl.load(resolved.configuration);
    const progress = (total: number) => ({
      update: (done: number) => onCases(done, total),
      finish: () => onCases(total, total),
      fail: () => {},
    });
    const { rows } = await wscrl.run(resolved, data, {
      folder: join(folder, "run"),
      progress: progress as never,
    });
    return orderFindings(rows);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The least ILCM, their mean, and the mean gaps; a finding's error is how far a number lies below what it must be. */
export function orderFindings(rows: readonly wscrl.WscrlRow[]): Finding[] {
  const scores = (model: ModelKind) =>
    rows.filter((row) => row.model === model).map(({ evaluation }) => evaluation.dci.disentanglement);
  const [ilcm, dvae, betavae] = (["ilcm", "dvae", "betavae"] as const).map(scores);
  const finding = (check: string, value: number, least: number): Finding => ({
    check,
    against: `at least ${least}`,
    cases: ilcm.length,
    numbers: ilcm.length,
    tolerance: 0,
    worst: Math.max(0, least - value),
    disagreements: value >= least ? [] : [`${check} is ${value.toFixed(3)}: it must be at least ${least}`],
  });
  return [
    finding("least disentanglement of an ILCM", Math.min(...ilcm), leastOne),
    finding("mean disentanglement of the ILCMs", mean(ilcm), leastMean),
    finding("mean of ILCM less mean of dVAE", mean(ilcm) - mean(dvae), 0),
    finding("mean of dVAE less mean of beta-VAE", mean(dvae) - mean(betavae), 0),
  ];
}
