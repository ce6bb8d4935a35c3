// Where data sets are kept on this machine: one folder a user, shared by every checkout, safe to delete.
// DOLAB_CACHE names it; else it is "dolab" in the user's cache folder (XDG Base Directory Specification 0.8 on Linux).
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import process from "node:process";

/** @returns the absolute path of the cache, which need not exist yet */
export function cacheFolder(): string {
  const { DOLAB_CACHE } = process.env;
  return DOLAB_CACHE ? resolve(DOLAB_CACHE) : join(userCacheFolder(), "dolab");
}

function userCacheFolder(): string {
  const { XDG_CACHE_HOME = "", LOCALAPPDATA } = process.env;
  if (isAbsolute(XDG_CACHE_HOME)) return XDG_CACHE_HOME; // the specification ignores relative ones
  if (process.platform === "win32") return LOCALAPPDATA ?? join(homedir(), "AppData", "Local");
  return process.platform === "darwin" ? join(homedir(), "Library", "Caches") : join(homedir(), ".cache");
}
