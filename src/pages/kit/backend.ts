// Which TensorFlow.js backend computes in the page: WebAssembly, whose program the page carries, or plain JavaScript where
// a browser or the policy of a page around this one forbids that. WebGL stays out: its numbers differ from device to device.
import "@tensorflow/tfjs-backend-cpu";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { env, ready, setBackend } from "@tensorflow/tfjs-core";
import bytes from "../../../node_modules/@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm";

const program = bytes as BufferSource;

export type PageBackend = "wasm" | "cpu";

/** Starts the backend. @param wanted by default the best one that starts */
export async function startPageBackend(wanted: PageBackend = "wasm"): Promise<PageBackend> {
  if (wanted === "wasm" && (await startWebAssembly())) return "wasm";
  await setBackend("cpu");
  await ready();
  return "cpu";
}

async function startWebAssembly(): Promise<boolean> {
  if (typeof WebAssembly !== "object" || !WebAssembly.validate(program)) return false;
  env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);
  // No request is made: what TensorFlow.js would fetch is at hand.
  env().platform.fetch = async () =>
    new Response(program, { headers: { "content-type": "application/wasm" } });
  setWasmPaths("carried/", true);
  try {
    await WebAssembly.compile(program); // TensorFlow.js would wait for ever where compiling is forbidden
    return await setBackend("wasm");
  } catch {
    return false;
  }
}
