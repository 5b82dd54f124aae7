/** From what was found to a Plan. */
import {
  type HostCommandStep,
  type InstallStep,
  KnbuildError,
  type Plan,
  type PlanContext,
  type PlanWarning,
  type Step,
} from "../../src/sdk.ts";
import type { App } from "./app.ts";
import { explainMissing, findEntry, notAServer } from "./entry.ts";
import type { FrameworkPlan } from "./framework.ts";
import { findFramework } from "./frameworks.ts";
import { chooseNode } from "./versions.ts";

const STATIC_SERVER = "/knbuild/static-server.cjs";
const FETCH_SERVER = "/knbuild/fetch-server.mjs";
const EXPAND_ARGS = "/knbuild/expand-args.cjs";
/** Scripts of the app itself that an installation runs. */
const LIFECYCLE = ["preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare"];

interface Draft {
  app: App;
  context: PlanContext;
  evidence: string[];
  warnings: PlanWarning[];
  nodeMajor: number;
  baseRef: string;
}

/** @throws NOT_A_SERVER, ENTRYPOINT_NOT_FOUND, NODE_VERSION_*, and what a framework says about its configuration */
export function planNode(app: App, context: PlanContext): Plan {
  const base = chooseBase(app, context);
  const draft: Draft = { app, context, evidence: [], warnings: [], nodeMajor: base.nodeMajor, baseRef: base.baseRef };
  draft.evidence.push(
    base.versionEvidence,
    ...(app.manifest ? [`package manager ${app.manager.name}: ${app.manager.evidence}`] : []),
  );
  draft.warnings.push(...base.versionWarnings);
  const framework = app.options.entrypoint === undefined ? findFramework(app) : undefined;
  if (framework) {
    draft.evidence.push(...framework.evidence);
    return planFramework(draft, framework.framework.plan(app));
  }
  return planServer(draft);
}

function chooseBase(app: App, context: PlanContext) {
  const { base } = context.options;
  const ref = typeof base === "string" ? base : base?.ref;
  if (ref !== undefined) {
    const known = context.nodeBases.find((candidate) => candidate.ref === ref);
    const named = known?.major ?? Number(/node(?:js)?[:/-]?v?(\d+)/.exec(ref)?.[1] ?? Number.NaN);
    // What the app asks for decides how it is compiled when the name of the base says nothing.
    const major = Number.isNaN(named) ? chooseNode(app.versions, context.nodeBases).base.major : named;
    return {
      nodeMajor: major,
      baseRef: ref,
      versionEvidence: `Node ${major}: the base ${ref} is configured`,
      versionWarnings: [],
    };
  }
  const chosen = chooseNode(app.versions, context.nodeBases);
  return {
    nodeMajor: chosen.base.major,
    baseRef: chosen.base.ref,
    versionEvidence: chosen.evidence,
    versionWarnings: chosen.warnings,
  };
}

function planServer(draft: Draft): Plan {
  const { app, context } = draft;
  const { start } = app;
  const search = findEntry(app);
  const entry = search.entry;
  const tool = !entry || (start?.kind === "tool" && entry.look?.verdict !== "serves");
  if (tool && start?.kind === "tool" && app.options.entrypoint === undefined && startable(app, start.target))
    return planTool(draft);
  if (!entry) return explainMissing(app, search);
  const { look } = entry;
  if (look?.runtime && look.verdict !== "serves") {
    throw new KnbuildError({
      code: "RUNTIME_UNSUPPORTED",
      message: `${entry.file} is written for ${look.runtime === "bun" ? "Bun" : "Deno"} (it calls ${look.runtime === "bun" ? "Bun" : "Deno"}.serve), not for Node`,
      where: entry.file,
      hint: "Serve with node:http or a framework that runs on Node, or write a Dockerfile with that runtime.",
    });
  }
  if (look?.verdict === "nothing" && app.options.entrypoint === undefined) {
    throw notAServer(app, [
      `${entry.file} (${entry.evidence}): nothing that listens in the ${look.files.length} file(s) it reaches`,
      ...(look.packages.length > 0 ? [`its packages: ${look.packages.join(", ")}`] : []),
    ]);
  }
  if (look?.verdict === "exports-handler" && app.options.entrypoint === undefined) {
    throw notAServer(app, [
      `${entry.file} (${entry.evidence}) exports ${look.framework ? `its ${look.framework} app` : "a function"}, and nothing calls listen()`,
    ]);
  }
  draft.evidence.push(`entry ${entry.file}: ${entry.evidence}`, ...(look?.evidence ? [look.evidence] : []));
  const fetchOnly = look?.verdict === "exports-fetch";
  const mustBuild = entry.built || (app.build !== undefined && !app.build.compilesOnly);
  const preloads = entry.nodeArgs.some((arg) => /^(?:-r|--require|--import|--loader|--experimental-loader)/.test(arg));
  if (preloads)
    draft.evidence.push("not bundled: the start script preloads modules, which patch packages where they lie");
  const steps: Step[] = [
    ...install(draft, mustBuild),
    ...(mustBuild ? [buildStep(draft, entry.built ? [entry.file] : [])] : []),
    bundle(draft, entry.file, !preloads),
  ];
  if (fetchOnly) {
    steps.push({ type: "runtime-file", template: "runtime/fetch-server.mjs", to: FETCH_SERVER, layer: "runtime" });
    draft.evidence.push(`${entry.file} exports a fetch handler: served by a small server of knbuild's`);
  }
  const args = [...entry.args, ...(context.options.args ?? [])];
  return finish(draft, {
    file: entry.file,
    argv: withExpansion(
      ["node", ...nodeOptions(draft), ...entry.nodeArgs],
      [...(fetchOnly ? [FETCH_SERVER] : []), entry.file],
      args,
      steps,
    ),
    evidence: entry.evidence,
    listens: look?.verdict === "serves" || fetchOnly ? "seen" : "unknown",
    steps,
    env: entry.env,
  });
}

