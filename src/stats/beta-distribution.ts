// The beta distribution on [0, 1]: its cumulative distribution function, the regularised incomplete beta function, by the
// continued fraction of Press et al., Numerical Recipes, section 6.4 (Lentz's method), and the inverse of it by Newton's steps
// within an interval that each step narrows. simple-statistics has neither.

const MOST_TERMS = 300;
const PRECISION = 1e-14;
const TINY = 1e-300;

/**
 * The probability of a value of at most x.
 *
 * @param x from 0 to 1; below counts as 0, above as 1
 * @param a shape of the distribution near 0, above 0
 * @param b shape near 1, above 0
 * @throws {RangeError} where a shape is not above 0, or x is NaN
 * @example
 * import { betaCumulative } from "dolab/stats";
 * betaCumulative(0.5, 2, 2); // => 0.5
 */
export function betaCumulative(x: number, a: number, b: number): number {
  requireShapes(a, b);
  if (Number.isNaN(x)) throw new RangeError("Cannot take a beta distribution as x must be a number: got NaN");
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const logFront = logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x);
  // The fraction converges fast below the mean; above it, the other tail does.
  if (x < (a + 1) / (a + b + 2)) return (Math.exp(logFront) * fraction(x, a, b)) / a;
  return 1 - (Math.exp(logFront) * fraction(1 - x, b, a)) / b;
}

/**
 * The value below which a share p of the distribution lies.
 *
 * @param p from 0 to 1
 * @param a shape near 0, above 0
 * @param b shape near 1, above 0
 * @returns from 0 to 1
 * @throws {RangeError} where p is not from 0 to 1, or a shape is not above 0
 * @example
 * import { betaQuantile } from "dolab/stats";
 * betaQuantile(0.75, 1, 1).toFixed(9); // => "0.750000000"
 */
export function betaQuantile(p: number, a: number, b: number): number {
  requireShapes(a, b);
  if (!(p >= 0 && p <= 1)) throw new RangeError(`Cannot take a quantile as p must be from 0 to 1: got ${p}`);
  if (p === 0 || p === 1) return p;
  const logScale = logGamma(a + b) - logGamma(a) - logGamma(b);
  let [low, high] = [0, 1];
  let x = a / (a + b);
  for (let step = 0; step < 100; step++) {
    const excess = betaCumulative(x, a, b) - p;
    if (excess === 0) return x;
    if (excess > 0) high = x;
    else low = x;
    const density = Math.exp(logScale + (a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x));
    const newton = x - excess / density;
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - x) <= PRECISION * next) return next;
    x = next;
  }
  return x;
}

function requireShapes(a: number, b: number): void {
  if (!(a > 0 && b > 0 && a < Number.POSITIVE_INFINITY && b < Number.POSITIVE_INFINITY))
    throw new RangeError(`Cannot take a beta distribution as its shapes must be above 0: got ${a} and ${b}`);
}

/** The continued fraction of the incomplete beta function. */
function fraction(x: number, a: number, b: number): number {
  const kept = (value: number) => (Math.abs(value) < TINY ? TINY : value);
  let c = 1;
  let d = 1 / kept(1 - ((a + b) * x) / (a + 1));
  let product = d;
  for (let m = 1; m <= MOST_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / kept(1 + even * d);
    c = kept(1 + even / c);
    product *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / kept(1 + odd * d);
    c = kept(1 + odd / c);
    product *= d * c;
    if (Math.abs(d * c - 1) < PRECISION) break;
  }
  return product;
}

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** log Gamma(x) for x above 0 (Lanczos 1964, g = 7). */
function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const t = x + 6.5;
  const sum = LANCZOS.reduce((total, term, i) => (i === 0 ? term : total + term / (x - 1 + i)), 0);
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}
