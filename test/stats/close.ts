import assert from "node:assert/strict";

/** Asserts that numbers, arrays or objects of numbers agree to a relative (below 1: absolute) tolerance. */
export function assertClose(actual: unknown, expected: unknown, tolerance = 1e-12, path = "value"): void {
  if (typeof expected === "number" && typeof actual === "number") {
    const error = Math.abs(actual - expected) / Math.max(1, Math.abs(expected));
    assert.ok(
      Object.is(actual, expected) || error <= tolerance,
      `${path}: expected ${expected}, got ${actual}`,
    );
  } else if (
    typeof expected === "object" &&
    expected !== null &&
    typeof actual === "object" &&
    actual !== null
  ) {
    assert.deepEqual(Object.keys(actual), Object.keys(expected), path);
    for (const [key, value] of Object.entries(expected)) {
      assertClose((actual as Record<string, unknown>)[key], value, tolerance, `${path}.${key}`);
    }
  } else assert.deepEqual(actual, expected, path);
}
