// Debian's packages, installed only where that needs no question: as root, on Debian, with apt-get.
import fs from "node:fs";
import process from "node:process";
import { runCommand } from "./console.mjs";

/** Debian itself, not Ubuntu, whose `chromium` package is a link to another package store. */
export function canInstallDebianPackages() {
  try {
    const release = fs.readFileSync("/etc/os-release", "utf8");
    return /^ID="?debian"?$/m.test(release) && process.getuid?.() === 0 && fs.existsSync("/usr/bin/apt-get");
  } catch {
    return false;
  }
}

/**
 * @param {string[]} names
 * @param {(progress: string) => void} [progress]
 * @returns {Promise<boolean>} whether they are installed now
 */
export async function installDebianPackages(names, progress = () => {}) {
  if (!canInstallDebianPackages()) return false;
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  /** @param {string} line */
  const onLine = (line) => {
    const unpacked = /^(Unpacking|Setting up) (\S+)/.exec(line);
    if (unpacked) progress(`${unpacked[1].toLowerCase()} ${unpacked[2]}`);
  };
  try {
    await runCommand("apt-get", ["update", "-q"], { env });
    await runCommand("apt-get", ["install", "-y", "-q", "--no-install-recommends", ...names], {
      env,
      onLine,
    });
    return true;
  } catch {
    return false;
  }
}
