// Every public function of the rooms below says what it does, names each argument, and has an @example with "// =>", which
// docstring-examples.test.ts runs. The rooms are all that "dolab" passes on, and what the command line calls of reports.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, it } from "node:test";
import * as ts from "typescript";

const source = join(__dirname, "..", "src");
const rooms = [
  "random",
  "io",
  "stats",
  "tensor",
  "train",
  "models/resnet",
  "models/vae",
  "models/gpt2",
  "models/lcm",
  "models/recursive",
  "models/citris",
  "data",
  "experiments",
  "experiments/boolean-world",
  "experiments/w2",
  "experiments/two-by-two",
  "experiments/reasoners",
  "experiments/citris",
  "experiments/wscrl",
  "experiments/wscrl/causal-circuit",
  "notebook",
  "report",
  "sweep",
  "tracking",
  "pages",
];

/** Functions without an example, each with the reason. */
const withoutExample: Record<string, string> = {
  adaptModel: "compiles a training step, which takes a second",
  citrisPageHtml: "needs a trained run",
  correlationMatrices: "trains a network",
  drawStaticPictures: "starts a browser",
  identifyBox: "trains a network for seconds",
  loadCausal3d: "needs files that are downloaded",
  loadSceneModel: "needs a trained run",
  loadTrainedModel: "needs a trained run",
  makeReport: "runs a notebook in Python",
  makeReports: "runs notebooks in Python",
  playgroundHtml: "needs a trained model",
  readCifar10: "needs files that are downloaded",
  readCircuitFolder: "needs files that are downloaded",
  readCircuitPairs: "needs files that are downloaded",
  reconstructionsFigure: "needs a trained run",
  renderStaticPictures: "starts a browser",
  runSweep: "starts processes",
  servePage: "serves until it is closed",
  servePlayground: "serves until it is closed",
  serveTheatre: "serves until it is closed",
  theatreHtml: "needs a trained run",
  trainInWorld: "compiles a training step, which takes a second",
  trainModel: "compiles a training step, which takes a second",
  tutorialFrames: "needs files that are downloaded",
  w2PageHtml: "bundles a page, which takes a second",
  wscrlPageHtml: "needs a trained run",
};

interface PublicFunction {
  name: string;
  file: string;
  comment: string;
  parameters: string[];
}

const parse = (file: string) =>
  ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, true);

/** The functions that a module exports, those that it passes on included. */
function functionsOf(file: string, wanted?: ReadonlySet<string>): PublicFunction[] {
  return parse(file).statements.flatMap((statement): PublicFunction[] => {
    if (ts.isExportDeclaration(statement) && statement.moduleSpecifier) {
      const place = join(dirname(file), (statement.moduleSpecifier as ts.StringLiteral).text);
      const next = existsSync(`${place}.ts`) ? `${place}.ts` : join(place, "index.ts");
      if (!existsSync(next)) return []; // another package's types
      const { exportClause } = statement;
      if (!exportClause) return functionsOf(next, wanted);
      if (!ts.isNamedExports(exportClause)) return [];
      const names = exportClause.elements.map(({ name, propertyName }) => (propertyName ?? name).text);
      return functionsOf(next, new Set(names.filter((name) => wanted?.has(name) ?? true)));
    }
    const exported = ts.canHaveModifiers(statement)
      ? ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
      : false;
    if (!exported) return [];
    const declared = ts.isFunctionDeclaration(statement)
      ? [{ name: statement.name?.text ?? "", value: statement as ts.SignatureDeclaration }]
      : ts.isVariableStatement(statement)
        ? statement.declarationList.declarations.flatMap(({ name, initializer }) =>
            initializer && ts.isArrowFunction(initializer)
              ? [{ name: name.getText(), value: initializer }]
              : [],
          )
        : [];
    return declared
      .filter(({ name }) => wanted?.has(name) ?? true)
      .map(({ name, value }) => ({
        name,
        file: relative(source, file),
        comment: ts
          .getJSDocCommentsAndTags(statement)
          .filter(ts.isJSDoc)
          .map((each) => each.getText())
          .join("\n"),
        // A pattern, { a, b }, is named as the docstring likes; what is always refused, `...surplus`, is not named.
        parameters: value.parameters.flatMap((parameter) =>
          ts.isIdentifier(parameter.name) && parameter.name.text !== "surplus" ? [parameter.name.text] : [],
        ),
      }));
  });
}

/** Overloads of a function share one docstring. */
function merged(functions: readonly PublicFunction[]): PublicFunction[] {
  const byName = new Map<string, PublicFunction>();
  for (const each of functions) {
    const before = byName.get(each.name);
    byName.set(each.name, before ? { ...before, comment: before.comment + each.comment } : each);
  }
  return [...byName.values()];
}

/** Whether a text begins with what the function does: "Makes", "Draws", "Refuses"; not "The ..." or "As ...". */
const isSentence = (text: string) =>
  /^[A-Z][a-z]+s\b/.test(text) && !/^(As|Its|This|Plus|Minus)\b/.test(text);

function lacks({ name, comment, parameters }: PublicFunction): string[] {
  const [, first = ""] = /^\/\*\*[\s*]*(.*)/.exec(comment) ?? [];
  const undocumented = parameters.filter((each) => !new RegExp(`@param ${each}\\b`).test(comment));
  return [
    ...(first === "" || first.startsWith("@") ? ["what it does"] : []),
    ...(first === "" || isSentence(first) ? [] : ["a first sentence that begins with a verb, such as Makes"]),
    ...undocumented.map((each) => `@param ${each}`),
    ...(/@example[\s\S]*\/\/ => /.test(comment) || name in withoutExample ? [] : ["an @example with // =>"]),
  ];
}

describe("public functions", () => {
  for (const room of rooms)
    it(`of src/${room} say what they do, name each argument and show an example`, () => {
      const functions = merged(functionsOf(join(source, room, "index.ts")));
      assert.ok(functions.length > 1, `found ${functions.length}`);
      const short = functions
        .map((each) => ({ ...each, missing: lacks(each) }))
        .filter(({ missing }) => missing.length > 0)
        .map(({ file, name, missing }) => `${file}: ${name} lacks ${missing.join(", ")}`);
      assert.deepEqual(short, []);
    });

  it("of dolab are all in these rooms", () => {
    const known = new Set(
      rooms.flatMap((room) => functionsOf(join(source, room, "index.ts")).map(({ file }) => file)),
    );
    const strangers = functionsOf(join(source, "index.ts")).filter(({ file }) => !known.has(file));
    assert.deepEqual(strangers, []);
  });

  it("would be found without their documentation", () => {
    const bare = { name: "bare", file: "bare.ts", comment: "/** Of a thing. */", parameters: ["x"] };
    assert.equal(lacks(bare).length, 3);
    assert.equal(lacks({ ...bare, comment: "/** Makes a thing. */" }).length, 2);
    assert.deepEqual(lacks({ ...bare, comment: "", parameters: [] }), [
      "what it does",
      "an @example with // =>",
    ]);
  });
});
