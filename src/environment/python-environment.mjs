// Step 2: a Python environment of the project's own (.venv) with JupyterLab, nbclient and nbconvert, and in it, and
// only in it, the kernelspec through which JupyterLab starts TypeScript notebooks.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import process from "node:process";
import { runCommand, showStep } from "./console.mjs";
import { installDebianPackages } from "./debian.mjs";
import { environmentPython, inProject, projectRoot, pythonEnvironment } from "./paths.mjs";
import { fingerprint, readRecord, writeRecord } from "./record.mjs";

const pipVersion = "26.3";
const requirements = inProject("src", "environment", "requirements.txt");
/** What makes JupyterLab's own "Save and Export Notebook As > HTML" write dolab's offline report. */
const exportConfiguration = inProject("src", "report", "nbconvert", "jupyter_config.py");
/** JupyterLab's settings: it asks nothing of the network, and draws all cells, so that figures need no second drawing. */
const labSettings = inProject("src", "environment", "jupyterlab-overrides.json");

/** The interpreter that makes the environment: DOLAB_PYTHON, else python3 or python from PATH, 3.10 or later. */
export function findPython() {
  const candidates = [
    process.env.DOLAB_PYTHON,
    "python3",
    "python3.13",
    "python3.12",
    "python3.11",
    "python",
  ];
  for (const command of candidates) {
    if (!command) continue;
    try {
      const version = execFileSync(command, ["-c", "import sys; print('%d.%d.%d' % sys.version_info[:3])"], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      }).trim();
      const [major, minor] = version.split(".").map(Number);
      if (major === 3 && minor >= 10) return { command, version };
    } catch {
      // not on this machine: try the next name
    }
  }
  return null;
}

export const environmentKey = () => {
  const files = [requirements, exportConfiguration, labSettings].map((file) => fs.readFileSync(file, "utf8"));
  return fingerprint(files, pipVersion, projectRoot, kernelspec());
};

function kernelspec() {
  return {
    argv: [process.execPath, inProject("src", "notebook", "kernel", "start.mjs"), "{connection_file}"],
    display_name: "TypeScript (dolab)",
    language: "typescript",
    interrupt_mode: "signal",
    metadata: { debugger: false },
  };
}

export function pythonEnvironmentReady() {
  return readRecord("python-environment")?.key === environmentKey() && fs.existsSync(environmentPython);
}

export async function makePythonEnvironment() {
  const python = findPython();
  if (!python) {
    throw new Error(
      "Cannot make the Python environment as no Python 3.10 or later is on PATH: install one " +
        "(Debian, Ubuntu: apt install python3 python3-venv) or name it in DOLAB_PYTHON, then run this again",
    );
  }
  await showStep(
    `Python ${python.version} environment with JupyterLab (.venv, about 320 MB)`,
    async (progress) => {
      fs.rmSync(pythonEnvironment, { recursive: true, force: true });
      await createVirtualEnvironment(python.command, pythonEnvironment);
      let collected = 0;
      const pip = [environmentPython, "-m", "pip", "install", "--disable-pip-version-check", "--no-input"];
      await runCommand(pip[0], [...pip.slice(1), "--quiet", `pip==${pipVersion}`]);
      await runCommand(pip[0], [...pip.slice(1), "--progress-bar=off", "-r", requirements], {
        onLine: (line) => {
          if (line.startsWith("Collecting")) progress(`${++collected} packages found`);
          if (line.startsWith("Installing")) progress(`installing ${collected} packages`);
        },
      });
      configureJupyter();
      writeRecord("python-environment", { key: environmentKey(), python: python.version });
    },
  );
}

/** @param {string} python the interpreter @param {string} folder the environment's */
export async function createVirtualEnvironment(python, folder) {
  try {
    await runCommand(python, ["-m", "venv", folder]);
  } catch (error) {
    if (!String(error).includes("ensurepip")) throw error;
    if (!(await installDebianPackages(["python3-venv"]))) {
      throw new Error(
        "Cannot make the Python environment as this Python has no venv module: " +
          "install it (Debian, Ubuntu: apt install python3-venv), then run this again",
      );
    }
    fs.rmSync(folder, { recursive: true, force: true });
    await runCommand(python, ["-m", "venv", folder]);
  }
}

/** The kernelspec, JupyterLab's settings and the export's configuration. */
function configureJupyter() {
  const folder = path.join(pythonEnvironment, "share", "jupyter", "kernels", "tslab");
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, "kernel.json"), `${JSON.stringify(kernelspec(), null, 2)}\n`);
  const configuration = path.join(pythonEnvironment, "etc", "jupyter");
  fs.mkdirSync(configuration, { recursive: true });
  const settings = path.join(pythonEnvironment, "share", "jupyter", "lab", "settings");
  fs.mkdirSync(settings, { recursive: true });
  fs.copyFileSync(labSettings, path.join(settings, "overrides.json"));
  for (const program of ["server", "nbconvert"]) {
    fs.copyFileSync(exportConfiguration, path.join(configuration, `jupyter_${program}_config.py`));
  }
}
