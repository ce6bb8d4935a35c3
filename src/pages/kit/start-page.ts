// The life of a page: it starts the backend, loads the model, and keeps a set-up with its history and its link; each change
// of the set-up is computed anew and shown by all views. A page gives its model, its set-up, what it computes, and its views.
import { memory } from "@tensorflow/tfjs-core";
import { type PageBackend, startPageBackend } from "./backend";
import { element, setText } from "./dom";
import { type PageFiles, pageFiles } from "./page-files";
import { type ToolbarOptions, toolbar } from "./toolbar";
import { UndoHistory } from "./undo-history";

/** How long nothing must change, in ms, before the link is kept and `run.pause()` is over. */
const PAUSE = 150;

/** A set-up as an address keeps it after "#". It must be plain data that is never changed in place. */
export interface SetupLink<Setup> {
  /** Reads a link; what it does not say, or says wrongly, is the page's first set-up. */
  read(hash: string): Setup;
  /** Writes a link such as "x=0.5&kind=a"; two set-ups of one link are the same set-up. */
  write(setup: Setup): string;
}

/** What all views are given after each change. */
export type Shown<Setup, Results> = {
  setup: Setup;
  /** Why the newest set-up could not be computed; the results are then absent. */
  failure?: string;
  canUndo: boolean;
  canRedo: boolean;
} & Partial<Results>; // of an older set-up until the newest one's are there; absent at first

/** A part of the page. */
export interface View<Content> {
  root: HTMLElement;
  update(shown: Content): void;
}

/** What views and controls share. */
export interface Page<Model, Setup> {
  model: Model;
  setup(): Setup;
  /** Goes on to another set-up. @param gesture changes of one name in a row are undone as one */
  change(next: Setup, gesture?: string): void;
  endGesture(): void;
  undo(): void;
  redo(): void;
  /** Says something to all, also to a screen reader. */
  say(text: string): void;
}

/** What one computation is given. */
export interface Run<Results> {
  /** Whether the set-up has changed since. */
  overtaken(): boolean;
  /** Waits until nothing has changed for a moment: what is slow comes after it. @returns false where overtaken */
  pause(): Promise<boolean>;
  /** Adds to the results and shows them; does nothing once overtaken. */
  publish(results: Partial<Results> & { failure?: string }): void;
}

export interface PageOptions<Model, Setup, Results> {
  /** Makes the model of the page's files; the backend is ready. */
  load(files: PageFiles): Model | Promise<Model>;
  /** One line about the model, such as "GPT-2 of 4 layers". */
  facts(model: Model): string;
  /** What can be set up, such as `fields({ ... })`. */
  link(model: Model): SetupLink<Setup>;
  /**
   * Computes what the views show. Computations run one after the other, and one that is overtaken before its turn never
   * runs. Make tensors within `tf.tidy`: nothing else frees them.
   *
   * @returns results to publish, if any
   */
  compute(
    model: Model,
    setup: Setup,
    run: Run<Results>,
  ): Partial<Results> | undefined | Promise<Partial<Results> | undefined>;
  /** The page's parts: controls on the left, results on the right, or one after the other on narrow screens. */
  views(page: Page<Model, Setup>): {
    controls: readonly View<Shown<Setup, Results>>[];
    results: readonly View<Shown<Setup, Results>>[];
  };
  toolbar?: ToolbarOptions<Setup, Shown<Setup, Results>>;
  /** WebAssembly, by default; "cpu" for a model whose operations WebAssembly lacks; "none" for a page that only shows numbers. */
  backend?: PageBackend | "none";
  /** More for the browser's console, where `dolab` holds the page and its results. */
  console?(model: Model): Record<string, unknown>;
}

/** Runs the page; where it cannot start, it says why. */
export function startPage<Model, Setup, Results>(options: PageOptions<Model, Setup, Results>): void {
  start(options).catch((error: Error) => {
    setText(place("facts"), "There is no model to show.");
    const problem = element(
      "p",
      { class: "problem", role: "alert" },
      `This page cannot start. ${error.message}`,
    );
    place("page").replaceChildren(problem);
  });
}

const place = (id: string) => document.getElementById(id) as HTMLElement;

