// How tangents pass through TensorFlow.js' kernels. A tangent has one more axis than its tensor, in front: the direction, so
// that several directions share the values and everything that is computed of them alone. What is element by element is not
// multiplied out at once: a tangent is a sum of terms, factor times base, and a chain of such kernels changes the factors, which
// have no directions, so that it costs one product with the base in the end.
import type { Tensor, Tensor4D } from "@tensorflow/tfjs-node";
import { tensorflow } from "../backend";

/** factor * base, broadcast against each other. */
export interface Term {
  /** [directions, ...shape] */
  base: Tensor;
  /** [...shape]; 1 where it is absent. */
  factor?: Tensor;
}

export interface KernelCall {
  /** The inputs by the kernel's names of them, or "0", "1", ... in a list. */
  inputs: Readonly<Record<string, Tensor>>;
  attributes: Readonly<Record<string, unknown>>;
  outputs: readonly Tensor[];
  /** The tangent of an input, multiplied out, [directions, ...shape]; undefined where it is constant. */
  tangent(input: string): Tensor | undefined;
  /** The same as terms; none where it is constant. */
  terms(input: string): readonly Term[];
  directions: number;
}

/** Returns the tangents of the outputs, undefined for a constant one. */
export type TangentRule = (call: KernelCall) => (Tensor | readonly Term[] | undefined)[];

/** A tangent with ones after its directions, so that it broadcasts as its tensor does against a tensor of this rank. */
function aligned(tangent: Tensor, rank: number): Tensor {
  const [directions, ...shape] = tangent.shape;
  const missing = rank - shape.length;
  return missing > 0 ? tangent.reshape([directions, ...new Array(missing).fill(1), ...shape]) : tangent;
}

/** Multiplies terms out and adds them up. @returns [directions, ...shape] */
export function multiplyOut(terms: readonly Term[], shape: readonly number[]): Tensor {
  const products = terms.map(({ base, factor }) => {
    const own = aligned(base, shape.length);
    return factor ? own.mul(factor) : own;
  });
  const sum = products.reduce((total, product) => total.add(product));
  const whole = [sum.shape[0], ...shape];
  return sum.shape.join() === whole.join() ? sum : tensorflow().broadcastTo(sum, whole);
}

/** Terms times a factor, 1 where it is absent. */
const scaled = (terms: readonly Term[], by?: Tensor): Term[] =>
  terms.map(({ base, factor }) => ({ base, factor: factor && by ? factor.mul(by) : (factor ?? by) }));

/** Adds sums up: terms of one base become one, where their factors can be added without knowing the shape of either. */
function added(...sums: (readonly Term[])[]): Term[] {
  const terms: Term[] = [];
  for (const term of sums.flat()) {
    const same = terms.findIndex(({ base, factor }) => base === term.base && factor && term.factor);
    if (same < 0) terms.push(term);
    else terms[same] = { base: term.base, factor: terms[same].factor!.add(term.factor!) };
  }
  return terms;
}

/** y = f(x) element by element: dy = derivative dx. */
const elementwise =
  (derivative: (x: Tensor, y: Tensor) => Tensor): TangentRule =>
  ({ inputs: { x }, outputs: [y], terms }) => [scaled(terms("x"), derivative(x, y))];

type Slope = (a: Tensor, b: Tensor, z: Tensor) => Tensor;

/** z = f(a, b), element by element and broadcasting; a slope that is absent is 1. */
const binary =
  (slopeA?: Slope, slopeB?: Slope): TangentRule =>
  ({ inputs: { a, b }, outputs: [z], terms }) => {
    const through = (name: "a" | "b", slope: Slope | undefined) => {
      const own = terms(name);
      return own.length > 0 ? scaled(own, slope?.(a, b, z)) : own;
    };
    return [added(through("a", slopeA), through("b", slopeB))];
  };

/** The same kernel of one moving input, applied to each direction. */
const linear =
  (apply: (tangent: Tensor, call: KernelCall) => Tensor): TangentRule =>
  (call) => {
    const tangent = call.tangent(Object.keys(call.inputs)[0]);
    return [tangent && apply(tangent, call)];
  };

const later = (axes: readonly number[], rank: number) =>
  axes.map((axis) => (axis < 0 ? axis + rank : axis) + 1);

/** Axes of a reduction, all of them where none is given, counted with the directions in front. */
const reducedAxes = ({ attributes: { axis }, inputs: { x } }: KernelCall) =>
  later(axis == null ? x.shape.map((_, i) => i) : ([axis].flat() as number[]), x.rank);

/** Inputs of a list in their order, each tangent or zeros. */
function listed({ inputs, tangent, directions }: KernelCall): Tensor[] {
  const names = Object.keys(inputs).sort((a, b) => Number(a) - Number(b));
  return names.map((name) => tangent(name) ?? tensorflow().zeros([directions, ...inputs[name].shape]));
}

/** d(a b) = da b + a db, where a and b are matrices or batches of them, perhaps transposed. */
const matrixProduct: TangentRule = ({ inputs: { a, b }, attributes, outputs: [z], tangent }) => {
  const tf = tensorflow();
  const { transposeA = false, transposeB = false } = attributes as {
    transposeA?: boolean;
    transposeB?: boolean;
  };
  const [da, db] = [tangent("a"), tangent("b")];
  const single = (tensor: Tensor) => tensor.shape.slice(0, -2).every((size) => size === 1);
  const through: Tensor[] = [];
  if (da && single(b) && !transposeA) {
    // Rows of all directions and batches in one product.
    const rows = da.reshape([-1, da.shape[da.rank - 1] as number]);
    const matrix = b.reshape(b.shape.slice(-2));
    through.push(tf.matMul(rows, matrix, false, transposeB).reshape([da.shape[0], ...z.shape]));
  } else if (da) through.push(tf.matMul(da, aligned(b.expandDims(0), a.rank), transposeA, transposeB));
  if (db) through.push(tf.matMul(aligned(a.expandDims(0), b.rank), db, transposeA, transposeB));
  return [through.length === 2 ? through[0].add(through[1]) : through[0]];
};

