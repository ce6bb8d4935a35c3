// CausalCircuit of Brehmer, de Haan, Lippe & Cohen 2022 (arXiv:2203.16437, section 5.3), source document 004: are causal variables
// and their graph found from pairs of pictures before and after unknown interventions? In two stages, as published: an
// autoencoder makes eight numbers of a picture, then causal models are trained on these.
import { resolve } from "node:path";
import {
  type CircuitPairs,
  firstCircuitPairs,
  readCircuitFolder,
  syntheticCircuitPairs,
} from "../../../data";
import type { Experiment, RunData, SavedRun } from "../../experiment";
import { type CircuitCodes, codesSource, firstCodes, loadCodes } from "./circuit-codes";
import { circuitMetrics } from "./circuit-metrics";
import {
  type CircuitData,
  type CircuitRow,
  circuitStepsDone,
  circuitUnits,
  runCircuitUnit,
} from "./circuit-unit";
import { circuitClaims } from "./claims";
import { type CircuitConfiguration, fromPictures, presets, requireOrder, schema } from "./configuration";
import { circuitResultFiles, circuitResultPictures, circuitScoresFile } from "./result-files";
import { circuitSummary } from "./tables";

/** A run and what it found so far. */
export type CircuitRun = Omit<SavedRun<CircuitConfiguration, CircuitRow>, "units">;

export type CircuitRunData = CircuitData & RunData;

export const causalCircuit: Experiment<CircuitConfiguration, CircuitRunData, CircuitRow, CircuitRun> = {
  name: "causal-circuit",
  schema,
  presets,
  title: "CausalCircuit: causal variables from pictures",
  document: {
    number: "004",
    title: "Weakly supervised causal representation learning",
    link: "https://github.com/Qualcomm-AI-research/weakly-supervised-causal-representation-learning",
  },
  notebook: "weakly-supervised",
  reference: "causal-circuit-standard",
  description:
    "causal variables and their graph from pictures before and after unknown interventions (document 004)",
  undeciding: ["processes", "load"],
  counts: "steps",

  load(configuration) {
    requireOrder(configuration);
    return circuitData(configuration);
  },
  units: circuitUnits,
  costDone: circuitStepsDone,
  begin: (configuration, data) => {
    const units = new Map(circuitUnits(configuration).map((unit) => [unit.key, unit]));
    return {
      async run({ key }, context) {
        const unit = units.get(key);
        if (!unit) throw new RangeError(`Cannot do unit "${key}" as the run has no such unit`);
        return runCircuitUnit(unit, data, configuration, context);
      },
      dispose() {},
    };
  },

  foundNumbers: ({ explainedVariables, models }) => ({
    explained_variables: explainedVariables,
    ...(models.length === 1
      ? circuitMetrics(models[0])
      : Object.fromEntries(
          models.flatMap((row) =>
            Object.entries(circuitMetrics(row)).map(([name, value]) => [`${row.model}.${name}`, value]),
          ),
        )),
  }),

  outcome: ({ units: _, ...run }) => run,
  progressFiles: (run) => [circuitScoresFile(run)],
  resultFiles: circuitResultFiles,
  pictures: circuitResultPictures,
  summary: circuitSummary,
  claims: circuitClaims,
};

/** Pictures or codes, as the configuration says. */
function circuitData(configuration: CircuitConfiguration): CircuitRunData {
  const { codes, pictures, size, seed, trainPairs, testPairs, latents } = configuration;
  if (!fromPictures.includes(codes)) {
    const folder = resolve(codes);
    const [train, test] = [loadCodes(folder, "train"), loadCodes(folder, "test")];
    const { source, synthetic } = codesSource(folder);
    return {
      codes: { train: atMost(train, "trainPairs", trainPairs), test: atMost(test, "testPairs", testPairs) },
      dataSource: `codes in ${codes}, made by stage 1 of: ${source}`,
      synthetic,
    };
  }
  if (pictures === "synthetic") {
    const draw = (purpose: "train" | "test", pairs: number) =>
      syntheticCircuitPairs({ pairs, size, seed, purpose });
    return {
      pictures: { train: draw("train", trainPairs), test: draw("test", testPairs) },
      dataSource: `synthetic pictures of our renderer (${size} × ${size}, seed ${seed}): ${trainPairs} pairs to train on and ${testPairs} held-out ones, ${latents} numbers each`,
      synthetic: true,
    };
  }
  const { train, test } = readCircuitFolder(resolve(pictures), { size });
  return {
    pictures: { train: enough(train, "trainPairs", trainPairs), test: enough(test, "testPairs", testPairs) },
    dataSource: `CausalCircuit's published pictures in ${pictures}, averaged down to ${size} × ${size}`,
    synthetic: false,
  };
}

/** Refuses fewer pairs than were asked for: the run's name for its work would not be true. */
function requireEnough(there: number, key: string, wanted: number): void {
  if (wanted > there)
    throw new RangeError(
      `Cannot configure causal-circuit as ${key} must be at most the ${there} that there are: got ${wanted}`,
    );
}

function atMost(codes: CircuitCodes, key: string, wanted: number): CircuitCodes {
  requireEnough(codes.pairs, key, wanted);
  return firstCodes(codes, wanted);
}

function enough(pairs: CircuitPairs, key: string, wanted: number): CircuitPairs {
  requireEnough(pairs.pairs, key, wanted);
  return firstCircuitPairs(pairs, wanted);
}
