// A writer of the protocol buffers wire format (https://protobuf.dev/programming-guides/encoding): the field kinds
// that TensorFlow's GraphDef and SavedModel need. A message is a list of encoded fields.

const encoder = new TextEncoder();

/** Joins encoded fields into one message. */
export function message(...fields: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const field of fields) length += field.length;
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const field of fields) {
    bytes.set(field, at);
    at += field.length;
  }
  return bytes;
}

/**
 * Encodes an integer field, negative ones as 64-bit two's complement.
 *
 * @throws {RangeError} where the value is not a safe integer
 */
export function integerField(number: number, value: number | boolean): Uint8Array {
  return message(varint(number << 3), varint(Number(value)));
}

/** Encodes a float field (32 bits, little-endian). */
export function floatField(number: number, value: number): Uint8Array {
  return message(varint((number << 3) | 5), littleEndian(value));
}

/** Encodes a length-delimited field: text, bytes or a nested message. */
export function bytesField(number: number, value: string | Uint8Array): Uint8Array {
  const bytes = typeof value === "string" ? encoder.encode(value) : value;
  return message(varint((number << 3) | 2), varint(bytes.length), bytes);
}

/** Encodes a field of repeated integers, packed. */
export function integersField(number: number, values: readonly number[]): Uint8Array {
  return bytesField(number, message(...values.map(varint)));
}

/** Encodes a field of repeated floats, packed. */
export function floatsField(number: number, values: readonly number[]): Uint8Array {
  return bytesField(number, message(...values.map(littleEndian)));
}

function littleEndian(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return bytes;
}

function varint(value: number): Uint8Array {
  if (!Number.isSafeInteger(value)) {
    throw new RangeError(`Cannot encode an integer field as it must hold a safe integer: got ${value}`);
  }
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