async function start<Model, Setup, Results>(options: PageOptions<Model, Setup, Results>): Promise<void> {
  setText(place("facts"), "Loading the model …");
  const backend = options.backend === "none" ? "none" : await startPageBackend(options.backend);
  const files = await pageFiles(JSON.parse(place("carried-files").textContent ?? "{}"));
  const model = await options.load(files);
  runPage(model, options);
  const computedBy = {
    wasm: "; computed here, by WebAssembly",
    cpu: "; computed here, by JavaScript",
    none: "",
  };
  setText(place("facts"), `${options.facts(model)}${computedBy[backend]}`);
}

function runPage<Model, Setup, Results>(model: Model, options: PageOptions<Model, Setup, Results>): void {
  const link = options.link(model);
  const history = new UndoHistory<Setup>(link.read(location.hash));
  let results = {} as Partial<Results> & { failure?: string };
  let silence: ReturnType<typeof setTimeout> | undefined;
  const page: Page<Model, Setup> = {
    model,
    setup: () => history.value,
    change(next, gesture) {
      if (link.write(next) === link.write(history.value)) return;
      history.change(next, gesture);
      changed();
    },
    endGesture: () => history.endGesture(),
    undo: () => move(() => history.undo()),
    redo: () => move(() => history.redo()),
    say(text) {
      setText(place("said"), text);
      clearTimeout(silence);
      silence = setTimeout(() => setText(place("said"), ""), 4000);
    },
  };
  const { controls, results: shown } = options.views(page);
  const bar = toolbar(page, link, options.toolbar);
  const column = (name: string, views: typeof controls) =>
    element("div", { class: name }, ...views.map(({ root }) => root));
  const main = place("page");
  main.replaceChildren(bar.root, column("controls", controls), column("results", shown));

  function show(): void {
    const { canUndo, canRedo, value: setup } = history;
    for (const view of [bar, ...controls, ...shown]) view.update({ ...results, setup, canUndo, canRedo });
  }
  function move(by: () => void): void {
    by();
    changed();
  }

  let running: Promise<void> = Promise.resolve();
  let stopWaiting = () => {};
  function changed(): void {
    const setup = history.value;
    stopWaiting();
    const quiet = new Promise<boolean>((resolve) => {
      const timer = setTimeout(resolve, PAUSE, true);
      stopWaiting = () => {
        clearTimeout(timer);
        resolve(false);
      };
    });
    const run: Run<Results> = {
      overtaken: () => setup !== history.value,
      pause: () => quiet,
      publish(more) {
        if (run.overtaken()) return;
        results = { ...results, ...more };
        show();
      },
    };
    main.setAttribute("aria-busy", "true");
    results = { ...results, failure: undefined };
    show();
    running = running.then(() => compute(setup, run));
    void Promise.all([running, quiet.then(keepLink)]).then(() => {
      if (!run.overtaken()) main.setAttribute("aria-busy", "false");
    });
  }

  async function compute(setup: Setup, run: Run<Results>): Promise<void> {
    if (run.overtaken()) return;
    try {
      const computed = await options.compute(model, setup, run);
      if (computed) run.publish(computed);
    } catch (error) {
      if (run.overtaken()) return;
      results = {} as typeof results; // no older numbers may look like this set-up's
      run.publish({ failure: (error as Error).message } as typeof results);
    }
  }

  /**
   * Puts the set-up into the address, after a pause, as browsers allow few changes in a row; a page inside another one has
   * no address of its own.
   */
  function keepLink(): void {
    const hash = `#${link.write(history.value)}`;
    if (location.protocol !== "about:" && location.hash !== hash) window.history.replaceState(null, "", hash);
  }

  document.addEventListener("keydown", (event) => {
    const typing = event.target instanceof HTMLInputElement && event.target.type === "text";
    if (!(event.ctrlKey || event.metaKey) || event.altKey || typing) return;
    const key = event.key.toLowerCase();
    if (key !== "z" && key !== "y") return;
    event.preventDefault();
    if (key === "y" || event.shiftKey) page.redo();
    else page.undo();
  });
  window.addEventListener("hashchange", () => {
    if (location.hash.includes("=")) page.change(link.read(location.hash));
    else keepLink();
  });
  // By its own means: in a frame, "#results" is a place in the page around it, and here it would take the set-up's place.
  document.querySelector(".skip")?.addEventListener("click", (event) => {
    event.preventDefault();
    shown[0]?.root.focus();
  });
  // For the browser's console, and for the tests that compare the page with Node.
  const shared = { page, results: () => results, tensors: () => memory().numTensors };
  Object.assign(globalThis, { dolab: { ...shared, ...options.console?.(model) } });
  changed();
}
