/** Monorepos: the root above a member, the members below a root. */
import { dirname, posix, relative } from "node:path";
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
  for (const { root, path, globs } of rootsAbove(app)) if (compileMembers(globs)(path)) return { root, path };
  return undefined;
}

/** Workspace roots above, the nearest first, up to the repository's own directory; `path` is the app's below it. */
function* rootsAbove(app: Source): Generator<{ root: Source; up: string; path: string; globs: string[] }> {
  if (app.exists(".git")) return;
  for (let up = "..", depth = 0; depth < 6; up += "/..", depth++) {
    const root = app.at(up);
    const globs = root.isFile("package.json") || root.isFile("pnpm-workspace.yaml") ? workspaceGlobs(root) : undefined;
    if (globs) yield { root, up, path: relative(root.root, app.root).split("\\").join("/"), globs };
    if (root.exists(".git") || dirname(root.root) === root.root) return;
  }
}

/** What only a workspace has is asked for where there is none. @throws WORKSPACE_MISSING with the workspace above that does not name this directory */
export function assertMember({ source, manifest, workspace, isWorkspaceRoot, options, nx, nest }: App): void {
  if (!manifest || workspace || isWorkspaceRoot || nx || nest || options.install !== undefined) return;
  const { dependencies, optionalDependencies, devDependencies } = manifest;
  const asked = Object.entries({ ...devDependencies, ...optionalDependencies, ...dependencies });
  const [name, spec] = asked.find(([, value]) => value.startsWith("workspace:")) ?? [];
  if (name === undefined) return;
  const [above] = rootsAbove(source);
  throw new KnbuildError({
    code: "WORKSPACE_MISSING",
    message: `package.json asks for ${name} as ${spec}, but this directory is a member of no workspace`,
    where: source.root,
    ...(above && { detail: `The workspace in ${above.up} has the members ${above.globs.join(", ")}.` }),
    hint: above
      ? `Name ${above.path} among the members there, or write a version of ${name} in package.json.`
      : `Build it from the workspace's tree, or write a version of ${name} in package.json.`,
  });
}

/**
 * @param projects names that others than the package manager give, which are no members
 * @param from what says the name; absent: the user
 * @throws WORKSPACE_UNKNOWN with the names there are
 */
export function findMember(
  members: readonly Member[],
  wanted: string,
  projects: readonly { name: string }[] = [],
  from?: string,
): Member {
  const found = memberCalled(members, wanted);
  if (found) return found;
  throw new KnbuildError({
    code: "WORKSPACE_UNKNOWN",
    message: `no workspace is called ${JSON.stringify(wanted)}${from === undefined ? "" : `, which ${from} names`}`,
    hint: `There are: ${[...members.map((member) => member.name ?? member.path), ...projects.map(({ name }) => name)].join(", ") || "none"}.`,
    exitCode: 2,
  });
}

/** By its name or its path, or either without its scope or folder: pnpm's `--filter api` is `@acme/api`. */
export function memberCalled(members: readonly Member[], wanted: string): Member | undefined {
  const clean = wanted.replace(/^\.\//, "").replace(/\/$/, "");
  return (
    members.find((member) => member.name === clean || member.path === clean) ??
    members.find((member) => posix.basename(member.path) === clean || member.name?.split("/").at(-1) === clean)
  );
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
