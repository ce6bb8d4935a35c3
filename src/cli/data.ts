// dolab data: fetches published data sets into the user's cache and shows what is there, checked against what was fetched.
import { statSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import type { Command } from "commander";
import { causal3d } from "../data/causal3d";
import { cifar10 } from "../data/cifar10-files";
import {
  cachedDataset,
  cachedFolder,
  cacheFolder,
  type Dataset,
  fileFault,
  type HeldDataset,
  obtainDataset,
  replaceCommand,
} from "../data/store";
import { terminalProgress } from "../notebook";
import { interruptedBySigint } from "../train";
import { selectByName } from "./select-by-name";

/** Every data set that `dolab data` knows: a new one adds itself here. */
const everyDataset: readonly Dataset[] = [cifar10, causal3d];

export function addData(program: Command) {
  const data = program.command("data").description("fetch published data sets, and show which are here");
  data
    .command("fetch")
    .description("download data sets, or copy them from the mirror that DOLAB_DATA_MIRROR names")
    .argument("<name...>", `data sets to fetch, of ${everyDataset.map(({ name }) => name).join(", ")}`)
    .option("--replace", "fetch anew what is here")
    .action(async (names: string[], { replace = false }: { replace?: boolean }) => {
      for (const dataset of selectByName("data set", everyDataset, names)) await fetchOne(dataset, replace);
    });
  data
    .command("list")
    .description("show where each data set came from, and check its files")
    .action(() => {
      for (const dataset of everyDataset) listOne(dataset);
    });
}

async function fetchOne(dataset: Dataset, replace: boolean): Promise<void> {
  const reason = new Error("Stopped; the same command goes on where it was");
  const { signal, release } = interruptedBySigint(reason);
  try {
    const progress = terminalProgress();
    await obtainDataset(dataset, undefined, { replace, takePart: true, progress, signal });
  } finally {
    release();
  }
  listOne(dataset);
}

function listOne(dataset: Dataset): void {
  const held = cachedDataset(cacheFolder(), dataset);
  if (!held) {
    const place = cachedFolder(cacheFolder(), dataset);
    console.log(`${dataset.name}: not in ${place}; "dolab data fetch ${dataset.name}" fetches it`);
    return;
  }
  const source = held.source
    ? `from ${held.source}, ${held.fetched}`
    : "put there by hand, no checksums known";
  console.log(`${dataset.name}: ${held.folder}\n  ${source}`);
  let isWhole = true;
  for (const { name } of dataset.files) {
    const fault = held.files.includes(name) ? fileFault(held, name) : undefined;
    isWhole &&= fault === undefined;
    console.log(`  ${lineOf(held, name, fault)}`);
  }
  if (isWhole) return;
  console.log(`  "${replaceCommand(dataset)}" fetches it anew`);
  process.exitCode = 1;
}

function lineOf({ folder, files, sha256 }: HeldDataset, name: string, fault: string | undefined): string {
  if (!files.includes(name)) return `- ${name.padEnd(20)} not here`;
  if (fault) return `✗ ${name.padEnd(20)} ${fault}`;
  const { size } = statSync(join(folder, name));
  const state = sha256[name] ? "checksum verified" : "size as it should be";
  return `✓ ${name.padEnd(20)} ${size.toLocaleString("en-US").padStart(11)} bytes  ${state}`;
}
