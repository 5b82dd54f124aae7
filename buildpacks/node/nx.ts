/**
 * Nx projects that the package manager knows nothing of, mostly without a package.json of their own: project.json says what builds
 * one and where that lands, or leaves it to Nx's plug-ins, which infer it from the tools' own configuration.
 */
import { posix, relative } from "node:path";
import type { Source } from "../../src/sdk.ts";
import { worksByItself } from "./manifest.ts";
import { workspaceGlobs, workspaceMembers } from "./workspaces.ts";

export interface NxProject {
  name: string;
  /** Directory, relative to the root of the workspace. */
  path: string;
  executor: string;
  /** Nothing but the tool's own configuration says how it is built, or that tool is named: it builds, in its directory. */
  inferred: boolean;
  /** Its Angular build renders on a server. */
  ssr: boolean;
  /** A bundler's program for a browser, beside the page that loads it. */
  page: boolean;
  /** Of the build target's options. */
  main: string | undefined;
  outputPath: string | undefined;
  /** Folder of the output that Angular's pages are in, where the project says another than its own name for it. */
  browser: string | undefined;
  /** Of the program that esbuild writes. */
  extension: string;
}

interface ProjectJson {
  name?: unknown;
  projectType?: unknown;
  targets?: Record<string, { executor?: unknown; options?: BuildOptions } | undefined>;
}

interface BuildOptions {
  index?: unknown;
  target?: unknown;
  platform?: unknown;
  assets?: unknown;
  main?: unknown;
  outputPath?: unknown;
  ssr?: unknown;
  format?: unknown;
  esbuildOptions?: { outExtension?: Record<string, unknown> };
}

/** These run the framework's own build in the project's directory. */
const OWN_TOOL = /^@(?:nx|nrwl)\/(?:next|nuxt|remix):build$/;

/** Executors whose outcome is known by what the target says. Of others it is known by the tool that they call. */
const NX_OWN = /^(?:@nx|@nrwl|@angular|@angular-devkit)\//;
/** Of a tool that builds in its own directory. */
const TOOL_CONFIG =
  /^(?:vite|astro|next|nuxt|svelte|react-router|remix|gatsby|rsbuild|vue|docusaurus|nitro)(?:-|\.)config\.[cm]?[jt]s$|^(?:eleventy\.config|\.eleventy)\.[cm]?js$/;

/** The nearest directory above with an nx.json, and the project that is here; undefined where this is none. */
export function nxProjectHere(source: Source): { root: Source; member: string; project: NxProject } | undefined {
  if (!source.isFile("project.json")) return undefined;
  for (let depth = 1, up = ".."; depth <= 6; depth++, up += "/..") {
    const root = source.at(up);
    if (!root.isFile("nx.json") || !root.isFile("package.json")) continue;
    const path = relative(root.root, source.root).split("\\").join("/");
    if (managed(root).has(path)) return undefined;
    const project = readProject(root, path);
    return project && { root, member: up, project };
  }
  return undefined;
}

/** The workspace is one project, whose build target says what is built: not where its plug-ins infer it, as everybody does then. */
export function nxStandalone(source: Source): NxProject | undefined {
  const project = source.isFile("nx.json") && source.isFile("project.json") ? readProject(source, ".") : undefined;
  if (!project || project.inferred || project.outputPath === undefined) return undefined;
  return project.main === undefined || source.isFile(project.main) ? project : undefined;
}

/** Applications below a root that have a project.json, which alone says how they are built, in path order. */
export function nxProjects(root: Source): NxProject[] {
  if (!root.isFile("nx.json")) return [];
  const members = managed(root);
  return [...root.list()].flatMap(({ path }) => {
    const directory = posix.dirname(path);
    if (posix.basename(path) !== "project.json" || directory === "." || members.has(directory)) return [];
    return readProject(root, directory) ?? [];
  });
}

/** Members of the workspace whose package.json says how they are built or started: Nx only calls that. */
function managed(root: Source): ReadonlySet<string> {
  const members = workspaceMembers(root, workspaceGlobs(root) ?? []);
  return new Set(members.filter(({ manifest }) => worksByItself(manifest)).map(({ path }) => path));
}

function readProject(root: Source, path: string): NxProject | undefined {
  const json = root.readJson(`${path}/project.json`, { comments: true }) as ProjectJson | null | undefined;
  const build = json?.targets?.["build"];
  if (!json || json.projectType === "library" || /(?:^|[-/])e2e$/.test(path)) return undefined;
  // Without a word it is what the folder's name says.
  if (json.projectType === undefined && /^(?:libs|packages)\//.test(path)) return undefined;
  const text = (value: unknown) => (typeof value === "string" ? value : undefined);
  const executor = text(build?.executor) ?? "";
  const places = build?.options?.outputPath as { base?: unknown; browser?: unknown } | undefined;
  const fill = (value: unknown) =>
    text(value)
      ?.replaceAll("{workspaceRoot}/", "")
      .replaceAll("{projectRoot}", path)
      .replaceAll("{projectName}", text(json.name) ?? posix.basename(path));
  return {
    name: text(json.name) ?? posix.basename(path),
    path,
    executor,
    inferred:
      build === undefined ||
      (!build.executor && !build.options) ||
      OWN_TOOL.test(executor) ||
      (!NX_OWN.test(executor) && root.names(path).some((name) => TOOL_CONFIG.test(name))),
    ssr: Boolean(build?.options?.ssr),
    page: isPage(build?.options),
    main: fill(build?.options?.main),
    outputPath: fill(places?.base ?? build?.options?.outputPath),
    browser: text(places?.browser),
    extension: extensionOf(build?.options),
  };
}

function isPage({ index, target, platform, assets }: BuildOptions = {}): boolean {
  if (typeof index === "string" || target === "web" || platform === "browser") return true;
  return (
    Array.isArray(assets) && assets.some((asset) => typeof asset === "string" && /(?:^|\/)index\.html$/.test(asset))
  );
}

/** Its executor writes `.cjs` for CommonJS unless the project says otherwise; the first format is the program's. */
function extensionOf(options: BuildOptions | undefined): string {
  const own = options?.esbuildOptions?.outExtension?.[".js"];
  if (typeof own === "string") return own;
  return [options?.format].flat()[0] === "cjs" ? ".cjs" : ".js";
}
