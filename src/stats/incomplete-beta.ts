// The regularised incomplete beta function I(x; a, b) by its continued fraction (DLMF 8.17.22, evaluated as Lentz 1976 does), which
// converges fast below the mean; above it, the other tail's does. Student's t and the beta distribution are made of it. Our own, as
// no library of the project has it (simple-statistics tests by table and permutation) and forty lines need no new one.

const SMALLEST = 1e-300;
const PRECISION = 1e-15;
const MOST_TERMS = 10_000;

/** I(x; a, b) for shapes above 0. @param complement 1 - x, exact where x is nearly 1 */
export function regularisedBeta(x: number, complement: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (complement <= 0) return 1;
  const front = Math.exp(a * Math.log(x) + b * Math.log(complement) - logBeta(a, b));
  if (x < (a + 1) / (a + b + 2)) return (front * fraction(x, a, b)) / a;
  return 1 - (front * fraction(complement, b, a)) / b;
}

function fraction(x: number, a: number, b: number): number {
  const kept = (value: number) => (Math.abs(value) < SMALLEST ? SMALLEST : value);
  let c = 1;
  let d = 1 / kept(1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; m <= MOST_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / kept(1 + even * d);
    c = kept(1 + even / c);
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / kept(1 + odd * d);
    c = kept(1 + odd / c);
    result *= d * c;
    if (Math.abs(d * c - 1) < PRECISION) break;
  }
  return result;
}

/** ln B(a, b) */
export const logBeta = (a: number, b: number): number => logGamma(a) + logGamma(b) - logGamma(a + b);

/** ln of the gamma function above 0: shifted beyond 15 by its recurrence, then Stirling's series (DLMF 5.11.1). */
function logGamma(x: number): number {
  let [shift, z] = [0, x];
  while (z < 15) shift += Math.log(z++);
  const square = z * z;
  const series =
    (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / (1188 * square)) / square) / square) / square) / z;
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series - shift;
}
