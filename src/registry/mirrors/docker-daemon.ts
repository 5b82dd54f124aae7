/** Docker's own mirrors of Docker Hub: `registry-mirrors` in daemon.json. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { MachinePaths } from "./machine.ts";
import { type MirrorRule, mirrorOf } from "./rules.ts";

export function dockerDaemonRules({ etc, env }: MachinePaths): MirrorRule[] {
  const files = [join(etc, "docker/daemon.json")];
  const home = env["HOME"];
  if (home) files.push(join(home, ".config/docker/daemon.json"), join(home, ".docker/daemon.json"));
  return files.flatMap((file) => {
    const urls = readMirrors(file);
    if (urls.length === 0) return [];
    return [
      {
        prefix: "docker.io",
        mirrors: urls.map((url) => mirrorOf(url, file)),
        strict: false,
        from: file,
        tool: "docker",
      },
    ];
  });
}

/** A broken file is Docker's trouble, not a reason to refuse a build. */
function readMirrors(file: string): string[] {
  try {
    const config = JSON.parse(readFileSync(file, "utf8")) as { "registry-mirrors"?: unknown };
    const urls = config?.["registry-mirrors"];
    return Array.isArray(urls) ? urls.filter(isMirrorUrl) : [];
  } catch {
    return [];
  }
}

/** Docker takes no other scheme, and no login in it. */
function isMirrorUrl(text: unknown): text is string {
  if (typeof text !== "string" || !/^https?:\/\//i.test(text) || !URL.canParse(text)) return false;
  const { username, password } = new URL(text);
  return username === "" && password === "";
}
