import assert from "node:assert/strict";
import { test } from "node:test";
import type { Claim } from "../../src/experiments";
import { announceClaims, claimsBundle } from "../../src/notebook";
import { type ClaimsRecord, claimsMime } from "../../src/notebook/claims";
import { fakeKernel } from "./kernel-bridge";

const claims: Claim[] = [
  {
    claim: "Exponents tell right from <b>wrong</b>",
    published: { value: "AUC 0.984", source: "document 001" },
    found: "AUC 0.971 [0.958, 0.982]",
    verdict: "shown",
  },
  { claim: "Failures settle", published: null, found: "0 of 254", verdict: "not shown" },
  {
    claim: "The gap stays",
    published: null,
    found: "one seed",
    verdict: "cannot be told here",
    why: "an interval needs two seeds",
  },
];

test("announceClaims() shows the rows and carries them as data in the same output", (t) => {
  const { shown } = fakeKernel(t);
  announceClaims(claims);
  const record = shown[0].data[claimsMime] as unknown as ClaimsRecord;
  assert.deepEqual(JSON.parse(JSON.stringify(record)), { schema: 1, claims });
});

test("claimsBundle() says each verdict in a word and a mark, what was published, and why", () => {
  const { data } = claimsBundle(claims, { title: "Claims", caption: "One run" });
  assert.equal(
    data["text/plain"],
    [
      "Claims",
      "1 of 3 claims shown",
      "✓ shown: Exponents tell right from <b>wrong</b>",
      "  found: AUC 0.971 [0.958, 0.982]; published: AUC 0.984 (document 001)",
      "✗ not shown: Failures settle",
      "  found: 0 of 254",
      "? cannot be told here: The gap stays",
      "  found: one seed",
      "  an interval needs two seeds",
    ].join("\n"),
  );
  const html = String(data["text/html"]);
  assert.match(html, /1 of 3 claims shown\. One run/);
  assert.match(html, /right from &lt;b&gt;wrong&lt;\/b&gt;/);
  for (const verdict of ["shown", "not shown", "cannot be told here"])
    assert.match(html, new RegExp(`</span> ${verdict}</td>`), verdict);
});

test("claimsBundle() refuses a row that says too little", () => {
  const refused = (change: object, message: RegExp) =>
    assert.throws(() => claimsBundle([claims[0], { ...claims[2], ...change } as Claim]), {
      name: "RangeError",
      message,
    });
  refused({ claim: " " }, /^Cannot announce claim 2 as it must be a sentence: got " "$/);
  refused({ found: "" }, /must say what this run found: got ""/);
  refused({ verdict: "perhaps" }, /must be one of shown, not shown, cannot be told here: got "perhaps"/);
  refused({ why: undefined }, /must say why it cannot be told here: got undefined/);
});
