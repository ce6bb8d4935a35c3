// Takes Python bytes objects out of a numpy object array, as numpy.save pickles one (protocols 2 to 5, pickletools' names of
// opcodes): a call of numpy's own reconstructor, then the array's shape and a list of its elements. The pickle is parsed, nothing
// of it is ever called: any other global, any other opcode, and any element that is not bytes is refused.
import { display, displayShape, type Refusal } from "./array-file-error";
import type { ByteStrings } from "./npz-byte-strings";

/** What may stand on the parser's stack; globals and what they would make are names without meaning. */
type Value = Uint8Array | string | number | boolean | null | Value[] | { mark: true } | { made: string };

/** Globals that numpy's own pickles of arrays name. */
const KNOWN =
  /^(numpy\.(_core|core)\.(multiarray|numeric) (_reconstruct|_frombuffer)|numpy (ndarray|dtype)|_codecs encode)$/;

/** @param shape what the array's head says */
export function parsePickledByteStrings(pickle: Buffer, shape: number[], refuse: Refusal): ByteStrings {
  const state = stateOf(pickle, refuse);
  const count = shape.reduce((product, size) => product * size, 1);
  const [, pickledShape, , fortran, items] = state;
  if (!Array.isArray(pickledShape) || pickledShape.join() !== shape.join() || fortran !== false)
    throw refuse(
      `the pickled array must be of the head's shape ${displayShape(shape)}`,
      String(pickledShape),
    );
  if (!Array.isArray(items) || items.length !== count)
    throw refuse(
      `an object array of shape ${displayShape(shape)} has ${count} elements`,
      String((items as [])?.length),
    );
  const odd = items.findIndex((item) => !(item instanceof Uint8Array));
  if (odd >= 0) throw refuse("its elements must be bytes", `element ${odd} of another type`);
  return { shape, items: items as Uint8Array[] };
}

/** Runs the opcodes that make an array; returns the state that it would be given: (version, shape, dtype, order, elements). */
function stateOf(pickle: Buffer, refuse: Refusal): Value[] {
  let at = 0;
  const stack: Value[] = [];
  const memo = new Map<number, Value>();
  let state: Value[] | undefined;
  const garbage = (what: string) => refuse("its pickle must be that of a numpy array of bytes", what);
  const take = (count: number): Buffer => {
    if (count > pickle.length - at) throw garbage(`an end at byte ${pickle.length}`);
    at += count;
    return pickle.subarray(at - count, at);
  };
  const pop = (): Value => {
    const value = stack.pop();
    if (value === undefined) throw garbage(`an empty stack at byte ${at}`);
    return value;
  };
  const isMark = (value: Value) => typeof value === "object" && value !== null && "mark" in value;
  const toMark = (): Value[] => {
    let place = stack.length - 1;
    while (place >= 0 && !isMark(stack[place])) place -= 1;
    if (place < 0) throw garbage(`no mark before byte ${at}`);
    return stack.splice(place).slice(1);
  };
  const line = (): string => {
    const end = pickle.indexOf(10, at);
    if (end < 0) throw garbage(`an end at byte ${pickle.length}`);
    const text = pickle.toString("latin1", at, end);
    at = end + 1;
    return text;
  };
  const name = (module: Value, attribute: Value): Value => {
    const full = `${module} ${attribute}`;
    if (!KNOWN.test(full)) throw garbage(`the global ${display(full)}`);
    return { made: full };
  };
  const recall = (key: number) => {
    const value = memo.get(key);
    if (value === undefined) throw garbage(`nothing remembered as ${key}`);
    stack.push(value);
  };
  const list = (value: Value): Value[] => {
    if (!Array.isArray(value)) throw garbage(`no list at byte ${at}`);
    return value;
  };
  const long = (count: number) => {
    const length = Number(take(count).readBigUInt64LE());
    return take(length);
  };
  const opcodes: Record<number, () => void> = {
    128: () => void take(1), // PROTO
    149: () => void take(8), // FRAME
    40: () => stack.push({ mark: true }), // MARK
    78: () => stack.push(null), // NONE
    136: () => stack.push(true), // NEWTRUE
    137: () => stack.push(false), // NEWFALSE
    75: () => stack.push(take(1)[0]), // BININT1
    77: () => stack.push(take(2).readUInt16LE()), // BININT2
    74: () => stack.push(take(4).readInt32LE()), // BININT
    67: () => stack.push(take(take(1)[0])), // SHORT_BINBYTES
    66: () => stack.push(take(take(4).readUInt32LE())), // BINBYTES
    142: () => stack.push(long(8)), // BINBYTES8
    140: () => stack.push(take(take(1)[0]).toString("utf8")), // SHORT_BINUNICODE
    88: () => stack.push(take(take(4).readUInt32LE()).toString("utf8")), // BINUNICODE
    41: () => stack.push([]), // EMPTY_TUPLE
    93: () => stack.push([]), // EMPTY_LIST
    116: () => stack.push(toMark()), // TUPLE
    133: () => stack.push([pop()]), // TUPLE1
    134: () => stack.push([pop(), pop()].reverse()), // TUPLE2
    135: () => stack.push([pop(), pop(), pop()].reverse()), // TUPLE3
    97: () => {
      const value = pop();
      list(stack[stack.length - 1]).push(value); // APPEND
    },
    101: () => {
      const values = toMark();
      const onto = list(stack[stack.length - 1]);
      for (const value of values) onto.push(value); // APPENDS
    },
    99: () => stack.push(name(line(), line())), // GLOBAL
    147: () => stack.push(name(...([pop(), pop()].reverse() as [Value, Value]))), // STACK_GLOBAL
    82: () => {
      // REDUCE: a call, which here makes nothing but a name
      list(pop());
      stack.push({ made: `${(pop() as { made?: string })?.made} ()` });
    },
    98: () => {
      // BUILD: the state of what was made
      const given = list(pop());
      const { made } = stack[stack.length - 1] as { made: string };
      if (/_reconstruct \(\)$/.test(made)) state = given;
    },
    148: () => memo.set(memo.size, stack[stack.length - 1]), // MEMOIZE
    113: () => memo.set(take(1)[0], stack[stack.length - 1]), // BINPUT
    114: () => memo.set(take(4).readUInt32LE(), stack[stack.length - 1]), // LONG_BINPUT
    104: () => recall(take(1)[0]), // BINGET
    106: () => recall(take(4).readUInt32LE()), // LONG_BINGET
  };
  while (at < pickle.length) {
    const opcode = take(1)[0];
    if (opcode === 46) {
      // STOP
      if (at !== pickle.length) throw garbage("more after its end");
      if (!state) throw garbage("no array");
      return state;
    }
    const run = opcodes[opcode];
    if (!run) throw garbage(`the opcode ${opcode} at byte ${at - 1}`);
    run();
  }
  throw garbage("no end");
}
