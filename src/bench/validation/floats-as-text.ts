// float64 in a JSON line, exact to the last bit, NaN and infinities included: base64 of their bytes in this machine's order.

export const encodeFloats = (values: ArrayLike<number>): string => encodeBytes(Float64Array.from(values));

export function decodeFloats(text: string): Float64Array {
  const bytes = Uint8Array.from(Buffer.from(text, "base64"));
  return new Float64Array(bytes.buffer);
}

export const encodeBytes = ({ buffer, byteOffset, byteLength }: ArrayBufferView): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString("base64");
