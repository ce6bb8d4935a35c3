import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import type { Tensor } from "@tensorflow/tfjs-node";
import { compile, startBackend, tensorflow } from "../../src/tensor";
import { type NativeBackend, nativeBackend } from "../../src/tensor/compile/native-backend";
import { residencyOf } from "../../src/tensor/compile/residency";

const tf = tensorflow();
before(startBackend);

/** How many ops of a kind TensorFlow itself executes while `body` runs. */
function executed(backend: NativeBackend, op: string, body: () => void): number {
  const { binding } = backend;
  let count = 0;
  backend.binding = Object.create(binding, {
    executeOp: {
      value: (...call: Parameters<typeof binding.executeOp>) => {
        if (call[0] === op) count++;
        return binding.executeOp(...call);
      },
    },
  });
  try {
    body();
  } finally {
    backend.binding = binding;
  }
  return count;
}

describe("compile() of a step", () => {
  it("computes once to trace twice", (t) => {
    const backend = nativeBackend();
    if (!backend) return t.skip("no graphs on this backend");
    let calls = 0;
    const step = compile(
      (x: Tensor) => {
        calls++;
        return tf.matMul(x as never, x as never).sum();
      },
      { variables: [] },
    );
    const x = tf.ones([4, 4]);
    assert.equal(
      executed(backend, "BatchMatMulV2", () => step(x).dispose()),
      1,
    );
    assert.equal(calls, 2);
    step.dispose();
  });

  it("looks whether its host code still does the same at calls 2, 16 and 128, computing and fetching nothing", (t) => {
    const backend = nativeBackend();
    if (!backend) return t.skip("no graphs on this backend");
    let traced = 0;
    const total = tf.variable(tf.ones([4, 4]));
    const step = compile(
      (x: Tensor) => {
        traced++;
        total.assign(tf.matMul(total as never, x as never));
        return total.sum();
      },
      { variables: [total] },
    );
    const x = tf.eye(4);
    step(x).dispose();
    traced = 0;
    const residency = residencyOf(total);
    const at: number[] = [];
    const ops = executed(backend, "BatchMatMulV2", () => {
      for (let call = 2; call <= 200; call++) {
        const { holder } = residency;
        step(x).dispose();
        assert.equal(residency.holder, holder, "the newest values stay in the session");
        if (traced > at.length) at.push(call);
      }
    });
    assert.deepEqual([at, ops], [[2, 16, 128], 0]);
    assert.equal(total.dataSync()[0], 1);
    step.dispose();
  });

  it("computes again where its second call does something else than the first", (t) => {
    if (!nativeBackend()) return t.skip("no graphs on this backend");
    let kept: Tensor | undefined;
    let calls = 0;
    const step = compile(
      (x: Tensor) => {
        calls++;
        if (!kept) kept = tf.keep(tf.tidy(() => tf.range(0, 3).square())); // made once, in the first call
        const more = calls === 1 ? x.add(1).sub(1) : x;
        return more.mul(kept).sum();
      },
      { variables: [] },
    );
    assert.equal(step(tf.ones([3])).dataSync()[0], 5);
    assert.equal(calls, 3);
    step.dispose();
  });

  it("looks indices up that it has not computed this time", (t) => {
    if (!nativeBackend()) return t.skip("no graphs on this backend");
    const table = tf.variable(tf.range(0, 10));
    const step = compile((x: Tensor) => tf.gather(table, x.mul(2).toInt()), { variables: [table] });
    const before = tf.memory().numTensors;
    const found = step(tf.tensor1d([1, 4, 2]));
    assert.deepEqual(Array.from(found.dataSync()), [2, 8, 4]);
    assert.equal(tf.memory().numTensors, before + 2); // the argument and the result
    step.dispose();
    tf.dispose([table, found]);
  });
});
