// What has been done to the thought, each with a button that takes it back.
import { button, element, replaceKeepingFocus, section } from "../../kit";
import type { Setup } from "../setup";
import type { Theatre, View } from "../theatre";

export function doneView(page: Theatre): View {
  const { side } = page.model.carried;
  const list = element("ul", { class: "chips" });
  const place = (cell: number) => `row ${Math.floor(cell / side) + 1}, column ${(cell % side) + 1}`;
  const without = <Item>(items: readonly Item[], item: Item) => items.filter((other) => other !== item);
  const entries = (setup: Setup): [string, Setup][] => [
    ...(setup.restart
      ? [[`begun ${setup.restart.size} away`, { ...setup, restart: undefined }] as [string, Setup]]
      : []),
    ...setup.kicks.map((kick): [string, Setup] => [
      `kicked by ${kick.size} after step ${kick.step}, ${kick.along === "random" ? "at random" : "most unstable"}`,
      { ...setup, kicks: without(setup.kicks, kick) },
    ]),
    ...setup.givens.map((given): [string, Setup] => [
      `${place(given.cell)}: given ${given.token === 1 ? "nothing" : given.token - 1}`,
      { ...setup, givens: without(setup.givens, given) },
    ]),
    ...setup.holds.map((hold): [string, Setup] => [
      `${place(hold.cell)}: held at ${hold.token - 1} from step ${hold.from}`,
      { ...setup, holds: without(setup.holds, hold) },
    ]),
  ];
  return {
    root: section("done", "Done to it", "Grey lines show the thought without what is listed here.", list),
    update({ setup }) {
      const chips = entries(setup).map(([text, rest]) =>
        element(
          "li",
          {},
          button(`${text} ✕`, () => page.change(rest), {
            "aria-label": `Take back: ${text}`,
            "data-key": text,
          }),
        ),
      );
      replaceKeepingFocus(list, ...chips);
    },
  };
}
