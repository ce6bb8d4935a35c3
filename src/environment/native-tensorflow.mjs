// Step 3: native TensorFlow under @tensorflow/tfjs-node-gpu. The package's own install step downloads an old
// libtensorflow from a server that many networks cannot reach, so it is not run; its N-API binding is compiled, with
// session settings added (session-options.cc), against the libtensorflow that PyPI's wheel carries. Everything is built under .dolab/tensorflow and
// linked into node_modules, so `npm ci` costs a link and not a build.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import process from "node:process";
import { runCommand, say, seconds, showStep } from "./console.mjs";
import { environmentPython, inProject, stateFolder, tensorflowBinding } from "./paths.mjs";
import { fingerprint, readRecord, writeRecord } from "./record.mjs";

export const tensorflowVersion = "2.21.0";
const home = path.join(stateFolder, "tensorflow");
const libraries = path.join(home, "tensorflow");
const builtBinding = path.join(home, "tfjs_binding.node");
const sessionOptions = inProject("src", "environment", "session-options.cc");
const quietLogSource = inProject("src", "environment", "quiet-log.cc");
const quietLogBuilt = path.join(home, "quiet_log.node"); // src/environment/tfjs-node loads it from beside the binding
const installedBinding = path.join(tensorflowBinding, "lib", "napi-v8", "tfjs_binding.node");

/** The wheel that is known to work on a kind of machine, with its published checksum; null where none is. */
function wheel() {
  if (process.platform !== "linux" || process.arch !== "x64") return null;
  return {
    requirement: `tensorflow-cpu==${tensorflowVersion}`,
    platform: "manylinux_2_27_x86_64",
    sha256: "dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb",
  };
}

/** "gpu" where an NVIDIA driver answers and DOLAB_DEVICE does not say cpu. */
export function wantedDevice() {
  if (process.env.DOLAB_DEVICE) return process.env.DOLAB_DEVICE === "gpu" ? "gpu" : "cpu";
  try {
    execFileSync("nvidia-smi", ["-L"], { stdio: "ignore", timeout: 5000 });
    return "gpu";
  } catch {
    return "cpu";
  }
}

const key = () =>
  fingerprint(
    tensorflowVersion,
    process.platform,
    process.arch,
    wheel()?.sha256,
    wantedDevice(),
    fs.readFileSync(sessionOptions, "utf8"),
  );

/** Built, or known not to be buildable here (then the reason is in the record and `doctor` shows it). */
export const tensorflowBuilt = () => {
  const record = readRecord("native-tensorflow");
  return record?.key === key() && (Boolean(record.shortfall) || fs.existsSync(builtBinding));
};

export function tensorflowLinked() {
  try {
    return fs.realpathSync(installedBinding) === fs.realpathSync(builtBinding);
  } catch {
    return !fs.existsSync(builtBinding);
  }
}

export function linkTensorflow() {
  if (!fs.existsSync(builtBinding)) return;
  fs.rmSync(installedBinding, { force: true });
  fs.mkdirSync(path.dirname(installedBinding), { recursive: true });
  fs.symlinkSync(path.relative(path.dirname(installedBinding), builtBinding), installedBinding);
}

/** Tries to build; a machine where it cannot be is left with a record that says why, and the next backend. */
export async function buildTensorflow() {
  const device = wantedDevice();
  fs.rmSync(home, { recursive: true, force: true });
  try {
    if (!wheel()) throw new Error(`no tested TensorFlow wheel for ${process.platform} ${process.arch}`);
    try {
      await build(device);
    } catch (error) {
      if (device === "cpu") throw error;
      say(`  The build for the NVIDIA GPU failed, so the one for the CPU follows: ${String(error)}`);
      fs.rmSync(home, { recursive: true, force: true });
      await build("cpu");
    }
    writeRecord("native-tensorflow", { key: key(), version: tensorflowVersion, device });
  } catch (error) {
    fs.rmSync(home, { recursive: true, force: true });
    const shortfall = error instanceof Error ? error.message : String(error);
    writeRecord("native-tensorflow", { key: key(), shortfall });
    say(`  Native TensorFlow could not be made, so the next backend is used (slower): ${shortfall}`);
  }
}

/** @param {string} device "cpu" or "gpu" */
async function build(device) {
  const started = Date.now();
  if (device === "gpu") await installGpuWheels();
  else await installCpuWheel();
  await showStep("compile TensorFlow.js's binding", async () => {
    await compileBinding();
    fs.rmSync(path.join(libraries, "include"), { recursive: true, force: true });
  });
  linkTensorflow();
  await showStep("check a tensor and a gradient", () => checkBackend());
  say(`    native TensorFlow ${tensorflowVersion} ready (${seconds(Date.now() - started)})`);
}

