// What `npm test` prints: Node's own "spec" report, and before its closing lines each skipped test with the reason.
import { Readable } from "node:stream";
import { spec } from "node:test/reporters";

/**
 * @typedef {{ type: string, data: { name?: string, nesting: number, message?: string, skip?: string | boolean } }} TestEvent
 * @param {AsyncIterable<TestEvent>} source
 */
async function* withSkips(source) {
  /** @type {string[]} */
  const skipped = [];
  let told = false;
  for await (const event of source) {
    const { name, nesting, message, skip } = event.data;
    if (event.type === "test:pass" && skip !== undefined)
      skipped.push(`skipped: ${name}: ${typeof skip === "string" && skip ? skip : "no reason given"}`);
    if (event.type === "test:diagnostic" && nesting === 0 && /^tests \d+$/.test(message ?? "") && !told) {
      told = true;
      for (const line of skipped) yield { type: event.type, data: { nesting: 0, message: line } };
    }
    yield event;
  }
}

/** @param {AsyncIterable<TestEvent>} source */
export default async function* report(source) {
  const Spec = /** @type {new () => import("node:stream").Transform} */ (/** @type {unknown} */ (spec));
  yield* Readable.from(withSkips(source)).pipe(new Spec());
}
