// The model's answer beside the code's, variable by variable, with the rules that the code applies.
import { answerParts, applyRules, worldExample } from "../../../data/boolean-world/answer";
import { element, section } from "../../kit";
import { type Playground, type Shown, shownToken, type View } from "../playground";

interface Row {
  name: string;
  rule: string;
  code: string;
  model: string;
}

export function answerView({ model }: Playground): View {
  const { rules } = model;
  const verdict = element("p", { class: "verdict" });
  const held = element("p", { class: "note" });
  const body = element("tbody");
  const texts = element("dl", { class: "texts" });
  const lines = new Map(
    rules.text.split("\n").map((line) => [line.split(/=|#/)[0].trim(), line.replace(/#.*/, "").trim()]),
  );
  const header = ["Made", "Rule", "Code", "Model", ""].map((title) =>
    element("th", { scope: "col" }, title || element("span", { class: "unseen" }, "Same?")),
  );

  function rowsOf({ state, answer }: NonNullable<Shown["reading"]>): Row[] {
    const { outputs, sums } = applyRules(rules, state);
    const said = answerParts(rules, answer);
    const code = [...outputs, ...sums.flat()];
    const summed = rules.sums.flat();
    return code.map((value, i) => {
      const rule = rules.rules[i];
      const number = i - rules.rules.length;
      const name = rule ? rule.name : number === 0 ? "sum" : `sum${number + 1}`;
      const text = rule ? (lines.get(name) ?? name).replace(/^.*?=\s*/, "") : summed[number].join(" + ");
      return { name, rule: text, code: String(value), model: said[name] ?? "–" };
    });
  }

  return {
    root: section(
      "answer",
      "Answer",
      "",
      verdict,
      held,
      element(
        "table",
        {},
        element("caption", { class: "unseen" }, "The answer by the rules and by the model"),
        element("thead", {}, element("tr", {}, ...header)),
        body,
      ),
      texts,
    ),
    update(shown) {
      const { reading } = shown;
      if (!reading) {
        const none = shown.failure && "No answer: the run failed";
        verdict.textContent = shown.problem ? "No answer: that is no state" : (none ?? "Computing …");
        verdict.className = "verdict";
        held.textContent = "";
        body.replaceChildren();
        texts.replaceChildren();
        return;
      }
      const expected = worldExample(rules, reading.state).completion;
      const same = reading.answer === expected;
      verdict.className = same ? "verdict good" : "verdict bad";
      verdict.textContent = same ? "✓ The model agrees with the code" : "✗ The model differs from the code";
      const isHeld = model.excluded.some((state) => state.join() === reading.state.join());
      held.textContent = isHeld ? "This state is held-out: the model never read its answer." : "";
      body.replaceChildren(
        ...rowsOf(reading).map(({ name, rule, code, model: said }) => {
          const right = code === said;
          return element(
            "tr",
            { class: right ? "right" : "wrong" },
            element("th", { scope: "row" }, name),
            element("td", {}, element("code", {}, rule)),
            element("td", { class: "value" }, code),
            element("td", { class: "value" }, said),
            element(
              "td",
              { class: "mark" },
              right ? "✓" : "✗",
              element("span", { class: "unseen" }, right ? " same" : " differs"),
            ),
          );
        }),
      );
      texts.replaceChildren(
        ...[["Code writes", expected] as const, ["Model writes", reading.answer] as const].flatMap(
          ([term, text]) => [
            element("dt", {}, term),
            element("dd", {}, element("code", {}, shownToken(text).slice(0, 120) || "nothing")),
          ],
        ),
      );
    },
  };
}
