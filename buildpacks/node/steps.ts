/** The steps of a plan: installing, building, bundling. */
import {
  type BundleStep,
  conditional,
  type HostCommandStep,
  type InstallStep,
  type PlanContext,
  type PlanWarning,
  packageNameOf,
  resolveFile,
  type Source,
} from "../../src/sdk.ts";
import type { App } from "./app.ts";
import { readBuildScript } from "./build-script.ts";
import { findEntry } from "./entry.ts";
import { managerProgram } from "./manager.ts";
import { LIFECYCLE } from "./manifest.ts";
import { prismaSteps } from "./prisma.ts";
import { dependedMembers, type Member } from "./workspaces.ts";

/** A plan while it is made. */
export interface Draft {
  app: App;
  context: PlanContext;
  evidence: string[];
  warnings: PlanWarning[];
  nodeMajor: number;
  baseRef: string;
}

/** Nothing to install and nothing to build: no step. @param build a build command runs: it needs devDependencies, the manager, the target's Node */
export function install(draft: Draft, build: boolean, tool?: string): InstallStep[] {
  const { app } = draft;
  const { manifest, manager, options, workspace } = app;
  if (!manifest) return [];
  const all = { ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.devDependencies };
  const fetched = tool === undefined ? undefined : fetchedPackage(app);
  const own = LIFECYCLE.filter((name) => manifest.scripts[name]);
  const scripts = own.length > 0 && options.ignoreScripts !== true;
  const gyp = app.source.isFile("binding.gyp") && !manifest.scripts["install"];
  if (
    Object.keys(all).length === 0 &&
    !build &&
    !scripts &&
    !gyp &&
    !app.isWorkspaceRoot &&
    !workspace &&
    fetched === undefined &&
    options.install === undefined
  )
    return [];
  const inTree = Object.values(all).some((spec) => /^(?:file|link|portal):|^\.{1,2}\//.test(spec));
  const workspaceRoot = workspace
    ? workspace.path
        .split("/")
        .map(() => "..")
        .join("/")
    : app.isWorkspaceRoot
      ? "."
      : undefined;
  return [
    {
      type: "install",
      packageManager: manager.name,
      ...(manager.version === undefined ? {} : { version: manager.version }),
      ...(manager.hash === undefined ? {} : { versionHash: manager.hash }),
      ...(manager.lockFile === undefined ? {} : { lockFile: manager.lockFile }),
      inputs: [
        "package.json",
        ...(manager.lockFile === undefined ? [] : [manager.lockFile]),
        ".npmrc",
        ".yarnrc",
        ".yarnrc.yml",
        "pnpm-workspace.yaml",
        ".pnpmfile.cjs",
        "bunfig.toml",
        "patches/**",
        ".yarn/patches/**",
      ],
      // An app's own install scripts (`prisma generate`, `tsc`) mostly come from devDependencies; so does what a program that
      // was never deployed with `--omit=dev` requires at run time, which is looked at when the packages are there.
      dev: build || scripts || requiresDev(app) || needsCompiler(app) || (tool !== undefined && isDevTool(app, tool)),
      ignoreScripts: options.ignoreScripts ?? false,
      frozen: options.frozen ?? true,
      ...(workspaceRoot === undefined ? {} : { workspaceRoot }),
      ...(scripts || gyp || inTree || options.install !== undefined ? { withSource: true } : {}),
      ...(options.install === undefined ? {} : { command: options.install }),
      ...(fetched === undefined ? {} : { program: { name: tool as string, package: fetched } }),
      nodeMajor: draft.nodeMajor,
    },
  ];
}

/** What the start script's runner has to fetch: a package that the manifest names comes with the installation. */
function fetchedPackage({ start, manifest }: App): string | undefined {
  const fetched = start?.fetched;
  const name = fetched === undefined ? undefined : /^(?:@[^/@]+\/)?[^@]+/.exec(fetched)?.[0];
  const { dependencies, optionalDependencies, devDependencies } = manifest ?? {};
  const own = { ...dependencies, ...optionalDependencies, ...devDependencies };
  return name !== undefined && own[name] !== undefined ? undefined : fetched;
}

/** No production package is named like the program that starts the app, so one for development may bring it. */
function isDevTool({ manifest }: App, tool: string): boolean {
  if (!manifest || Object.keys(manifest.devDependencies).length === 0) return false;
  return !Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies }).some((name) =>
    (name.split("/").at(-1) as string).includes(tool),
  );
}

/** Decorators with type information: esbuild leaves them to the app's own compiler. */
function needsCompiler(app: App): boolean {
  return app.tsconfig?.emitDecoratorMetadata === true && /\.[cm]?tsx?$/.test(findEntry(app).entry?.file ?? "");
}

/** Packages that the start script has node load first: `node -r source-map-support/register .`. */
function preloadedPackages({ start, options }: App): string[] {
  if (options.entrypoint !== undefined) return [];
  const named = (start?.nodeArgs ?? []).flatMap((arg, index, all) => {
    const [, joined] = /^--(?:require|import|loader|experimental-loader)=(.+)$/.exec(arg) ?? [];
    return (
      joined ?? (/^(?:-r|--(?:require|import|loader|experimental-loader))$/.test(arg) ? (all[index + 1] ?? []) : [])
    );
  });
  return named.filter((name) => !/^(?:[./]|\w+:)/.test(name)).map(packageNameOf);
}

