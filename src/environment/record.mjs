// What set-up remembers: one small JSON file a step under .dolab/state, written last, so that a half-finished
// step has none and is simply done again.
import crypto from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { stateFolder } from "./paths.mjs";

/** @param {string} step */
const recordPath = (step) => path.join(stateFolder, "state", `${step}.json`);

/** @param {string} step @returns {Record<string, any> | null} */
export function readRecord(step) {
  try {
    return JSON.parse(fs.readFileSync(recordPath(step), "utf8"));
  } catch {
    return null;
  }
}

/** @param {string} step @param {Record<string, any>} record */
export function writeRecord(step, record) {
  const file = recordPath(step);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(`${file}.partial`, `${JSON.stringify(record, null, 2)}\n`);
  fs.renameSync(`${file}.partial`, file);
}

/** A short fingerprint of everything a step depends on. @param {unknown[]} inputs */
export const fingerprint = (...inputs) =>
  crypto.createHash("sha256").update(JSON.stringify(inputs)).digest("hex").slice(0, 16);
