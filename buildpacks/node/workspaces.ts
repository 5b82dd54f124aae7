/** Monorepos: the root above a member, the members below a root. */
import { dirname, posix, relative, resolve } from "node:path";
import { compileGlobs, KnbuildError, type Source } from "../../src/sdk.ts";
import type { App } from "./app.ts";
import { type Manifest, readManifest } from "./manifest.ts";

export interface Member {
  /** Relative to the workspace root. */
  path: string;
  name: string | undefined;
  manifest: Manifest;
}

/** Globs of the members, undefined where the directory is no workspace root. */
export function workspaceGlobs(root: Source, manifest = readManifest(root)): string[] | undefined {
  if (manifest && manifest.workspaces.length > 0) return manifest.workspaces;
  const pnpm = root.read("pnpm-workspace.yaml");
  const globs = pnpm === undefined ? [] : yamlList(pnpm, "packages");
  return globs.length > 0 ? globs : undefined;
}

/** Directories below the root that its globs name and that have a package.json, in path order. */
export function workspaceMembers(root: Source, globs: readonly string[]): Member[] {
  const matches = compileMembers(globs);
  const found: Member[] = [];
  for (const { path } of root.list()) {
    if (posix.basename(path) !== "package.json" || path === "package.json") continue;
    const directory = posix.dirname(path);
    const manifest = matches(directory) ? readManifest(root, path) : undefined;
    if (manifest) found.push({ path: directory, name: manifest.name, manifest });
  }
  return found;
}

/** The workspace root above `app` whose globs name it: `{ root, path }` with the app's path below it. */
export function enclosingWorkspace(app: Source): { root: Source; path: string } | undefined {
  if (app.exists(".git")) return undefined;
  for (let directory = dirname(app.root), depth = 0; depth < 6; directory = dirname(directory), depth++) {
    const root = app.at(relative(app.root, directory));
    const globs = root.isFile("package.json") || root.isFile("pnpm-workspace.yaml") ? workspaceGlobs(root) : undefined;
    const path = relative(directory, app.root).split("\\").join("/");
    if (globs && compileMembers(globs)(path)) return { root, path };
    if (root.exists(".git") || directory === resolve(directory, "..")) return undefined;
  }
  return undefined;
}

/** @param projects names that others than the package manager give, which are no members @throws WORKSPACE_UNKNOWN with the names there are */
export function findMember(members: readonly Member[], wanted: string, projects: readonly { name: string }[]): Member {
  const clean = wanted.replace(/^\.\//, "").replace(/\/$/, "");
  const found =
    members.find((member) => member.name === clean || member.path === clean) ??
    members.find((member) => posix.basename(member.path) === clean || member.name?.split("/").at(-1) === clean);
  if (found) return found;
  throw new KnbuildError({
    code: "WORKSPACE_UNKNOWN",
    message: `no workspace is called ${JSON.stringify(wanted)}`,
    hint: `There are: ${[...members.map((member) => member.name ?? member.path), ...projects.map(({ name }) => name)].join(", ") || "none"}.`,
    exitCode: 2,
  });
}

function compileMembers(globs: readonly string[]): (path: string) => boolean {
  // A member glob names directories exactly: `packages/*` does not mean what lies deeper.
  const depths = globs.map((glob) => ({
    glob: glob.replace(/^(!?)\.\//, "$1").replace(/\/$/, ""),
    deep: glob.includes("**"),
  }));
  return (path) => {
    const fitting = depths.filter(
      ({ glob, deep }) => deep || glob.replace(/^!/, "").split("/").length === path.split("/").length,
    );
    return compileGlobs(fitting.map(({ glob }) => glob))(path);
  };
}

/** The items of a top-level list in a simple YAML file (pnpm-workspace.yaml is one). */
function yamlList(text: string, key: string): string[] {
  const items: string[] = [];
  let inside = false;
  for (const line of text.split(/\r?\n/)) {
    if (new RegExp(`^${key}\\s*:`).test(line)) {
      inside = true;
      const inline = /\[(.*)\]/.exec(line)?.[1];
      if (inline !== undefined) items.push(...inline.split(",").map(unquote).filter(Boolean));
    } else if (inside && /^\s*-\s+/.test(line)) items.push(unquote(line.replace(/^\s*-\s+/, "")));
    else if (/^\S/.test(line)) inside = false;
  }
  return items;
}

function unquote(text: string): string {
  const clean = text.trim();
  const quoted = /^(["'])(.*?)\1/.exec(clean);
  return quoted ? (quoted[2] as string) : clean.replace(/\s+#.*$/, "");
}

/** Members that a package depends on, deepest first: the order in which they are built. */
export function dependedMembers(root: Source, manifest: Manifest | undefined): Member[] {
  const members = workspaceMembers(root, workspaceGlobs(root) ?? []);
  const byName = new Map(members.map((member) => [member.name, member]));
  const ordered: Member[] = [];
  const seen = new Set<Member>();
  const visit = (from: Manifest | undefined) => {
    for (const name of Object.keys({ ...from?.dependencies, ...from?.devDependencies })) {
      const member = byName.get(name);
      if (!member || seen.has(member) || member.manifest === manifest) continue;
      seen.add(member);
      visit(member.manifest);
      ordered.push(member);
    }
  };
  visit(manifest);
  return ordered;
}

/** Packages of the app's own tree by name: members of its workspace, and `file:` or `link:` dependencies. */
export function localPackages(app: App): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const root = app.workspace?.root ?? (app.isWorkspaceRoot ? app.source : undefined);
  const up = app.workspace
    ? app.workspace.path
        .split("/")
        .map(() => "..")
        .join("/")
    : ".";
  if (root)
    for (const { name, path } of workspaceMembers(root, workspaceGlobs(root) ?? []))
      if (name) found.set(name, posix.join(up, path));
  for (const [name, spec] of Object.entries({ ...app.manifest?.dependencies, ...app.manifest?.devDependencies })) {
    const path = /^(?:file|link|portal):(.+)$/.exec(spec)?.[1];
    if (path && !/\.tgz$/.test(path)) found.set(name, posix.normalize(path));
  }
  return found;
}
