// The playground: a GPT-2 that learnt a world of boolean variables, its answers with parts switched off and weights flipped.
import { formatState, parseState } from "../../data/boolean-world/states";
import { type Run, startPage } from "../kit";
import { modelFromFiles, type PageModel } from "./load-model";
import type { Results } from "./playground";
import { ModelRunner } from "./run-model";
import { formatSetup, parseSetup, type Setup } from "./setup";
import { accuracyText, accuracyView, changeText } from "./views/accuracy-view";
import { activationsView } from "./views/activations-view";
import { answerView } from "./views/answer-view";
import { attentionView } from "./views/attention-view";
import { flipsView } from "./views/flips-view";
import { offView } from "./views/off-view";
import { stateView } from "./views/state-view";
import { tokensView } from "./views/tokens-view";

interface Loaded extends PageModel {
  runner: ModelRunner;
  /** How the model as saved answers all states. */
  intact?: Results["evaluation"];
  /** The newest evaluation, and the link of the model that it is of. */
  evaluated?: { key: string; evaluation: Results["evaluation"] };
}

const isIntact = ({ off, flips }: Setup) => off.length === 0 && flips.length === 0;

startPage<Loaded, Setup, Results>({
  load(files) {
    const model = modelFromFiles(files);
    return { ...model, runner: new ModelRunner(model) };
  },
  facts: ({ configuration: { layers, heads, width } }) =>
    `GPT-2 of ${layers} layers, ${heads} heads and ${width} channels`,
  link({ configuration, rules, excluded, mostWritten }) {
    const first = formatState(excluded[0] ?? rules.inputs.map((_, i) => ((i + 1) % 2) as 0 | 1));
    return { read: (hash) => parseSetup(hash, configuration, { first, mostWritten }), write: formatSetup };
  },
  /** Answers the state at once, and all states after a pause, each for itself: one may fail without the other. */
  async compute(model, setup, run) {
    run.publish({ problem: undefined });
    await answer(model, setup, run).catch((error: Error) =>
      run.publish({ reading: undefined, failure: error.message }),
    );
    if (!(await run.pause())) return undefined;
    return evaluate(model, setup).catch((error: Error) => ({
      evaluation: undefined,
      failure: error.message,
    }));
  },
  views: (page) => ({
    controls: [stateView, offView, flipsView].map((view) => view(page)),
    results: [answerView, accuracyView, tokensView, attentionView, activationsView].map((view) => view(page)),
  }),
  toolbar: {
    headline(shown) {
      const value = accuracyText(shown);
      const change = changeText(shown);
      const spoken = shown.evaluation ? `${value} answered exactly${change && `, ${change}`}` : "";
      return { value, unit: "exact", spoken };
    },
    restore: (setup) => ({ ...setup, off: [], flips: [] }),
    restoreTitle: "Switch everything on and take all flips back",
  },
  console: ({ runner }) => ({ runner }),
});

async function answer({ rules, tokenizer, runner }: Loaded, setup: Setup, run: Run<Results>): Promise<void> {
  let state: ReturnType<typeof parseState>;
  try {
    state = parseState(rules, setup.text);
  } catch (error) {
    run.publish({ reading: undefined, problem: (error as Error).message });
    return;
  }
  const reading = await runner.read(setup, tokenizer.encode(formatState(state)));
  run.publish({ reading: { ...reading, state } });
}

/** Asks all states, anew only where the model is another one than before. */
async function evaluate(model: Loaded, setup: Setup): Promise<Partial<Results>> {
  model.intact ??= await model.runner.evaluate({ ...setup, off: [], flips: [] });
  const key = formatSetup({ ...setup, text: "" });
  if (isIntact(setup)) model.evaluated = { key, evaluation: model.intact };
  else if (model.evaluated?.key !== key) {
    model.evaluated = undefined;
    model.evaluated = { key, evaluation: await model.runner.evaluate(setup) };
  }
  return { evaluation: model.evaluated?.evaluation, intact: model.intact };
}
