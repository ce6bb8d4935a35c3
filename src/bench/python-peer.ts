// The peer's side of a benchmark: a program under peers/ in the benchmarks' own Python environment.
import { inProject } from "../environment/paths.mjs";
import { benchPython } from "./bench-python";
import type { Result, Side } from "./benchmark";
import { JsonLinesProcess } from "./json-lines-process";

/**
 * @param program a file's name under peers/, without .py
 * @param args the program's arguments, such as the paths of its inputs
 */
export function pythonPeer(program: string, args: readonly string[] = []): Side {
  const peer = new JsonLinesProcess(benchPython, [peerPath(program), ...args]);
  return {
    async turn(repeat) {
      const { seconds, results } = await peer.ask<{
        seconds: Record<string, number>;
        results: Record<string, Result>;
      }>({ repeat });
      return { values: seconds, results };
    },
    versions: () => peer.ask({ versions: true }),
    close: () => peer.close(),
  };
}

/** @param program a file's name under peers/, without .py */
export const peerPath = (program: string) => inProject("src", "bench", "peers", `${program}.py`);
