/** From what was found to a Plan. */
import {
  BESIDE_THE_SITE,
  type BundleStep,
  foreignUse,
  type HostCommandStep,
  LISTEN_ON_PORT,
  NOTHING_LISTENS,
  type Plan,
  type PlanContext,
  probablyNoServer,
  readStaticfile,
  type Step,
} from "../../src/sdk.ts";
import type { App } from "./app.ts";
import { chooseBase, failure, tellingBoth } from "./base.ts";
import { madeAsWritten } from "./build-script.ts";
import { assertNotElsewhere } from "./elsewhere.ts";
import { type Entry, type EntrySearch, findEntry } from "./entry.ts";
import { servedExport } from "./exported-app.ts";
import { type FrameworkPlan, ownDependency } from "./framework.ts";
import { findFramework } from "./frameworks.ts";
import { foregroundArguments, hostArguments, toolEnvironment } from "./host-options.ts";
import { assertNoBindings, hostedFunctions } from "./hosted.ts";
import { assertLinked } from "./lerna.ts";
import { explainMissing, foreignRuntime, nothingListens, onlyExported, packagesLoadedByName } from "./no-entry.ts";
import { assertNoOwnTool } from "./own-tools.ts";
import { planWarnings } from "./plan-warnings.ts";
import { programKind } from "./program-kind.ts";
import { buildStep, bundle, type Draft, excluded, install, preparations } from "./steps.ts";
import { withToolFiles } from "./tool-files.ts";
import { dependenciesHere, leadsOn, startable } from "./tools.ts";
import { unbuiltClient } from "./unbuilt-client.ts";
import { assertMember } from "./workspaces.ts";

const STATIC_SERVER = "/knbuild/static-server.cjs";
const FETCH_SERVER = "/knbuild/fetch-server.mjs";
const EXPAND_ARGS = "/knbuild/expand-args.cjs";
/** @throws NOT_A_SERVER, ENTRYPOINT_NOT_FOUND, NODE_VERSION_*, and what a framework says about its configuration */
export function planNode(app: App, context: PlanContext): Plan {
  assertLinked(app);
  assertMember(app);
  assertNotElsewhere(app);
  if (app.options.entrypoint === undefined) assertNoOwnTool(app);
  const framework = app.options.entrypoint === undefined ? findFramework(app) : undefined;
  // Whether it is a server at all comes before which Node it wants.
  const search = framework
    ? undefined
    : tellingBoth(
        () => checkServer(app),
        () => failure(() => chooseBase(app, context)),
      );
  const base = tellingBoth(
    () => chooseBase(app, context),
    () => doubt(app, search?.entry),
  );
  const draft: Draft = { app, context, evidence: [], warnings: [], nodeMajor: base.nodeMajor, baseRef: base.baseRef };
  if (app.member !== ".") draft.evidence.push(`the app is ${app.member}: ${app.memberEvidence}`);
  draft.evidence.push(
    base.versionEvidence,
    ...(app.manifest ? [`package manager ${app.manager.name}: ${app.manager.evidence}`] : []),
  );
  draft.warnings.push(...base.versionWarnings, ...planWarnings(app));
  if (framework) {
    draft.evidence.push(...framework.evidence);
    return planFramework(draft, framework.framework.plan(app));
  }
  return search?.entry ? planServer(draft, search.entry) : planTool(draft);
}

/** What its packages have yet to say, which are not there without a Node. */
function doubt(app: App, entry: Entry | undefined): string | undefined {
  if (!entry || entry.look?.evidence || !(isUndecided(app, entry) || isUnstarted(app, entry))) return undefined;
  return probablyNoServer(programKind(app, entry.look) ?? NOTHING_LISTENS);
}

/** A library's `main` that the build makes: what its sources did not tell is asked of what is made of them. */
function isUnstarted(app: App, entry: Entry): boolean {
  const { built, look } = entry;
  const untold = look === undefined || (look.verdict === "unknown" && !isUndecided(app, entry) && !look.framework);
  return built && untold && app.start === undefined && app.options.entrypoint === undefined;
}

