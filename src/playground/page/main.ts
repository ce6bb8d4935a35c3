// The playground's page: a set-up, its history and its link; each change runs the model anew and shows what it does.
import { memory } from "@tensorflow/tfjs-core";
import type { State } from "../../data/boolean-world/rules";
import { formatState, parseState } from "../../data/boolean-world/states";
import { accuracyView } from "./accuracy-view";
import { activationsView } from "./activations-view";
import { answerView } from "./answer-view";
import { attentionView } from "./attention-view";
import { element, setText } from "./dom";
import { flipsView } from "./flips-view";
import { modelBytes, modelFromBytes, type PageModel } from "./load-model";
import { offView } from "./off-view";
import type { Playground, Shown } from "./playground";
import { ModelRunner } from "./run-model";
import { formatSetup, parseSetup, type Setup } from "./setup";
import { startPageBackend } from "./start-backend";
import { stateView } from "./state-view";
import { tokensView } from "./tokens-view";
import { toolbarView } from "./toolbar-view";
import { UndoHistory } from "./undo-history";

/** How long nothing must change before all states are asked. */
const PAUSE = 150;

const facts = document.getElementById("facts") as Element;

async function start(): Promise<void> {
  setText(facts, "Loading the model …");
  const carried = document.getElementById("carried-model")?.textContent ?? "null";
  const backend = await startPageBackend();
  const model = modelFromBytes(await modelBytes(JSON.parse(carried)));
  const { layers, heads, width } = model.configuration;
  runPage(model, new ModelRunner(model));
  const computedBy = backend === "wasm" ? "WebAssembly" : "JavaScript";
  setText(
    facts,
    `GPT-2 of ${layers} layers, ${heads} heads and ${width} channels; computed here, by ${computedBy}`,
  );
}

function runPage(model: PageModel, runner: ModelRunner): void {
  const first = formatState(model.excluded[0] ?? model.rules.inputs.map((_, i) => ((i + 1) % 2) as 0 | 1));
  const read = () =>
    parseSetup(location.hash, model.configuration, { first, mostWritten: model.mostWritten });
  const history = new UndoHistory<Setup>(read());
  const results: Pick<Shown, "reading" | "problem" | "failure" | "evaluation" | "intact"> = {};
  const said = document.getElementById("said") as Element;
  let silence: ReturnType<typeof setTimeout> | undefined;
  const playground: Playground = {
    model,
    setup: () => history.value,
    change(next, gesture) {
      if (formatSetup(next) === formatSetup(history.value)) return;
      history.change(next, gesture);
      changed();
    },
    endGesture: () => history.endGesture(),
    undo: () => move(() => history.undo()),
    redo: () => move(() => history.redo()),
    say(text) {
      setText(said, text);
      clearTimeout(silence);
      silence = setTimeout(() => setText(said, ""), 4000);
    },
  };
  const bar = toolbarView(playground);
  const left = [stateView, offView, flipsView].map((view) => view(playground));
  const right = [answerView, accuracyView, tokensView, attentionView, activationsView].map((view) =>
    view(playground),
  );
  const views = [bar, ...left, ...right];
  const column = (name: string, of: typeof left) =>
    element("div", { class: name }, ...of.map(({ root }) => root));
  const main = document.getElementById("playground") as HTMLElement;
  main.replaceChildren(bar.root, column("controls", left), column("results", right));

  const show = () => {
    const shown: Shown = {
      ...results,
      setup: history.value,
      canUndo: history.canUndo,
      canRedo: history.canRedo,
    };
    for (const view of views) view.update(shown);
  };
  const move = (by: () => void) => {
    by();
    changed();
  };

  let timer: ReturnType<typeof setTimeout> | undefined;
  let reading: Promise<void> | undefined;
  /** The link of the model that was asked last. */
  let evaluated: string | undefined;
  function changed(): void {
    const setup = history.value;
    main.setAttribute("aria-busy", "true");
    Object.assign(results, { problem: undefined, failure: undefined });
    try {
      const state = parseState(model.rules, setup.text);
      reading = readState(state).catch((error) => fail(setup, "reading", error));
    } catch (error) {
      Object.assign(results, { reading: undefined, problem: (error as Error).message });
    }
    show();
    clearTimeout(timer);
    timer = setTimeout(() => {
      keepLink();
      evaluate().catch((error) => fail(setup, "evaluation", error));
    }, PAUSE);
  }

  /** Takes away what a run was to replace, so that no older numbers look like its own. */
  function fail(setup: Setup, what: "reading" | "evaluation", error: Error): void {
    if (setup !== history.value) return;
    Object.assign(results, { [what]: undefined, failure: error.message });
    if (what === "evaluation") {
      evaluated = undefined;
      main.setAttribute("aria-busy", "false");
    }
    show();
  }

  /**
   * Puts the set-up into the address, after a pause, as browsers allow few changes in a row; a page inside another one has no
   * address of its own.
   */
  function keepLink(): void {
    const hash = `#${formatSetup(history.value)}`;
    if (location.protocol !== "about:" && location.hash !== hash) window.history.replaceState(null, "", hash);
  }

  /** Runs for the newest set-up only: what has been overtaken before its turn is left out. */
  async function readState(state: State): Promise<void> {
    const setup = history.value;
    const overtaken = () => setup !== history.value;
    const reading = await runner.read(setup, model.tokenizer.encode(formatState(state)), overtaken);
    if (overtaken() || !reading) return;
    results.reading = { ...reading, state };
    show();
  }

  /** All states are asked anew only where the model is another one than before. */
  async function evaluate(): Promise<void> {
    const setup = history.value;
    results.intact ??= await runner.evaluate({ ...setup, off: [], flips: [] });
    if (setup !== history.value) return;
    const isIntact = setup.off.length === 0 && setup.flips.length === 0;
    const key = formatSetup({ ...setup, text: "" });
    if (isIntact) results.evaluation = results.intact;
    else if (key !== evaluated) {
      const evaluation = await runner.evaluate(setup, () => setup !== history.value);
      if (setup !== history.value || !evaluation) return;
      results.evaluation = evaluation;
    }
    evaluated = key;
    await reading;
    if (setup !== history.value) return;
    show();
    main.setAttribute("aria-busy", "false");
  }

  document.addEventListener("keydown", (event) => {
    const typing = event.target instanceof HTMLInputElement && event.target.type === "text";
    if (!(event.ctrlKey || event.metaKey) || event.altKey || typing) return;
    const key = event.key.toLowerCase();
    if (key !== "z" && key !== "y") return;
    event.preventDefault();
    if (key === "y" || event.shiftKey) playground.redo();
    else playground.undo();
  });
  window.addEventListener("hashchange", () => {
    if (location.hash.includes("state=")) playground.change(read());
    else keepLink();
  });
  // By its own means: in a frame, "#answer" is a place in the page around it, and here it would take the set-up's place.
  document.querySelector(".skip")?.addEventListener("click", (event) => {
    event.preventDefault();
    document.getElementById("answer")?.focus();
  });
  // For the browser's console, and for the tests that compare the page with Node.
  Object.assign(globalThis, { dolab: { runner, results, tensors: () => memory().numTensors } });
  changed();
}

start().catch((error: Error) => {
  setText(facts, "There is no model to show.");
  const problem = element(
    "p",
    { class: "problem", role: "alert" },
    `The playground cannot start. ${error.message}`,
  );
  document.getElementById("playground")?.replaceChildren(problem);
});