/** A package's own program is the server: `fastify start app.js`, `functions-framework --target=x`, `json-server`. */
function planTool(draft: Draft): Plan {
  const { app, context } = draft;
  const start = app.start as NonNullable<App["start"]>;
  const file = `node_modules/.bin/${start.target}`;
  draft.evidence.push(`${start.from} starts ${[start.target, ...start.args].join(" ")}`);
  const mustBuild = app.build !== undefined;
  const steps: Step[] = [
    ...install(draft, mustBuild),
    ...(mustBuild ? [buildStep(draft, [])] : []),
    bundle(draft, file, false),
  ];
  return finish(draft, {
    tool: start.target,
    argv: withExpansion(
      ["node", ...nodeOptions(draft)],
      [file],
      [...start.args, ...(context.options.args ?? [])],
      steps,
    ),
    evidence: `${start.from}: ${[start.target, ...start.args].join(" ")}`,
    listens: "unknown",
    steps,
    env: { HOST: "0.0.0.0", FASTIFY_ADDRESS: "0.0.0.0", ...start.env },
  });
}

/** Programs that do not serve, whatever their package is. */
function startable(app: App, tool: string): boolean {
  if (
    /^(?:tsc|jest|mocha|vitest|ava|eslint|prettier|rollup|webpack|esbuild|gulp|grunt|cypress|playwright|electron|expo|react-native|echo|exit|cat|ls|vite|ng|turbo|nx|lerna|nest)$/.test(
      tool,
    )
  )
    return false;
  return app.manifest !== undefined && !/[$/]/.test(tool);
}

function planFramework(draft: Draft, plan: FrameworkPlan): Plan {
  const { app, context } = draft;
  const steps: Step[] = app.manifest ? install(draft, plan.build !== undefined) : [];
  for (const warning of plan.warnings ?? []) draft.warnings.push(warning);
  if (plan.build) {
    steps.push(buildStep(draft, plan.build.outputs, app.build ? undefined : plan.build.command, plan.build.env));
  }
  if ("static" in plan.start) {
    const { static: directory, spa } = plan.start;
    steps.push(
      { type: "runtime-file", template: "runtime/static-server.cjs", to: STATIC_SERVER, layer: "runtime" },
      { type: "copy", from: directory, to: "/app/public", include: ["**"], exclude: excluded(draft), layer: "assets" },
    );
    const argv = ["node", ...nodeOptions(draft), STATIC_SERVER, "/app/public", ...(spa ? ["--spa"] : [])];
    return finish(draft, { argv, evidence: plan.evidence, steps, env: {} });
  }
  const file = "tool" in plan.start ? `node_modules/.bin/${plan.start.tool}` : plan.start.file;
  if (plan.ship && "copy" in plan.ship) steps.push(...plan.ship.copy);
  else if (plan.ship)
    steps.push({
      ...bundle(draft, file, false),
      roots: plan.ship.traced,
      include: [...plan.ship.include, ...(context.options.include ?? [])],
    } as Step);
  else steps.push(bundle(draft, file, true));
  const args = [...(plan.start.args ?? []), ...(context.options.args ?? [])];
  return finish(draft, {
    ...("tool" in plan.start ? { tool: plan.start.tool } : { file }),
    argv: withExpansion(["node", ...nodeOptions(draft)], [file], args, steps),
    evidence: plan.evidence,
    steps,
    env: plan.env ?? {},
  });
}

interface Finish {
  file?: string;
  tool?: string;
  argv: string[];
  evidence: string;
  listens?: "seen" | "unknown";
  steps: Step[];
  env: Record<string, string>;
}

function finish(draft: Draft, what: Finish): Plan {
  const { app, context } = draft;
  const { options } = context;
  const { base } = options;
  return {
    version: 1,
    buildpack: "node",
    name: options.name ?? imageName(app.manifest?.name) ?? imageName(context.directoryName) ?? "app",
    entrypoint: {
      ...(what.file === undefined ? {} : { file: what.file }),
      ...(what.tool === undefined ? {} : { tool: what.tool }),
      argv: what.argv,
      evidence: what.evidence,
      ...(what.listens === undefined ? {} : { listens: what.listens }),
    },
    base: { ref: draft.baseRef, packages: [...(typeof base === "object" ? (base.packages ?? []) : [])] },
    steps: what.steps,
    config: {
      env: { NODE_ENV: "production", ...imageEnv(what.env), ...options.env },
      workdir: options.workdir ?? "/app",
      user: options.user ?? "65532:65532",
      exposedPorts: ports(options.ports),
      labels: { ...options.labels },
    },
    evidence: draft.evidence,
    warnings: draft.warnings,
    ...(app.member === "." ? {} : { member: app.member }),
    ...(options.gracefulShutdown === false ? { gracefulShutdown: false } : {}),
  };
}

