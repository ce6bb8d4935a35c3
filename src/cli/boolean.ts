// dolab boolean: source document 003's command, with its flags. Several of --generate, --train, --test, --evaluate and --sweep
// may be given; they are done in this order. --sweep is `dolab boolean-world run` under its earlier name.
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import type { Command } from "commander";
import {
  absentStates,
  type BooleanRules,
  documentRules,
  formatState,
  generateWorldDataset,
  type HeldOut,
  parseRules,
  parseState,
  parseStates,
  readWorld,
  readWorldExamples,
  type WorldExample,
  worldFile,
  writeWorldDataset,
} from "../data";
import { booleanWorld, experimentNamed, parseAssignments } from "../experiments";
import { type Log, openLog } from "../io/logger";
import { terminalProgress } from "../notebook";
import { CheckpointError, interruptedBySigint } from "../train";
import { accuracyLines, answerLines } from "./boolean-lines";
import { INTERRUPTED, runCommand } from "./experiment-command";

interface BooleanFlags {
  generate?: boolean;
  train?: boolean;
  test?: string;
  evaluate?: boolean;
  sweep?: boolean;
  exclude?: string;
  rules?: string;
  vocabulary?: string;
  seed?: number;
  preset?: string;
  set: string[];
  dataset: string;
  out: string;
  logs: string;
  replace?: boolean;
}

/** States in a line of the log. */
const MOST_SHOWN = 8;

export function addBoolean(program: Command) {
  const collect = (pair: string, pairs: string[]) => [...pairs, pair];
  program
    .command("boolean")
    .description(
      "a tiny GPT-2 learns the rules of a boolean world and answers for states it never saw (document 003)",
    )
    .option("--generate", "write train.jsonl, valid.jsonl and test.jsonl")
    .option("-o, --exclude <states>", "held-out states, such as '1,1,1,1,1;0,0,0,0,0'")
    .option(
      "--rules <file>",
      "rules such as newA = A XOR C, a line each (default: the document's); like -o, it goes with --generate, or with --train on a dataset without world.json",
    )
    .option("--train", "train on the dataset and save the model; Ctrl-C pauses, and the same command goes on")
    .option("--test <state>", "answer one state, such as '0,0,1,1,1', by the rules and by the model")
    .option(
      "--evaluate",
      "answer all states, and count exact answers and right values of seen and of held-out ones",
    )
    .option(
      "--sweep",
      "train with 1, 2, 4, ... held-out states, several times each, and write figures and table (hours; Ctrl-C pauses; like boolean-world run)",
    )
    .option("--vocabulary <name>", "compact (the default) or gpt2, which has all 50,257 tokens")
    .option("--seed <n>", "seed that the data and the weights are drawn with", Number)
    .option("--preset <name>", "smoke, quick, standard or paper (default: paper, the document's own numbers)")
    .option(
      "--set <key=value>",
      "override a parameter, such as epochs=1 or dropout=0.1; repeatable",
      collect,
      [],
    )
    .option("--dataset <folder>", "folder that holds the .jsonl files", "dataset")
    .option(
      "--out <folder>",
      "folder for checkpoints and, in final/, the model",
      join("out", "tiny-gpt2-causal"),
    )
    .option("--logs <folder>", "folder for the logs", "logs")
    .option(
      "--replace",
      "replace another dataset, and train anew where the folder holds a run of other settings or data",
    )
    .addHelpText(
      "after",
      "\nExit code: 1 where the answers of --test differ (both are printed) and for errors (on standard error alone); 130 where Ctrl-C paused; else 0",
    )
    .action(run);
}

