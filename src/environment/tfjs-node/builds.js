// Which build of native TensorFlow a process loads. Builds for the CPU and with CUDA stand side by side: the links "cpu" and
// "gpu" in .dolab/tensorflow lead to the folder of each, which set-up never changes or removes once it is there (see
// native-tensorflow.mjs), so that a login node without a GPU and compute nodes with one can share a project's folder.
const fs = require("node:fs");
const path = require("node:path");
const process = require("node:process");

const home = path.resolve(__dirname, "..", "..", "..", ".dolab", "tensorflow");

/** Whether this process may use an NVIDIA GPU: the system shows one, and CUDA_VISIBLE_DEVICES does not hide all. */
function hasGpu() {
  if (["", "-1", "NoDevFiles"].includes(process.env.CUDA_VISIBLE_DEVICES ?? "0")) return false;
  try {
    return fs.readdirSync("/dev").some((name) => /^(nvidia\d+|dxg)$/.test(name));
  } catch {
    return false;
  }
}

/**
 * The build that DOLAB_DEVICE asks for, or else that with CUDA where there is a GPU, or else that for the CPU; where it is not
 * there, the other.
 *
 * @param {{ folder?: string, gpu?: boolean, asked?: string }} [options] for tests: where the links are, whether there is a GPU,
 *   what DOLAB_DEVICE says
 * @returns {{ device: "cpu" | "gpu", folder: string, binding: string, why: string } | undefined} undefined where there is none
 */
function chooseBuild({ folder = home, gpu = hasGpu(), asked = process.env.DOLAB_DEVICE } = {}) {
  const isAsked = asked === "cpu" || asked === "gpu";
  const wanted = isAsked ? asked : gpu ? "gpu" : "cpu";
  const other = wanted === "gpu" ? "cpu" : "gpu";
  const reason = isAsked ? `DOLAB_DEVICE asks for ${asked}` : gpu ? "there is a GPU" : "there is no GPU";
  for (const device of /** @type {const} */ ([wanted, other])) {
    const found = buildAt(path.join(folder, device));
    if (found)
      return {
        device,
        ...found,
        why: device === wanted ? reason : `the build for the ${wanted.toUpperCase()} is not there`,
      };
  }
  return undefined;
}

/** @param {string} link @returns {{ folder: string, binding: string } | undefined} */
function buildAt(link) {
  try {
    const folder = fs.realpathSync(link); // what it leads to stays, whatever it leads to later
    const binding = path.join(folder, "tfjs_binding.node");
    return fs.existsSync(binding) ? { folder, binding } : undefined;
  } catch {
    return undefined;
  }
}

module.exports = { buildAt, chooseBuild, hasGpu, home };
