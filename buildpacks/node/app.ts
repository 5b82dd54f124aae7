/** Everything read once about a Node app; detection, entry finding, frameworks and the plan look at this. */
import { type PlanOptions, readTsconfig, type Source, type Tsconfig } from "../../src/sdk.ts";
import { type BuildScript, readBuildScript } from "./build-script.ts";
import { lernaGlobs } from "./lerna.ts";
import { chooseManager, hasLock, isLockedBy, type ManagerChoice } from "./manager.ts";
import { dependsOn, type Manifest, readManifest } from "./manifest.ts";
import { type NestProject, nestProjectHere, nestProjects } from "./nest-projects.ts";
import { type NxProject, nxProjectHere, nxProjects, nxStandalone } from "./nx.ts";
import { pm2Command } from "./pm2.ts";
import { readStart, type Start } from "./start.ts";
import { type VersionRequest, versionRequests } from "./versions.ts";
import { enclosingWorkspace, findMember, memberCalled, workspaceGlobs, workspaceMembers } from "./workspaces.ts";

export interface App {
  /** The app's own directory. */
  source: Source;
  /** Relative to the directory that the user named; `.` where it is the same. */
  member: string;
  /** Why that member. */
  memberEvidence: string;
  manifest: Manifest | undefined;
  /** `web:` of the Procfile, else the start script. */
  start: (Start & { from: string }) | undefined;
  build: BuildScript | undefined;
  manager: ManagerChoice;
  versions: VersionRequest[];
  tsconfig: Tsconfig | undefined;
  /** The monorepo it is a member of. */
  workspace: { root: Source; path: string } | undefined;
  /** The app is itself a workspace root that holds the app. */
  isWorkspaceRoot: boolean;
  /** The app is a project of an Nx workspace that has no package.json of its own: `source` is the workspace's root, or the project's where its build is inferred. */
  nx?: NxProject;
  /** The app is this project of a NestJS monorepo, whose root is `source`. */
  nest?: NestProject;
  options: PlanOptions;
  /** A dependency of the app or of its workspace root, with its range. */
  dependency(name: string): string | undefined;
  /** A workspace root without a start script of its own: its members, one of which may be the app. */
  candidates?: () => App[];
}

const remembered = new WeakMap<Source, Map<string, App>>();

/** @param source the directory that the user named */
export function readApp(source: Source, options: PlanOptions = {}): App {
  const key = JSON.stringify([options.workspace, options.build, options.entrypoint]);
  let apps = remembered.get(source);
  if (!apps) remembered.set(source, (apps = new Map()));
  let app = apps.get(key);
  if (!app) apps.set(key, (app = read(source, options)));
  return app;
}

function read(source: Source, options: PlanOptions): App {
  const globs = workspaceGlobs(source) ?? (source.isFile("nx.json") ? [] : undefined);
  const at = (path: string, evidence: string): App => ({
    ...readDirectory(source.at(path), path, options, { root: source, path }),
    memberEvidence: evidence,
  });
  const here = nxProjectHere(source);
  if (here?.project.inferred) return inferredNx(here.root, here.project, ".", options, "the directory named");
  if (here) return ofNx(here.root, here.member, here.project, options, "the directory named");
  const nest = nestProjectHere(source);
  if (nest) return ofNest(nest.root, nest.member, nest.project, options, "the directory named");
  if (options.workspace !== undefined) {
    const wanted = options.workspace;
    const isWanted = ({ name, path }: { name: string; path: string }) => wanted === name || wanted === path;
    const ofCli = nestProjects(source);
    const application = ofCli.find(isWanted);
    if (application) return ofNest(source, ".", application, options, "named by the user");
    const project = nxProjects(source).find(isWanted);
    if (project) return nxBelow(source, project, options, "named by the user");
    const members = workspaceMembers(source, globs ?? []);
    const { path } = findMember(members, wanted, [...ofCli, ...nxProjects(source)]);
    const ofNx = nxProjects(source).find((one) => one.path === path);
    return ofNx ? nxBelow(source, ofNx, options, "named by the user") : at(path, "named by the user");
  }
  const alone = options.entrypoint === undefined ? nxStandalone(source) : undefined;
  if (alone) return ofNx(source, ".", alone, options, "project.json at the root");
  const app = withoutRunner(readDirectory(source, ".", options, enclosingWorkspace(source)), globs);
  if (options.entrypoint !== undefined) return app;
  const named = nxNamed(source, app.manifest);
  if (named) return nxBelow(source, named, options, "package.json scripts.start names it");
  const lerna = globs === undefined && app.start === undefined ? lernaGlobs(source) : undefined;
  if (lerna !== undefined)
    return {
      ...app,
      candidates: () =>
        workspaceMembers(source, lerna).map(({ path }) => ({
          ...readDirectory(source.at(path), path, options, undefined),
          memberEvidence: "the only app among Lerna's packages",
        })),
    };
  // A package of its own below, which no workspace names: installed and built by itself.
  const below = (path: string, from: string): App => ({
    ...readDirectory(source.at(path), path, options, undefined),
    memberEvidence: `${from} leads there`,
  });
  const from = app.start?.from ?? "";
  const led = ledTo(app, globs ?? []).map(
    (path) => () => (globs === undefined ? below(path, from) : at(path, `${from} leads there`)),
  );
  if (led.length > 1) return { ...app, candidates: () => led.map((one) => one()) };
  if (led[0]) return led[0]();
  if (globs === undefined) {
    const built = app.start === undefined ? builtBelow(app) : undefined;
    return built === undefined
      ? app
      : { ...app, candidates: () => [below(built, `package.json scripts.${app.build?.name}`)] };
  }
  return app.start === undefined
    ? {
        ...app,
        candidates: () => {
          const projects = nxProjects(source);
          const members = workspaceMembers(source, globs).filter(
            ({ path }) => !projects.some((one) => one.path === path),
          );
          return [
            ...members.map(({ path }) => at(path, "the only app among the members")),
            ...projects.map((project) => nxBelow(source, project, options, "the only app among the projects")),
          ];
        },
      }
    : app;
}

