import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { runDolabAlone } from "../support/run-dolab";

const findings = (env: Record<string, string>) => {
  const { code, stdout, stderr } = runDolabAlone(["doctor", "--json"], env);
  const rows = JSON.parse(stdout) as { what: string; state: string; detail: string; cure?: string }[];
  return { code, stderr, of: (what: string) => rows.find((row) => row.what === what) };
};

describe("dolab doctor", () => {
  it("says what computes, without TensorFlow's start-up noise", () => {
    const { code, stderr, of } = findings({});
    assert.equal(code, 0);
    assert.equal(stderr, "");
    assert.match(of("TensorFlow")?.detail ?? "", /TensorFlow/);
    assert.match(of("npm packages")?.detail ?? "", /tslab 1\.0\.22, @tensorflow\/tfjs-node-gpu 4\.22\.0/);
  });

  it("says what is lost on a slower backend and how to mend it", () => {
    const { code, of } = findings({ DOLAB_BACKEND: "wasm" });
    assert.equal(code, 0, "a shortfall is no failure");
    assert.equal(of("TensorFlow")?.state, "shortfall");
    assert.match(of("TensorFlow")?.detail ?? "", /WebAssembly.*no gradient for convolution filters/);
    assert.ok(of("TensorFlow")?.cure);
  });

  it("calls a backend broken that cannot be", () => {
    const { code, of } = findings({ DOLAB_BACKEND: "abacus" });
    assert.equal(code, 1);
    assert.match(of("TensorFlow")?.detail ?? "", /"abacus".*tensorflow, wasm, cpu/);
  });

  it("tells how to get pictures where there is no browser", () => {
    const { of } = findings({ DOLAB_BROWSER: "none" });
    assert.equal(of("browser for pictures")?.state, "shortfall");
    assert.match(of("browser for pictures")?.cure ?? "", /DOLAB_BROWSER/);
  });
});
