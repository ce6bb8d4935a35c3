// How tangents pass through TensorFlow.js' kernels. A tangent has one more axis than its tensor, in front: the direction, so
// that several directions share the values and everything that is computed of them alone.
import type { Tensor, Tensor4D } from "@tensorflow/tfjs-node";
import { tensorflow } from "../backend";

export interface KernelCall {
  name: string;
  /** By the kernel's names of its inputs, or "0", "1", ... in a list. */
  inputs: Readonly<Record<string, Tensor>>;
  attributes: Readonly<Record<string, unknown>>;
  outputs: readonly Tensor[];
  /** The tangent of an input, [directions, ...shape]; undefined where it is constant. */
  tangent(input: string): Tensor | undefined;
  directions: number;
}

/** Returns the tangents of the outputs, undefined for a constant one. */
export type TangentRule = (call: KernelCall) => (Tensor | undefined)[];

/** A tangent with ones after its directions, so that it broadcasts as its tensor does against a tensor of this rank. */
function aligned(tangent: Tensor, rank: number): Tensor {
  const [directions, ...shape] = tangent.shape;
  const missing = rank - shape.length;
  return missing > 0 ? tangent.reshape([directions, ...new Array(missing).fill(1), ...shape]) : tangent;
}

/** Brings a tangent to an output's shape, where it was broadcast. */
function spread(tangent: Tensor, output: Tensor): Tensor {
  const shape = [tangent.shape[0], ...output.shape];
  return tangent.shape.join() === shape.join() ? tangent : tensorflow().broadcastTo(tangent, shape);
}

const total = (tangents: readonly (Tensor | undefined)[], output: Tensor): Tensor =>
  spread(
    (tangents.filter((tangent) => tangent !== undefined) as Tensor[])
      .map((tangent) => aligned(tangent, output.rank))
      .reduce((sum, tangent) => sum.add(tangent)),
    output,
  );

/** y = f(x) element by element: dy = derivative dx. */
const elementwise =
  (derivative: (x: Tensor, y: Tensor) => Tensor): TangentRule =>
  ({ inputs: { x }, outputs: [y], tangent }) => [tangent("x")?.mul(derivative(x, y))];

/** z = f(a, b), broadcasting: dz is the sum of what `parts` makes of da and of db. */
const binary =
  (part: { a: Part; b: Part }): TangentRule =>
  ({ inputs: { a, b }, outputs: [z], tangent }) => {
    const through = (name: "a" | "b") => {
      const tangentOf = tangent(name);
      return tangentOf && part[name](aligned(tangentOf, z.rank), a, b, z);
    };
    return [total([through("a"), through("b")], z)];
  };
type Part = (tangent: Tensor, a: Tensor, b: Tensor, z: Tensor) => Tensor;

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

const sigmoidSlope = (y: Tensor) => y.mul(tensorflow().sub(1, y));
const indicator = (condition: Tensor) => condition.cast("float32");

/** By kernel; what is not here is refused. */
export const tangentRules: Readonly<Record<string, TangentRule>> = {
  Abs: elementwise((x) => x.sign()),
  Cos: elementwise((x) => x.sin().neg()),
  Exp: elementwise((_, y) => y),
  Log: elementwise((x) => x.reciprocal()),
  Reciprocal: elementwise((_, y) => y.square().neg()),
  Relu: elementwise((x) => indicator(x.greater(0))),
  Rsqrt: elementwise((_, y) => y.mul(y.square()).mul(-0.5)),
  Sigmoid: elementwise((_, y) => sigmoidSlope(y)),
  Sin: elementwise((x) => x.cos()),
  Softplus: elementwise((x) => x.sigmoid()),
  Sqrt: elementwise((_, y) => tensorflow().div(0.5, y)),
  Square: elementwise((x) => x.mul(2)),
  Tanh: elementwise((_, y) => tensorflow().sub(1, y.square())),

  Add: binary({ a: (da) => da, b: (db) => db }),
  Sub: binary({ a: (da) => da, b: (db) => db.neg() }),
  Multiply: binary({ a: (da, _, b) => da.mul(b), b: (db, a) => db.mul(a) }),
  RealDiv: binary({ a: (da, _, b) => da.div(b), b: (db, _, b, z) => db.mul(z.div(b).neg()) }),
  Maximum: binary({
    a: (da, a, b) => da.mul(indicator(a.greaterEqual(b))),
    b: (db, a, b) => db.mul(indicator(b.greater(a))),
  }),
  Minimum: binary({
    a: (da, a, b) => da.mul(indicator(a.lessEqual(b))),
    b: (db, a, b) => db.mul(indicator(b.less(a))),
  }),
  AddN: (call) => [total(Object.keys(call.inputs).map(call.tangent), call.outputs[0])],
  BatchMatMul: matrixProduct,

  Neg: linear((tangent) => tangent.neg()),
  Identity: linear((tangent) => tangent.clone()),
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
  BroadcastTo: linear((tangent, { outputs: [y] }) => spread(aligned(tangent, y.rank), y)),
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
