// Reads an array of byte strings from an .npz file: numpy's fixed-width "S", as files that keep whole JPEGs as elements have
// them, or an array of Python bytes objects, whose pickle is parsed and never run (pickled-byte-strings.ts). Elements stay what
// they are, without the zeros that fill them up, as numpy gives them.
import { displayShape, refusalFor } from "./array-file-error";
import { HEAD_BYTES, parseNpyDescription } from "./npy-header";
import { withOpenFile } from "./open-file";
import { parsePickledByteStrings } from "./pickled-byte-strings";
import { readMemberBytes, readMemberHead, readZipDirectory } from "./zip-reader";

export interface ByteStrings {
  shape: number[];
  /** In C order. */
  items: Uint8Array[];
}

/** The most bytes that a deflated array may unfold to. */
const MOST_BYTES = 2 ** 31;

/**
 * @param path the file
 * @param key the array's name
 * @throws {NpzError} where the file is not a whole zip archive, has no such array, or this is of another kind
 */
export function readNpzByteStrings(path: string, key: string): ByteStrings {
  const refuseFile = refusalFor(path);
  const refuse = refusalFor(path, key);
  return withOpenFile(path, refuseFile, (file) => {
    const member = readZipDirectory(file, refuseFile).find(({ name }) => name === `${key}.npy`);
    if (!member) throw refuse("the file must have it", "none of that name");
    if (member.deflated && member.size > MOST_BYTES)
      throw refuse(`a deflated array may unfold to ${MOST_BYTES} bytes`, `${member.size} bytes`);
    const { descr, fortranOrder, shape, dataOffset } = parseNpyDescription(
      readMemberHead(file, member, HEAD_BYTES, refuse),
      refuse,
    );
    const count = shape.reduce((product, size) => product * size, 1);
    if (fortranOrder) throw refuse("byte strings are read in C order", "Fortran order");
    if (descr === "|O" || descr === "O")
      return parsePickledByteStrings(
        readMemberBytes(file, member, refuse).subarray(dataOffset),
        shape,
        refuse,
      );
    const width = /^\|?S([1-9]\d{0,9})$/.exec(descr)?.[1];
    if (!width)
      throw refuse("it must hold byte strings (dtype S or object)", `dtype ${JSON.stringify(descr)}`);
    const expected = dataOffset + count * Number(width);
    if (member.size !== expected)
      throw refuse(
        `${descr} of shape ${displayShape(shape)} takes ${expected} bytes`,
        `${member.size} bytes`,
      );
    const bytes = readMemberBytes(file, member, refuse);
    const items = Array.from({ length: count }, (_, i) => {
      const item = bytes.subarray(dataOffset + i * Number(width), dataOffset + (i + 1) * Number(width));
      let length = item.length;
      while (length > 0 && item[length - 1] === 0) length -= 1;
      return item.subarray(0, length);
    });
    return { shape, items };
  });
}