const where = (condition: Tensor) => condition.cast("float32");

/** A rule for each kernel; a kernel without one is refused. */
export const tangentRules: Readonly<Record<string, TangentRule>> = {
  Abs: elementwise((x) => x.sign()),
  Cos: elementwise((x) => x.sin().neg()),
  Exp: elementwise((_, y) => y),
  Log: elementwise((x) => x.reciprocal()),
  Neg: elementwise(() => tensorflow().scalar(-1)),
  Reciprocal: elementwise((_, y) => y.square().neg()),
  Relu: elementwise((x) => where(x.greater(0))),
  Rsqrt: elementwise((_, y) => y.mul(y.square()).mul(-0.5)),
  Sigmoid: elementwise((_, y) => y.mul(tensorflow().sub(1, y))),
  Sin: elementwise((x) => x.cos()),
  Softplus: elementwise((x) => x.sigmoid()),
  Sqrt: elementwise((_, y) => tensorflow().div(0.5, y)),
  Square: elementwise((x) => x.mul(2)),
  Tanh: elementwise((_, y) => tensorflow().sub(1, y.square())),

  Add: binary(),
  Sub: binary(undefined, () => tensorflow().scalar(-1)),
  Multiply: binary(
    (_, b) => b,
    (a) => a,
  ),
  RealDiv: binary(
    (_, b) => b.reciprocal(),
    (_, b, z) => z.div(b).neg(),
  ),
  Maximum: binary(
    (a, b) => where(a.greaterEqual(b)),
    (a, b) => where(b.greater(a)),
  ),
  Minimum: binary(
    (a, b) => where(a.lessEqual(b)),
    (a, b) => where(b.less(a)),
  ),
  AddN: ({ inputs, terms }) => [added(...Object.keys(inputs).map(terms))],
  Identity: ({ terms, inputs }) => [terms(Object.keys(inputs)[0])],
  BatchMatMul: matrixProduct,

  Cast: ({ outputs: [y], tangent }) => [y.dtype === "float32" ? tangent("x")?.clone() : undefined],
  Reshape: linear((tangent, { outputs: [y] }) => tangent.reshape([tangent.shape[0], ...y.shape])),
  ExpandDims: linear((tangent, { outputs: [y] }) => tangent.reshape([tangent.shape[0], ...y.shape])),
  Transpose: linear((tangent, { attributes, inputs: { x } }) =>
    tangent.transpose([0, ...later(attributes.perm as number[], x.rank)]),
  ),
  Slice: linear((tangent, { attributes, outputs: [y] }) => {
    const begin = [attributes.begin].flat() as number[]; // axes that it does not name begin at 0
    const rest = new Array(y.rank - begin.length).fill(0);
    return tangent.slice([0, ...begin, ...rest], [tangent.shape[0], ...y.shape]);
  }),
  Tile: linear((tangent, { attributes }) => tangent.tile([1, ...(attributes.reps as number[])])),
  BroadcastTo: linear((tangent, { outputs: [y] }) => multiplyOut([{ base: tangent }], y.shape)),
  Sum: linear((tangent, call) => tangent.sum(reducedAxes(call), call.attributes.keepDims as boolean)),
  Mean: linear((tangent, call) => tangent.mean(reducedAxes(call), call.attributes.keepDims as boolean)),
  SplitV: ({ inputs: { x }, attributes, tangent }) => {
    const { numOrSizeSplits, axis } = attributes as { numOrSizeSplits: number | number[]; axis: number };
    return tensorflow().split(tangent("x") as Tensor, numOrSizeSplits, later([axis], x.rank)[0]);
  },
  Concat: (call) => {
    const [axis] = later([call.attributes.axis as number], call.outputs[0].rank);
    return [tensorflow().concat(listed(call), axis)];
  },
  Pack: (call) => {
    const [axis] = later([call.attributes.axis as number], call.outputs[0].rank);
    return [tensorflow().stack(listed(call), axis)];
  },
  PadV2: linear((tangent, { attributes }) =>
    tensorflow().pad(tangent as Tensor4D, [[0, 0], ...(attributes.paddings as [number, number][])] as never),
  ),
  GatherV2: ({ inputs: { x, indices }, attributes, tangent }) => {
    if (attributes.batchDims) throw new RangeError("Cannot push tangents through a gather with batchDims");
    const [axis] = later([(attributes.axis as number) ?? 0], x.rank);
    return [tensorflow().gather(tangent("x") as Tensor, indices as never, axis)];
  },
  Select: ({ inputs: { condition, t, e }, outputs: [y], tangent, directions }) => {
    const tf = tensorflow();
    const zero = () => tf.zeros([directions, ...y.shape]);
    const side = (name: "t" | "e", value: Tensor) => {
      const given = tangent(name);
      return given === undefined ? zero() : aligned(given, Math.max(value.rank, y.rank));
    };
    const mask =
      condition.rank < y.rank
        ? condition.reshape([...condition.shape, ...new Array(y.rank - condition.rank).fill(1)])
        : condition;
    return [tf.where(tf.broadcastTo(mask, [directions, ...y.shape]), side("t", t), side("e", e))];
  },
  Softmax: ({ outputs: [y], inputs, tangent }) => {
    const given = tangent(Object.keys(inputs)[0]) as Tensor;
    const weighted = given.mul(y);
    return [weighted.sub(y.mul(weighted.sum(-1, true)))];
  },
};
