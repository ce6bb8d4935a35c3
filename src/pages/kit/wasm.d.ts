declare module "*.wasm" {
  /** The file's bytes, which esbuild puts into the bundle. */
  const bytes: Uint8Array;
  export default bytes;
}
