/** The key of an installation: the content of everything that decides what it gives, and nothing else. */
import { createHash } from "node:crypto";
import { posix } from "node:path";
import { canonicalJson } from "../base/canonical-json.ts";
import { today } from "../base/clock.ts";
import type { InstallStep } from "../plan/types.ts";
import { configurationFiles, workspaceManifests } from "./skeleton.ts";
import type { InstallContext, InstallSource } from "./types.ts";

/** Changed when this room lays things out differently. */
export const LAYOUT = 5;

/** Fields of package.json that a package manager looks at. */
const FIELDS = [
  "name",
  "version",
  "dependencies",
  "devDependencies",
  "optionalDependencies",
  "peerDependencies",
  "peerDependenciesMeta",
  "dependenciesMeta",
  "bundleDependencies",
  "bundledDependencies",
  "overrides",
  "resolutions",
  "pnpm",
  "workspaces",
  "engines",
  "os",
  "cpu",
  "packageManager",
  "devEngines",
  "bin",
  "catalog",
  "catalogs",
  "trustedDependencies",
  "patchedDependencies",
  "allowScripts",
  "installConfig",
];
const LIFECYCLE = [
  "preinstall",
  "install",
  "postinstall",
  "prepublish",
  "preprepare",
  "prepare",
  "postprepare",
  "pnpm:devPreinstall",
  "dependencies",
];

/**
 * @param root the directory that holds the lock file
 * @param member the app's directory below it
 * @param manager name and version of what will install
 */
export function installKey(
  step: InstallStep,
  context: InstallContext,
  root: InstallSource,
  member: string,
  manager: string,
): string {
  const day =
    (step.lockFile === undefined && step.command === undefined) || step.program !== undefined ? today() : undefined;
  const facts: Record<string, unknown> = {
    layout: LAYOUT,
    manager,
    member: isOfMember(step) && member !== "." ? member : undefined,
    step: { ...step, inputs: undefined, workspaceRoot: step.workspaceRoot },
    // Without a lock file, and for a program that none names, the registry's day decides.
    day,
    host: [process.platform, process.arch],
    node: step.nodeMajor ?? process.versions.modules,
  };
  const files: [string, string][] = [];
  if (step.lockFile !== undefined) files.push([step.lockFile, fileDigest(context, root, step.lockFile)]);
  if (step.withSource) for (const { path } of root.list()) files.push([path, fileDigest(context, root, path)]);
  else for (const path of workspaceManifests(root)) files.push([path, manifestDigest(root, path)]);
  for (const path of configurationFiles(root))
    files.push([path, textDigest(withoutCredentials(root.read(path) ?? ""))]);
  files.sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256")
    .update(canonicalJson({ ...facts, files }))
    .digest("hex")
    .slice(0, 40);
}

/** pnpm installs what one member of a workspace needs, a program is added to one; all else is installed for all members. */
export function isOfMember(step: InstallStep): boolean {
  return (step.packageManager === "pnpm" && step.command === undefined) || step.program !== undefined;
}

function manifestDigest(root: InstallSource, path: string): string {
  const json = (root.readJson(path) ?? {}) as Record<string, unknown>;
  const scripts = (json["scripts"] ?? {}) as Record<string, unknown>;
  const kept: Record<string, unknown> = {};
  for (const field of FIELDS) if (json[field] !== undefined) kept[field] = json[field];
  // A change of the project's own version changes nothing that is installed, except where other members depend on it.
  if (posix.dirname(path) === ".") delete kept["version"];
  for (const name of LIFECYCLE) if (scripts[name] !== undefined) kept[`script ${name}`] = scripts[name];
  return textDigest(canonicalJson(kept));
}

function withoutCredentials(text: string): string {
  return text
    .split(/\r?\n/)
    .filter(
      (line) => !/_authToken|_auth\b|_password|npmAuthToken|npmAuthIdent|^\s*[;#]/.test(line) && line.trim() !== "",
    )
    .join("\n");
}

function fileDigest(context: InstallContext, root: InstallSource, path: string): string {
  try {
    return context.digest(posix.join(root.root, path));
  } catch {
    return "missing";
  }
}

function textDigest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