/** A file that the build makes, or one that the user named, is taken as it is. */
function isUndecided(app: App, { look, built }: Entry): boolean {
  return (
    look?.verdict === "unknown" &&
    (!built || madeAsWritten(app)) &&
    !(app.build && look.unbuilt !== undefined) &&
    look.large === undefined &&
    app.options.entrypoint === undefined &&
    !look.framework
  );
}

/** @returns the search; without an entry a package's own program is started */
function checkServer(app: App): EntrySearch {
  const search = findEntry(app);
  const { entry } = search;
  const { start } = app;
  const named = app.options.entrypoint !== undefined;
  const tool = !named && start?.kind === "tool" && startable(app, start.target);
  if (tool && entry?.look?.verdict !== "serves") return { ...search, entry: undefined };
  const serves = entry?.look?.verdict === "serves" || servedExport(app, entry?.look) !== undefined;
  // What the start script names and is not there comes before whose functions these might be.
  if (!entry && start?.kind === "file" && search.missing?.from === start.from) return explainMissing(app, search);
  const hosted = named || serves || entry?.built ? undefined : hostedFunctions(app, entry);
  if (hosted) throw hosted;
  const undecided = start === undefined && entry?.look?.verdict === "unknown";
  if (!named && entry && (undecided || entry.look?.verdict === "exports-fetch")) assertNoBindings(app, entry.file);
  if (!entry) return explainMissing(app, search);
  const { look } = entry;
  if (look?.runtime && look.verdict !== "serves") throw foreignRuntime(entry.file, look.runtime);
  const foreign = look && serves && !named && !startsWithNode(app) ? foreignUse(app.source, look.files) : undefined;
  if (foreign) throw foreignRuntime(foreign.file, foreign.runtime, foreign.what);
  if (look?.verdict === "nothing" && !named) {
    throw nothingListens(app, entry.file, entry.evidence, look);
  }
  if (!serves && /^exports-(?:handler|app)$/.test(look?.verdict ?? "") && !named) throw onlyExported(app, entry);
  return search;
}

/** The project itself does: what is there for another runtime is not all that it has. */
function startsWithNode({ start, manager, manifest }: App): boolean {
  return start !== undefined && manager.name !== "bun" && !/\bbun\b/.test(manifest?.scripts["start"] ?? "");
}

function planServer(draft: Draft, entry: NonNullable<EntrySearch["entry"]>): Plan {
  const { app } = draft;
  const { look } = entry;
  draft.evidence.push(`entry ${entry.file}: ${entry.evidence}`, ...(look?.evidence ? [look.evidence] : []));
  draft.warnings.push(...unbuiltClient(app, look));
  // A bundler may wrap what its source only exports: the program that the start script names is started as it says.
  const wrapped = entry.built && app.start?.kind === "file" && app.build?.compilesOnly === false;
  const exported = wrapped ? undefined : servedExport(app, look);
  const next = aroundNext(app);
  // `bin/app.js` asks for `../dist/app`: what the compiler makes has to be there.
  const unbuilt = app.build && look?.unbuilt;
  const mustBuild =
    entry.built || next || (app.build !== undefined && (!app.build.compilesOnly || unbuilt !== undefined));
  if (unbuilt !== undefined) draft.evidence.push(`${unbuilt} is not there before the build`);
  const preloads = entry.nodeArgs.some((arg) => /^(?:-r|--require|--import|--loader|--experimental-loader)/.test(arg));
  if (preloads)
    draft.evidence.push("not bundled: the start script preloads modules, which patch packages where they lie");
  const before = preparations(draft);
  const made = [...(entry.built ? [entry.file] : []), ...(next ? [".next"] : [])];
  const steps: Step[] = [
    ...install(draft, mustBuild || before.length > 0),
    ...before,
    ...(mustBuild ? [buildStep(draft, made, next ? ["next", "build"] : entry.command)] : []),
    next ? withNextOutput(bundle(draft, entry.file, false)) : bundle(draft, entry.file, !preloads),
  ];
  if (next)
    draft.evidence.push("a server around Next.js: shipped with all production packages and what next build makes");
  if (exported) {
    steps.push({ type: "runtime-file", template: "runtime/fetch-server.mjs", to: FETCH_SERVER, layer: "runtime" });
    draft.evidence.push(`${entry.file} exports ${exported}: served by a small server of knbuild's`);
  }
  const listens = look?.verdict === "serves" || exported ? "seen" : "unknown";
  if (look?.rootPort !== undefined)
    draft.evidence.push(`port ${look.rootPort} is root's, which the image does not run as: PORT is opened instead`);
  const moved = listens === "unknown" || look?.rootPort !== undefined;
  const node = ["node", ...entry.nodeArgs, ...(moved ? listenOnPort(steps) : [])];
  const undecided = look !== undefined && isUndecided(app, entry);
  const unstarted = isUnstarted(app, entry);
  // Only for the error of the second look, which others have not: all files of the program are parsed for it.
  const otherwise = undecided || unstarted ? programKind(app, look) : undefined;
  return finish(draft, {
    file: entry.file,
    argv: withExpansion(node, [...(exported ? [FETCH_SERVER] : []), entry.file], entry.args, steps),
    evidence: entry.evidence,
    ...(entry.directory !== undefined && { directory: entry.directory }),
    listens,
    ...(unstarted && { unstarted }),
    ...(undecided && {
      undecided: [
        ...look.packages
          .filter((name) => !look.portless.includes(name))
          .map((name) => ({ name, from: look.importedFrom[name] ?? "." })),
        ...packagesLoadedByName(app, look),
      ],
    }),
    ...(otherwise !== undefined && { otherwise }),
    steps,
    env: entry.env,
  });
}