/** The program, or node before it, requires a package that only devDependencies name. */
function requiresDev(app: App): boolean {
  const { manifest } = app;
  if (!manifest || Object.keys(manifest.devDependencies).length === 0) return false;
  const reached = [...(findEntry(app).entry?.look?.packages ?? []), ...preloadedPackages(app)];
  return reached.some(
    (name) =>
      manifest.devDependencies[name] !== undefined &&
      manifest.dependencies[name] === undefined &&
      manifest.optionalDependencies[name] === undefined,
  );
}

/** What must have run before the app's own build: generators that no script names, and members of the workspace that it depends on, in order. */
export function preparations(draft: Draft): HostCommandStep[] {
  const { steps, evidence, warnings } = prismaSteps(draft.app);
  draft.evidence.push(...evidence);
  draft.warnings.push(...warnings);
  return [...steps, ...memberBuilds(draft)];
}

function memberBuilds(draft: Draft): HostCommandStep[] {
  const { app } = draft;
  const root = app.workspace?.root ?? (app.isWorkspaceRoot ? app.source : undefined);
  if (!root) return [];
  const up = app.workspace
    ? app.workspace.path
        .split("/")
        .map(() => "..")
        .join("/")
    : ".";
  return dependedMembers(root, app.manifest).flatMap((member) => {
    const script = readBuildScript(member.manifest, {});
    if (!script || !needsBuild(root, member)) return [];
    const manager = managerProgram(app);
    draft.evidence.push(`builds ${member.path} first: ${script.line}`);
    return [
      {
        type: "host-command" as const,
        argv: [manager, "run", script.name],
        cwd: `${up}/${member.path}`,
        env: buildVariables(app),
        inputs: ["**"],
        outputs: [],
        why: `${member.path}/package.json scripts.${script.name}: ${script.line}`,
      },
    ];
  });
}

/** Its entry is not there before its build: `main: dist/index.js` of a fresh checkout. */
function needsBuild(root: Source, member: Member): boolean {
  const { main, module, exports } = member.manifest;
  const bySubpath = exports as Record<string, unknown> | undefined;
  const exported =
    typeof exports === "object" && exports !== null && Object.keys(exports)[0]?.startsWith(".")
      ? // `./icons/*`, `./package.json`: what is no module, or many.
        Object.keys(exports)
          .filter((path) => !/[*]|\.[a-z]+$/.test(path))
          .map((path) => conditional(bySubpath?.[path]))
      : [conditional(exports)];
  const named = [main, module, ...exported].filter((path): path is string => path !== undefined);
  return named.length > 0 && named.some((path) => resolveFile(root, `${member.path}/${path}`) === undefined);
}

/** The project's own build script, or the framework's command where it has none. */
export function buildStep(
  draft: Draft,
  outputs: string[],
  command?: string[],
  env: Record<string, string> = {},
): HostCommandStep {
  const { app } = draft;
  const script = app.build;
  const manager = managerProgram(app);
  const argv = script
    ? script.name === ""
      ? ["sh", "-c", script.line]
      : [manager, "run", script.name]
    : (command ?? ["tsc"]);
  const why = script
    ? script.name === ""
      ? app.options.build === undefined
        ? `${app.start?.from} begins with it`
        : "the configured build command"
      : `package.json scripts.${script.name}: ${script.line}`
    : `${argv.join(" ")}: the framework's build`;
  if (Object.keys(buildVariables(app)).length > 0) draft.evidence.push("project.toml: variables of the build");
  draft.evidence.push(`builds with ${argv.join(" ")} (${why})`);
  return {
    type: "host-command",
    argv,
    cwd: ".",
    env: { ...env, ...buildVariables(app) },
    inputs: ["**"],
    outputs,
    why,
  };
}

/** project.toml's variables, which the buildpacks it was written for set while they build. */
function buildVariables(app: App): Record<string, string> {
  return { ...app.workspace?.root.descriptor()?.env, ...app.source.descriptor()?.env };
}

/** @param may false: what the app is made of cannot be bundled */
export function bundle(draft: Draft, entry: string, may: boolean): BundleStep {
  const { options } = draft.context;
  const given = options.bundle;
  const details = typeof given === "object" ? given : {};
  const enabled = may && (typeof given === "boolean" ? given : (details.enabled ?? true));
  const preloads = preloadedPackages(draft.app);
  return {
    type: "bundle",
    entry,
    nodeTarget: String(draft.nodeMajor),
    appDir: options.workdir ?? "/app",
    enabled,
    minify: details.minify ?? true,
    sourcemap: details.sourcemaps ?? true,
    external: [...(details.external ?? [])],
    ...(details.include && details.include.length > 0 && { inline: [...details.include] }),
    ...(preloads.length > 0 && { preloads }),
    include: [...(options.include ?? [])],
    exclude: excluded(draft),
  };
}

/** What the user wants left out. */
export function excluded(draft: Draft): string[] {
  return [...(draft.context.options.ignore ?? [])];
}
