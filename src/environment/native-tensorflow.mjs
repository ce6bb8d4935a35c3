// Step 3: native TensorFlow under @tensorflow/tfjs-node-gpu. The package's own install step downloads an old
// libtensorflow from a server that many networks cannot reach, so it is not run; its N-API binding is compiled, with
// session settings added (session-options.cc) and its chatter taken away (quiet-log.cc), against the libtensorflow that PyPI's wheel carries.
//   .dolab/tensorflow/builds/cpu-2.21.0-KEY   a build: libraries and binding; made elsewhere, then renamed; never changed after
//   .dolab/tensorflow/cpu, gpu                links to the newest build of each kind, of which a process takes one when it
//                                             loads TensorFlow (tfjs-node/builds.js)
// Where the CPU's build and that with CUDA are both asked for, one after the other, both stay, and no process loses the build
// that it has loaded, on whichever machine it runs.
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import process from "node:process";
import { runCommand, say, seconds, showStep } from "./console.mjs";
import { environmentPython, inProject, tensorflowBinding } from "./paths.mjs";
import { fingerprint, readRecord, writeRecord } from "./record.mjs";

/** @typedef {"cpu" | "gpu"} Device */

/** @type {typeof import("./tfjs-node/builds.js")} */
const builds = createRequire(import.meta.url)(inProject("src", "environment", "tfjs-node", "builds.js"));
export const { chooseBuild } = builds;

export const tensorflowVersion = "2.21.0";
const { home } = builds;
const buildsFolder = path.join(home, "builds");
const sessionOptions = inProject("src", "environment", "session-options.cc");
const quietLogSource = inProject("src", "environment", "quiet-log.cc");

/** The wheel that is known to work on a kind of machine, with its published checksum; null where none is. */
function wheel() {
  if (process.platform !== "linux" || process.arch !== "x64") return null;
  return {
    requirement: `tensorflow-cpu==${tensorflowVersion}`,
    platform: "manylinux_2_27_x86_64",
    sha256: "dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb",
  };
}

/** The device whose build set-up makes: what DOLAB_DEVICE says, else "gpu" where there is one. @returns {Device} */
export function wantedDevice() {
  if (process.env.DOLAB_DEVICE) return process.env.DOLAB_DEVICE === "gpu" ? "gpu" : "cpu";
  return builds.hasGpu() ? "gpu" : "cpu";
}

/** @param {Device} device */
const key = (device) =>
  fingerprint(
    tensorflowVersion,
    process.platform,
    process.arch,
    wheel()?.sha256,
    device,
    ...[sessionOptions, quietLogSource].map((file) => fs.readFileSync(file, "utf8")),
  );

/** @param {Device} device */
const folderOf = (device) =>
  path.join(buildsFolder, `${device}-${tensorflowVersion}-${key(device).slice(0, 8)}`);

/** Why a device's build could not be made; undefined where it could, or was not tried. @param {Device} device */
export function shortfallOf(device) {
  const record = readRecord(`tensorflow-${device}`);
  return record?.key === key(device) ? /** @type {string | undefined} */ (record.shortfall) : undefined;
}

/** Whether a device's build, of this version, is the one that processes find. @param {Device} device */
function isBuilt(device) {
  try {
    return builds.buildAt(path.join(home, device))?.folder === fs.realpathSync(folderOf(device));
  } catch {
    return false;
  }
}

/** Built, or known not to be buildable here (then `doctor` shows why). @param {Device} device */
const isDone = (device) => isBuilt(device) || shortfallOf(device) !== undefined;

/** Whether there is nothing to build; where CUDA's build cannot be made, the CPU's stands in for it. */
export const tensorflowBuilt = () => {
  const device = wantedDevice();
  return isBuilt(device) || (isDone(device) && (device === "cpu" || isDone("cpu")));
};

/** What stands side by side, for `doctor`: each kind of build, and older ones that nothing leads to. */
export function listBuilds() {
  const current = /** @type {Device[]} */ (["cpu", "gpu"]).flatMap((device) => {
    const found = builds.buildAt(path.join(home, device));
    return found ? [{ device, folder: found.folder, isOutdated: !isBuilt(device) }] : [];
  });
  const names = fs.existsSync(buildsFolder) ? fs.readdirSync(buildsFolder) : [];
  const all = names
    .filter((name) => !name.startsWith("."))
    .map((name) => fs.realpathSync(path.join(buildsFolder, name)));
  return { current, old: all.filter((folder) => !current.some((build) => build.folder === folder)) };
}

/** Tries to build; a machine where it cannot be is left with a record that says why, and the next backend. */
export async function buildTensorflow() {
  const device = wantedDevice();
  for (const next of device === "gpu"
    ? /** @type {Device[]} */ (["gpu", "cpu"])
    : /** @type {Device[]} */ (["cpu"])) {
    if (isBuilt(next) || (await tryBuild(next))) return;
  }
}

