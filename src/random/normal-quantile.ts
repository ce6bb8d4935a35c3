// The quantile function (inverse distribution function) of the standard normal distribution.
// Algorithm AS 241, PPND16: Wichura (1988), Applied Statistics 37(3), doi:10.2307/2347330; relative error about 1e-16.
// Differs on purpose in its argument: q = p - 1/2 keeps both tails exact where p itself would round to 1.

// Published coefficients rounded to float64, constant term first: central,|q| <= 0.425 ...
const centralTop = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
  67265.7709270087, 33430.57558358813, 2509.0809287301227,
] as const;
const centralBottom = [
  1.0, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
  28729.085735721943, 5226.495278852854,
] as const;
// ... tail to p of about 1.4e-11 ...
const tailTop = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
  0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
] as const;
const tailBottom = [
  1.0, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
  0.0005475938084995345, 1.0507500716444169e-9,
] as const;
// ... and beyond.
const farTop = [
  6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
  0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
] as const;
const farBottom = [
  1.0, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
  1.8463183175100548e-5, 1.421511758316446e-7, 2.0442631033899397e-15,
] as const;

type Coefficients = readonly [number, number, number, number, number, number, number, number];

function polynomial(c: Coefficients, r: number): number {
  return ((((((c[7] * r + c[6]) * r + c[5]) * r + c[4]) * r + c[3]) * r + c[2]) * r + c[1]) * r + c[0];
}

/**
 * Returns the standard normal quantile of the probability 1/2 + q.
 *
 * @param q centred probability, -1/2 to 1/2
 * @returns x with P(X <= x) = 1/2 + q; -Infinity and Infinity at the ends, NaN outside
 *
 * @example
 * import { normalQuantile } from "dolab";
 * normalQuantile(0.475); // => 1.959963984540054
 * normalQuantile(0); // => 0
 */
export function normalQuantile(q: number): number {
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(centralTop, r)) / polynomial(centralBottom, r);
  }
  const tail = 0.5 - Math.abs(q);
  if (tail === 0) return q * Number.POSITIVE_INFINITY;
  const r = Math.sqrt(-Math.log(tail));
  const x =
    r <= 5
      ? polynomial(tailTop, r - 1.6) / polynomial(tailBottom, r - 1.6)
      : polynomial(farTop, r - 5) / polynomial(farBottom, r - 5);
  return q < 0 ? -x : x;
}
