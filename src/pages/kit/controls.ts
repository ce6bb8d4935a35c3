// Controls over a set-up: sliders, switches, lists and buttons. Each shows the set-up's value and changes it by `page.change`;
// the drag of a slider is one step of undo.
import { element, section, setAttributes, setText } from "./dom";
import type { ChoiceField, FieldSetup, Fields, NumberField, SwitchField } from "./fields";
import type { Page, View } from "./start-page";

/** How a control gets its value out of a set-up, and puts another one in. */
interface Bound<Setup, Value> {
  get(setup: Setup): Value;
  set(setup: Setup, value: Value): Setup;
}

type Control<Setup> = View<{ setup: Setup }>;
export type Changing<Setup> = Pick<Page<unknown, Setup>, "setup" | "change" | "endGesture">;

/** Sets a control's id, so that no two of a page are the same. */
let made = 0;
const nextId = (): string => `control-${++made}`;

/** A labelled control of a form, with the value in words after it. */
const field = (id: string, label: string, ...controls: (Node | string)[]): HTMLElement =>
  element("div", { class: "field" }, element("label", { for: id }, label), ...controls);

/**
 * Makes a slider.
 *
 * @param options.play where given, a button beside the slider plays its values one after the other, each for so many ms
 */
export function slider<Setup>(
  { setup, change, endGesture }: Changing<Setup>,
  {
    label,
    least,
    most,
    step = (most - least) / 100,
    text = (value) => String(Number(value.toPrecision(4))),
    get,
    set,
    play,
  }: Omit<NumberField, "first"> & Bound<Setup, number> & { play?: { every: number } },
): Control<Setup> {
  const id = nextId();
  const input = element("input", {
    id,
    type: "range",
    min: least,
    max: most,
    step,
    oninput: () => change(set(setup(), Number(input.value)), id),
    onchange: endGesture,
  });
  const output = element("output", { for: id });
  const player =
    play &&
    playButton(
      label,
      play.every,
      () => {
        const next = get(setup()) + step;
        if (next > most + step / 2) return false;
        change(set(setup(), Math.min(next, most)), `${id} plays`);
        return next + step <= most + step / 2;
      },
      () => {
        if (get(setup()) >= most) change(set(setup(), least), `${id} plays`);
      },
    );
  return {
    root: field(id, label, input, output, ...(player ? [player] : [])),
    update({ setup: now }) {
      const value = get(now);
      if (Number(input.value) !== value) input.value = String(value);
      const words = text(value);
      setText(output, words);
      setAttributes(input, { "aria-valuetext": words });
    },
  };
}

/** Calls `step` again and again while pressed, until it says that there is no more. */
function playButton(label: string, every: number, step: () => boolean, begin: () => void): HTMLElement {
  let timer: ReturnType<typeof setInterval> | undefined;
  const show = () => {
    setAttributes(root, { "aria-pressed": String(timer !== undefined) });
    setText(root, timer === undefined ? "Play" : "Pause");
  };
  const stop = () => {
    clearInterval(timer);
    timer = undefined;
    show();
  };
  const root = element("button", {
    type: "button",
    class: "play",
    "aria-label": `Play ${label}`,
    onclick: () => {
      if (timer !== undefined) return stop();
      begin();
      timer = setInterval(() => {
        if (!root.isConnected || !step()) stop();
      }, every);
      show();
    },
  });
  show();
  return root;
}

/** Makes a switch, which is on or off. @param options.text what stands on it, where the label says more than there is room for */
export function toggle<Setup>(
  { setup, change }: Changing<Setup>,
  { label, text = label, get, set }: Omit<SwitchField, "first"> & { text?: string } & Bound<Setup, boolean>,
): Control<Setup> {
  const state = element("span", { class: "switch-state", "aria-hidden": "true" });
  const root = element(
    "button",
    {
      type: "button",
      role: "switch",
      class: "switch",
      "aria-label": label,
      onclick: () => change(set(setup(), !get(setup()))),
    },
    element("span", {}, text),
    state,
  );
  return {
    root,
    update({ setup: now }) {
      setAttributes(root, { "aria-checked": String(get(now)) });
      setText(state, get(now) ? "on" : "off");
    },
  };
}

/** Makes a list to choose one of several values from. */
export function choice<Setup>(
  { setup, change }: Changing<Setup>,
  { label, of, titles = {}, get, set }: Omit<ChoiceField, "first"> & Bound<Setup, string>,
): Control<Setup> {
  const id = nextId();
  const select = element(
    "select",
    { id, onchange: () => change(set(setup(), select.value)) },
    ...of.map((value) => element("option", { value }, titles[value] ?? value)),
  );
  return {
    root: field(id, label, select),
    update({ setup: now }) {
      select.value = get(now);
    },
  };
}

/** Makes a button. */
export const button = (
  text: string,
  onclick: () => void,
  attributes: Record<string, string> = {},
): HTMLButtonElement => element("button", { type: "button", onclick, ...attributes }, text);

/**
 * Makes a titled section with a control for each field that `fields` declared, or for those that are named.
 *
 * @param options.play the number fields that have a play button, with how long each value stays, in ms
 */
export function controls<Model, Declared extends Fields>(
  page: Page<Model, FieldSetup<Declared>>,
  declared: Declared,
  {
    title = "Set-up",
    note = "",
    names = Object.keys(declared),
    play = {},
  }: {
    title?: string;
    note?: string;
    names?: readonly string[];
    play?: Readonly<Record<string, number>>;
  } = {},
): Control<FieldSetup<Declared>> {
  type Setup = FieldSetup<Declared>;
  const bound = <Value>(name: string): Bound<Setup, Value> => ({
    get: (setup) => setup[name] as Value,
    set: (setup, value) => ({ ...setup, [name]: value }),
  });
  const made = names.flatMap((name): Control<Setup>[] => {
    const one = declared[name];
    if ("of" in one) return [choice<Setup>(page, { ...one, ...bound<string>(name) })];
    if (typeof one.first === "boolean")
      return [toggle<Setup>(page, { ...(one as SwitchField), ...bound<boolean>(name) })];
    if ("labels" in one)
      return one.labels.map((label, i) =>
        slider<Setup>(page, { ...one, label, ...ofElement(bound<readonly number[]>(name), i) }),
      );
    const every = play[name];
    return [
      slider<Setup>(page, {
        ...(one as NumberField),
        ...bound<number>(name),
        play: every ? { every } : undefined,
      }),
    ];
  });
  const id = `controls-${nextId()}`;
  return {
    root: section(id, title, note, element("div", { class: "fields" }, ...made.map(({ root }) => root))),
    update: (shown) => {
      for (const control of made) control.update(shown);
    },
  };
}

/** One element of a list of numbers. */
const ofElement = <Setup>(list: Bound<Setup, readonly number[]>, i: number): Bound<Setup, number> => ({
  get: (setup) => list.get(setup)[i],
  set: (setup, value) =>
    list.set(
      setup,
      list.get(setup).map((other, j) => (j === i ? value : other)),
    ),
});