/** `turbo run start`, `nx serve api`: of a root's start script they only say which members are meant, all of them unless filtered. */
function withoutRunner(app: App, globs: readonly string[] | undefined): App {
  const { start } = app;
  if (globs === undefined || start === undefined) return app;
  if (start.kind === "unknown" && start.workspace === undefined && start.directory === ".")
    return { ...app, start: undefined };
  if (start.kind !== "tool" || !/^(?:turbo|nx|lerna)$/.test(start.target)) return app;
  if (start.target === "nx" && app.source.isFile("project.json")) return app;
  const filter = /(?:--filter|--scope|-F)[= ]["']?([^\s"']+)/.exec(start.args.join(" "))?.[1]?.replace(/\.{3}/g, "");
  return { ...app, start: filter ? { ...start, workspace: filter } : undefined };
}

/** The project that `nx serve api` or `nx run api:serve` in a root's start script names. */
function nxNamed(root: Source, manifest: Manifest | undefined): NxProject | undefined {
  const start = readStart(manifest?.scripts ?? {}, "start");
  if (start?.target !== "nx") return undefined;
  const [verb, next = ""] = start.args.filter((arg) => !arg.startsWith("-"));
  const wanted = verb === "run" ? next.split(":")[0] : verb === "run-many" ? undefined : next;
  return nxProjects(root).find(({ name }) => name === wanted);
}

function nxBelow(root: Source, nx: NxProject, options: PlanOptions, evidence: string): App {
  return nx.inferred ? inferredNx(root, nx, nx.path, options, evidence) : ofNx(root, ".", nx, options, evidence);
}

/** A member like any other, whose dependencies the root's package.json has; one of its own may repeat some of them. */
function inferredNx(root: Source, nx: NxProject, member: string, options: PlanOptions, evidence: string): App {
  const all = readManifest(root);
  const own = readManifest(root, `${nx.path}/package.json`);
  const manifest = all && {
    ...all,
    name: nx.name,
    type: own?.type ?? all.type,
    scripts: own?.scripts ?? {},
    dependencies: { ...all.dependencies, ...own?.dependencies },
    main: own?.main,
    exports: undefined,
    module: undefined,
    bin: {},
    workspaces: [],
  };
  const app = readDirectory(root.at(nx.path), member, options, { root, path: nx.path }, manifest);
  return { ...app, nx, memberEvidence: `${nx.path}/project.json: ${evidence}` };
}

function ofNx(root: Source, member: string, nx: NxProject, options: PlanOptions, evidence: string): App {
  const app = readDirectory(root, member, options, undefined);
  const build = options.build === undefined ? undefined : app.build;
  return { ...app, build, start: undefined, nx, memberEvidence: `${nx.path}: ${evidence}` };
}

/** Its name is the build's argument, so that the root's build script, which builds one project or all, is not run. */
function ofNest(root: Source, member: string, nest: NestProject, options: PlanOptions, evidence: string): App {
  const app = readDirectory(root, member, options, undefined);
  const build = options.build === undefined ? undefined : app.build;
  return { ...app, build, start: undefined, nest, memberEvidence: `nest-cli.json, ${nest.path}: ${evidence}` };
}

/** The package of its own that the build script works in: `yarn --cwd website build`, `cd site && npm ci && npm run build`. */
function builtBelow({ source, manifest, build }: App): string | undefined {
  const directory = build && readStart(manifest?.scripts ?? {}, build.name)?.directory;
  return directory !== undefined && directory !== "." && source.isFile(`${directory}/package.json`)
    ? directory
    : undefined;
}

/** The packages below that the start script leads to (`cd apps/web && npm start`, `npm start -w web`), several side by side. */
function ledTo({ start, source }: App, globs: readonly string[]): string[] {
  const paths = [start ?? [], start?.beside ?? []].flat().map(({ workspace, directory }) => {
    if (workspace !== undefined) return memberCalled(workspaceMembers(source, globs), workspace)?.path;
    return directory !== "." && source.isFile(`${directory}/package.json`) ? directory : undefined;
  });
  return [...new Set(paths)].filter((path) => path !== undefined);
}

export function readDirectory(
  source: Source,
  member: string,
  options: PlanOptions,
  workspace: { root: Source; path: string } | undefined,
  manifest = readManifest(source),
): App {
  // A member with a lock file of its own is installed by itself, unless that one is left from before it was a member.
  const enclosing =
    workspace && (isLockedBy(workspace.root, workspace.path) || !hasLock(source)) ? workspace : undefined;
  const rootManifest = enclosing ? readManifest(enclosing.root) : undefined;
  const start = startOf(source, manifest);
  return {
    source,
    member,
    memberEvidence: "",
    manifest,
    start,
    build: readBuildScript(manifest, options, start?.before),
    manager: chooseManager(enclosing?.root ?? source, withRootFields(manifest, rootManifest)),
    versions: versionRequests(source, manifest, enclosing?.root),
    tsconfig: readTsconfig(source),
    workspace: enclosing,
    isWorkspaceRoot: workspaceGlobs(source, manifest) !== undefined,
    options,
    dependency: (name) => dependsOn(manifest, name) ?? dependsOn(rootManifest, name),
  };
}

function startOf(source: Source, manifest: Manifest | undefined): App["start"] {
  const web = /^web[ \t]*:[ \t]*(.+)$/m.exec(source.read("Procfile") ?? "")?.[1];
  const scripts = manifest?.scripts ?? {};
  const procfile = web === undefined ? undefined : readManaged(source, scripts, "web", web);
  if (procfile) return { ...procfile, from: "Procfile web" };
  for (const name of ["start", "start:prod", "start:production", "serve:prod"]) {
    const start = readManaged(source, scripts, name);
    // A development server under `start` gives way to a script that names production.
    if (
      start &&
      !(name === "start" && isDevelopment(start) && (scripts["start:prod"] ?? scripts["start:production"]))
    ) {
      return { ...start, from: `package.json scripts.${name}` };
    }
  }
  return undefined;
}

/** What PM2 would start, for its own command. */
function readManaged(source: Source, scripts: Record<string, string>, name: string, line?: string): Start | undefined {
  const start = readStart(scripts, name, line);
  const managed = start?.kind === "tool" && /^pm2/.test(start.target) ? pm2Command(source, start.args) : undefined;
  return managed === undefined ? start : (readStart(scripts, name, managed) ?? start);
}

/** `nest start`, `ng serve`, `nuxi dev`, `vite`, `next dev`: for a developer's machine. */
export function isDevelopment(start: Start): boolean {
  const words = [start.target, ...start.args].join(" ");
  return (
    start.kind === "tool" &&
    /^(?:nest start|ng (?:serve|s)\b|react-scripts start|vue-cli-service serve|craco start|nuxi? dev|nuxt dev|next dev|vite(?: dev| serve)?(?: -|$)|astro dev|remix (?:dev|vite:dev)|react-router dev|gatsby develop|docusaurus start|eleventy --serve|parcel|webpack(?:-dev-server)? serve|expo start|gridsome develop|svelte-kit dev|vinxi dev|adonis serve|node ace serve|snowpack dev|storybook|ember (?:serve|server|s)\b|umi dev|preact watch|vuepress dev|stencil build .*--serve|brunch watch|quasar dev|rsbuild dev|rspack (?:serve|dev)|sanity (?:start|dev)|hexo (?:server|s)\b)/.test(
      words,
    )
  );
}

function withRootFields(manifest: Manifest | undefined, root: Manifest | undefined): Manifest | undefined {
  if (!root) return manifest;
  return { ...root, packageManager: root.packageManager ?? manifest?.packageManager };
}