async function installCpuWheel() {
  const { requirement, platform, sha256 } = /** @type {NonNullable<ReturnType<typeof wheel>>} */ (wheel());
  const downloads = path.join(home, "wheel");
  fs.mkdirSync(downloads, { recursive: true });
  const requirementFile = path.join(downloads, "requirement.txt");
  fs.writeFileSync(requirementFile, `${requirement} --hash=sha256:${sha256}\n`);
  await showStep(`download TensorFlow ${tensorflowVersion} (262 MB)`, async (progress) => {
    await runCommand(
      environmentPython,
      `-m pip download --no-deps --no-input --disable-pip-version-check --progress-bar=raw --only-binary=:all:
       --implementation cp --python-version 3.12 --platform ${platform} --require-hashes`
        .split(/\s+/)
        .concat("-r", requirementFile, "-d", downloads),
      { onLine: (line) => showDownload(line, progress) },
    );
  });
  await showStep("unpack its libraries (970 MB)", async (progress) => {
    const file = fs.readdirSync(downloads).find((name) => name.endsWith(".whl"));
    const script = inProject("src", "environment", "unpack_wheel.py");
    await runCommand(environmentPython, [script, path.join(downloads, String(file)), home], {
      onLine: (line) => progress(`${line} MB`),
    });
    fs.rmSync(downloads, { recursive: true, force: true });
  });
}

/** CUDA comes as wheels too; they find each other by the layout of a site-packages folder, which --target keeps. */
async function installGpuWheels() {
  fs.mkdirSync(home, { recursive: true });
  await showStep(`TensorFlow ${tensorflowVersion} with CUDA (about 3 GB to download)`, async (progress) => {
    await runCommand(
      environmentPython,
      `-m pip install --no-input --disable-pip-version-check --progress-bar=raw --no-compile --target ${home}`
        .split(" ")
        .concat(`tensorflow[and-cuda]==${tensorflowVersion}`),
      { onLine: (line) => showDownload(line, progress) },
    );
  });
}

/** @param {string} line of pip's raw progress @param {(detail: string) => void} progress */
function showDownload(line, progress) {
  const found = /^Progress (\d+) of (\d+)/.exec(line);
  if (found) progress(`${Number(found[1]) >> 20} of ${Number(found[2]) >> 20} MB`);
}

async function compileBinding() {
  const links = path.join(home, "link");
  fs.mkdirSync(links, { recursive: true });
  for (const [name, target] of [
    ["libtensorflow.so", "libtensorflow_cc.so.2"],
    ["libtensorflow_framework.so", "libtensorflow_framework.so.2"],
  ]) {
    fs.symlinkSync(path.join("..", "tensorflow", target), path.join(links, name));
  }
  const napiHeaders = inProject("node_modules", "node-api-headers", "include");
  await runCommand(process.env.CXX || "g++", [
    ..."-O2 -w -std=c++17 -shared -fPIC -DNAPI_VERSION=8".split(" "),
    ...[napiHeaders, path.join(libraries, "include"), tensorflowBinding].map((folder) => `-I${folder}`),
    "-DTF_NewSessionOptions=dolab_session_options",
    ...["tfjs_backend.cc", "tfjs_binding.cc"].map((file) => path.join(tensorflowBinding, "binding", file)),
    sessionOptions,
    `-L${links}`,
    "-ltensorflow",
    "-ltensorflow_framework",
    "-Wl,-rpath,$ORIGIN/tensorflow",
    "-o",
    `${builtBinding}.partial`,
  ]);
  fs.renameSync(`${builtBinding}.partial`, builtBinding);
  fs.rmSync(links, { recursive: true });
}

const quietLogKey = () => fingerprint(key(), fs.readFileSync(quietLogSource, "utf8"));

/** Whether TensorFlow's library is kept from printing lines that are no errors, or could not be. */
export const logQuieted = () =>
  !fs.existsSync(builtBinding) || readRecord("quiet-log")?.key === quietLogKey();

/** Compiles what quiets the log, a second's work; where that fails, the lines are printed and nothing else is different. */
export async function quietLog() {
  const flags = "-O1 -std=c++17 -shared -fPIC -Wl,-z,initfirst -Wl,-rpath,$ORIGIN/tensorflow".split(" ");
  const library = path.join(libraries, "libtensorflow_framework.so.2");
  let shortfall;
  try {
    await runCommand(process.env.CXX || "g++", [...flags, quietLogSource, library, "-o", quietLogBuilt]);
  } catch (error) {
    fs.rmSync(quietLogBuilt, { force: true });
    shortfall = error instanceof Error ? error.message : String(error);
  }
  writeRecord("quiet-log", { key: quietLogKey(), shortfall });
}

async function checkBackend() {
  const script = inProject("src", "environment", "check-backend.cjs");
  const answer = await runCommand(process.execPath, [script], { env: { TF_CPP_MIN_LOG_LEVEL: "2" } });
  if (!answer.includes('"backend":"tensorflow"'))
    throw new Error(`the built backend did not answer: ${answer.trim()}`);
}