/** @param {Device} device @returns {Promise<boolean>} whether it is there now */
async function tryBuild(device) {
  const folder = path.join(buildsFolder, `.${device}-${process.pid}`);
  try {
    if (!wheel()) throw new Error(`no tested TensorFlow wheel for ${process.platform} ${process.arch}`);
    if (!fs.existsSync(folderOf(device))) await build(device, folder);
    linkBuild(device);
    return true;
  } catch (error) {
    const shortfall = error instanceof Error ? error.message : String(error);
    writeRecord(`tensorflow-${device}`, { key: key(device), shortfall });
    const next = device === "gpu" ? "the build for the CPU is used" : "the next backend is used (slower)";
    say(`  Native TensorFlow for the ${device.toUpperCase()} could not be made, so ${next}: ${shortfall}`);
    return false;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Makes a build in a folder of its own, checks it, and puts it in its place as a whole. @param {Device} device @param {string} folder */
async function build(device, folder) {
  const started = Date.now();
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  if (device === "gpu") await installGpuWheels(folder);
  else await installCpuWheel(folder);
  await showStep("compile TensorFlow.js's binding", async () => {
    await compileBinding(folder);
    await compileQuietLog(folder);
    fs.rmSync(path.join(folder, "tensorflow", "include"), { recursive: true, force: true });
  });
  await showStep("check a tensor and a gradient", () => checkBackend(folder));
  try {
    fs.renameSync(folder, folderOf(device));
  } catch (error) {
    if (!fs.existsSync(folderOf(device))) throw error; // another set-up was faster
  }
  say(
    `    native TensorFlow ${tensorflowVersion} for the ${device.toUpperCase()} ready (${seconds(Date.now() - started)})`,
  );
}

/** Leads new processes to a build; a rename puts the link in place in one step. @param {Device} device */
function linkBuild(device) {
  const link = path.join(home, `.${device}-${process.pid}`);
  fs.rmSync(link, { force: true });
  fs.symlinkSync(path.relative(home, folderOf(device)), link);
  fs.renameSync(link, path.join(home, device));
}

/** @param {string} folder */
async function installCpuWheel(folder) {
  const { requirement, platform, sha256 } = /** @type {NonNullable<ReturnType<typeof wheel>>} */ (wheel());
  const downloads = path.join(folder, "wheel");
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
    await runCommand(environmentPython, [script, path.join(downloads, String(file)), folder], {
      onLine: (line) => progress(`${line} MB`),
    });
    fs.rmSync(downloads, { recursive: true, force: true });
  });
}

/** CUDA comes as wheels too; they find each other by the layout of a site-packages folder, which --target keeps. @param {string} folder */
async function installGpuWheels(folder) {
  await showStep(`TensorFlow ${tensorflowVersion} with CUDA (about 3 GB to download)`, async (progress) => {
    await runCommand(
      environmentPython,
      `-m pip install --no-input --disable-pip-version-check --progress-bar=raw --no-compile --target ${folder}`
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

/** @param {string} folder */
async function compileBinding(folder) {
  const links = path.join(folder, "link");
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
    ...[napiHeaders, path.join(folder, "tensorflow", "include"), tensorflowBinding].map(
      (place) => `-I${place}`,
    ),
    "-DTF_NewSessionOptions=dolab_session_options",
    ...["tfjs_backend.cc", "tfjs_binding.cc"].map((file) => path.join(tensorflowBinding, "binding", file)),
    sessionOptions,
    `-L${links}`,
    "-ltensorflow",
    "-ltensorflow_framework",
    "-Wl,-rpath,$ORIGIN/tensorflow",
    "-o",
    path.join(folder, "tfjs_binding.node"),
  ]);
  fs.rmSync(links, { recursive: true });
}

/** Compiles what quiets the library's log; where that fails, its lines are printed and nothing else is different. @param {string} folder */
async function compileQuietLog(folder) {
  const flags = "-O1 -std=c++17 -shared -fPIC -Wl,-z,initfirst -Wl,-rpath,$ORIGIN/tensorflow".split(" ");
  const library = path.join(folder, "tensorflow", "libtensorflow_framework.so.2");
  const target = path.join(folder, "quiet_log.node");
  try {
    await runCommand(process.env.CXX || "g++", [...flags, quietLogSource, library, "-o", target]);
  } catch {
    fs.rmSync(target, { force: true }); // the log of set-up says why
  }
}

/** @param {string} folder */
async function checkBackend(folder) {
  const script = inProject("src", "environment", "check-backend.cjs");
  const answer = await runCommand(process.execPath, [script, folder], { env: { TF_CPP_MIN_LOG_LEVEL: "2" } });
  if (!answer.includes('"backend":"tensorflow"'))
    throw new Error(`the built backend did not answer: ${answer.trim()}`);
}
