/** A NestJS monorepo: nest-cli.json names the projects of one package.json, `nest build NAME` builds one of them. */
import { posix, relative } from "node:path";
import { isKnbuildError, type Source } from "../../src/sdk.ts";
import { readManifest, worksByItself } from "./manifest.ts";

export interface NestProject {
  name: string;
  /** Directory, relative to the root of the workspace. */
  path: string;
  /** Directory of its sources, relative to the same. */
  sources: string;
  /** Without its extension, below the sources. */
  entryFile: string;
}

interface NestCli {
  entryFile?: unknown;
  monorepo?: unknown;
  projects?: Record<string, { type?: unknown; root?: unknown; sourceRoot?: unknown; entryFile?: unknown } | undefined>;
}

/** Applications (no libraries) that the root's nest-cli.json names, in its order. */
export function nestProjects(root: Source): NestProject[] {
  const cli = root.readJson("nest-cli.json", { comments: true }) as NestCli | null | undefined;
  if (!cli?.monorepo) return [];
  return Object.entries(cli.projects ?? {}).flatMap(([name, project]) => {
    if (project?.type === "library" || typeof project?.root !== "string") return [];
    const entry = [project.entryFile, cli.entryFile].find((one) => typeof one === "string");
    const path = posix.normalize(project.root).replace(/\/$/, "");
    const sources = typeof project.sourceRoot === "string" ? posix.normalize(project.sourceRoot) : `${path}/src`;
    return [{ name, path, sources, entryFile: entry ?? "main" }];
  });
}

/** The project that is this directory, and the root above that names it. */
export function nestProjectHere(source: Source): { root: Source; member: string; project: NestProject } | undefined {
  if (worksByItself(readManifest(source))) return undefined;
  for (let depth = 1, up = ".."; depth <= 6; depth++, up += "/..") {
    const root = source.at(up);
    if (!root.isFile("package.json")) continue;
    const path = relative(root.root, source.root).split("\\").join("/");
    const project = projectsAbove(root).find((one) => one.path === path);
    return project && { root, member: up, project };
  }
  return undefined;
}

/** Of a directory that nobody asked to build: a file there that cannot be read names no project. */
function projectsAbove(root: Source): NestProject[] {
  try {
    return nestProjects(root);
  } catch (error) {
    if (isKnbuildError(error)) return [];
    throw error;
  }
}
