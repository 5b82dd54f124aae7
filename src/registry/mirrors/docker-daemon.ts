/** Docker's own mirrors of Docker Hub: `registry-mirrors` in daemon.json. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { MachinePaths } from "./machine.ts";
import { type MirrorRule, mirrorOf } from "./rules.ts";

export function dockerDaemonRules(paths: MachinePaths): MirrorRule[] {
  const files = [join(paths.etc, "docker/daemon.json")];
  if (paths.home) files.push(join(paths.home, ".config/docker/daemon.json"), join(paths.home, ".docker/daemon.json"));
  return files.flatMap((file) => {
    const urls = readMirrors(file);
    if (urls.length === 0) return [];
    return [{ prefix: "docker.io", mirrors: urls.map((url) => mirrorOf(url, file)), strict: false, from: file }];
  });
}

/** A broken file is Docker's trouble, not a reason to refuse a build. */
function readMirrors(file: string): string[] {
  try {
    const config = JSON.parse(readFileSync(file, "utf8")) as { "registry-mirrors"?: unknown };
    const urls = config?.["registry-mirrors"];
    return Array.isArray(urls) ? urls.filter((url): url is string => typeof url === "string" && URL.canParse(url)) : [];
  } catch {
    return [];
  }
}
