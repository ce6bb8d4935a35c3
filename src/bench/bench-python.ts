// The Python environment that benchmarks and validations compare with: .dolab/bench-python, apart from .venv, made when
// it is first needed. torch and
// transformers are added to it only for what needs them.
import fs from "node:fs";
import path from "node:path";
import { runCommand, showStep } from "../environment/console.mjs";
import { environmentPython, inProject, pythonEnvironment, stateFolder } from "../environment/paths.mjs";
import { createVirtualEnvironment, findPython } from "../environment/python-environment.mjs";
import { fingerprint, readRecord, writeRecord } from "../environment/record.mjs";

const folder = path.join(stateFolder, "bench-python");
const oldestMinor = 11; // numpy 2.4 asks for Python 3.11

export const benchPython = path.join(folder, path.relative(pythonEnvironment, environmentPython));

/**
 * Makes the environment, or what is missing of it.
 *
 * @throws {Error} if there is no Python of that age, or pip fails
 */
export async function makeBenchPython({
  torch = false,
  transformers = false,
}: {
  torch?: boolean;
  /** Hugging Face's, which brings torch. */
  transformers?: boolean;
} = {}): Promise<void> {
  if (!isInstalled("requirements.txt")) {
    await showStep("the benchmarks' Python environment (.dolab/bench-python, about 300 MB)", async () => {
      const python = findPython();
      if (!python || Number(python.version.split(".")[1]) < oldestMinor) {
        throw new Error(
          `Cannot make the benchmarks' environment as numpy 2.4 needs Python 3.${oldestMinor} or later: got ${python?.version ?? "none"}; name one in DOLAB_PYTHON`,
        );
      }
      fs.rmSync(folder, { recursive: true, force: true });
      await createVirtualEnvironment(python.command, folder);
      await install("requirements.txt");
    });
  }
  if ((torch || transformers) && !isInstalled("requirements-torch.txt"))
    await showStep("torch, for what is compared with it (a large wheel)", () =>
      install("requirements-torch.txt"),
    );
  if (transformers && !isInstalled("requirements-transformers.txt"))
    await showStep("transformers, for what is compared with it", () =>
      install("requirements-transformers.txt"),
    );
}

const isInstalled = (requirements: string) =>
  fs.existsSync(benchPython) && readRecord(recordName(requirements))?.key === keyOf(requirements);

async function install(requirements: string) {
  const quietly = ["--quiet", "--disable-pip-version-check", "--no-input", "--progress-bar=off"];
  await runCommand(benchPython, ["-m", "pip", "install", ...quietly, "-r", requirementsPath(requirements)]);
  writeRecord(recordName(requirements), { key: keyOf(requirements) });
}

const requirementsPath = (requirements: string) => inProject("src", "bench", requirements);
const recordName = (requirements: string) => `bench-${path.basename(requirements, ".txt")}`;

/** A new base environment has no torch: its key covers both. */
const keyOf = (requirements: string) =>
  fingerprint(
    folder,
    ...["requirements.txt", requirements].map((name) => fs.readFileSync(requirementsPath(name), "utf8")),
  );
