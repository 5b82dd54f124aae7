/** Contexts and comparisons for the tests of the install room. */
import { createHash } from "node:crypto";
import { lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KnbuildEvent } from "../../src/base/events.ts";
import { readNpmConfig } from "../../src/bases/npm-config.ts";
import type { InstallContext } from "../../src/install/index.ts";
import type { InstallStep } from "../../src/plan/types.ts";
import { openSource, openStatCache, type Source, stageSource } from "../../src/source/index.ts";

const made: string[] = [];

export function temporary(): string {
  const dir = mkdtempSync(join(tmpdir(), "knbuild-install-"));
  made.push(dir);
  return dir;
}

export function removeTemporary(): void {
  for (const dir of made) rmSync(dir, { recursive: true, force: true });
}

export function contextFor(
  dir: string,
  cacheDir: string,
  more: Partial<InstallContext> = {},
): InstallContext & { events: KnbuildEvent[] } {
  const cache = openStatCache(join(cacheDir, "stat"));
  const events: KnbuildEvent[] = [];
  return {
    source: openSource(dir),
    cacheDir,
    stage: (source, destination) => void stageSource(source as Source, destination),
    digest: (path) => cache.digest(path),
    env: process.env,
    emit: (event) => void events.push(event),
    npmConfig: () => readNpmConfig(dir, process.env),
    events,
    ...more,
  };
}

export function npmStep(more: Partial<InstallStep> = {}): InstallStep {
  return {
    type: "install",
    packageManager: "npm",
    lockFile: "package-lock.json",
    inputs: [],
    dev: false,
    ignoreScripts: false,
    frozen: true,
    ...more,
  };
}

/** Every path below a directory with its kind, mode and content. */
export function snapshot(root: string, prefix = ""): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of readdirSync(join(root, prefix), { withFileTypes: true })) {
    const path = prefix ? `${prefix}/${entry.name}` : entry.name;
    const full = join(root, path);
    const mode = (lstatSync(full).mode & 0o777).toString(8);
    if (entry.isSymbolicLink()) found[path] = `link ${readlinkSync(full)}`;
    else if (entry.isDirectory()) Object.assign(found, { [path]: `directory ${mode}` }, snapshot(root, path));
    else found[path] = `file ${mode} ${createHash("sha256").update(readFileSync(full)).digest("hex")}`;
  }
  return found;
}