/** An own server that has Next.js render its pages: `next build` must have run, and its output is read by name. */
function aroundNext(app: App): boolean {
  return (
    ownDependency(app, "next") !== undefined &&
    ["app", "pages", "src/app", "src/pages"].some((path) => app.source.isDirectory(path))
  );
}

function withNextOutput(step: BundleStep): BundleStep {
  const leftOut = ["cache", "dev", "standalone", "types"].map((name) => `.next/${name}/**`);
  return { ...step, include: [...step.include, ".next/**"], exclude: [...step.exclude, ...leftOut, ".next/trace*"] };
}

/** A package's own program is the server: `fastify start app.js`, `functions-framework --target=x`, `json-server`. */
function planTool(draft: Draft): Plan {
  const { app } = draft;
  const start = app.start as NonNullable<App["start"]>;
  const named = !start.target.startsWith("node_modules/");
  const file = named ? `node_modules/.bin/${start.target}` : start.target;
  const own = foregroundArguments(start.target, start.args);
  const host = hostArguments(start.target, own);
  draft.evidence.push(
    `${start.from} starts ${[start.target, ...start.args].join(" ")}`,
    ...(host.length > 0 ? [`with ${host.join(" ")}: ${start.target} takes localhost unless told`] : []),
  );
  const mustBuild = app.build !== undefined;
  const before = preparations(draft);
  const steps: Step[] = [
    ...install(draft, mustBuild || before.length > 0, named ? start.target : undefined),
    ...before,
    ...(mustBuild ? [buildStep(draft, [])] : []),
    withToolFiles(app, start, bundle(draft, file, false)),
  ];
  return finish(draft, {
    ...(named && { tool: start.target }),
    file,
    argv: withExpansion(["node", ...start.nodeArgs, ...listenOnPort(steps)], [file], [...own, ...host], steps),
    evidence: `${start.from}: ${[start.target, ...start.args].join(" ")}`,
    listens: "unknown",
    ...(named && !leadsOn(app, start.args) && { undecided: dependenciesHere(app.manifest) }),
    steps,
    env: {
      HOST: "0.0.0.0",
      FASTIFY_ADDRESS: "0.0.0.0",
      ...toolEnvironment(start.target, (path) => app.source.isDirectory(path)),
      ...start.env,
    },
  });
}

