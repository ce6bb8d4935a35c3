// Probabilities of logits, on the host.

/** exp(logit) / sum; NaN throughout where a logit is NaN or infinite upwards. */
export function partsOfOne(logits: Float32Array): Float64Array {
  const highest = logits.reduce(
    (most, value) => (value > most || Number.isNaN(value) ? value : most),
    -Infinity,
  );
  const powers = Float64Array.from(logits, (value) => Math.exp(value - highest));
  const sum = powers.reduce((total, value) => total + value, 0);
  return powers.map((value) => value / sum);
}