async function run(flags: BooleanFlags): Promise<void> {
  const { generate: generates, train: trains, test: state, evaluate: evaluates, sweep: sweeps } = flags;
  if (!generates && !trains && state === undefined && !evaluates && !sweeps)
    throw new RangeError(
      "Cannot tell what to do as one of --generate, --train, --test, --evaluate and --sweep must be given: got none",
    );
  refuseIdleFlags(flags);
  const given: Record<string, unknown> = { preset: flags.preset ?? "paper", ...parseAssignments(flags.set) };
  if (flags.vocabulary !== undefined) given.vocabulary = flags.vocabulary;
  if (flags.seed !== undefined) given.seed = flags.seed;
  const { configuration } = booleanWorld.parameters(given);
  const log = await openLog("boolean", { folder: flags.logs });
  try {
    if (generates) generate(flags, configuration, log);
    if (trains && !(await train(flags, configuration, log))) return;
    const model = state === undefined && !evaluates ? undefined : await load(flags);
    if (model && state !== undefined) await test(model, state, log);
    if (model && evaluates) await evaluate(model, log);
    if (sweeps) await sweep(flags, given, log);
  } catch (error) {
    log.error(error instanceof Error ? error.message.split("\n")[0] : String(error));
    throw error;
  } finally {
    await log.close();
  }
}

/** Flags that would change nothing are mistakes. */
function refuseIdleFlags(flags: BooleanFlags): void {
  const { generate: generates, train: trains, sweep: sweeps, dataset } = flags;
  const refuse = (flag: string, rule: string) => new RangeError(`Cannot use --${flag} as ${rule}`);
  for (const flag of ["exclude", "rules"] as const) {
    if (flags[flag] === undefined || generates) continue;
    if (!trains) throw refuse(flag, "it goes with --generate: the dataset and the model remember it");
    if (existsSync(join(dataset, worldFile)))
      throw refuse(flag, `it goes with --generate: ${join(dataset, worldFile)} says it for --train`);
  }
  if (flags.vocabulary !== undefined && !trains && !sweeps)
    throw refuse("vocabulary", "it goes with --train or --sweep: the model remembers it");
  for (const flag of ["seed", "set"] as const) {
    const given = flag === "set" ? flags.set.length > 0 : flags.seed !== undefined;
    if (given && !generates && !trains && !sweeps)
      throw refuse(flag, "it goes with --generate, --train or --sweep: nothing else depends on it");
  }
}

function generate(
  { rules: file, exclude = "", dataset, replace }: BooleanFlags,
  configuration: Configuration,
  log: Log,
): void {
  const rules = readRules(file);
  const excluded = parseStates(rules, exclude);
  const { seed, trainExamples, validExamples, testExamples } = configuration;
  const sizes = { train: trainExamples, valid: validExamples, test: testExamples };
  const drawn = generateWorldDataset(rules, { excluded, seed, sizes });
  const files = writeWorldDataset(dataset, drawn, { rules, excluded }, { replace });
  const outputs = rules.rules.map(({ name }) => name);
  // A variable that is read and never made is an input: said, as a forgotten rule would otherwise make one without a word.
  log.info(
    `inputs ${rules.inputs.join(", ")} (${2 ** rules.inputs.length} states); outputs ${outputs.join(", ")}`,
    { inputs: rules.inputs, outputs },
  );
  const heldOut = excluded.map(formatState);
  const lacking = heldOut.length > 0 ? `with ${heldOut.join(" and ")} held-out` : "of all states";
  log.info(
    `generated ${trainExamples} + ${validExamples} + ${testExamples} examples ${lacking}: ${dataset}`,
    { files, excluded: heldOut, seed },
  );
  for (const { state, token, elsewhere } of booleanWorld.unseenTokens(rules, excluded)) {
    const where = elsewhere ? "in its place" : "anywhere";
    log.info(`note: the answer to ${state} holds ${JSON.stringify(token)}, which no example has ${where}`);
  }
}

/** Reads rules. @returns the document's where no file is named */
function readRules(file: string | undefined): BooleanRules {
  if (file === undefined) return documentRules;
  if (!existsSync(file)) throw new RangeError(`Cannot read the rules as there is no such file: got ${file}`);
  if (statSync(file).isDirectory())
    throw new RangeError(`Cannot read the rules as they must be in a file: got the folder ${file}`);
  return parseRules(readFileSync(file, "utf8"), { source: file });
}

type Configuration = booleanWorld.BooleanWorldConfiguration;

