// Step 1: the npm packages, exactly as package-lock.json names them, and the two links that make `npx dolab` and
// `import ... from "dolab"` mean this project and never a package of that name from a registry.
import fs from "node:fs";
import path from "node:path";
import process from "node:process";
import { runCommand, showStep } from "./console.mjs";
import { inProject } from "./paths.mjs";

const windows = process.platform === "win32";

/** npm writes node_modules/.package-lock.json last: what it lists is installed. */
export function packagesInstalled() {
  try {
    const wanted = JSON.parse(fs.readFileSync(inProject("package-lock.json"), "utf8")).packages;
    const found = JSON.parse(
      fs.readFileSync(inProject("node_modules", ".package-lock.json"), "utf8"),
    ).packages;
    return Object.keys(wanted).every((name) => {
      if (!name.startsWith("node_modules/")) return true;
      if (!found[name])
        return Boolean(wanted[name].optional || wanted[name].devOptional || wanted[name].peer);
      return found[name].version === wanted[name].version && fs.existsSync(inProject(name));
    });
  } catch {
    return false;
  }
}

export async function installPackages() {
  await showStep("npm packages, about 600 MB on disk", async () => {
    await runCommand("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
  });
}

/** @param {string} link @param {string} target relative to the link's folder @param {"junction" | "file"} type */
function linkIfNeeded(link, target, type = "junction") {
  try {
    if (fs.readlinkSync(link) === target) return;
  } catch {
    // not there, or not a link: made anew below
  }
  fs.rmSync(link, { recursive: true, force: true });
  fs.mkdirSync(path.dirname(link), { recursive: true });
  fs.symlinkSync(
    windows && type === "junction" ? path.resolve(path.dirname(link), target) : target,
    link,
    type,
  );
}

export function linkProject() {
  linkIfNeeded(inProject("node_modules", "dolab"), "..");
  const bin = inProject("node_modules", ".bin", "dolab");
  if (windows) {
    fs.writeFileSync(`${bin}.cmd`, '@node "%~dp0\\..\\..\\src\\cli\\dolab.mjs" %*\r\n');
  } else {
    fs.chmodSync(inProject("src", "cli", "dolab.mjs"), 0o755);
    linkIfNeeded(bin, "../../src/cli/dolab.mjs", "file");
  }
}
