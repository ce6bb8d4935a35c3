// The alphabet in which GPT-2's vocabulary writes bytes: printable ones stand for themselves, the others for letters from
// U+0100 on, such as "Ġ" for a space and "Ċ" for a new line. Source: `bytes_to_unicode` of openai/gpt-2's encoder.py.

const isPrintable = (byte: number) =>
  (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255);

/** The symbol of each byte. */
const byteSymbols: readonly string[] = (() => {
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isPrintable(byte) ? byte : next++));
})();

const bytesBySymbol = new Map(byteSymbols.map((symbol, byte) => [symbol, byte]));

/** @returns one symbol for each byte of the text's UTF-8 */
export const symbolsOfText = (text: string): string => symbolsOfBytes(new TextEncoder().encode(text));

export const symbolsOfBytes = (bytes: Iterable<number>): string =>
  Array.from(bytes, (byte) => byteSymbols[byte]).join("");

/** @throws {RangeError} for a character that stands for no byte */
export function bytesOfSymbols(symbols: string): Uint8Array {
  return Uint8Array.from(symbols, (symbol) => {
    const byte = bytesBySymbol.get(symbol);
    if (byte !== undefined) return byte;
    throw new RangeError(
      `Cannot decode a token as each character stands for a byte: got ${JSON.stringify(symbol)}`,
    );
  });
}