/** The world of a dataset that has no world.json: the rules and held-out states that flags name, and all states that it lacks. */
function worldWithoutFile(
  { rules: file, exclude = "", dataset }: BooleanFlags,
  examples: readonly WorldExample[],
  log: Log,
): HeldOut {
  const rules = readRules(file);
  const named = parseStates(rules, exclude);
  const names = new Set(named.map(formatState));
  const absent = absentStates(rules, examples).filter((state) => !names.has(formatState(state)));
  const excluded = [...named, ...absent];
  const without = excluded.map(formatState);
  const shown = [
    ...without.slice(0, MOST_SHOWN),
    ...(without.length > MOST_SHOWN ? [`${without.length - MOST_SHOWN} more`] : []),
  ].join(" and ");
  log.info(
    `${dataset} has no ${worldFile}: held-out are the states that neither train.jsonl nor valid.jsonl shows, ${shown || "none"}`,
    { excluded: without },
  );
  return { rules, excluded };
}

/** @returns whether the training came to its end */
async function train(flags: BooleanFlags, configuration: Configuration, log: Log): Promise<boolean> {
  const { dataset, out, replace } = flags;
  const examples = { train: readWorldExamples(dataset, "train"), valid: readWorldExamples(dataset, "valid") };
  const world = readWorld(dataset) ?? worldWithoutFile(flags, [...examples.train, ...examples.valid], log);
  const { signal, release } = interruptedBySigint();
  const settings = booleanWorld.trainingConfiguration(configuration);
  log.info(`training on ${examples.train.length} examples of ${dataset}`, settings);
  try {
    const { model, outcome } = await booleanWorld.trainModel({ ...world, ...examples }, settings, {
      folder: out,
      progress: terminalProgress(),
      signal,
      label: "GPT-2",
      ...(replace ? { resume: "never", replace } : {}),
    });
    if (outcome.status !== "finished") {
      log.info(`paused after step ${outcome.step}: run this again to go on`);
      process.exitCode = INTERRUPTED;
      return false;
    }
    booleanWorld.saveWorldModel(join(out, "final"), model, { dropout: settings.dropout });
    const { validLoss } = outcome.metrics[outcome.metrics.length - 1].values;
    log.info(
      `trained ${outcome.step} steps in ${outcome.seconds.toFixed(1)} s, loss on valid.jsonl ${validLoss.toPrecision(3)}: ${join(out, "final")}`,
      { step: outcome.step, seconds: outcome.seconds, validLoss },
    );
    return true;
  } catch (error) {
    if (error instanceof CheckpointError) error.message += "; here: --replace";
    throw error;
  } finally {
    release();
  }
}

async function load({ out }: BooleanFlags): Promise<booleanWorld.WorldModel> {
  const folder = join(out, "final");
  if (!existsSync(folder))
    throw new RangeError(
      `Cannot load the model as there is none in ${folder}: train it first (dolab boolean --train)`,
    );
  return booleanWorld.loadWorldModel(folder);
}

async function test(model: booleanWorld.WorldModel, text: string, log: Log): Promise<void> {
  const { rows } = await booleanWorld.evaluateModel(model, { states: [parseState(model.rules, text)] });
  for (const line of answerLines(model.rules, rows[0])) console.log(line);
  log.info(
    `${rows[0].state}: the model ${rows[0].exact ? "agrees with" : "differs from"} the rules`,
    rows[0],
  );
  if (!rows[0].exact) process.exitCode = 1;
}

async function evaluate(model: booleanWorld.WorldModel, log: Log): Promise<void> {
  const { rows, accuracy } = await booleanWorld.evaluateModel(model);
  for (const line of accuracyLines(rows, accuracy)) console.log(line);
  log.info(`${rows.filter(({ exact }) => exact).length} of ${rows.length} states answered exactly`, {
    accuracy,
  });
}

async function sweep(
  { out, replace }: BooleanFlags,
  given: Readonly<Record<string, unknown>>,
  log: Log,
): Promise<void> {
  const folder = join(out, "sweep");
  const experiment = experimentNamed("boolean-world");
  await runCommand(experiment, given, { out: folder, replace, figures: true });
  if (process.exitCode !== INTERRUPTED) log.info(`the sweep's files: ${folder}`);
}