function planFramework(draft: Draft, plan: FrameworkPlan): Plan {
  const { app, context } = draft;
  const tool = "tool" in plan.start ? plan.start.tool : undefined;
  const before = preparations(draft);
  const asItLies = "static" in plan.start && plan.build === undefined && before.length === 0;
  const steps: Step[] =
    app.manifest && !asItLies ? install(draft, plan.build !== undefined || before.length > 0, tool) : [];
  for (const warning of plan.warnings ?? []) draft.warnings.push(warning);
  steps.push(...before);
  if (plan.build) {
    const { command, outputs, env } = plan.build;
    steps.push({
      ...buildStep(draft, outputs, app.build ? undefined : command, env),
      ...("static" in plan.start && plan.start.instead && { site: sitePlaces(plan.start) }),
    });
  }
  if ("static" in plan.start) {
    const { static: directory, instead } = plan.start;
    const spa = readStaticfile(app.source)?.spa ?? plan.start.spa;
    const beside = directory === "." || instead?.includes(".") ? BESIDE_THE_SITE : [];
    steps.push(
      { type: "runtime-file", template: "runtime/static-server.cjs", to: STATIC_SERVER, layer: "runtime" },
      {
        type: "copy",
        from: directory,
        ...(instead && { instead }),
        to: "/app/public",
        include: ["**"],
        exclude: [...beside, ...excluded(draft)],
        layer: "assets",
      },
    );
    const argv = ["node", STATIC_SERVER, "/app/public", ...(spa ? ["--spa"] : [])];
    return finish(draft, { argv, evidence: plan.evidence, steps, env: {} });
  }
  const { start } = plan;
  const file = "tool" in start ? `node_modules/.bin/${start.tool}` : "fetch" in start ? start.fetch : start.file;
  const copied = plan.ship !== undefined && "copy" in plan.ship;
  if (plan.ship && "copy" in plan.ship) steps.push(...plan.ship.copy);
  else if (plan.ship) {
    const include = [...plan.ship.include, ...(context.options.include ?? [])];
    const { traced } = plan.ship;
    steps.push({ ...bundle(draft, file, false), include, ...(traced.length > 0 ? { roots: traced } : {}) });
  } else steps.push(bundle(draft, file, true));
  if ("fetch" in start) {
    steps.push({ type: "runtime-file", template: "runtime/fetch-server.mjs", to: FETCH_SERVER, layer: "runtime" });
  }
  const own = "fetch" in start ? ["--static", start.files] : (start.args ?? []);
  const args = own;
  return finish(draft, {
    ...("tool" in start && { tool: start.tool }),
    ...(!copied && { file }),
    ...(plan.ownProgram !== undefined && { listens: "seen" as const, source: plan.ownProgram }),
    argv: withExpansion(["node"], [...("fetch" in start ? [FETCH_SERVER] : []), file], args, steps),
    evidence: plan.evidence,
    ...("directory" in start && start.directory !== undefined && { directory: start.directory }),
    steps,
    env: plan.env ?? {},
  });
}

function sitePlaces(start: Extract<FrameworkPlan["start"], { static: string }>): NonNullable<HostCommandStep["site"]> {
  const { static: first, instead = [], spa, page } = start;
  const written = page?.written;
  return { places: [first, ...instead], bare: !spa && !page, ...(written !== undefined && { written }) };
}

type Finish = Plan["entrypoint"] & { steps: Step[]; env: Record<string, string> };

function finish(draft: Draft, { steps, env, ...entrypoint }: Finish): Plan {
  const { app, context } = draft;
  const { options } = context;
  const { base } = options;
  const own = app.nx ?? app.nest ?? app.manifest;
  return {
    version: 1,
    buildpack: "node",
    name: options.name ?? imageName(own?.name) ?? imageName(context.directoryName) ?? "app",
    entrypoint,
    base: { ref: draft.baseRef, packages: [...(typeof base === "object" ? (base.packages ?? []) : [])] },
    steps,
    config: {
      env: { NODE_ENV: "production", ...imageEnv(env), ...options.env },
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

/** `$PORT` in arguments: there is no shell in the image, a preload fills it in. */
function withExpansion(head: string[], middle: string[], args: string[], steps: Step[]): string[] {
  if (!args.some((arg) => /\$\{?[A-Z_]/.test(arg))) return [...head, ...middle, ...args];
  steps.push({ type: "runtime-file", template: "runtime/expand-args.cjs", to: EXPAND_ARGS, layer: "runtime" });
  return [...head, "--require", EXPAND_ARGS, ...middle, ...args];
}

/** A server whose source is not the user's, and may know a port or a host of its own only: it is reached on PORT all the same. */
function listenOnPort(steps: Step[]): string[] {
  steps.push(LISTEN_ON_PORT);
  return ["--require", LISTEN_ON_PORT.to];
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
