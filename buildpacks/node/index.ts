/** Node: servers in JavaScript and TypeScript, frameworks with a build of their own, and sites that a build makes. */
import { type Detection, defineBuildpack, errorMessage, KnbuildError, type Source } from "../../src/sdk.ts";
import { type App, readApp } from "./app.ts";
import { assertOneMember, chooseMember } from "./choose-member.ts";
import { extensionManifests } from "./elsewhere.ts";
import { findEntry } from "./entry.ts";
import { servedExport } from "./exported-app.ts";
import { findFramework } from "./frameworks.ts";
import { functionProjects, lambdaTemplates } from "./hosted.ts";
import { managerProgram } from "./manager.ts";
import { nestProjectHere } from "./nest-projects.ts";
import { planNode } from "./plan.ts";

export default defineBuildpack({
  id: "node",
  summary: "Node servers (JavaScript, TypeScript) and sites built with Node",

  detect(source, options = {}) {
    const bare = bareProgram(source);
    if (bare) return { ...bare, ...NOTHING_READ, packageManager: null };
    if (!hasNodeFiles(source)) return null;
    const other = otherManifest(source);
    if (other !== undefined) return { score: 40, evidence: [other], language: "node", ...NOTHING_READ };
    return describe(chooseMember(readApp(source, options)));
  },

  plan(source, context) {
    const other = otherManifest(source);
    if (other !== undefined)
      throw new KnbuildError({
        code: "MANIFEST_FORMAT",
        message: `${other} is read by pnpm alone: Node itself, and knbuild, read package.json`,
        where: other,
        hint: `Write it as package.json (JSON, without comments) and remove ${other}; the lock file stays as it is.`,
      });
    const app = readApp(source, context.options);
    assertOneMember(app);
    return planNode(chooseMember(app), context);
  },
});

/** The manifest in another form that only pnpm knows, where there is no package.json. */
function otherManifest(source: Source): string | undefined {
  if (source.isFile("package.json")) return undefined;
  const name = ["package.json5", "package.yaml"].find((file) => source.isFile(file));
  // Haskell's hpack has a package.yaml too: what it is to make, and what that needs as a list.
  const text = name === "package.yaml" ? (source.read(name) ?? "") : "";
  return /^(?:library|executables?|dependencies:\s*\n\s*-)/m.test(text) ? undefined : name;
}

/**
 * A browser's extension that nothing builds (its pages are no site), or functions of a host's without a package.json in common: `plan`
 * says why they are no server. What lies in a folder may lie beside an app.
 */
function bareProgram(source: Source): Pick<Detection, "score" | "evidence" | "language"> | undefined {
  if (source.isFile("package.json")) return undefined;
  const extension = extensionManifests(source);
  const lambda = lambdaTemplates(source).filter((file) => /\bRuntime:\s*['"]?nodejs/.test(source.read(file) ?? ""));
  const functions = functionProjects(source).filter((file) =>
    /\bruntime:\s*['"]?(?:nodejs|typescript)/.test(source.read(file) ?? ""),
  );
  const evidence = [...extension, ...lambda, ...functions];
  if (evidence.length === 0) return undefined;
  return { score: extension[0]?.includes("/") === false ? 55 : 15, evidence, language: "node" };
}

const NOTHING_READ = { runtimeVersion: null, packageManager: "pnpm", framework: null, entrypoint: null };

function hasNodeFiles(source: Source): boolean {
  return (
    otherManifest(source) !== undefined ||
    source.isFile("package.json") ||
    source.isFile("project.json") ||
    source
      .names()
      .some(
        (name) => /^[^.].*\.(?:[cm]?js|[cm]?ts)$/.test(name) && !/\.(?:config|d|test|spec)\.[cm]?[jt]s$/.test(name),
      ) ||
    nestProjectHere(source) !== undefined
  );
}

function describe(app: App): Detection | null {
  const { manifest } = app;
  const evidence: string[] = [];
  if (app.nest) evidence.push(`project ${app.nest.name} of a NestJS monorepo`);
  if (app.nx) evidence.push(`project ${app.nx.name} of an Nx workspace`);
  if (manifest) evidence.push(app.member === "." || app.nx || app.nest ? "package.json" : `${app.member}/package.json`);
  if (app.workspace) evidence.push(`member ${app.workspace.path} of a workspace`);
  const request = app.versions.find((candidate) => !candidate.weak) ?? app.versions.find(({ addon }) => !addon);
  if (request) evidence.push(`${request.from}: ${request.text}`);
  if (manifest) evidence.push(`package manager: ${app.manager.evidence}`);
  const found: Detection = {
    score: manifest ? 40 : 20,
    evidence,
    language: "node",
    runtimeVersion: request?.text ?? null,
    packageManager: manifest ? managerProgram(app) : null,
    framework: null,
    entrypoint: null,
  };
  const framework = app.options.entrypoint === undefined ? findFramework(app) : undefined;
  if (framework) {
    evidence.push(...framework.evidence);
    return {
      ...found,
      score: 95,
      framework: framework.framework.id,
      entrypoint: frameworkEntry(app, framework.framework),
    };
  }
  const { entry, rejected } = findEntry(app);
  if (entry) {
    evidence.push(`entry ${entry.file}: ${entry.evidence}`);
    if (entry.look?.evidence) evidence.push(entry.look.evidence);
    const verdict = entry.look?.verdict ?? "unknown";
    const score = verdict === "serves" || servedExport(app, entry.look) ? 80 : verdict === "unknown" ? 60 : 40;
    return {
      ...found,
      score: manifest ? score : score - 10,
      framework: entry.look?.framework ?? null,
      entrypoint: entry.file,
    };
  }
  if (app.start?.kind === "tool") {
    evidence.push(`${app.start.from}: ${app.start.target}`);
    return { ...found, score: 60, entrypoint: [app.start.target, ...app.start.args].join(" ") };
  }
  // A script beside other things is no Node app by itself.
  if (!manifest && rejected.every(({ why }) => why === "does not listen")) return null;
  return { ...found, score: manifest ? 30 : 10 };
}

function frameworkEntry(app: App, framework: { plan(app: App): { start: object } }): string | null {
  try {
    const start = framework.plan(app).start as { file?: string; tool?: string; static?: string; args?: string[] };
    return start.file ?? (start.tool ? [start.tool, ...(start.args ?? [])].join(" ") : (start.static ?? null));
  } catch (error) {
    // `detect` only reports; `plan` throws the same and says what to change.
    return errorMessage(error) && null;
  }
}