/** Variables of a start script that can stand in an image: not the platform's, and no text that only a shell can fill in. */
function imageEnv(env: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter(
      ([name, value]) => name !== "PORT" && !/^K_(?:SERVICE|REVISION|CONFIGURATION)$/.test(name) && !/[$`]/.test(value),
    ),
  );
}

function ports(given: readonly (number | string)[] | undefined): string[] {
  const list = given && given.length > 0 ? given : [8080];
  return list.map((port) => (String(port).includes("/") ? String(port) : `${port}/tcp`));
}

function nodeOptions(draft: Draft): string[] {
  return [...(draft.context.options.nodeOptions ?? [])];
}

/** `$PORT` in arguments: there is no shell in the image, a preload fills it in. */
function withExpansion(head: string[], middle: string[], args: string[], steps: Step[]): string[] {
  if (!args.some((arg) => /\$\{?[A-Z_]/.test(arg))) return [...head, ...middle, ...args];
  steps.push({ type: "runtime-file", template: "runtime/expand-args.cjs", to: EXPAND_ARGS, layer: "runtime" });
  return [...head, "--require", EXPAND_ARGS, ...middle, ...args];
}

function install(draft: Draft, build: boolean): InstallStep[] {
  const { app } = draft;
  const { manifest, manager, options, workspace } = app;
  if (!manifest) return [];
  const all = { ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.devDependencies };
  const own = LIFECYCLE.filter((name) => manifest.scripts[name]);
  const scripts = own.length > 0 && options.ignoreScripts !== true;
  const gyp = app.source.isFile("binding.gyp") && !manifest.scripts["install"];
  if (
    Object.keys(all).length === 0 &&
    !scripts &&
    !gyp &&
    !app.isWorkspaceRoot &&
    !workspace &&
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
      dev: build || scripts || requiresDev(app),
      ignoreScripts: options.ignoreScripts ?? false,
      frozen: options.frozen ?? true,
      ...(workspaceRoot === undefined ? {} : { workspaceRoot }),
      ...(scripts || gyp || inTree || options.install !== undefined ? { withSource: true } : {}),
      ...(options.install === undefined ? {} : { command: options.install }),
      nodeMajor: draft.nodeMajor,
    },
  ];
}

/** The program requires a package that only devDependencies name. */
function requiresDev(app: App): boolean {
  const { manifest } = app;
  if (!manifest || Object.keys(manifest.devDependencies).length === 0) return false;
  const reached = findEntry(app).entry?.look?.packages ?? [];
  return reached.some(
    (name) =>
      manifest.devDependencies[name] !== undefined &&
      manifest.dependencies[name] === undefined &&
      manifest.optionalDependencies[name] === undefined,
  );
}

function buildStep(
  draft: Draft,
  outputs: string[],
  command?: string[],
  env: Record<string, string> = {},
): HostCommandStep {
  const { app } = draft;
  const script = app.build;
  const manager = app.manager.name === "yarn-berry" ? "yarn" : app.manager.name;
  const argv = script
    ? script.name === ""
      ? ["sh", "-c", script.line]
      : [manager, "run", script.name]
    : (command ?? ["tsc"]);
  const why = script
    ? script.name === ""
      ? "the configured build command"
      : `package.json scripts.${script.name}: ${script.line}`
    : `${argv.join(" ")}: the framework's build`;
  draft.evidence.push(`builds with ${argv.join(" ")} (${why})`);
  return { type: "host-command", argv, cwd: ".", env, inputs: ["**"], outputs, why };
}

function bundle(draft: Draft, entry: string, may: boolean) {
  const { options } = draft.context;
  const given = options.bundle;
  const details = typeof given === "object" ? given : {};
  const enabled = may && (typeof given === "boolean" ? given : (details.enabled ?? true));
  return {
    type: "bundle" as const,
    entry,
    nodeTarget: String(draft.nodeMajor),
    appDir: options.workdir ?? "/app",
    enabled,
    minify: details.minify ?? true,
    sourcemap: details.sourcemaps ?? true,
    external: [...(details.external ?? [])],
    include: [...(options.include ?? [])],
    exclude: excluded(draft),
  };
}

function excluded(draft: Draft): string[] {
  return [...(draft.context.options.ignore ?? [])];
}

/** A package or directory name as the last part of a reference: lower case, no scope. */
function imageName(text: string | undefined): string | undefined {
  const clean = text
    ?.replace(/^@[^/]+\//, "")
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/^[._-]+|[._-]+$/g, "")
    .replace(/[._-]{2,}/g, "-");
  return clean || undefined;
}
