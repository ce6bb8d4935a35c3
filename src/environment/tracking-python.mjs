// The Python environment of MLflow's server: .dolab/tracking-python, apart from .venv, made when tracking first needs it. It is
// built beside its place and then renamed, so that it is there as a whole or not at all, whoever else makes one meanwhile.
import fs from "node:fs";
import path from "node:path";
import process from "node:process";
import { runCommand, showStep } from "./console.mjs";
import { environmentPython, inProject, pythonEnvironment, stateFolder } from "./paths.mjs";
import { createVirtualEnvironment, findPython } from "./python-environment.mjs";

const folder = path.join(stateFolder, "tracking-python");
const requirements = inProject("src", "environment", "requirements-tracking.txt");
const installed = path.join(folder, "requirements-tracking.txt");

/** Its interpreter. */
export const trackingPython = path.join(folder, path.relative(pythonEnvironment, environmentPython));

/** Whether it is there and of the pinned version. */
export function trackingPythonReady() {
  try {
    return (
      fs.existsSync(trackingPython) &&
      fs.readFileSync(installed, "utf8") === fs.readFileSync(requirements, "utf8")
    );
  } catch {
    return false;
  }
}

/**
 * Makes it where it is not there.
 *
 * @throws {Error} where there is no Python 3.10 or later, or pip cannot reach its packages; nothing is left half made
 */
export async function makeTrackingPython() {
  if (trackingPythonReady()) return;
  const python = findPython();
  if (!python) {
    throw new Error(
      "Cannot start MLflow as no Python 3.10 or later is on PATH: install one, or name it in DOLAB_PYTHON, " +
        "or a server of your own in MLFLOW_TRACKING_URI",
    );
  }
  const building = `${folder}.${process.pid}`;
  try {
    await showStep(
      "MLflow's Python environment (.dolab/tracking-python, about 850 MB, once)",
      async (progress) => {
        await createVirtualEnvironment(python.command, building);
        let collected = 0;
        const interpreter = path.join(building, path.relative(folder, trackingPython));
        const pip = "-m pip install --disable-pip-version-check --no-input --progress-bar=off -r".split(" ");
        await runCommand(interpreter, [...pip, requirements], {
          onLine: (line) => {
            if (line.startsWith("Collecting")) progress(`${++collected} packages found`);
            if (line.startsWith("Installing")) progress(`installing ${collected} packages`);
          },
        });
        fs.copyFileSync(requirements, path.join(building, path.basename(installed)));
      },
    );
    fs.rmSync(folder, { recursive: true, force: true });
    fs.renameSync(building, folder);
  } catch (error) {
    fs.rmSync(building, { recursive: true, force: true });
    if (trackingPythonReady()) return; // another process was faster
    throw new Error(
      "Cannot start MLflow as pip could not install it (.dolab/logs/set-up.log says why): see to the network or to " +
        "PIP_INDEX_URL, or name a server of your own in MLFLOW_TRACKING_URI",
      { cause: error },
    );
  }
}
